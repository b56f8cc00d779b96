//! The results of the items of a call that has not ended: kept in the run's folder, so that a resumed run does not
//! send their requests again.
//!
//! A call for every item of a long list can take an hour, and its result file is written at the end. Until then, a
//! hidden file beside it has a line for each finished item, redacted like the results. The file is removed when the
//! result is written. Lines are collected first, so that a short call needs no file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::util::atomic_file;

/// The length of the lines that are lost at most if the process is killed.
const MOST_UNWRITTEN: usize = 16 * 1024;
/// The time after which lines are written even if they are short.
const LONGEST_UNWRITTEN: Duration = Duration::from_secs(10);
/// The maximum length of a line. Longer results are not kept, so their requests are sent again.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The start and end of the file's name, between which is the number of the call in the plan. The end marks it as
/// unfinished.
const PREFIX: &str = ".items-";

/// The results of the items of one call in one place.
#[derive(Debug)]
pub struct KeptItems {
    /// `None` if nothing is kept.
    file: Option<Mutex<ItemFile>>,
}

/// The result of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptItem<'value> {
    /// The number of requests, including retries.
    pub(crate) attempts: u32,
    /// The number of pages.
    pub(crate) pages: u32,
    /// Whether the spec limits the number of items, and more exist.
    pub(crate) more: bool,
    /// The number of values that were redacted because of their path.
    pub(crate) redacted: u64,
    /// The number of places that look like a secret.
    pub(crate) secrets: u64,
    /// The outcome.
    pub(crate) outcome: KeptOutcome<'value>,
}

/// The outcome of the call for one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeptOutcome<'value> {
    /// The item does not have the requested configuration.
    NotConfigured,
    /// The selected result.
    Result(Cow<'value, Value>),
    /// The complete response, from which the result and the items of further calls are selected.
    Response(Cow<'value, Value>),
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct KeptLine<'line> {
    service: Cow<'line, str>,
    name: Cow<'line, str>,
    item: Cow<'line, Value>,
    kept: Cow<'line, KeptItem<'line>>,
}

#[derive(Debug)]
struct ItemFile {
    path: PathBuf,
    /// The folder of the run, below which the path is.
    run: PathBuf,
    /// The file for appending, once a line has been written.
    writer: Option<File>,
    unwritten: Vec<u8>,
    last_write: Instant,
    /// The file of an earlier execution.
    earlier: Option<File>,
    /// The positions and lengths of its lines, by the digest of function and item.
    known: HashMap<[u8; 32], (u64, u64)>,
}

impl KeptItems {
    /// Keeps nothing.
    #[must_use]
    pub fn nowhere() -> Self {
        Self { file: None }
    }

    /// Keeps results in a file. If the run is resumed, the file of an earlier execution is read.
    pub(in crate::run) fn open(run: PathBuf, path: PathBuf, resumed: bool) -> io::Result<Self> {
        let mut file = ItemFile {
            path,
            run,
            writer: None,
            unwritten: Vec::new(),
            last_write: Instant::now(),
            earlier: None,
            known: HashMap::new(),
        };
        if resumed {
            file.read()?;
        }
        Ok(Self { file: Some(Mutex::new(file)) })
    }

    /// Returns the result of an item that an earlier execution has kept; `None` also if it cannot be read.
    #[must_use]
    pub(crate) fn find(&self, service: &str, name: &str, item: &Value) -> Option<KeptItem<'static>> {
        let mut file = self.lock()?;
        if file.known.is_empty() {
            return None;
        }
        let (position, length) = *file.known.get(&digest(service, name, item))?;
        let line = file.line(position, length).ok()?;
        let line: KeptLine<'static> = serde_json::from_slice(&line).ok()?;
        Some(line.kept.into_owned())
    }

    /// Keeps the result of an item.
    pub(crate) fn keep(
        &self,
        service: &str,
        name: &str,
        item: &Value,
        kept: &KeptItem<'_>,
    ) -> io::Result<()> {
        let Some(mut file) = self.lock() else { return Ok(()) };
        let line = KeptLine {
            service: service.into(),
            name: name.into(),
            item: Cow::Borrowed(item),
            kept: Cow::Borrowed(kept),
        };
        let before = file.unwritten.len();
        serde_json::to_writer(&mut file.unwritten, &line)?;
        file.unwritten.push(b'\n');
        if (file.unwritten.len() - before) as u64 > LONGEST_LINE {
            file.unwritten.truncate(before);
        }
        let is_due = file.unwritten.len() >= MOST_UNWRITTEN || file.last_write.elapsed() >= LONGEST_UNWRITTEN;
        if is_due { file.write() } else { Ok(()) }
    }

    fn lock(&self) -> Option<MutexGuard<'_, ItemFile>> {
        self.file.as_ref().map(|file| file.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for KeptItems {
    /// Writes the last lines of a long call, whose result may still have to wait for others.
    fn drop(&mut self) {
        if let Some(mut file) = self.lock()
            && file.writer.is_some()
        {
            // Without these lines, their requests are sent again.
            let _ = file.write();
        }
    }
}

impl ItemFile {
    /// Finds the lines of an earlier execution, and removes an incomplete one at the end.
    fn read(&mut self) -> io::Result<()> {
        let file = match atomic_file::open_to_read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        let mut reader = BufReader::with_capacity(64 * 1024, &file);
        let (mut position, mut bytes) = (0, Vec::new());
        while (&mut reader).take(LONGEST_LINE + 1).read_until(b'\n', &mut bytes)? > 0 {
            if !bytes.ends_with(b"\n") {
                break;
            }
            let length = bytes.len() as u64;
            if let Ok(line) = serde_json::from_slice::<KeptLine<'_>>(&bytes) {
                self.known.insert(digest(&line.service, &line.name, &line.item), (position, length));
            }
            position += length;
            bytes.clear();
        }
        if !bytes.is_empty() {
            atomic_file::open(&self.path, File::options().write(true))?.set_len(position)?;
        }
        self.earlier = Some(file);
        Ok(())
    }

    fn line(&mut self, position: u64, length: u64) -> io::Result<Vec<u8>> {
        let file = self.earlier.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(position))?;
        let mut line = Vec::new();
        file.take(length).read_to_end(&mut line)?;
        Ok(line)
    }

    /// Writes the lines in a single write, so that they are complete.
    fn write(&mut self) -> io::Result<()> {
        let lines = std::mem::take(&mut self.unwritten);
        self.last_write = Instant::now();
        if lines.is_empty() {
            return Ok(());
        }
        if self.writer.is_none() {
            if let Some(folder) = self.path.parent() {
                atomic_file::create_below(&self.run, folder)?;
            }
            self.writer = Some(atomic_file::append_to(&self.path)?);
        }
        self.writer.as_mut().map_or(Ok(()), |writer| writer.write_all(&lines))
    }
}

/// Returns the name of the file for a call of the plan.
pub(in crate::run) fn file_name(call: usize) -> String {
    format!("{PREFIX}{call}{}", atomic_file::UNFINISHED)
}

/// Returns the call whose items are in a file of this name; `None` for another file.
pub(in crate::run) fn call_of(name: &str) -> Option<usize> {
    name.strip_prefix(PREFIX)?.strip_suffix(atomic_file::UNFINISHED)?.parse().ok()
}

fn digest(service: &str, name: &str, item: &Value) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in [service, name, &item.to_string()] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fs;
    use std::path::Path;

    use serde_json::{Value, json};

    use super::{KeptItem, KeptItems, KeptOutcome, call_of, file_name};
    use crate::util::atomic_file::is_unfinished;

    fn open(run: &Path, resumed: bool) -> KeptItems {
        let path = run.join("account/eu-west-1").join(file_name(3));
        KeptItems::open(run.to_owned(), path, resumed).expect("opens")
    }

    fn kept(outcome: KeptOutcome<'_>) -> KeptItem<'_> {
        KeptItem { attempts: 2, pages: 1, more: false, redacted: 3, secrets: 0, outcome }
    }

    fn long(number: usize) -> KeptItem<'static> {
        kept(KeptOutcome::Result(Cow::Owned(json!({"Number": number, "Text": "x".repeat(5_000)}))))
    }

    fn file(run: &Path) -> std::path::PathBuf {
        run.join("account/eu-west-1/.items-3.part")
    }

    #[test]
    fn resumed_run_finds_the_items_of_the_earlier_one() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let earlier = open(run.path(), false);
        for number in 0..9 {
            earlier.keep("sqs", "get", &json!(number), &long(number)).expect("keeps");
        }
        let response = kept(KeptOutcome::Response(Cow::Owned(json!({"a": [1.5, null]}))));
        earlier.keep("sqs", "list", &json!({"a": 1}), &response).expect("keeps");
        drop(earlier);
        let resumed = open(run.path(), true);
        for number in 0..9 {
            assert_eq!(resumed.find("sqs", "get", &json!(number)), Some(long(number)));
        }
        assert_eq!(resumed.find("sqs", "list", &json!({"a": 1})), Some(response));
        for (name, item) in [("get", json!(9)), ("list", json!(1)), ("get", json!("1"))] {
            assert_eq!(resumed.find("sqs", name, &item), None);
        }
        resumed.keep("sqs", "get", &json!(9), &long(9)).expect("keeps");
        drop(resumed);
        assert_eq!(open(run.path(), true).find("sqs", "get", &json!(8)), Some(long(8)));
    }

    /// A process that is killed does not write the lines that it has collected.
    #[test]
    fn killed_run_loses_few_lines() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let killed = open(run.path(), false);
        for number in 0..9 {
            killed.keep("sqs", "get", &json!(number), &long(number)).expect("keeps");
        }
        std::mem::forget(killed);
        let resumed = open(run.path(), true);
        let found = (0..9).filter(|number| resumed.find("sqs", "get", &json!(number)).is_some()).count();
        assert_eq!(found, 8);
    }

    #[test]
    fn incomplete_and_damaged_lines_are_ignored() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let earlier = open(run.path(), false);
        for number in 0..8 {
            earlier.keep("sqs", "get", &json!(number), &long(number)).expect("keeps");
        }
        drop(earlier);
        let text = fs::read_to_string(file(run.path())).expect("a file");
        let (first, rest) = text.split_once('\n').expect("lines");
        let rest = &rest[..rest.len() - 100];
        fs::write(file(run.path()), format!("{}\n{rest}", &first[..first.len() - 9])).expect("writes");
        let resumed = open(run.path(), true);
        let found: Vec<Value> =
            (0..8).map(Value::from).filter(|item| resumed.find("sqs", "get", item).is_some()).collect();
        assert_eq!(found, [1, 2, 3, 4, 5, 6].map(Value::from));
        let text = fs::read_to_string(file(run.path())).expect("a file");
        assert!(text.ends_with('\n'), "the next line starts on its own");
    }

    #[test]
    fn short_call_leaves_no_file() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let items = open(run.path(), false);
        items.keep("sqs", "get", &json!(1), &kept(KeptOutcome::NotConfigured)).expect("keeps");
        drop(items);
        assert_eq!(fs::read_dir(run.path()).expect("lists").count(), 0);
    }

    #[test]
    fn name_of_the_file_has_the_call_and_is_unfinished() {
        assert!(is_unfinished(&file_name(12)));
        assert_eq!(call_of(&file_name(12)), Some(12));
        for name in [".x12.part", "sqs.json", ".items-.part", ".items-1"] {
            assert_eq!(call_of(name), None, "{name}");
        }
    }
}
