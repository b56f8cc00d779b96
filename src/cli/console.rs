//! Standard output, for people and for pipes.

use std::io::{self, Write};

/// Prints a text and ends the line. A reader who has gone away (`| head`) is no error.
pub(super) fn say(text: impl AsRef<str>) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{}", text.as_ref()).and_then(|()| out.flush());
}
