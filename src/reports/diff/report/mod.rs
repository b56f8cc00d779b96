//! A comparison, for people and for programs.

mod html;
mod json;
mod markdown;
mod text;
mod words;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::DiffError;
use super::compare::Difference;

/// What a comparison is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffFormat {
    /// For a terminal, with colours or without.
    Text {
        /// Whether it has colours.
        colours: bool,
    },
    /// One document, for programs.
    Json,
    /// For a comment on a pull request, which has a limited length.
    Markdown,
    /// One page, for browsers.
    Html,
}

/// Where a comparison is written to: a file that is replaced if it is there, or standard output.
pub fn write(difference: &mut Difference, format: DiffFormat, path: Option<&Path>) -> Result<(), DiffError> {
    match path {
        Some(path) => to_file(difference, format, path),
        None => to_standard_output(difference, format),
    }
}

/// Writes beside the final place first, so that no reader ever sees half a comparison.
fn to_file(difference: &mut Difference, format: DiffFormat, path: &Path) -> Result<(), DiffError> {
    let unwritable = |cause| DiffError::Unwritable(Some(path.to_owned()), cause);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        // As everything that a run writes: for its owner alone.
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(folder)
        .map_err(unwritable)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    render(difference, format, &mut writer, &unwritable)?;
    writer.flush().map_err(unwritable)?;
    drop(writer);
    file.persist(path).map(drop).map_err(|failed| unwritable(failed.error))
}

/// Writes to standard output. A reader who has gone away (`| head`) ends it, and is no error.
fn to_standard_output(difference: &mut Difference, format: DiffFormat) -> Result<(), DiffError> {
    let unwritable = |cause| DiffError::Unwritable(None, cause);
    let mut writer = BufWriter::new(io::stdout().lock());
    let written = render(difference, format, &mut writer, &unwritable)
        .and_then(|()| writer.flush().map_err(unwritable));
    match written {
        Err(DiffError::Unwritable(_, cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

type Unwritable<'path> = &'path dyn Fn(io::Error) -> DiffError;

fn render(
    difference: &mut Difference,
    format: DiffFormat,
    writer: &mut dyn Write,
    unwritable: Unwritable<'_>,
) -> Result<(), DiffError> {
    let Difference { summary, changes } = difference;
    match format {
        DiffFormat::Text { colours } => text::write(summary, changes, colours, writer, unwritable),
        DiffFormat::Json => json::write(summary, changes, writer, unwritable),
        DiffFormat::Markdown => markdown::write(summary, changes, writer, unwritable),
        DiffFormat::Html => html::write(summary, changes, writer, unwritable),
    }
}
