//! `.env`: settings for this folder, read before anything else.

use std::path::Path;

use crate::failure::Failure;

/// Reads `.env` of the current folder into the environment. What is set already wins.
///
/// Runs before any thread is started, because the environment belongs to the whole process.
pub(super) fn load() -> Result<(), Failure> {
    let file = Path::new(".env");
    match dotenvy::from_path(file) {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The parser's own message repeats the line, which may hold a secret.
        Err(dotenvy::Error::LineParse(_, position)) => {
            Err(Failure::usage(format!(".env: a line cannot be understood, at its character {position}"))
                .hint("write NAME=value, one to a line; quote values that hold spaces or #"))
        }
        Err(error) => Err(Failure::usage(".env cannot be read").because(error)),
    }
}
