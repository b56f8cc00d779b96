//! Export as newline-delimited JSON: one object per line for each resource.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::{ExportError, target};
use crate::reports::resources::Resources;

pub(super) fn write_file(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
    target::write_file(path, |file| write_lines(resources, file, &ExportError::unwritable(path)))
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
        serde_json::to_writer(&mut *writer, resource)
            .map_err(io::Error::from)
            .and_then(|()| writer.write_all(b"\n"))
            .map_err(unwritable)?;
        count += 1;
        Ok(())
    })?;
    writer.flush().map_err(unwritable)?;
    Ok(count)
}
