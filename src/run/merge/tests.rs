//! Tests of merged and of refused shards.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::Merge;
use crate::names::AccountId;
use crate::plan::Shard;
use crate::run::samples::sample_manifest;

/// The folders of shards, each with one account and one result.
struct Shards {
    parent: TempDir,
    count: u32,
}

impl Shards {
    fn new(count: u32) -> Self {
        let shards = Self { parent: tempfile::tempdir().expect("a temporary folder"), count };
        for shard in Shard::all(count) {
            shards.scan(&shards.folder(shard.number), shard);
        }
        shards
    }

    fn folder(&self, number: u32) -> PathBuf {
        self.parent.path().join(format!("shard-{number}-of-{}", self.count))
    }

    /// Returns the account of a shard.
    fn account(shard: Shard) -> AccountId {
        let ids = (100_000_000_000_u64..).map(|id| AccountId::new(id.to_string()));
        ids.into_iter().find(|id| shard.holds(id)).expect("an account")
    }

    fn scan(&self, folder: &Path, shard: Shard) {
        let accounts: Vec<Value> = Shard::all(self.count)
            .map(|other| {
                let id = Self::account(other);
                json!({"id": id, "state": "active", "paths": [], "management": other.number == 2,
                    "selected": other == shard})
            })
            .collect();
        let account = Self::account(shard);
        let line = json!({"account": account, "region": "global", "service": "iam", "function": "list_users",
            "name": "list_users", "status": "ok", "attempts": 1, "pages": 1, "items": 2, "bytes": 3,
            "duration_ms": 3});
        let place = folder.join(account.as_str()).join("global");
        fs::create_dir_all(&place).expect("a folder");
        fs::write(place.join("iam.json"), format!("{{\"list_users\": [{}]}}", shard.number)).expect("writes");
        fs::write(folder.join("ledger.ndjson"), format!("{}\n{line}\n", skipped())).expect("writes");
        fs::write(folder.join("accounts.json"), Value::from(accounts).to_string()).expect("writes");
        fs::write(folder.join("scan.log"), format!("log of {shard}\n")).expect("writes");
        fs::write(folder.join("manifest.json"), manifest(shard).to_string()).expect("writes");
    }

    /// Changes a member of a shard's manifest.
    fn set(&self, number: u32, pointer: &str, value: Value) {
        let path = self.folder(number).join("manifest.json");
        let mut manifest: Value = serde_json::from_slice(&fs::read(&path).expect("reads")).expect("JSON");
        *manifest.pointer_mut(pointer).expect("such a member") = value;
        fs::write(path, manifest.to_string()).expect("writes");
    }

    fn merge(&self, partial: bool) -> Result<Value, String> {
        self.merge_folders(&[self.parent.path().to_owned()], partial)
    }

    fn merge_folders(&self, folders: &[PathBuf], partial: bool) -> Result<Value, String> {
        let merge = Merge::of(folders, partial).map_err(|error| error.to_string())?;
        merge.write(&self.target()).map_err(|error| error.to_string())?;
        let text = fs::read(self.target().join("manifest.json")).expect("a manifest");
        Ok(serde_json::from_slice(&text).expect("JSON"))
    }

    fn target(&self) -> PathBuf {
        self.parent.path().join("whole")
    }

    #[track_caller]
    fn expect_refused(&self, partial: bool, expected: &str) {
        let error = self.merge(partial).expect_err("shards that cannot be merged");
        assert!(error.contains(expected), "{error}");
        assert!(!self.target().exists());
        let hidden = fs::read_dir(self.parent.path()).expect("lists");
        let hidden = hidden.filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with('.'))
        });
        assert_eq!(hidden.count(), 0, "something half-made is left");
    }
}

/// A line that every shard has.
fn skipped() -> Value {
    json!({"account": "*", "region": "*", "service": "sts", "function": "get_session_token",
        "name": "get_session_token", "status": "skipped", "attempts": 0, "pages": 0, "items": 0,
        "duration_ms": 0, "message": "excluded from inventories"})
}

fn manifest(shard: Shard) -> Value {
    let mut manifest = sample_manifest();
    manifest["started"] = json!(format!("2026-11-22T10:00:0{}Z", shard.number));
    manifest["finished"] = json!(format!("2026-11-22T11:00:0{}Z", shard.number));
    manifest["settings"]["shard"] = json!(shard);
    let totals = json!({"accounts": 3, "calls": {"ok": 1}, "lines": 2, "requests": 4, "items": 2,
        "accounts_by_access": {"role Audit": 1}});
    let totals = totals.as_object().expect("an object").clone();
    manifest["totals"].as_object_mut().expect("an object").extend(totals);
    manifest
}

#[test]
fn shards_become_the_run_that_they_are_parts_of() {
    let shards = Shards::new(3);
    let manifest = shards.merge(false).expect("joins");
    assert_eq!(manifest["totals"]["calls"], json!({"ok": 3}));
    assert_eq!(manifest["totals"]["lines"], 4);
    assert_eq!(manifest["totals"]["accounts_scanned"], 3);
    assert_eq!(manifest["totals"]["requests"], 12);
    assert_eq!(manifest["totals"]["accounts_by_access"], json!({"role Audit": 3}));
    assert_eq!(manifest["started"], "2026-11-22T10:00:01Z");
    assert_eq!(manifest["finished"], "2026-11-22T11:00:03Z");
    assert_eq!(manifest["settings"].get("shard"), None);
    let read = |name: &str| fs::read_to_string(shards.target().join(name)).expect("a file");
    assert_eq!(read("scan.log"), "log of shard 1 of 3\nlog of shard 2 of 3\nlog of shard 3 of 3\n");
    assert_eq!(read("ledger.ndjson").lines().count(), 4);
    let accounts: Vec<Value> = serde_json::from_str(&read("accounts.json")).expect("JSON");
    assert!(accounts.iter().all(|account| account["selected"] == true), "{accounts:?}");
    assert_eq!(accounts[0]["management"], true, "the management account is the first");
    for shard in Shard::all(3) {
        let name = format!("{}/global/iam.json", Shards::account(shard));
        assert_eq!(read(&name), format!("{{\"list_users\": [{}]}}", shard.number));
    }
}

/// The manifest counts calls and lines, and both are compared with the ledger.
#[test]
fn calls_and_lines_are_compared_with_the_ledger() {
    let shards = Shards::new(2);
    shards.set(2, "/totals/lines", json!(3));
    shards.expect_refused(false, "the manifest counts 3 lines, but the ledger has 2");
    let shards = Shards::new(2);
    shards.set(2, "/totals/calls", json!({"ok": 2}));
    shards.expect_refused(false, "its statuses do not match");
}

#[test]
fn a_missing_shard_is_refused_or_noted() {
    let shards = Shards::new(3);
    fs::remove_dir_all(shards.folder(2)).expect("removes");
    shards.expect_refused(false, "1 of 3 shards are missing: 2");
    let manifest = shards.merge(true).expect("joins");
    assert_eq!(manifest["missing_shards"], json!([{"number": 2, "count": 3}]));
    assert_eq!(manifest["state"], "interrupted");
    let accounts = fs::read(shards.target().join("accounts.json")).expect("a file");
    let accounts: Vec<Value> = serde_json::from_slice(&accounts).expect("JSON");
    assert_eq!(accounts.iter().filter(|account| account["selected"] == false).count(), 1);
}

#[test]
fn shards_of_different_runs_are_refused() {
    for (pointer, value, expected) in [
        ("/spec/sha256", json!("def"), "they differ in the scan spec"),
        ("/catalog_version", json!("1.43.12"), "they differ in the catalog"),
        ("/organization", json!("o-other"), "they differ in the organization"),
        ("/caller/account", json!("100000000009"), "they differ in the account of the caller"),
        ("/settings/layout", json!("call"), "they differ in the setting `layout`"),
        ("/settings/shard/count", json!(4), "they differ in the number of shards"),
    ] {
        let shards = Shards::new(3);
        shards.set(3, pointer, value);
        // With a count of four, one shard is missing too.
        shards.expect_refused(true, expected);
    }
}

/// An unfinished shard is refused unless another attempt of it has finished.
#[test]
fn unfinished_shard_is_refused_without_other_attempt() {
    let shards = Shards::new(2);
    shards.set(1, "/state", json!("interrupted"));
    shards.expect_refused(true, "is not finished");
    let again = shards.parent.path().join("shard-1-of-2-2");
    shards.scan(&again, Shard { number: 1, count: 2 });
    shards.merge(false).expect("joins");
}

#[test]
fn the_same_shard_twice_is_refused() {
    let shards = Shards::new(2);
    shards.scan(&shards.parent.path().join("again"), Shard { number: 1, count: 2 });
    shards.expect_refused(false, "both hold shard 1 of 2");
}

#[test]
fn a_whole_run_is_no_shard() {
    let shards = Shards::new(1);
    shards.set(1, "/settings/shard", Value::Null);
    shards.expect_refused(false, "is not a shard");
}

#[test]
fn a_ledger_that_does_not_fit_its_manifest_is_refused() {
    let shards = Shards::new(2);
    fs::write(shards.folder(2).join("ledger.ndjson"), format!("{}\n", skipped())).expect("writes");
    shards.expect_refused(false, "the manifest counts 2 lines, but the ledger has 1");
    fs::write(shards.folder(2).join("ledger.ndjson"), "{\"account\n").expect("writes");
    shards.expect_refused(false, "line 1 cannot be read");
}

#[test]
fn results_of_another_shard_are_refused() {
    let shards = Shards::new(2);
    let foreign = Shards::account(Shard { number: 2, count: 2 });
    fs::create_dir(shards.folder(1).join(foreign.as_str())).expect("a folder");
    shards.expect_refused(false, "this folder does not belong to shard 1 of 2");
}

#[test]
fn a_shard_without_a_result_that_its_ledger_lists_is_refused() {
    /// A change to the file of a result, and the expected message.
    type Damage = (fn(&Path), &'static str);
    let damages: [Damage; 5] = [
        (|file| fs::remove_file(file).expect("removes"), "but it does not exist"),
        (|file| fs::write(file, "").expect("writes"), "not a complete JSON object"),
        (|file| fs::write(file, "{}").expect("writes"), "`list_users` is missing"),
        (
            |file| fs::write(file, "{\"list_users\": []}").expect("writes"),
            "has 2 bytes, but the ledger has 3",
        ),
        (
            |file| {
                let account = file.ancestors().nth(2).expect("the account's folder");
                fs::remove_dir_all(account).expect("removes");
            },
            "but it does not exist",
        ),
    ];
    for (damage, expected) in damages {
        let shards = Shards::new(2);
        let account = Shards::account(Shard { number: 2, count: 2 });
        damage(&shards.folder(2).join(account.as_str()).join("global/iam.json"));
        shards.expect_refused(false, expected);
    }
}

#[test]
fn nothing_is_read_through_a_link() {
    let outside = Shards::new(2);
    let shards = Shards::new(2);
    let accounts = shards.folder(2).join("accounts.json");
    fs::remove_file(&accounts).expect("removes");
    symlink(outside.folder(2).join("accounts.json"), &accounts).expect("links");
    shards.expect_refused(false, "is a symbolic link");
    let shards = Shards::new(2);
    fs::remove_dir_all(shards.folder(2)).expect("removes");
    symlink(outside.folder(2), shards.folder(2)).expect("links");
    shards.expect_refused(false, "1 of 2 shards are missing: 2");
}

#[test]
fn merge_refuses_existing_target() {
    let shards = Shards::new(2);
    fs::create_dir(shards.target()).expect("a folder");
    let error = shards.merge(false).expect_err("a folder that exists");
    assert!(error.ends_with("already exists"), "{error}");
}

/// Shards look up account details separately; the merged run reports each missing one once.
#[test]
fn unknown_account_details_of_any_shard_are_kept() {
    let shards = Shards::new(3);
    let unknown = |field: &str, message: &str| json!({"field": field, "actions": [], "message": message});
    for (number, details) in [
        (2, json!([unknown("tags", "second")])),
        (3, json!([unknown("ou_path", "third"), unknown("tags", "third")])),
    ] {
        let mut manifest = manifest(Shard::all(3).nth(number - 1).expect("a shard"));
        manifest["unknown_account_details"] = details;
        shards.set(u32::try_from(number).expect("a small number"), "", manifest);
    }
    let merged = shards.merge(false).expect("a run");
    let expected = json!([unknown("ou_path", "third"), unknown("tags", "second")]);
    assert_eq!(merged["unknown_account_details"], expected);
}
