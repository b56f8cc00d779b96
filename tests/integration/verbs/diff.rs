//! What changed between two runs, as the real program reports it.

mod changes;
mod choice;
mod details;
mod earlier;
mod forms;
mod notify;
mod runs;
mod types;
mod unknown;
mod who;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox};

/// An account that has a little of everything, and where most of it is.
const ACCOUNT: &str = "416620593301";
const REGION: &str = "eu-central-1";

/// Two runs of the demonstration, which are the same until a test changes one.
struct Two {
    sandbox: Sandbox,
}

impl Two {
    /// Scans the demonstration once, and copies the run.
    fn same(spec: &str, more: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        scan(&sandbox, "old", spec, more);
        copy(&sandbox.path("output/old"), &sandbox.path("output/new"));
        Self { sandbox }
    }

    fn diff(&self, more: &[&str]) -> Finished {
        self.sandbox.run([&["diff", "output/old", "output/new"], more].concat())
    }

    /// The comparison as JSON.
    #[track_caller]
    fn json(&self, more: &[&str]) -> Value {
        let run = self.diff(&[&["--format", "json"], more].concat());
        run.expect_exit(0);
        serde_json::from_str(&run.stdout).expect("one document of JSON")
    }

    fn new_run(&self) -> PathBuf {
        self.sandbox.path("output/new")
    }

    /// Changes a result file of the new run.
    #[track_caller]
    fn edit(&self, service: &str, edit: impl FnOnce(&mut Value)) {
        let path = folder_of(&self.new_run(), ACCOUNT).join(REGION).join(format!("{service}.json"));
        let mut file = read(&path);
        edit(&mut file);
        fs::write(path, file.to_string()).expect("writes");
    }

    /// Changes the lines of the new run's ledger about one function in one place; what is left of a
    /// denied call is no result.
    #[track_caller]
    fn deny(&self, service: &str, function: &str) {
        self.edit_ledger(|line| {
            let is_it =
                line["account"] == ACCOUNT && line["region"] == REGION && line["function"] == function;
            if is_it && line.get("item").is_none() {
                line["status"] = json!("denied");
                line["denied_by"] = json!("iam");
                line["code"] = json!("AccessDenied");
            }
            true
        });
        self.edit(service, |file| drop(file.as_object_mut().expect("an object").remove(function)));
    }

    /// Changes every line of the new run's ledger; those are removed for which `edit` returns false.
    #[track_caller]
    fn edit_ledger(&self, mut edit: impl FnMut(&mut Value) -> bool) {
        let path = self.new_run().join("ledger.ndjson");
        let mut text = String::new();
        for line in fs::read_to_string(&path).expect("a ledger").lines() {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if edit(&mut line) {
                text.push_str(&line.to_string());
                text.push('\n');
            }
        }
        fs::write(path, text).expect("writes");
    }

    #[track_caller]
    fn append_to_ledger(&self, line: &Value) {
        let path = self.new_run().join("ledger.ndjson");
        let ledger = fs::read_to_string(&path).expect("a ledger");
        fs::write(path, format!("{ledger}{line}\n")).expect("writes");
    }

    #[track_caller]
    fn edit_manifest(&self, edit: impl FnOnce(&mut Value)) {
        let path = self.new_run().join("manifest.json");
        let mut manifest = read(&path);
        edit(&mut manifest);
        fs::write(path, manifest.to_string()).expect("writes");
    }
}

#[track_caller]
fn scan(sandbox: &Sandbox, name: &str, spec: &str, more: &[&str]) {
    let run = ["demo", "-s", spec, "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", name];
    sandbox.run([&run, more].concat()).expect_exit(0);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(|_| ()).expect("copies") }
    }
}

#[track_caller]
fn folder_of(run: &Path, account: &str) -> PathBuf {
    let entries = fs::read_dir(run).expect("a run").map(|entry| entry.expect("an entry").path());
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().starts_with(account);
    entries.filter(name).find(|path| path.is_dir()).expect("the account's folder")
}

#[track_caller]
fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

/// The numbers of a comparison: added, removed, changed, unknown.
fn counts(diff: &Value) -> [u64; 4] {
    ["added", "removed", "changed", "unknown"].map(|name| diff["totals"][name].as_u64().expect("a number"))
}

/// The changes as `sign kind id`, with their fields as `path: old -> new`.
fn told(diff: &Value) -> Vec<String> {
    let mut told = Vec::new();
    for change in diff["changes"].as_array().expect("changes") {
        let text = |name: &str| change[name].as_str().expect("a text").to_owned();
        told.push(format!("{} {} {}", text("change"), text("kind"), text("id")));
        for field in change["fields"].as_array().into_iter().flatten() {
            let path = field["path"].as_str().expect("a path");
            told.push(format!("  {path}: {} -> {}", field["old"], field["new"]));
        }
    }
    told
}
