//! Tests of result files that are started before all results are known.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{UnitFile, UnitPlace};
use crate::model::protocol::Listing;
use crate::names::{AccountId, Region, ServiceName};
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::{CallResult, ListSpool, ResultLayout, ResultTree, RunFolder};
use crate::util::atomic_file::is_unfinished;
use crate::util::json_indent;

const NAMES: [&str; 4] = ["first", "second", "third", "fourth"];

/// The file of a service in a run's folder.
struct OneUnit {
    parent: tempfile::TempDir,
    file: Arc<UnitFile>,
    layout: ResultLayout,
}

impl OneUnit {
    fn new(layout: ResultLayout) -> Self {
        Self::resumed(tempfile::tempdir().expect("a temporary folder"), layout, &[])
    }

    /// Returns the unit of a run that has recorded the calls with these names before.
    fn resumed(parent: tempfile::TempDir, layout: ResultLayout, recorded: &[&str]) -> Self {
        let place = UnitPlace {
            sink: Arc::new(ResultTree::new(RunFolder::for_run(parent.path()), layout)),
            account: PlannedAccount { id: AccountId::new("123456789012"), name: None, regions: None },
            place: RegionScope::Region(Region::new("eu-west-1")),
        };
        let file = UnitFile::new(Arc::new(place), ServiceName::new("sqs"));
        for name in NAMES {
            file.add_member(name, !recorded.contains(&name));
        }
        Self { parent, file: Arc::new(file), layout }
    }

    /// Returns the list of a call with long and short pages, which knows its place or stays in memory.
    fn list(&self, member: usize, key: Option<&str>, has_place: bool) -> ListSpool {
        let depth = self.layout.depth() + usize::from(key.is_some());
        let mut list = ListSpool::new(self.parent.path(), depth);
        if has_place {
            list.set_place(self.file.list_place(member), key);
        }
        for number in 0..5 {
            let text = match number % 2 {
                0 => "x".repeat(70_000),
                _ => "short".to_owned(),
            };
            let mut page = vec![b','];
            json_indent::new_line(&mut page, depth + 1).expect("writes");
            json_indent::write_at(&mut page, depth + 1, &json!([number, text])).expect("writes");
            list.append(Listing { text: page, count: 1 }).expect("takes a page");
        }
        list.push(&json!({"Last": true})).expect("takes an item");
        list
    }

    fn take(&self, member: usize, result: Option<CallResult>) {
        self.file.take(member, result, false).expect("takes the result");
    }

    /// Takes the results of all calls: two short ones, a list and a response with a list.
    fn take_all(&self, has_place: bool) {
        self.take(0, Some(value()));
        self.take(1, Some(CallResult::List(self.list(1, None, has_place))));
        self.take(2, Some(value()));
        let items = self.list(3, Some("Items"), has_place);
        self.take(3, Some(CallResult::Answer { key: "Items".to_owned(), items, rest: rest() }));
    }

    fn folder(&self) -> PathBuf {
        self.parent.path().join("123456789012/eu-west-1")
    }

    /// Returns the files of the place with their texts, and those that have no name yet as `unfinished`.
    fn files(&self) -> Vec<(String, String)> {
        let Ok(entries) = fs::read_dir(self.folder()) else { return Vec::new() };
        let mut files: Vec<_> = entries
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = if is_unfinished(&name) { "unfinished".to_owned() } else { name };
                (name, fs::read_to_string(&path).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    fn write(&self) -> Vec<(String, u64)> {
        self.file.write().expect("writes")
    }
}

fn rest() -> Map<String, Value> {
    json!({"Owner": {"ID": "1"}}).as_object().cloned().expect("an object")
}

fn value() -> CallResult {
    CallResult::Value(json!({"a": [1]}))
}

#[test]
fn file_started_early_equals_file_written_at_once() {
    for layout in [ResultLayout::Service, ResultLayout::Call] {
        let (early, at_once) = (OneUnit::new(layout), OneUnit::new(layout));
        early.take_all(true);
        at_once.take_all(false);
        assert!(early.names().contains(&"unfinished".to_owned()), "{:?}", early.names());
        assert_eq!(at_once.names(), [""; 0]);
        let [early_sizes, sizes] = [&early, &at_once].map(|unit| {
            let mut sizes = unit.write();
            sizes.sort();
            sizes
        });
        assert_eq!(early_sizes, sizes);
        assert_eq!(early.names(), at_once.names());
        assert!(early.files() == at_once.files(), "{layout:?}");
        let all_are_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
        assert!(early.files().iter().all(|(_, text)| all_are_json(text)));
    }
}

#[test]
fn list_waits_for_results_that_precede_it() {
    let unit = OneUnit::new(ResultLayout::Service);
    let mut list = unit.list(1, None, true);
    assert_eq!(unit.names(), [""; 0], "the first result is not known");
    unit.take(0, None);
    list.push(&json!(1)).expect("takes an item");
    assert_eq!(unit.names(), ["unfinished"]);
    let other = unit.list(2, None, true);
    unit.take(1, Some(CallResult::List(list)));
    unit.take(2, Some(CallResult::List(other)));
    let names: Vec<String> = unit.write().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["second", "third"], "in the order of the spec");
    assert_eq!(unit.names(), ["sqs.json"]);
}

#[test]
fn kept_result_is_copied_behind_started_list_and_not_before_it() {
    for (recorded, member) in [("third", 1), ("first", 3)] {
        let earlier = OneUnit::new(ResultLayout::Service);
        let kept = NAMES.iter().position(|name| *name == recorded).expect("a name");
        earlier.take(kept, Some(value()));
        earlier.write();
        let unit = OneUnit::resumed(earlier.parent, ResultLayout::Service, &[recorded]);
        for other in (0..NAMES.len()).filter(|other| *other != kept && *other != member) {
            unit.take(other, None);
        }
        let list = unit.list(member, None, true);
        assert_eq!(unit.names().contains(&"unfinished".to_owned()), member < kept);
        unit.take(member, Some(CallResult::List(list)));
        let names: Vec<String> = unit.write().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [NAMES[member]], "only the new result");
        let (name, text) = unit.files().pop().expect("a file");
        let Value::Object(found) = serde_json::from_str(&text).expect("JSON") else { panic!("{text}") };
        let mut expected = [recorded, NAMES[member]];
        expected.sort_by_key(|name| NAMES.iter().position(|other| other == name));
        let keys: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!((name.as_str(), keys), ("sqs.json", expected.to_vec()));
        assert_eq!(found[recorded], json!({"a": [1]}));
    }
}

/// The result of a call that is to be repeated is dropped.
#[test]
fn dropped_list_is_removed_from_started_file() {
    let (dropped, never) = (OneUnit::new(ResultLayout::Service), OneUnit::new(ResultLayout::Service));
    for unit in [&dropped, &never] {
        unit.take(0, Some(value()));
    }
    drop(dropped.list(1, None, true));
    for unit in [&dropped, &never] {
        unit.take(1, None);
        unit.take(2, Some(CallResult::List(unit.list(2, None, true))));
    }
    assert_eq!(dropped.write(), never.write());
    assert!(dropped.files() == never.files());
}

#[test]
fn unit_without_results_leaves_no_file() {
    for layout in [ResultLayout::Service, ResultLayout::Call] {
        let unit = OneUnit::new(layout);
        let list = unit.list(0, None, true);
        assert_eq!(unit.names(), ["unfinished"]);
        drop(list);
        assert_eq!(unit.names(), [""; 0], "the call is to be repeated");
        unit.take_all(true);
        let OneUnit { file, parent, .. } = unit;
        drop(file);
        let place = parent.path().join("123456789012/eu-west-1");
        assert_eq!(fs::read_dir(place).expect("a folder").count(), 0, "the run was stopped");
    }
}
