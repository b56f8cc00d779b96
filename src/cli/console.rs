//! Standard output, for people and for pipes, and standard error, for people.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use crate::error::Failure;
use crate::util::terminal_text::printable;

/// Why a text could not be printed on standard output: the first time that this happened.
static LOST_OUTPUT: OnceLock<String> = OnceLock::new();

/// Prints a text on standard error, for what is said while standard output is somebody's data.
pub(super) fn warn(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text.as_ref()));
}

/// Prints a text and ends the line. A reader who has gone away (`| head`) is no error; everything else that
/// prevents it is reported by [`check_output`].
pub(super) fn print_line(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", printable(text.as_ref())).and_then(|()| out.flush());
    if let Err(cause) = written
        && cause.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = LOST_OUTPUT.set(cause.to_string());
    }
}

/// Turns success into a failure where something could not be printed: a full disk behind `> file`.
pub(super) fn check_output(code: ExitCode) -> Result<ExitCode, Failure> {
    match LOST_OUTPUT.get() {
        None => Ok(code),
        Some(cause) => Err(Failure::internal(format!("cannot write standard output: {cause}"))),
    }
}

/// How many characters a line of the terminal has, if standard output is one.
pub(super) fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|width| *width > 0)
}
