//! Writes a comparison in human-readable and machine-readable formats.

mod html;
mod json;
mod markdown;
mod notice;
mod text;
mod words;

use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(crate) use notice::DiffNotice;
#[cfg(feature = "sqlite")]
pub(in crate::reports) use words::value as value_text;

use super::DiffError;
use super::compare::Difference;
use crate::util::new_file::unfinished_file;

/// The format of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffFormat {
    /// Text for a terminal, with or without colours.
    Text {
        /// Whether to use colours.
        colours: bool,
    },
    /// One JSON document, for programs.
    Json,
    /// Markdown for a comment on a pull request, which has a limited length.
    Markdown,
    /// One HTML page.
    Html,
    /// A message for `sendmail`.
    Mail,
}

/// Writes a comparison to a file, replacing an existing one, or to standard output.
pub fn write(difference: &mut Difference, format: DiffFormat, path: Option<&Path>) -> Result<(), DiffError> {
    match path {
        Some(path) => to_file(difference, format, path),
        None => to_standard_output(difference, format),
    }
}

/// Writes to a temporary file in the same directory first, so that readers never see a partial comparison.
fn to_file(difference: &mut Difference, format: DiffFormat, path: &Path) -> Result<(), DiffError> {
    let unwritable = |cause| DiffError::Unwritable(Some(path.to_owned()), cause);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = unfinished_file(folder).map_err(unwritable)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    render(difference, format, &mut writer, &unwritable)?;
    writer.flush().map_err(unwritable)?;
    drop(writer);
    file.persist(path).map(drop).map_err(|failed| unwritable(failed.error))
}

/// Writes to standard output. A closed pipe (`| head`) ends the output, and is not an error.
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
        DiffFormat::Mail => notice::write_mail(summary, changes, writer, unwritable),
    }
}
