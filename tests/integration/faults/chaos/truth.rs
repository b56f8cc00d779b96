//! The simulator's truth. All accounts of the organization hold the same and differ in their ids only,
//! so that the undisturbed scan of one shows what there is in all.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{CALLS, Place, place};
use crate::sandbox::Tree;

/// The account that was scanned for all others.
const MODEL: &str = "100000000001";

/// What an undisturbed scan finds in one account.
pub(super) struct Truth {
    lines: BTreeMap<Place, Value>,
    /// By region and service.
    files: BTreeMap<(String, String), String>,
}

impl Truth {
    #[track_caller]
    pub(super) fn of(tree: &Tree) -> Self {
        let lines: BTreeMap<Place, Value> =
            tree.ledger.iter().map(|line| (place(line), line.clone())).collect();
        let is_whole = |line: &&Value| matches!(line["status"].as_str(), Some("ok" | "empty"));
        assert_eq!(lines.values().filter(is_whole).count(), lines.len(), "an undisturbed call is not whole");
        let mut files = BTreeMap::new();
        for (account, region, service, _) in lines.keys().filter(|place| place.0 == MODEL) {
            let text = tree.result(account, region, service).to_string();
            files.insert((region.clone(), service.clone()), text);
        }
        Self { lines, files }
    }

    /// The undisturbed line of a call in any account.
    #[track_caller]
    pub(super) fn line(&self, (_, region, service, function): &Place) -> &Value {
        let place = (MODEL.to_owned(), region.clone(), service.clone(), function.clone());
        &self.lines[&place]
    }

    /// What the result files have that is not true, and what they lack that their ledger promises.
    pub(super) fn differences(&self, tree: &Tree, lines: &BTreeMap<Place, &Value>) -> Vec<String> {
        let mut units: BTreeMap<(&str, &str, &str), Vec<&Value>> = BTreeMap::new();
        for ((account, region, service, _), line) in lines {
            units.entry((account, region, service)).or_default().push(line);
        }
        let present = tree.result_files();
        let differs = |((account, region, service), lines): ((&str, &str, &str), Vec<&Value>)| {
            let path = format!("{account}/{region}/{service}.json");
            let found =
                if present.contains(&path) { tree.result(account, region, service) } else { Value::Null };
            let truth = self.files[&(region.to_owned(), service.to_owned())].replace(MODEL, account);
            let truth: Map<String, Value> = serde_json::from_str(&truth).expect("a result file");
            differs(&found, &truth, &lines).then(|| format!("{path} is not the truth: {found}"))
        };
        let mut differences: Vec<String> = units.into_iter().filter_map(differs).collect();
        let services = CALLS.map(|(service, ..)| format!("{service}.json"));
        let unknown =
            present.iter().filter(|path| !services.iter().any(|file| path.ends_with(file.as_str())));
        differences.extend(unknown.map(|path| format!("{path} belongs to no call")));
        differences
    }
}

/// Whether a file is not what its calls' statuses promise: all that is true for `ok`, the start of
/// it for `truncated`, and nothing for what failed.
fn differs(found: &Value, truth: &Map<String, Value>, lines: &[&Value]) -> bool {
    let mut results = found.as_object().cloned().unwrap_or_default();
    for line in lines {
        let name = line["name"].as_str().unwrap_or_default();
        let (result, truth) = (results.remove(name), &truth[name]);
        let is_right = match line["status"].as_str() {
            Some("ok" | "empty") => result.as_ref() == Some(truth),
            Some("truncated") => result.as_ref().is_some_and(|result| begins(truth, result)),
            _ => result.is_none(),
        };
        if !is_right {
            return true;
        }
    }
    !results.is_empty()
}

/// Whether a list starts with the items of another.
fn begins(list: &Value, with: &Value) -> bool {
    list.as_array().zip(with.as_array()).is_some_and(|(list, with)| list.starts_with(with))
}
