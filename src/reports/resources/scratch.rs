//! A temporary file for JSON values that are needed later.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use serde_json::Value;

use crate::run::ResultsError;
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// Values in an unnamed file, which is created for the first of them.
#[derive(Debug, Default)]
pub(in crate::reports) struct ScratchValues {
    file: Option<BufWriter<File>>,
    end: u64,
}

/// The place of a value in the file.
#[derive(Clone, Copy, Debug)]
pub(in crate::reports) struct StoredValue {
    start: u64,
    length: usize,
}

impl StoredValue {
    /// Returns the position among the values that were put.
    pub(super) fn position(self) -> u64 {
        self.start
    }
}

impl ScratchValues {
    pub(in crate::reports) fn put(&mut self, value: &Value) -> Result<StoredValue, ResultsError> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(tempfile::tempfile().map_err(unusable)?)),
        };
        let text = serde_json::to_vec(value).map_err(|cause| unusable(cause.into()))?;
        file.write_all(&text).map_err(unusable)?;
        let stored = StoredValue { start: self.end, length: text.len() };
        self.end += text.len() as u64;
        Ok(stored)
    }

    pub(in crate::reports) fn read(&mut self, stored: StoredValue) -> Result<Value, ResultsError> {
        let nothing = || unusable(io::Error::from(io::ErrorKind::UnexpectedEof));
        let file = self.file.as_mut().ok_or_else(nothing)?;
        file.flush().map_err(unusable)?;
        let file = file.get_mut();
        let mut text = vec![0; stored.length];
        file.seek(SeekFrom::Start(stored.start)).map_err(unusable)?;
        file.read_exact(&mut text).map_err(unusable)?;
        file.seek(SeekFrom::End(0)).map_err(unusable)?;
        parse(&text, DEEPEST_FILE).map_err(|cause| unusable(cause.into()))
    }
}

fn unusable(cause: io::Error) -> ResultsError {
    ResultsError::Scratch(cause)
}
