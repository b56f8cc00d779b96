//! The two older forms of AWS Auto Inventory's configuration: `{"inventories": [{"sheets": […]}]}`,
//! and before it `{"name": …, "sheets": […]}`.
//!
//! A sheet is a call with a name; `aws.region` holds for all sheets of its inventory. Profile, role
//! and spreadsheet settings belong on the command line here, and the user is told so.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Rewrites an older form into the object form, and says what it left aside; any other object
/// passes through.
pub(super) fn modernise(mut members: Map<String, Value>) -> (Map<String, Value>, Vec<String>) {
    let inventories = match (members.shift_remove("inventories"), members.contains_key("sheets")) {
        (Some(Value::Array(inventories)), _) => inventories,
        (None, true) => vec![Value::Object(std::mem::take(&mut members))],
        (Some(other), _) => {
            members.insert("inventories".to_owned(), other);
            return (members, Vec::new());
        }
        (None, false) => return (members, Vec::new()),
    };
    let mut calls = Vec::new();
    let mut names = HashSet::new();
    let mut aside = Vec::new();
    for inventory in inventories {
        let Value::Object(mut inventory) = inventory else { continue };
        inventory.shift_remove("name");
        let mut regions = None;
        if let Some(Value::Object(mut aws)) = inventory.shift_remove("aws") {
            regions = aws.shift_remove("region");
            aside.extend(aws.into_iter().map(|(key, _)| key));
        }
        if let Some(Value::Array(sheets)) = inventory.shift_remove("sheets") {
            calls.extend(sheets.into_iter().map(|sheet| call(sheet, regions.as_ref(), &mut names)));
        }
        aside.extend(inventory.into_iter().map(|(key, _)| key));
    }
    members.insert("calls".to_owned(), Value::Array(calls));
    aside.sort();
    aside.dedup();
    (members, notice(&aside))
}

/// A sheet as a call. Sheets of different inventories may have the same name, calls may not.
fn call(mut sheet: Value, regions: Option<&Value>, names: &mut HashSet<String>) -> Value {
    if let Value::Object(sheet) = &mut sheet {
        if let Some(regions) = regions {
            sheet.entry("regions").or_insert_with(|| regions.clone());
        }
        let name = sheet.get("name").map(Value::to_string);
        if name.is_some_and(|name| !names.insert(name)) {
            sheet.shift_remove("name");
        }
    }
    sheet
}

fn notice(aside: &[String]) -> Vec<String> {
    if aside.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "this is an older configuration of AWS Auto Inventory: its sheets and regions are used, but not \
         `{}`; see --profile, --organization-scan and --role-name",
        aside.join("`, `")
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::modernise;

    fn modern(document: Value) -> (Value, Vec<String>) {
        let Value::Object(members) = document else { panic!("an object") };
        let (members, notices) = modernise(members);
        (Value::Object(members), notices)
    }

    #[test]
    fn sheets_become_calls() {
        let sheet = json!({"name": "Buckets", "service": "s3", "function": "list_buckets"});
        let aws = json!({"profile": "default", "region": ["us-east-1"], "organization": false});
        let (members, notices) = modern(json!({"inventories": [
            {"name": "mine", "aws": aws, "excel": {"transpose": true}, "sheets": [sheet]},
            {"name": "yours", "sheets": [sheet]},
        ]}));
        let expected = json!({"calls": [
            {"name": "Buckets", "service": "s3", "function": "list_buckets", "regions": ["us-east-1"]},
            {"service": "s3", "function": "list_buckets"},
        ]});
        assert_eq!(members, expected);
        assert!(notices[0].contains("`excel`, `organization`, `profile`"), "{notices:?}");
        let (members, notices) = modern(json!({"name": "mine", "sheets": [sheet]}));
        assert_eq!((members, notices.len()), (json!({"calls": [sheet]}), 0));
    }

    #[test]
    fn other_objects_pass_through() {
        let document = json!({"version": 1, "calls": []});
        assert_eq!(modern(document.clone()), (document, Vec::new()));
    }
}
