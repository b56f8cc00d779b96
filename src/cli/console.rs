//! Standard output, for people and for pipes, and standard error, for people.

use std::io::{self, Write};

use crate::printable::printable;

/// Prints a text on standard error, for what is said while standard output is somebody's data.
pub(super) fn warn(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text.as_ref()));
}

/// Prints a text and ends the line. A reader who has gone away (`| head`) is no error.
pub(super) fn say(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", printable(text.as_ref())).and_then(|()| out.flush());
}
