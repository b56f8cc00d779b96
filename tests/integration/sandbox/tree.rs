//! The result tree of a run, as its readers see it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of one run, with the files that every run leaves.
pub(crate) struct Tree {
    folder: PathBuf,
    /// One object for each planned call.
    pub(crate) ledger: Vec<Value>,
    /// The content of `accounts.json`.
    pub(crate) accounts: Vec<Value>,
    /// The content of `manifest.json`.
    pub(crate) manifest: Value,
}

impl Tree {
    /// Opens the one run below the output folder whose name starts with the prefix.
    #[track_caller]
    pub(crate) fn open(output: &Path, prefix: &str) -> Self {
        let mut runs = children(output);
        runs.retain(|name| output.join(name).is_dir() && !output.join(name).is_symlink());
        assert_eq!(runs.len(), 1, "expected one run in {}: {runs:?}", output.display());
        let folder = output.join(&runs[0]);
        assert!(runs[0].starts_with(prefix), "{} does not start with {prefix}", runs[0]);
        let ledger = fs::read_to_string(folder.join("ledger.ndjson")).expect("the ledger");
        let ledger = ledger.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        let manifest = read(&folder.join("manifest.json"));
        let accounts = match read(&folder.join("accounts.json")) {
            Value::Array(accounts) => accounts,
            mut object => serde_json::from_value(object["accounts"].take()).expect("a list of accounts"),
        };
        Self { folder, ledger, accounts, manifest }
    }

    /// The ids of the accounts that have a folder.
    pub(crate) fn account_ids(&self) -> BTreeSet<String> {
        let folders = children(&self.folder).into_iter().filter(|name| self.folder.join(name).is_dir());
        folders.map(|name| name.split('-').next().unwrap_or_default().to_owned()).collect()
    }

    /// Every result file as `<account id>/<region>/<file name>`.
    pub(crate) fn result_files(&self) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        for account in self.account_ids() {
            let folder = self.account_folder(&account);
            for region in children(&folder) {
                for file in children(&folder.join(&region)) {
                    files.insert(format!("{account}/{region}/{file}"));
                }
            }
        }
        files
    }

    /// The content of one result file; `region` may be `global`.
    #[track_caller]
    pub(crate) fn result(&self, account: &str, region: &str, service: &str) -> Value {
        read(&self.result_path(account, region, service))
    }

    /// The path of one result file.
    #[track_caller]
    pub(crate) fn result_path(&self, account: &str, region: &str, service: &str) -> PathBuf {
        self.account_folder(account).join(region).join(format!("{service}.json"))
    }

    /// The ledger's lines on one function in one account and region.
    pub(crate) fn ledger_lines(
        &self,
        account: &str,
        region: &str,
        service: &str,
        function: &str,
    ) -> Vec<&Value> {
        let wanted = [("account", account), ("region", region), ("service", service), ("function", function)];
        self.ledger.iter().filter(|line| wanted.iter().all(|(key, value)| line[*key] == **value)).collect()
    }

    /// Every file of the run with its text.
    pub(crate) fn texts(&self) -> Vec<(PathBuf, String)> {
        let files = self.paths().into_iter().filter(|path| path.is_file());
        files.map(|path| (path.clone(), fs::read_to_string(path).expect("a text file"))).collect()
    }

    /// Every file and folder of the run, itself included.
    fn paths(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut waiting = vec![self.folder.clone()];
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                waiting.extend(children(&path).into_iter().map(|name| path.join(name)));
            }
            found.push(path);
        }
        found
    }

    /// Ends the test when a file can be read, or a folder entered, by others than its owner.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn expect_private(&self) {
        use std::os::unix::fs::PermissionsExt;

        for path in self.paths() {
            let mode = fs::metadata(&path).expect("a file of the tree").permissions().mode() & 0o777;
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, expected, "{} has mode {mode:o}, expected {expected:o}", path.display());
        }
    }

    /// The folder whose name starts with the id; the name of the account behind it is for readers.
    #[track_caller]
    fn account_folder(&self, account: &str) -> PathBuf {
        let names = children(&self.folder);
        let mut matching = names.iter().filter(|name| name.split('-').next() == Some(account));
        let name = matching.next().unwrap_or_else(|| panic!("no folder for account {account} in {names:?}"));
        assert_eq!(matching.next(), None, "two folders for account {account}");
        self.folder.join(name)
    }
}

/// The names in a folder, sorted.
#[track_caller]
fn children(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[track_caller]
fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
