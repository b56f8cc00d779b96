//! The result tree: one file per account, place and service, or one per call.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::layout::{RunFolder, account_folder, safe_name};
use crate::run::results::kept_items::{self, KeptItems};
use crate::run::results::open_places::OpenPlaces;
use crate::run::results::result_file::Members;
use crate::run::{ResultEntry, ResultSink};
use crate::util::open_folder::{FileWriter, OpenFolder};
use crate::util::{atomic_file, json_indent};

/// The way in which results are divided into files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultLayout {
    /// `<service>.json`: an object with one key per call.
    #[default]
    Service,
    /// `<service>-<function>.json`: the bare result.
    Call,
}

impl ResultLayout {
    /// Returns how many levels deep a call's result is in its file.
    pub(in crate::run) fn depth(self) -> usize {
        match self {
            Self::Service => 1,
            Self::Call => 0,
        }
    }
}

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

    fn depth(&self) -> usize {
        self.layout.depth()
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

/// Writes the files of a service into a folder. Returns the names of new results, with the length of each in bytes.
pub(in crate::run) fn write_files(
    folder: &OpenFolder,
    layout: ResultLayout,
    service: &ServiceName,
    members: Vec<(String, ResultEntry)>,
) -> io::Result<Vec<(String, u64)>> {
    match layout {
        ResultLayout::Service => write_service(folder, &file_of_service(service.as_str()), members),
        ResultLayout::Call => {
            let mut sizes = Vec::new();
            for (name, member) in members {
                let file = file_of_call(service.as_str(), &name);
                sizes.extend(write_call(folder, &file, member)?.map(|size| (name, size)));
            }
            Ok(sizes)
        }
    }
}

/// Returns the name of a service's file, in [`ResultLayout::Service`].
pub(in crate::run) fn file_of_service(service: &str) -> String {
    format!("{}.json", safe_name(service))
}

/// Returns the name of a call's file, in [`ResultLayout::Call`].
pub(in crate::run) fn file_of_call(service: &str, name: &str) -> String {
    format!("{}-{}.json", safe_name(service), safe_name(name))
}

/// Writes an object with a key per call. Kept results are copied from the file that is replaced.
fn write_service(
    folder: &OpenFolder,
    file: &str,
    mut members: Vec<(String, ResultEntry)>,
) -> io::Result<Vec<(String, u64)>> {
    let keeps = members.iter().any(|(_, member)| matches!(member, ResultEntry::Kept));
    let earlier = if keeps { Members::open(&folder.path().join(file))? } else { None };
    members.retain(|(name, member)| match member {
        ResultEntry::Found(_) => true,
        ResultEntry::Kept => earlier.as_ref().is_some_and(|earlier| earlier.has(name)),
        ResultEntry::Nothing => false,
    });
    if members.is_empty() {
        return folder.remove_file(file).map(|()| Vec::new());
    }
    let mut sizes = Vec::with_capacity(members.len());
    folder.write_file(file, |writer| write_members(writer, members, earlier, &mut sizes))?;
    Ok(sizes)
}

fn write_members(
    writer: &mut FileWriter,
    members: Vec<(String, ResultEntry)>,
    mut earlier: Option<Members>,
    sizes: &mut Vec<(String, u64)>,
) -> io::Result<()> {
    writer.write_all(b"{")?;
    for (index, (name, member)) in members.into_iter().enumerate() {
        if index > 0 {
            writer.write_all(b",")?;
        }
        json_indent::new_line(&mut *writer, 1)?;
        json_indent::write_at(&mut *writer, 1, &name)?;
        writer.write_all(b": ")?;
        match (member, &mut earlier) {
            (ResultEntry::Found(result), _) => {
                let before = writer.length();
                result.write_to(&mut *writer, 1)?;
                sizes.push((name, writer.length() - before));
            }
            (_, Some(earlier)) => earlier.copy(&name, &mut *writer)?,
            (_, None) => {}
        }
    }
    json_indent::new_line(&mut *writer, 0)?;
    writer.write_all(b"}\n")
}

/// Writes the bare result of one call. Returns its length in bytes if it is new.
fn write_call(folder: &OpenFolder, file: &str, member: ResultEntry) -> io::Result<Option<u64>> {
    match member {
        ResultEntry::Kept => Ok(None),
        ResultEntry::Nothing => folder.remove_file(file).map(|()| None),
        ResultEntry::Found(result) => {
            let length = folder.write_file(file, |writer| {
                result.write_to(&mut *writer, 0)?;
                writer.write_all(b"\n")
            })?;
            Ok(Some(length.saturating_sub(1)))
        }
    }
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
