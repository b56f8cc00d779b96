//! The result tree: one file per account, place and service, or one per call.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic;
use super::run_folder::{RunFolder, account_folder, safe_name};
use crate::engine::{CallResult, ResultSink};
use crate::json;
use crate::names::ServiceName;
use crate::plan::{Place, PlannedAccount};

/// How results are divided into files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// `<service>.json`: an object with one key per call.
    #[default]
    Service,
    /// `<service>-<function>.json`: the bare result.
    Call,
}

/// Writes results into a run's folder.
#[derive(Debug)]
pub struct ResultTree {
    folder: RunFolder,
    layout: Layout,
}

impl ResultTree {
    /// The tree below `folder`.
    #[must_use]
    pub fn new(folder: RunFolder, layout: Layout) -> Self {
        Self { folder, layout }
    }
}

impl ResultSink for ResultTree {
    fn scratch(&self) -> &Path {
        self.folder.path()
    }

    fn depth(&self) -> usize {
        match self.layout {
            Layout::Service => 1,
            Layout::Call => 0,
        }
    }

    fn write(
        &self,
        account: &PlannedAccount,
        place: &Place,
        service: &ServiceName,
        results: Vec<(String, CallResult)>,
    ) -> io::Result<()> {
        if results.is_empty() {
            return Ok(());
        }
        let account = account_folder(&account.id, account.name.as_deref());
        let folder = self.folder.place(&account, place.as_str());
        atomic::create_folder(&folder)?;
        let service = safe_name(service.as_str());
        match self.layout {
            Layout::Service => {
                let path = folder.join(format!("{service}.json"));
                atomic::write_file(&path, |writer| write_unit(writer, results))?;
            }
            Layout::Call => {
                for (name, result) in results {
                    let path = folder.join(format!("{service}-{}.json", safe_name(&name)));
                    atomic::write_file(&path, |writer| {
                        result.write_to(&mut *writer, 0)?;
                        writer.write_all(b"\n")
                    })?;
                }
            }
        }
        Ok(())
    }
}

fn write_unit(mut writer: impl Write, results: Vec<(String, CallResult)>) -> io::Result<()> {
    writer.write_all(b"{")?;
    for (index, (name, result)) in results.into_iter().enumerate() {
        if index > 0 {
            writer.write_all(b",")?;
        }
        json::new_line(&mut writer, 1)?;
        json::write_at(&mut writer, 1, &name)?;
        writer.write_all(b": ")?;
        result.write_to(&mut writer, 1)?;
    }
    json::new_line(&mut writer, 0)?;
    writer.write_all(b"}\n")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::{DateTime, Utc};
    use serde_json::{Value, json};

    use super::{Layout, ResultTree};
    use crate::engine::{CallResult, ResultSink};
    use crate::names::{AccountId, Region, ServiceName};
    use crate::output::RunFolder;
    use crate::plan::{Place, PlannedAccount};

    fn write(layout: Layout) -> (tempfile::TempDir, RunFolder) {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let started: DateTime<Utc> = "2026-11-21T22:10:05Z".parse().expect("a time");
        let folder = RunFolder::create(parent.path(), true, started).expect("makes a folder");
        let tree = ResultTree::new(folder.clone(), layout);
        let account = PlannedAccount { id: AccountId::new("123456789012"), name: Some("Audit".to_owned()) };
        let place = Place::Region(Region::new("eu-west-1"));
        let results = vec![
            ("list_queues".to_owned(), CallResult::Value(json!(["a"]))),
            ("list_queues-2".to_owned(), CallResult::Value(json!([]))),
        ];
        tree.write(&account, &place, &ServiceName::new("sqs"), results).expect("writes");
        (parent, folder)
    }

    #[test]
    fn a_service_has_one_file_with_a_key_per_call() {
        let (_parent, folder) = write(Layout::Service);
        let file = folder.path().join("123456789012-Audit/eu-west-1/sqs.json");
        let written: Value = serde_json::from_slice(&fs::read(file).expect("reads")).expect("JSON");
        assert_eq!(written, json!({"list_queues": ["a"], "list_queues-2": []}));
    }

    #[test]
    fn a_call_has_a_file_of_its_own_when_asked() {
        let (_parent, folder) = write(Layout::Call);
        let file = folder.path().join("123456789012-Audit/eu-west-1/sqs-list_queues.json");
        let written: Value = serde_json::from_slice(&fs::read(file).expect("reads")).expect("JSON");
        assert_eq!(written, json!(["a"]));
    }
}
