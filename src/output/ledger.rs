//! The ledger: one line per planned call, appended as calls end.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::atomic;
use crate::engine::CallRecord;

/// Appends records to `ledger.ndjson`.
pub struct Ledger {
    writer: BufWriter<File>,
}

impl Ledger {
    /// Opens the ledger, making it where there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { writer: BufWriter::new(atomic::append_to(path)?) })
    }

    /// Adds a line. It is safe after the next `flush`.
    pub fn record(&mut self, record: &CallRecord) -> io::Result<()> {
        serde_json::to_writer(&mut self.writer, record)?;
        self.writer.write_all(b"\n")
    }

    /// Hands everything to the operating system.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Ledger;
    use crate::engine::{CallRecord, Status};
    use crate::names::AccountId;

    #[test]
    fn a_line_says_what_became_of_a_call() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ledger.ndjson");
        let mut ledger = Ledger::open(&path).expect("opens");
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-1", "sqs", "list_queues", "list_queues");
        record.status = Status::Empty;
        ledger.record(&record).expect("writes");
        ledger.flush().expect("flushes");
        let text = fs::read_to_string(path).expect("reads");
        assert_eq!(
            text,
            "{\"account\":\"123456789012\",\"region\":\"eu-west-1\",\"service\":\"sqs\",\
             \"function\":\"list_queues\",\"name\":\"list_queues\",\"status\":\"empty\",\
             \"attempts\":0,\"pages\":0,\"items\":0,\"milliseconds\":0}\n"
        );
    }
}
