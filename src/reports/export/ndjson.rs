//! Export as newline-delimited JSON: one object per line for each resource.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::missing::MissingResults;
use super::{ExportError, target};
use crate::reports::resources::Resources;

/// Writes a file of all resources and one of the gaps, and returns how many resources there are.
pub(super) fn write_file(resources: &Resources, path: &Path, gaps: &Path) -> Result<u64, ExportError> {
    let missing = MissingResults::read(resources.results())?;
    target::write_with_gaps(
        path,
        gaps,
        |file| write_lines(resources, file, &ExportError::unwritable(path)),
        |file| {
            let mut lines = missing.causes.iter();
            lines.try_for_each(|calls| write_line(file, calls)).map_err(ExportError::unwritable(gaps))
        },
    )
}

/// Writes to a stream. A closed pipe (`| head`) ends the output, and is not an error.
pub(super) fn write_to(resources: &Resources, stream: &mut dyn Write) -> Result<u64, ExportError> {
    let outcome =
        write_lines(resources, &mut BufWriter::new(stream), &|cause| ExportError::Unwritable(None, cause));
    match outcome {
        Err(ExportError::Unwritable(_, cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        outcome => outcome,
    }
}

fn write_lines(
    resources: &Resources,
    writer: &mut impl Write,
    unwritable: &dyn Fn(io::Error) -> ExportError,
) -> Result<u64, ExportError> {
    let mut count = 0;
    resources.each::<ExportError>(&mut |resource| {
        write_line(writer, resource).map_err(unwritable)?;
        count += 1;
        Ok(())
    })?;
    writer.flush().map_err(unwritable)?;
    Ok(count)
}

fn write_line(writer: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *writer, value)?;
    writer.write_all(b"\n")
}
