//! The result tree: one file per account, place and service, or one per call.

use std::io;
use std::path::Path;

use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::layout::{RunFolder, account_folder};
use crate::run::results::kept_items::{self, KeptItems};
use crate::run::results::open_places::OpenPlaces;
use crate::run::results::result_writer::{ResultLayout, StartedFile, write_files};
use crate::run::safe_name::safe_name;
use crate::run::{ResultEntry, ResultSink};
use crate::util::atomic_file;

/// Writes results into a run's folder.
#[derive(Debug)]
pub struct ResultTree {
    folder: RunFolder,
    layout: ResultLayout,
    places: OpenPlaces,
}

impl ResultTree {
    /// Returns a tree in `folder`.
    #[must_use]
    pub fn new(folder: RunFolder, layout: ResultLayout) -> Self {
        let places = OpenPlaces::new(folder.path().to_owned());
        Self { folder, layout, places }
    }
}

impl ResultSink for ResultTree {
    fn scratch(&self) -> &Path {
        self.folder.path()
    }

    fn layout(&self) -> ResultLayout {
        self.layout
    }

    fn start(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        name: &str,
    ) -> io::Result<Option<StartedFile>> {
        let (account, place) = names(account, place);
        StartedFile::create(|| self.places.create(&account, &place), self.layout, service, name)
    }

    fn write(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>> {
        let (account, place) = names(account, place);
        let folder = if members.iter().any(|(_, member)| matches!(member, ResultEntry::Found(_))) {
            self.places.create(&account, &place)?
        } else {
            let Some(folder) = self.places.open(&account, &place)? else { return Ok(Vec::new()) };
            folder
        };
        write_files(&folder, self.layout, service, members)
    }

    fn kept_items(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        call: usize,
        resumed: bool,
    ) -> io::Result<KeptItems> {
        let (account, place) = names(account, place);
        let folder = self.folder.place(&account, &place);
        if resumed {
            atomic_file::check_below(self.folder.path(), &folder)?;
        }
        KeptItems::open(self.folder.path().to_owned(), folder.join(kept_items::file_name(call)), resumed)
    }

    fn remove_items(&self, account: &PlannedAccount, place: &RegionScope, calls: &[usize]) -> io::Result<()> {
        let (account, place) = names(account, place);
        let Some(folder) = self.places.open(&account, &place)? else { return Ok(()) };
        calls.iter().try_for_each(|call| folder.remove_file(&kept_items::file_name(*call)))
    }
}

/// Returns the names of the folders of an account and place.
fn names(account: &PlannedAccount, place: &RegionScope) -> (String, String) {
    (account_folder(&account.id, account.name.as_deref()), safe_name(place.as_str()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::{ResultLayout, ResultTree};
    use crate::names::{AccountId, Region, ServiceName};
    use crate::plan::{PlannedAccount, RegionScope};
    use crate::run::{CallResult, ResultEntry, ResultSink, RunFolder};

    struct RunWriter {
        parent: tempfile::TempDir,
        tree: ResultTree,
    }

    impl RunWriter {
        fn new(layout: ResultLayout) -> Self {
            let parent = tempfile::tempdir().expect("a temporary folder");
            let started: DateTime<Utc> = "2026-11-21T22:10:05Z".parse().expect("a time");
            let folder = RunFolder::create(parent.path(), true, started).expect("makes a folder");
            Self { parent, tree: ResultTree::new(folder, layout) }
        }

        fn write(&self, members: Vec<(&str, ResultEntry)>) {
            let account = PlannedAccount {
                id: AccountId::new("123456789012"),
                name: Some("Audit".to_owned()),
                regions: None,
            };
            let place = RegionScope::Region(Region::new("eu-west-1"));
            let members = members.into_iter().map(|(name, member)| (name.to_owned(), member)).collect();
            self.tree.write(&account, &place, &ServiceName::new("sqs"), members).expect("writes");
        }

        fn file(&self, name: &str) -> Option<String> {
            let folder = "organization-2026-11-21T22-10-05Z/123456789012-Audit/eu-west-1";
            fs::read_to_string(self.parent.path().join(folder).join(name)).ok()
        }
    }

    fn found(value: Value) -> ResultEntry {
        ResultEntry::Found(Box::new(CallResult::Value(value)))
    }

    #[test]
    fn a_service_has_one_file_with_a_key_per_call() {
        let run = RunWriter::new(ResultLayout::Service);
        run.write(vec![("list_queues", found(json!(["a"]))), ("list_queues-2", found(json!([])))]);
        let written: Value = serde_json::from_str(&run.file("sqs.json").expect("a file")).expect("JSON");
        assert_eq!(written, json!({"list_queues": ["a"], "list_queues-2": []}));
    }

    #[test]
    fn a_result_is_as_long_in_its_file_as_the_sink_says() {
        for (layout, name) in [(ResultLayout::Service, "sqs.json"), (ResultLayout::Call, "sqs-second.json")] {
            let run = RunWriter::new(layout);
            let values = || vec![("first", found(json!([1, {"a": "ü"}]))), ("second", found(json!(["b"])))];
            let account = PlannedAccount {
                id: AccountId::new("123456789012"),
                name: Some("Audit".to_owned()),
                regions: None,
            };
            let members = values().into_iter().map(|(name, member)| (name.to_owned(), member)).collect();
            let place = RegionScope::Region(Region::new("eu-west-1"));
            let sizes = run.tree.write(&account, &place, &ServiceName::new("sqs"), members).expect("writes");
            let text = run.file(name).expect("a file");
            let (second, size) = &sizes[1];
            assert_eq!(second, "second");
            let result = match layout {
                ResultLayout::Call => text.trim_end().to_owned(),
                ResultLayout::Service => {
                    let start = text.find("\"second\": ").expect("the key") + "\"second\": ".len();
                    text[start..].trim_end().trim_end_matches('}').trim_end().to_owned()
                }
            };
            assert_eq!(*size, result.len() as u64, "{result}");
        }
    }

    #[test]
    fn a_call_has_a_file_of_its_own_when_asked() {
        let run = RunWriter::new(ResultLayout::Call);
        run.write(vec![("list_queues", found(json!(["a"]))), ("list_queues-2", found(json!([])))]);
        assert_eq!(run.file("sqs-list_queues.json").as_deref(), Some("[\n  \"a\"\n]\n"));
    }

    #[test]
    fn completed_file_equals_file_written_at_once() {
        let value = || json!([{"Name": "a, \"b\": {", "Tags": {}}, []]);
        let at_once = RunWriter::new(ResultLayout::Service);
        at_once.write(vec![
            ("first", found(value())),
            ("second \" name", found(value())),
            ("third", found(value())),
        ]);
        for kept in 0..3 {
            let resumed = RunWriter::new(ResultLayout::Service);
            let names = ["first", "second \" name", "third"];
            resumed.write(vec![(names[kept], found(value()))]);
            let complete = names.map(|name| {
                let is_kept = name == names[kept];
                (name, if is_kept { ResultEntry::Kept } else { found(value()) })
            });
            resumed.write(complete.into());
            assert_eq!(resumed.file("sqs.json"), at_once.file("sqs.json"), "kept the call {kept}");
        }
    }

    #[test]
    fn result_without_ledger_line_is_removed_from_file() {
        let run = RunWriter::new(ResultLayout::Service);
        run.write(vec![("first", found(json!([1]))), ("second", found(json!([2])))]);
        run.write(vec![("first", ResultEntry::Kept), ("second", ResultEntry::Nothing)]);
        let alone = RunWriter::new(ResultLayout::Service);
        alone.write(vec![("first", found(json!([1])))]);
        assert_eq!(run.file("sqs.json"), alone.file("sqs.json"));
        run.write(vec![("first", ResultEntry::Nothing), ("second", ResultEntry::Kept)]);
        assert_eq!(run.file("sqs.json"), None);
    }

    #[test]
    fn files_of_single_calls_stay_or_go_as_well() {
        let run = RunWriter::new(ResultLayout::Call);
        run.write(vec![("first", found(json!([1]))), ("second", found(json!([2])))]);
        run.write(vec![("first", ResultEntry::Kept), ("second", ResultEntry::Nothing)]);
        assert!(run.file("sqs-first.json").is_some());
        assert!(run.file("sqs-second.json").is_none());
    }

    #[test]
    fn a_place_where_nothing_was_answered_has_no_folder() {
        let run = RunWriter::new(ResultLayout::Service);
        run.write(vec![("first", ResultEntry::Kept), ("second", ResultEntry::Nothing)]);
        let folder = run.parent.path().join("organization-2026-11-21T22-10-05Z");
        assert_eq!(fs::read_dir(folder).expect("lists").count(), 0);
    }
}
