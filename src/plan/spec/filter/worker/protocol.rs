//! The messages to and from a worker: one line of JSON each.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A filter and its inputs.
#[derive(Serialize)]
pub(super) struct WorkerRequest<'a> {
    pub(super) filter: &'a str,
    pub(super) input: &'a Value,
    pub(super) item: &'a Value,
}

/// The request as a worker reads it.
#[derive(Deserialize)]
pub(super) struct ReceivedRequest {
    pub(super) filter: String,
    pub(super) input: Value,
    pub(super) item: Value,
}

/// The outputs, or the error.
#[derive(Deserialize, Serialize)]
pub(super) enum Response {
    Outputs(Vec<Value>),
    Failed(String),
}

/// Writes a message.
pub(super) fn send(mut writer: impl Write, message: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut writer, message)?;
    writer.write_all(b"\n")?;
    writer.flush()
}

/// Reads the next line, of at most `longest` bytes; `None` at the end.
pub(super) fn receive(reader: impl BufRead, longest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(longest).read_until(b'\n', &mut line)?;
    match line.last() {
        Some(b'\n') => Ok(Some(line)),
        Some(_) if line.len() as u64 == longest => Err(io::ErrorKind::FileTooLarge.into()),
        // An incomplete line.
        _ => Ok(None),
    }
}
