//! The two older forms of AWS Auto Inventory's configuration: `{"inventories": [{"sheets": […]}]}`, and before it
//! `{"name": …, "sheets": […]}`.
//!
//! A sheet is a call with a name; `aws.region` applies to all sheets of its inventory, unless `--regions` is
//! given. Profile, role and spreadsheet settings are command-line options here, and a notice lists them.
//!
//! Such files are mostly converted from YAML. A list that only defines sheets for the inventories to reference
//! (`Sheets`, by YAML's anchors) is still present after the conversion. Keys are matched case-insensitively.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::Problems;
use super::keys::DOCUMENT_KEYS;
use crate::util::json_kind::kind;

/// A document in the object form.
#[derive(Default)]
pub(super) struct Modern {
    pub(super) members: Map<String, Value>,
    /// The number of calls of each inventory, in order, and its `aws.region`.
    pub(super) regions: Vec<(usize, Option<Value>)>,
    /// Notices for the user.
    pub(super) notices: Vec<String>,
}

/// Rewrites an older form into the object form, with a notice of the settings that were ignored; any other object
/// is returned unchanged.
pub(super) fn modernise(mut members: Map<String, Value>, problems: &mut Problems) -> Modern {
    if members.contains_key("calls") {
        return Modern { members, ..Modern::default() };
    }
    let inventories = take(&mut members, "inventories");
    let lent = inventories.is_some().then(|| take(&mut members, "sheets")).flatten();
    let inventories = match inventories {
        Some(Value::Array(inventories)) => inventories,
        Some(other) => {
            problems.add("", || format!("`inventories` must be a list, not {}", kind(&other)));
            Vec::new()
        }
        None if key_of(&members, "sheets").is_some() => vec![Value::Object(only_inventory(&mut members))],
        None => return Modern { members, ..Modern::default() },
    };
    let mut read = Inventories::default();
    for (index, inventory) in inventories.into_iter().enumerate() {
        read.add(&format!("inventory {}", index + 1), inventory, problems);
    }
    if let Some(Value::Array(lent)) = lent {
        let unused = lent.iter().filter(|sheet| !read.sheets.contains(sheet)).count();
        if unused > 0 {
            read.aside.push(format!("{unused} of the {} sheets beside `inventories`", lent.len()));
        }
    }
    name_apart(&mut read.sheets);
    members.insert("calls".to_owned(), Value::Array(read.sheets));
    Modern { members, regions: read.regions, notices: notice(read.aside) }
}

/// Returns the calls of a document in any form, and the sheets that inventories reference, for changes in place.
pub(super) fn calls_mut(document: &mut Value) -> Vec<&mut Value> {
    match document {
        Value::Array(calls) => calls.iter_mut().collect(),
        Value::Object(members) => {
            // As in `modernise`, the current form takes precedence.
            let is_current = members.contains_key("calls");
            let mut calls = Vec::new();
            for (key, value) in members.iter_mut() {
                let Value::Array(list) = value else { continue };
                if is_current {
                    calls.extend(list.iter_mut().filter(|_| key == "calls"));
                } else if key.eq_ignore_ascii_case("sheets") {
                    calls.extend(list);
                } else if key.eq_ignore_ascii_case("inventories") {
                    calls.extend(list.iter_mut().filter(|one| one.is_object()).flat_map(calls_mut));
                }
            }
            calls
        }
        _ => Vec::new(),
    }
}

/// Takes the only inventory of the oldest form, which may also have the keys that a document has beside its
/// calls.
fn only_inventory(members: &mut Map<String, Value>) -> Map<String, Value> {
    let (document, inventory) =
        std::mem::take(members).into_iter().partition(|(key, _)| DOCUMENT_KEYS.contains(&key.as_str()));
    *members = document;
    inventory
}

/// The combined calls of all inventories.
#[derive(Default)]
struct Inventories {
    sheets: Vec<Value>,
    regions: Vec<(usize, Option<Value>)>,
    /// The parts of the inventories that are not used.
    aside: Vec<String>,
}

impl Inventories {
    fn add(&mut self, place: &str, inventory: Value, problems: &mut Problems) {
        let Value::Object(mut inventory) = inventory else {
            problems.add(place, || format!("an inventory must be an object, not {}", kind(&inventory)));
            return;
        };
        take(&mut inventory, "name");
        let regions = match take(&mut inventory, "aws") {
            Some(Value::Object(mut aws)) => {
                let regions = take(&mut aws, "region").or_else(|| take(&mut aws, "regions"));
                self.aside.extend(aws.into_iter().map(|(key, _)| quoted(&key)));
                regions
            }
            Some(Value::Null) | None => None,
            Some(other) => {
                problems.add(place, || format!("`aws` must be an object, not {}", kind(&other)));
                None
            }
        };
        match take(&mut inventory, "sheets") {
            Some(Value::Array(sheets)) => {
                self.regions.push((sheets.len(), regions));
                self.sheets.extend(sheets);
            }
            Some(other) => problems.add(place, || format!("`sheets` must be a list, not {}", kind(&other))),
            None => problems.add(place, || "missing `sheets`, the list of calls".to_owned()),
        }
        self.aside.extend(inventory.into_iter().map(|(key, _)| quoted(&key)));
    }
}

/// Returns the key as it is written in the document: an exact match first, else one that differs in case.
fn key_of(members: &Map<String, Value>, key: &str) -> Option<String> {
    let exact = members.keys().find(|its| *its == key);
    exact.or_else(|| members.keys().find(|its| its.eq_ignore_ascii_case(key))).cloned()
}

fn take(members: &mut Map<String, Value>, key: &str) -> Option<Value> {
    members.shift_remove(&key_of(members, key)?)
}

fn quoted(key: &str) -> String {
    format!("`{key}`")
}

/// Makes the names of sheets unique. Sheets of different inventories may have the same name, calls of one service
/// may not: the second `Buckets` becomes `Buckets-2`.
fn name_apart(sheets: &mut [Value]) {
    let key = |sheet: &Value| {
        let text = |key: &str| sheet.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        sheet.get("name").is_some_and(Value::is_string).then(|| (text("service"), text("name")))
    };
    let given: HashSet<_> = sheets.iter().filter_map(key).collect();
    let mut taken = HashSet::new();
    for sheet in sheets {
        let Some((service, name)) = key(sheet) else { continue };
        if taken.insert((service.clone(), name.clone())) {
            continue;
        }
        let free = (2..).map(|number| (service.clone(), format!("{name}-{number}")));
        let free = free.into_iter().find(|its| !given.contains(its) && !taken.contains(its));
        if let (Some(free), Some(sheet)) = (free, sheet.as_object_mut()) {
            sheet.insert("name".to_owned(), Value::String(free.1.clone()));
            taken.insert(free);
        }
    }
}

fn notice(mut aside: Vec<String>) -> Vec<String> {
    if aside.is_empty() {
        return Vec::new();
    }
    aside.sort();
    aside.dedup();
    vec![format!(
        "this is an older configuration of AWS Auto Inventory: its sheets and regions are used, but not {}; see \
         --profile, --organization-scan and --role-name",
        aside.join(", ")
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Modern, modernise};
    use crate::plan::spec::error::Problems;

    /// Returns the converted document and its problems.
    fn read(document: Value) -> (Modern, String) {
        let Value::Object(members) = document else { panic!("an object") };
        let mut problems = Problems::default();
        let modern = modernise(members, &mut problems);
        let wrong =
            problems.into_result("old.json").map_or_else(|error| error.to_string(), |()| String::new());
        (modern, wrong)
    }

    #[track_caller]
    fn modern(document: Value) -> Modern {
        let (modern, wrong) = read(document);
        assert_eq!(wrong, "");
        modern
    }

    fn buckets() -> Value {
        json!({"name": "Buckets", "service": "s3", "function": "list_buckets"})
    }

    fn names(modern: &Modern) -> Vec<&str> {
        let calls = modern.members["calls"].as_array().expect("calls").iter();
        calls.map(|call| call["name"].as_str().unwrap_or_default()).collect()
    }

    #[test]
    fn sheets_become_calls() {
        let aws = json!({"profile": "default", "region": ["us-east-1"], "organization": false});
        let modernised = modern(json!({"inventories": [
            {"name": "mine", "aws": aws, "excel": {"transpose": true}, "sheets": [buckets()]},
            {"name": "yours", "sheets": [buckets()]},
        ]}));
        let expected = json!({"calls": [
            {"name": "Buckets", "service": "s3", "function": "list_buckets"},
            {"name": "Buckets-2", "service": "s3", "function": "list_buckets"},
        ]});
        assert_eq!(Value::Object(modernised.members), expected);
        assert_eq!(modernised.regions, [(1, Some(json!(["us-east-1"]))), (1, None)]);
        let notices = modernised.notices;
        assert!(notices[0].contains("`excel`, `organization`, `profile`"), "{notices:?}");
        let modernised = modern(json!({"name": "mine", "sheets": [buckets()]}));
        assert_eq!(Value::Object(modernised.members), json!({"calls": [buckets()]}));
        assert!(modernised.notices.is_empty());
    }

    #[test]
    fn sheets_keep_their_names_and_a_number_tells_them_apart() {
        let named =
            |service: &str, name: &str| json!({"name": name, "service": service, "function": "list_x"});
        let first = json!([named("s3", "A"), named("s3", "A-2"), named("sqs", "A"), {"service": "s3"}]);
        let second = json!([named("s3", "A"), named("sqs", "A"), named("s3", "A-2"), {"service": "s3"}]);
        let modernised = modern(json!({"inventories": [{"sheets": first}, {"sheets": second}]}));
        assert_eq!(names(&modernised), ["A", "A-2", "A", "", "A-3", "A-2", "A-2-2", ""]);
    }

    #[test]
    fn a_list_that_lends_its_sheets_is_left_aside() {
        for key in ["Sheets", "sheets", "SHEETS"] {
            let inventories = json!([{"sheets": [buckets()]}, {"Sheets": [buckets()]}]);
            let modernised = modern(json!({key: [buckets()], "inventories": inventories}));
            assert_eq!(names(&modernised), ["Buckets", "Buckets-2"], "{key}");
            assert_eq!(modernised.members.len(), 1, "{key}");
            assert!(modernised.notices.is_empty(), "{key}");
        }
        let queues = json!({"name": "Queues", "service": "sqs", "function": "list_queues"});
        let lent = json!([buckets(), queues]);
        let modernised = modern(json!({"Sheets": lent, "inventories": [{"sheets": [buckets()]}]}));
        assert!(modernised.notices[0].contains("1 of the 2 sheets beside"), "{:?}", modernised.notices);
    }

    #[test]
    fn capital_letters_are_not_minded() {
        let aws = json!({"Region": ["eu-west-1"], "Profile": "p"});
        let modernised = modern(json!({
            "Inventories": [{"Name": "mine", "AWS": aws, "Sheets": [buckets()], "Excel": {"Transpose": true}}]}));
        assert_eq!(modernised.regions, [(1, Some(json!(["eu-west-1"])))]);
        assert!(modernised.notices[0].contains("`Excel`, `Profile`"), "{:?}", modernised.notices);
        let modernised =
            modern(json!({"Name": "mine", "Sheets": [buckets()], "aws": {"regions": "eu-west-1"}}));
        assert_eq!((modernised.regions, modernised.members.len()), (vec![(1, Some(json!("eu-west-1")))], 1));
    }

    #[test]
    fn the_oldest_form_may_say_what_a_document_may_say() {
        let modernised =
            modern(json!({"sheets": [buckets()], "exclude_regions": ["eu-west-1"], "excel": {}}));
        let expected = json!({"exclude_regions": ["eu-west-1"], "calls": [buckets()]});
        assert_eq!(Value::Object(modernised.members), expected);
        assert!(modernised.notices[0].contains("not `excel`;"), "{:?}", modernised.notices);
    }

    #[test]
    fn no_sheet_is_lost_without_a_word() {
        for (document, expected) in [
            (json!({"inventories": {}}), "`inventories` must be a list, not an object"),
            (json!({"inventories": ["mine"]}), "inventory 1: an inventory must be an object, not a string"),
            (json!({"inventories": [{"sheet": []}]}), "inventory 1: missing `sheets`, the list of calls"),
            (json!({"inventories": [{"sheets": {}}]}), "inventory 1: `sheets` must be a list, not an object"),
            (json!({"inventories": [{"aws": [], "sheets": []}]}), "inventory 1: `aws` must be an object"),
        ] {
            let (_, wrong) = read(document);
            assert!(wrong.contains(expected), "{expected}\n{wrong}");
        }
        let document = json!({"calls": [buckets()], "inventories": [], "sheets": []});
        let passed = modern(document.clone());
        assert_eq!(Value::Object(passed.members), document, "calls are not overwritten");
    }

    #[test]
    fn other_objects_pass_through() {
        let document = json!({"version": 1, "calls": []});
        let passed = modern(document.clone());
        assert_eq!(Value::Object(passed.members), document);
        assert!(passed.notices.is_empty() && passed.regions.is_empty());
    }
}
