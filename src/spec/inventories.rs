//! The two older forms of AWS Auto Inventory's configuration: `{"inventories": [{"sheets": […]}]}`,
//! and before it `{"name": …, "sheets": […]}`.
//!
//! A sheet is a call with a name; `aws.region` holds for all sheets of its inventory, unless `--regions` says
//! otherwise. Profile, role and spreadsheet settings belong on the command line here, and the user is told so.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// A document in the object form.
#[derive(Default)]
pub(super) struct Modern {
    pub(super) members: Map<String, Value>,
    /// How many calls each inventory has, in their order, and its `aws.region`.
    pub(super) regions: Vec<(usize, Option<Value>)>,
    /// What the user should know.
    pub(super) notices: Vec<String>,
}

/// Rewrites an older form into the object form, and says what it left aside; any other object
/// passes through.
pub(super) fn modernise(mut members: Map<String, Value>) -> Modern {
    let inventories = match (members.shift_remove("inventories"), members.contains_key("sheets")) {
        (Some(Value::Array(inventories)), _) => inventories,
        (None, true) => vec![Value::Object(std::mem::take(&mut members))],
        (Some(other), _) => {
            members.insert("inventories".to_owned(), other);
            return Modern { members, ..Modern::default() };
        }
        (None, false) => return Modern { members, ..Modern::default() },
    };
    let (mut calls, mut of_inventories) = (Vec::new(), Vec::new());
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
            of_inventories.push((sheets.len(), regions));
            calls.extend(sheets.into_iter().map(|sheet| call(sheet, &mut names)));
        }
        aside.extend(inventory.into_iter().map(|(key, _)| key));
    }
    members.insert("calls".to_owned(), Value::Array(calls));
    aside.sort();
    aside.dedup();
    Modern { members, regions: of_inventories, notices: notice(&aside) }
}

/// A sheet as a call. Sheets of different inventories may have the same name, calls may not.
fn call(mut sheet: Value, names: &mut HashSet<String>) -> Value {
    if let Value::Object(sheet) = &mut sheet {
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

    use super::{Modern, modernise};

    fn modern(document: Value) -> Modern {
        let Value::Object(members) = document else { panic!("an object") };
        modernise(members)
    }

    #[test]
    fn sheets_become_calls() {
        let sheet = json!({"name": "Buckets", "service": "s3", "function": "list_buckets"});
        let aws = json!({"profile": "default", "region": ["us-east-1"], "organization": false});
        let modernised = modern(json!({"inventories": [
            {"name": "mine", "aws": aws, "excel": {"transpose": true}, "sheets": [sheet]},
            {"name": "yours", "sheets": [sheet]},
        ]}));
        let expected = json!({"calls": [
            {"name": "Buckets", "service": "s3", "function": "list_buckets"},
            {"service": "s3", "function": "list_buckets"},
        ]});
        assert_eq!(Value::Object(modernised.members), expected);
        assert_eq!(modernised.regions, [(1, Some(json!(["us-east-1"]))), (1, None)]);
        let notices = modernised.notices;
        assert!(notices[0].contains("`excel`, `organization`, `profile`"), "{notices:?}");
        let modernised = modern(json!({"name": "mine", "sheets": [sheet]}));
        assert_eq!(Value::Object(modernised.members), json!({"calls": [sheet]}));
        assert!(modernised.notices.is_empty());
    }

    #[test]
    fn other_objects_pass_through() {
        let document = json!({"version": 1, "calls": []});
        let passed = modern(document.clone());
        assert_eq!(Value::Object(passed.members), document);
        assert!(passed.notices.is_empty() && passed.regions.is_empty());
    }
}
