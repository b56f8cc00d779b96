//! Adds hand-written runs, and compares the lives of their resources with what really happened: what a run could not
//! see is unknown, never removed and never added.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{AdditionCounts, History, HistoryError, RunRejection};
use crate::model::catalog::Catalog;
use crate::reports::resources::samples::SampleRun;

/// A history in a temporary folder, and the number of its runs.
struct SampleHistory {
    folder: TempDir,
    catalog: Catalog,
    history: History,
    nights: u32,
}

/// What one run sees of the volumes of an account.
enum Night<'night> {
    /// All volumes: ID and size.
    Sees(&'night [(&'night str, u32)]),
    /// The call is denied.
    Denied,
    /// The spec has another call.
    OtherSpec,
}

fn volumes() -> Value {
    json!([{"service": "ec2", "function": "describe_volumes", "result_key": "Volumes"}])
}

impl SampleHistory {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let history = History::open_or_create(&folder.path().join("history.db")).expect("a history");
        Self { folder, catalog: Catalog::embedded().expect("a catalog"), history, nights: 0 }
    }

    /// Adds a run that starts on the next day.
    fn add(
        &mut self,
        spec: &Value,
        files: &[(&str, &str, Value)],
        lines: &[Value],
    ) -> Result<Option<AdditionCounts>, HistoryError> {
        self.nights += 1;
        self.add_of_day(self.nights, spec, files, lines, |_| {})
    }

    fn add_of_day(
        &mut self,
        day: u32,
        spec: &Value,
        files: &[(&str, &str, Value)],
        lines: &[Value],
        edit: impl FnOnce(&mut Value),
    ) -> Result<Option<AdditionCounts>, HistoryError> {
        let run = SampleRun::edited(&self.catalog, spec, files, lines, |manifest| {
            manifest["started"] = json!(format!("2026-01-{day:02}T03:00:00Z"));
            edit(manifest);
        });
        self.history.add(&run.resources, &self.folder.path().join(format!("night-{day}")))
    }

    fn add_night(&mut self, night: &Night<'_>) -> AdditionCounts {
        let line = |status: &str| json!({"service": "ec2", "function": "describe_volumes", "status": status});
        let added = match night {
            Night::Sees(seen) => {
                let seen =
                    seen.iter().map(|(id, size)| json!({"VolumeId": id, "Size": size, "Tags": []})).collect();
                self.add(&volumes(), &[("ec2", "describe_volumes", seen)], &[line("ok")])
            }
            Night::Denied => self.add(&volumes(), &[], &[line("denied")]),
            Night::OtherSpec => {
                let spec = json!([{"service": "ec2", "function": "describe_vpcs", "result_key": "Vpcs"}]);
                let line = json!({"service": "ec2", "function": "describe_vpcs", "status": "empty"});
                self.add(&spec, &[("ec2", "describe_vpcs", json!([]))], &[line])
            }
        };
        added.expect("adds").expect("a new run")
    }

    /// Returns the events in the life of a resource: the number of the night, and what happened.
    fn life(&self, id: &str) -> Vec<String> {
        let mut found = self.history.find(id).expect("finds");
        assert_eq!(found.len(), 1, "{id}: {found:?}");
        let life = self.history.life(found.pop().expect("a resource")).expect("a life");
        let text = life.text();
        let events = text.lines().filter(|line| line.starts_with("  2026-"));
        let words = events.map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" "));
        words.map(|event| event.replace("night-", "")).collect()
    }

    /// The number of rows of all tables that grow with runs.
    fn rows(&self) -> Vec<i64> {
        ["accounts", "resources", "spans", "changes", "gaps", "calls", "places"]
            .map(|table| {
                let count = format!("SELECT count(*) FROM {table}");
                self.history.connection.query_row(&count, [], |row| row.get(0)).expect("counts")
            })
            .to_vec()
    }
}

/// Returns the life of the volume `v` over these nights.
fn life(nights: &[Night<'_>]) -> Vec<String> {
    let mut history = SampleHistory::new();
    for night in nights {
        history.add_night(night);
    }
    history.life("v")
}

const WITHOUT: Night<'_> = Night::Sees(&[("other", 1)]);
const WITH: Night<'_> = Night::Sees(&[("other", 1), ("v", 8)]);
const LARGER: Night<'_> = Night::Sees(&[("other", 1), ("v", 16)]);

#[test]
fn change_is_between_the_last_runs_that_saw_values() {
    assert_eq!(life(&[WITH, WITH, LARGER]), ["1 first seen", "3 changed after 2: Size 8 -> 16"]);
    let expected = ["1 first seen", "2 unknown: denied", "4 seen again", "4 changed after 1: Size 8 -> 16"];
    assert_eq!(life(&[WITH, Night::Denied, Night::Denied, LARGER]), expected);
}

#[test]
fn resource_is_added_after_last_run_that_could_see_it() {
    assert_eq!(life(&[WITHOUT, WITH]), ["2 added after 1"]);
    assert_eq!(life(&[WITHOUT, Night::Denied, WITH]), ["3 added after 1"]);
    assert_eq!(life(&[Night::Denied, WITH]), ["2 first seen"]);
    assert_eq!(life(&[Night::OtherSpec, WITH]), ["2 first seen"]);
}

#[test]
fn resource_is_removed_only_by_a_run_that_could_see_it() {
    assert_eq!(life(&[WITH, WITH, WITHOUT]), ["1 first seen", "3 removed after 2"]);
    let expected = ["1 first seen", "3 unknown: denied", "4 removed after 2"];
    assert_eq!(life(&[WITH, WITH, Night::Denied, WITHOUT]), expected);
    assert_eq!(life(&[WITH, Night::Denied]), ["1 first seen", "2 unknown: denied"]);
}

#[test]
fn call_that_spec_lacks_removes_nothing() {
    let expected = ["1 first seen", "2 unknown: the spec does not have the call", "4 seen again"];
    assert_eq!(life(&[WITH, Night::OtherSpec, Night::OtherSpec, WITH]), expected);
}

#[test]
fn resource_that_returns_keeps_its_life() {
    let expected =
        ["1 first seen", "2 removed after 1", "4 added after 3", "4 changed after 1: Size 8 -> 16"];
    assert_eq!(life(&[WITH, WITHOUT, WITHOUT, LARGER]), expected);
    let expected = ["1 first seen", "2 removed after 1", "4 added after 2"];
    assert_eq!(life(&[WITH, WITHOUT, Night::Denied, WITH]), expected);
}

#[test]
fn run_counts_added_removed_changed_and_unknown() {
    let mut history = SampleHistory::new();
    history.add_night(&Night::Sees(&[("a", 1), ("b", 2), ("c", 3)]));
    let counts = history.add_night(&Night::Sees(&[("a", 1), ("c", 4), ("d", 5), ("e", 6)]));
    let expected = AdditionCounts { resources: 4, added: 2, removed: 1, changed: 1, unknown: 0 };
    assert_eq!(counts, expected);
    let counts = history.add_night(&Night::Denied);
    assert_eq!(counts, AdditionCounts { resources: 4, unknown: 4, ..AdditionCounts::default() });
    let overview = history.history.overview().expect("an overview");
    let types: Vec<_> = overview
        .types
        .iter()
        .map(|of| (&*of.type_name, of.first, of.last, of.added, of.removed, of.changed))
        .collect();
    assert_eq!(types, [("AWS::EC2::Volume", 3, 4, 2, 1, 1)]);
}

#[test]
fn unchanged_runs_store_nothing_but_themselves() {
    let mut history = SampleHistory::new();
    history.add_night(&WITH);
    let rows = history.rows();
    for _ in 0..5 {
        history.add_night(&WITH);
    }
    assert_eq!(history.rows(), rows);
    history.add_night(&Night::Denied);
    let denied = history.rows();
    assert_ne!(denied, rows);
    history.add_night(&Night::Denied);
    assert_eq!(history.rows(), denied);
}

#[test]
fn ignored_fields_are_no_changes() {
    let tables = |count: u32| {
        json!([{"item": "t", "result": {"TableName": "t", "TableArn":
        "arn:aws:dynamodb:eu-west-1:123456789012:table/t", "ItemCount": count}}])
    };
    let spec = json!([{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
        {"over": ".TableNames[]", "function": "describe_table", "result_key": "Table", "parameters": {"TableName": "{.}"}}]}]);
    let lines = ["list_tables", "describe_table"]
        .map(|function| json!({"service": "dynamodb", "function": function}));
    let mut history = SampleHistory::new();
    for count in [1, 2] {
        let files =
            [("dynamodb", "list_tables", json!(["t"])), ("dynamodb", "describe_table", tables(count))];
        history.add(&spec, &files, &lines).expect("adds");
    }
    assert_eq!(history.life("t"), ["1 first seen"]);
    // Without its description, the table is still there.
    let mut denied = lines.clone();
    denied[1]["status"] = json!("denied");
    history.add(&spec, &[("dynamodb", "list_tables", json!(["t"]))], &denied).expect("adds");
    let expected = ["1 first seen", "3 listed, but not described: denied"];
    assert_eq!(history.life("t"), expected);
}

#[test]
fn changed_answer_belongs_to_its_resource() {
    let spec = json!([{"service": "s3", "function": "list_buckets", "result_key": "Buckets", "each": [
        {"over": ".Buckets[].Name", "function": "get_bucket_versioning", "parameters": {"Bucket": "{.}"}}]}]);
    let lines = ["list_buckets", "get_bucket_versioning"]
        .map(|function| json!({"service": "s3", "function": function, "region": "global"}));
    let mut history = SampleHistory::new();
    let mut night = |status: Option<&str>| {
        let versioning: Vec<Value> =
            status.iter().map(|status| json!({"item": "b", "result": {"Status": status}})).collect();
        let files = [
            ("global/s3", "list_buckets", json!([{"Name": "b"}])),
            ("global/s3", "get_bucket_versioning", json!(versioning)),
        ];
        history.add(&spec, &files, &lines).expect("adds").expect("a new run")
    };
    night(Some("Enabled"));
    let counts = night(Some("Suspended"));
    assert_eq!((counts.resources, counts.changed), (1, 1));
    let expected =
        ["1 first seen", "2 get_bucket_versioning changed after 1: Status \"Enabled\" -> \"Suspended\""];
    assert_eq!(history.life("b"), expected);
}

#[test]
fn same_run_is_added_once_and_older_ones_never() {
    let mut history = SampleHistory::new();
    history.nights = 4;
    history.add_night(&WITH);
    let rows = history.rows();
    let line = json!({"service": "ec2", "function": "describe_volumes", "status": "denied"});
    let spec = volumes();
    let again = history.add_of_day(5, &spec, &[], std::slice::from_ref(&line), |_| {});
    assert_eq!(again.expect("no error"), None);
    let reasons = [
        (3, json!({}), RunRejection::Older("night-5".to_owned())),
        (6, json!({"state": "interrupted"}), RunRejection::Unfinished),
        (
            6,
            json!({"organization": "o-1"}),
            RunRejection::OtherOrganization("123456789012".to_owned(), "o-1".to_owned()),
        ),
    ];
    for (day, members, expected) in reasons {
        let added = history.add_of_day(day, &spec, &[], std::slice::from_ref(&line), |manifest| {
            let members = members.as_object().expect("an object").clone();
            manifest.as_object_mut().expect("an object").extend(members);
        });
        match added {
            Err(HistoryError::Rejected(_, reason)) => assert_eq!(reason, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert_eq!(history.rows(), rows);
}

#[test]
fn addition_that_fails_leaves_history_as_it_was() {
    let mut history = SampleHistory::new();
    history.add_night(&WITH);
    let rows = history.rows();
    let lines = [json!({"service": "ec2", "function": "describe_volumes"})];
    let seen = [("ec2", "describe_volumes", json!([{"VolumeId": "new"}]))];
    history
        .history
        .connection
        .execute_batch(
            "CREATE TEMP TRIGGER stop BEFORE INSERT ON main.places BEGIN SELECT raise(ABORT, 'killed'); END",
        )
        .expect("a trigger");
    let error = history.add(&volumes(), &seen, &lines).expect_err("stops");
    assert!(error.to_string().contains("killed"), "{error}");
    assert_eq!(history.rows(), rows);
    assert_eq!(history.history.count_runs().expect("counts"), 1);
}

#[test]
fn file_of_another_version_is_rejected() {
    let mut history = SampleHistory::new();
    history.add_night(&WITH);
    let path = history.history.path().to_owned();
    history.history.connection.pragma_update(None, "user_version", 2).expect("writes");
    let error = History::open(&path).expect_err("another version").to_string();
    assert!(error.contains("tables of version 2; this program uses version 1"), "{error}");
    for text in ["", "no database"] {
        std::fs::write(&path, text).expect("writes");
        let opened = History::open_or_create(&path);
        assert_eq!(opened.is_ok(), text.is_empty(), "{opened:?}");
    }
    assert!(matches!(History::open(&history.folder.path().join("none")), Err(HistoryError::Missing(_))));
}
