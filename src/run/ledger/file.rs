//! The ledger: one line per planned call, appended when the call ends.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use crate::run::CallRecord;
use crate::util::atomic_file;

/// Appends records to `ledger.ndjson`.
pub struct Ledger {
    path: PathBuf,
    file: File,
    /// The length of the file up to the end of its last complete line, in bytes.
    length: u64,
    lines: Vec<u8>,
}

impl Ledger {
    /// Opens the ledger, and creates it if it does not exist.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = atomic_file::append_to(path)?;
        let length = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, length, lines: Vec::new() })
    }

    /// Adds a line. It is written by the next `flush`.
    pub fn record(&mut self, record: &CallRecord) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, record)?;
        self.lines.push(b'\n');
        Ok(())
    }

    /// Writes all buffered lines in a single write: if the process is killed, either all lines of a unit are
    /// written or none. If the write fails, the part that was written is truncated.
    pub fn flush(&mut self) -> io::Result<()> {
        let written = self.file.write_all(&self.lines);
        if written.is_ok() {
            self.length += self.lines.len() as u64;
        } else {
            self.truncate();
        }
        self.lines.clear();
        written
    }

    /// Removes what was written of incomplete lines. Windows does not truncate a file that is open for appending.
    fn truncate(&self) {
        if self.file.set_len(self.length).is_err() {
            let reopened = atomic_file::open(&self.path, File::options().write(true));
            let _ = reopened.and_then(|file| file.set_len(self.length));
        }
    }
}

/// A line of a ledger.
pub(in crate::run) struct LedgerLine<'ledger> {
    /// The text of the line, including its line break if it has one.
    pub(in crate::run) bytes: &'ledger [u8],
    /// The parsed record; `None` if the line is damaged.
    pub(in crate::run) record: Option<CallRecord>,
}

/// The maximum length of a line: longer ones are never written, and are read as several damaged ones.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// Reads a ledger line by line; a missing ledger has no lines.
pub(in crate::run) fn read(
    path: &Path,
    mut each: impl FnMut(LedgerLine<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut reader = match atomic_file::open_to_read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => BufReader::with_capacity(64 * 1024, file?),
    };
    let mut bytes = Vec::new();
    while (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut bytes)? > 0 {
        // Without its line break, the last line may be complete or the start of a longer one.
        let is_whole = bytes.ends_with(b"\n");
        let record = if is_whole { parse(&bytes) } else { None };
        each(LedgerLine { bytes: &bytes, record })?;
        bytes.clear();
    }
    Ok(())
}

/// Parses a line; `None` if the line is damaged.
fn parse(line: &[u8]) -> Option<CallRecord> {
    let record: CallRecord = serde_json::from_slice(line).ok()?;
    (record.inferred == record.inferred_from.is_some()).then_some(record)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::{Ledger, parse, read};
    use crate::aws::client::InferredFrom;
    use crate::names::AccountId;
    use crate::run::{CallRecord, Status};

    fn record() -> CallRecord {
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-1", "sqs", "list_queues", "list_queues");
        record.status = Status::Empty;
        record
    }

    #[test]
    fn a_line_says_what_became_of_a_call() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ledger.ndjson");
        let mut ledger = Ledger::open(&path).expect("opens");
        ledger.record(&record()).expect("takes a line");
        ledger.flush().expect("flushes");
        let text = fs::read_to_string(path).expect("reads");
        assert_eq!(
            text,
            "{\"account\":\"123456789012\",\"region\":\"eu-west-1\",\"service\":\"sqs\",\
             \"function\":\"list_queues\",\"name\":\"list_queues\",\"status\":\"empty\",\
             \"attempts\":0,\"pages\":0,\"items\":0,\"duration_ms\":0}\n"
        );
    }

    #[test]
    fn a_line_without_its_end_or_with_damage_says_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ledger.ndjson");
        let line = serde_json::to_string(&record()).expect("JSON");
        fs::write(&path, format!("{line}\n{}\n{line}", &line[..40])).expect("writes");
        let mut known = Vec::new();
        read(&path, |line| {
            known.push(line.record.is_some());
            Ok(())
        })
        .expect("reads");
        assert_eq!(known, [true, false, false]);
    }

    #[test]
    fn line_without_required_field_is_damaged() {
        let (inferred, inferred_from) = (true, Some(InferredFrom::Session));
        let line = serde_json::to_value(CallRecord { inferred, inferred_from, ..record() }).expect("JSON");
        let members = line.as_object().expect("an object");
        assert!(parse(line.to_string().as_bytes()).is_some());
        for name in members.keys() {
            let mut line = members.clone();
            line.remove(name);
            assert!(parse(Value::from(line).to_string().as_bytes()).is_none(), "without `{name}`");
        }
    }

    #[test]
    fn a_ledger_that_was_never_begun_has_no_lines() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        read(&folder.path().join("ledger.ndjson"), |_| panic!("a line")).expect("reads");
    }
}
