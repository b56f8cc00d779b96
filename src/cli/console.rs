//! Standard output and standard error of the verbs.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use crate::error::Failure;
use crate::util::terminal_text::printable;

/// The cause of the first failed write to standard output.
static LOST_OUTPUT: OnceLock<String> = OnceLock::new();

/// Prints a text on standard error, so that it does not mix with data on standard output.
pub(super) fn warn(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text.as_ref()));
}

/// Prints a text and a line break on standard output. A closed pipe (`| head`) is no error; [`check_output`]
/// reports all other failures.
pub(super) fn print_line(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", printable(text.as_ref())).and_then(|()| out.flush());
    if let Err(cause) = written
        && cause.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = LOST_OUTPUT.set(cause.to_string());
    }
}

/// Returns a failure if a write to standard output failed. A closed pipe is no error.
pub(super) fn checked(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(lost_output(&cause.to_string())),
        _ => Ok(()),
    }
}

/// Returns a failure if a write to standard output failed, such as on a full disk behind `> file`.
pub(super) fn check_output(code: ExitCode) -> Result<ExitCode, Failure> {
    match LOST_OUTPUT.get() {
        None => Ok(code),
        Some(cause) => Err(lost_output(cause)),
    }
}

fn lost_output(cause: &str) -> Failure {
    Failure::internal(format!("cannot write to standard output: {cause}"))
}

/// How many characters a line of the terminal has, if standard output is one.
pub(super) fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0))
}
