//! Buffers changes for a report: all of them are counted before the first is written.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

use super::DiffError;
use super::change::Change;
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// Changes in an unnamed temporary file, one line of JSON each.
#[derive(Debug)]
pub(super) struct ChangeSpool {
    file: BufWriter<File>,
}

impl ChangeSpool {
    pub(super) fn new() -> Result<Self, DiffError> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile().map_err(DiffError::Scratch)?) })
    }

    pub(super) fn push(&mut self, change: &Change) -> Result<(), DiffError> {
        serde_json::to_writer(&mut self.file, change)
            .map_err(io::Error::from)
            .and_then(|()| self.file.write_all(b"\n"))
            .map_err(DiffError::Scratch)
    }

    /// Calls `take` with every change, in order.
    pub(super) fn each(
        &mut self,
        mut take: impl FnMut(Change) -> Result<(), DiffError>,
    ) -> Result<(), DiffError> {
        let mut changes = self.changes()?;
        changes.try_for_each(|change| take(change?))
    }

    /// Returns the first changes, at most `limit`.
    #[cfg(feature = "mcp")]
    pub(super) fn first(&mut self, limit: usize) -> Result<Vec<Change>, DiffError> {
        self.changes()?.take(limit).collect()
    }

    fn changes(&mut self) -> Result<impl Iterator<Item = Result<Change, DiffError>> + '_, DiffError> {
        self.file.flush().map_err(DiffError::Scratch)?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(DiffError::Scratch)?;
        let lines = BufReader::new(file).split(b'\n');
        Ok(lines.map(|line| {
            let line = line.map_err(DiffError::Scratch)?;
            parse(&line, DEEPEST_FILE).map_err(|cause| DiffError::Scratch(cause.into()))
        }))
    }
}
