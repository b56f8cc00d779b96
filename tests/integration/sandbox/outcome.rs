//! What a run has left, without what may differ between two runs of the same plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// Everything in a run's folder that has to be the same however the run came about.
#[derive(Debug, PartialEq)]
pub(crate) struct RunOutcome {
    /// Result files and the list of accounts, byte for byte.
    files: BTreeMap<String, String>,
    ledger: Vec<String>,
    manifest: Value,
}

/// The lines of a ledger.
pub(crate) struct Ledger(pub(crate) Vec<Value>);

impl RunOutcome {
    /// Reads a finished run.
    #[track_caller]
    pub(crate) fn read(folder: &Path) -> Self {
        let mut files = texts(folder);
        let mut manifest: Value = serde_json::from_str(&files.remove("manifest.json").expect("a manifest"))
            .expect("a manifest in JSON");
        for time in ["started", "finished"] {
            assert!(manifest[time].is_string(), "the manifest lacks the time {time}: {manifest}");
            manifest[time].take();
        }
        // A list of buckets may have to be read again.
        manifest["totals"]["requests"].take();
        files.remove("ledger.ndjson").expect("a ledger");
        files.remove("scan.log").expect("a log");
        Self { files, ledger: Ledger::read(folder).comparable(), manifest }
    }

    /// The same without how often requests were sent: for runs of which one met faults.
    pub(crate) fn without_attempts(mut self) -> Self {
        for line in &mut self.ledger {
            if let Ok(Value::Object(mut members)) = serde_json::from_str(line) {
                members.shift_remove("attempts");
                *line = Value::from(members).to_string();
            }
        }
        self
    }

    /// Ends the test unless the other run has left the same.
    #[track_caller]
    pub(crate) fn expect_same(&self, other: &Self) {
        let names = |outcome: &Self| outcome.files.keys().cloned().collect::<BTreeSet<_>>();
        let (ours, theirs) = (names(self), names(other));
        let differing: Vec<_> = ours.symmetric_difference(&theirs).collect();
        assert!(differing.is_empty(), "files of one run only: {differing:?}");
        for (name, text) in &self.files {
            assert_eq!(text, &other.files[name], "{name} differs");
        }
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) =
            (self.ledger.iter().collect(), other.ledger.iter().collect());
        let differing: Vec<_> = ours.symmetric_difference(&theirs).take(4).collect();
        assert!(differing.is_empty(), "lines of one ledger only: {differing:#?}");
        assert_eq!(self.ledger.len(), other.ledger.len(), "a ledger has lines twice");
        assert_eq!(self.manifest, other.manifest);
    }
}

impl Ledger {
    /// Reads the lines that were finished.
    #[track_caller]
    pub(crate) fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("ledger.ndjson")).unwrap_or_default();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        Self(whole.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
    }

    /// The lines, sorted, without times and ids of requests. Which region reads the account's list
    /// of buckets is chance: that line is about it for all.
    fn comparable(self) -> Vec<String> {
        let mut listings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut lines = Vec::new();
        for mut line in self.0 {
            let members = line.as_object_mut().expect("an object");
            members.shift_remove("duration_ms");
            members.shift_remove("request_id");
            if let Some(Value::String(message)) = members.get_mut("message")
                && let Some((before, _)) = message.split_once(" (request id ")
            {
                *message = before.to_owned();
            }
            if members["function"] == "list_buckets" {
                members.shift_remove("attempts");
                let told = [members.shift_remove("pages"), members.remove("buckets_in_unscanned_regions")]
                    .map(Option::unwrap_or_default);
                if told[0] != 0 {
                    let account = members["account"].as_str().expect("an account").to_owned();
                    listings.entry(account).or_default().push(json!(told));
                }
            }
            lines.push(line.to_string());
        }
        lines.extend(listings.into_iter().map(|(account, told)| format!("{account}: {told:?}")));
        lines.sort();
        lines
    }

    /// The lines that have these members.
    pub(crate) fn with(&self, members: &Value) -> Vec<&Value> {
        let empty = Map::new();
        let wanted = members.as_object().unwrap_or(&empty);
        self.0.iter().filter(|line| wanted.iter().all(|(key, value)| line[key] == *value)).collect()
    }
}

/// The one run in a folder for results.
#[track_caller]
pub(crate) fn run_in(output: &Path) -> PathBuf {
    let entries = fs::read_dir(output).expect("a folder for results");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    // Beside it are the link to the last run, and the lock of a scan that was killed.
    let runs: Vec<PathBuf> = paths.filter(|path| path.is_dir() && !path.is_symlink()).collect();
    let [run] = &runs[..] else { panic!("expected one run in {}: {runs:?}", output.display()) };
    run.clone()
}

/// Every file below a folder, by its path from there; empty folders as well.
#[track_caller]
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let name = path.strip_prefix(folder).expect("below the folder").display().to_string();
        if path.is_dir() {
            let before = waiting.len();
            waiting
                .extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            if waiting.len() == before {
                texts.insert(name, "an empty folder".to_owned());
            }
        } else {
            texts.insert(name, fs::read_to_string(&path).expect("a text file"));
        }
    }
    texts
}
