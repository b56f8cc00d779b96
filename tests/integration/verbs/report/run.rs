//! Runs to make pages of.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::browser::Browser;
use crate::sandbox::Sandbox;

/// A window as on a desk.
pub(super) const WIDE: [u32; 2] = [1400, 1000];

/// A run of the demonstration, which a test may change before it makes a page of it.
pub(super) struct Run {
    pub(super) sandbox: Sandbox,
    pub(super) folder: PathBuf,
}

impl Run {
    pub(super) fn of_demo(more: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        let run = ["demo", "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", "run"];
        sandbox.run([&run, more].concat()).expect_exit(0);
        let folder = sandbox.path("output/run");
        Self { sandbox, folder }
    }

    /// Opens the run's page at a place: `#resources`.
    #[track_caller]
    pub(super) fn page(&self, place: &str) -> Browser {
        self.sandbox.run(["report", "output/run", "-o", "page.html"]).expect_exit(0);
        let mut browser = Browser::open(&self.sandbox.path("page.html"), WIDE);
        browser.go(place);
        browser
    }

    /// Opens a page with everything that a page can have: two runs, one of them compared with witnesses, and trends.
    #[track_caller]
    pub(super) fn full_page(&self, place: &str) -> Browser {
        self.sandbox.run(["reconcile", "output/run", "-q"]).expect_exit(4);
        let again = ["demo", "-s", "rds", "-s", "sqs", "-o", "output", "--run-name", "again"];
        self.sandbox.run(again).expect_exit(0);
        self.sandbox.run(["history", "add"]).expect_exit(0);
        let report =
            ["report", "output/run", "output/again", "--trends", "output/history.db", "-o", "page.html"];
        self.sandbox.run(report).expect_exit(0);
        let mut browser = Browser::open(&self.sandbox.path("page.html"), WIDE);
        browser.go(place);
        browser
    }

    /// The content of a file of the run.
    pub(super) fn json(&self, name: &str) -> Value {
        read(&self.folder.join(name))
    }

    /// Changes a file of the run.
    pub(super) fn change(&self, name: &str, change: impl FnOnce(&mut Value)) {
        let path = self.folder.join(name);
        let mut document = read(&path);
        change(&mut document);
        fs::write(path, document.to_string()).expect("writes");
    }

    /// A result file that has something in this member, and its content.
    #[track_caller]
    pub(super) fn file_with(&self, name: &str, member: &str) -> (PathBuf, Value) {
        for account in folders(&self.folder) {
            for place in folders(&account) {
                let path = place.join(name);
                let file = if path.exists() { read(&path) } else { Value::Null };
                if file[member][0].is_object() {
                    return (path, file);
                }
            }
        }
        panic!("no {name} has {member}")
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// The folders in a folder, sorted.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
