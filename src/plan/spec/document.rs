//! The JSON of a scan spec as it was written: which keys there are and what type each value has.
//!
//! A spec has one of two forms: a list of calls, as users of AWS Auto Inventory have it, or an object with
//! `calls` and settings for the whole run. [`super::validate`] checks the names in it against the catalog.

use serde_json::{Map, Value};

use super::accepted_gaps::AcceptedGap;
use super::account_scope::AccountScope;
use super::error::Problems;
use super::fields::RemainingFields;
use super::inventories::{self, Modern};
use super::keys::{CALL_KEYS, CHILD_KEYS, DOCUMENT_KEYS};
use crate::names::RegionPattern;
use crate::util::json_kind::kind;

/// The only version of the object form.
const VERSION: u64 = 1;

/// A scan spec whose keys and value types are valid.
#[derive(Debug, Default)]
pub(super) struct SpecDocument {
    pub(super) description: Option<String>,
    pub(super) calls: Vec<SpecCall>,
    pub(super) regions: Option<Vec<RegionPattern>>,
    pub(super) exclude_regions: Vec<RegionPattern>,
    pub(super) accepted_gaps: Vec<AcceptedGap>,
    /// Notices for the user about how the document was read.
    pub(super) notices: Vec<String>,
}

/// A call, or a child call when `over` is set.
#[derive(Debug)]
pub(super) struct SpecCall {
    /// The place in the document, for messages: `entry 3 (ec2 describe_instances)`.
    pub(super) place: String,
    pub(super) over: Option<String>,
    /// The number of items that a child call is made for at once.
    pub(super) batch: Option<u64>,
    /// The service; a child call without one uses its parent's service.
    pub(super) service: Option<String>,
    pub(super) function: String,
    pub(super) result_key: Option<String>,
    pub(super) parameters: Map<String, Value>,
    pub(super) name: Option<String>,
    pub(super) accounts: Option<AccountScope>,
    pub(super) regions: Option<Vec<RegionPattern>>,
    /// The regions of an older configuration, which `--regions` overrides.
    pub(super) configured_regions: Option<Vec<RegionPattern>>,
    pub(super) paginate: bool,
    pub(super) max_items: Option<u64>,
    pub(super) each: Vec<SpecCall>,
}

impl SpecDocument {
    /// Reads either form; errors are added to `problems`.
    pub(super) fn read(document: Value, problems: &mut Problems) -> Self {
        match document {
            Value::Array(calls) => Self { calls: read_calls(calls, problems), ..Self::default() },
            Value::Object(members) => Self::read_object(members, problems),
            other => {
                problems.add("", || {
                    format!(
                        "a scan spec must be a list of calls or an object with `calls`, not {}",
                        kind(&other)
                    )
                });
                Self::default()
            }
        }
    }

    fn read_object(members: Map<String, Value>, problems: &mut Problems) -> Self {
        let Modern { members, regions: of_inventories, notices } = inventories::modernise(members, problems);
        if members.contains_key("service") && members.contains_key("function") {
            problems.add("", || "a single call must be in a list: put `[` and `]` around it".to_owned());
            return Self::default();
        }
        let mut fields = RemainingFields::new("", members, problems);
        fields.text("$schema");
        if let Some(version) = fields.count("version").filter(|version| *version != VERSION) {
            fields.problem(|| {
                format!("`version` is {version}, but this program reads version {VERSION} of scan specs")
            });
        }
        let description = fields.text("description");
        let calls = fields.list("calls");
        let regions = fields.regions("regions");
        let exclude_regions = fields.regions("exclude_regions").unwrap_or_default();
        let accepted = fields.list("accepted_gaps").unwrap_or_default();
        if calls.is_none() && !fields.has_unknown_near("calls") {
            fields.problem(|| "missing `calls`, the list of calls".to_owned());
        }
        fields.finish(DOCUMENT_KEYS);
        let accepted_gaps = AcceptedGap::read_all(accepted, "accepted gap", problems);
        let mut calls = read_calls(calls.unwrap_or_default(), problems);
        configure(&mut calls, of_inventories, problems);
        Self { description, calls, regions, exclude_regions, accepted_gaps, notices }
    }
}

/// Gives the calls of each inventory its regions; a call with its own `regions` keeps them.
fn configure(calls: &mut [SpecCall], of_inventories: Vec<(usize, Option<Value>)>, problems: &mut Problems) {
    let mut rest = calls.iter_mut();
    for (count, regions) in of_inventories {
        let calls = rest.by_ref().take(count);
        let Some(regions) = regions else {
            calls.for_each(drop);
            continue;
        };
        let members = Map::from_iter([("region".to_owned(), regions)]);
        let regions = RemainingFields::new("aws", members, problems).regions("region");
        calls.filter(|call| call.regions.is_none()).for_each(|call| {
            call.configured_regions.clone_from(&regions);
        });
    }
}

fn read_calls(calls: Vec<Value>, problems: &mut Problems) -> Vec<SpecCall> {
    calls
        .into_iter()
        .enumerate()
        .filter_map(|(index, call)| {
            let place = place(&format!("entry {}", index + 1), &call);
            read_call(place, call, CALL_KEYS, problems)
        })
        .collect()
}

/// Returns the place of a call, with as much of its name as is present.
fn place(position: &str, call: &Value) -> String {
    let names: Vec<&str> =
        ["service", "function"].iter().filter_map(|key| call.get(key).and_then(Value::as_str)).collect();
    if names.is_empty() { position.to_owned() } else { format!("{position} ({})", names.join(" ")) }
}

fn read_call(place: String, call: Value, keys: &[&str], problems: &mut Problems) -> Option<SpecCall> {
    let Value::Object(members) = call else {
        problems.add(&place, || format!("a call must be an object, not {}", kind(&call)));
        return None;
    };
    let is_child = keys.contains(&"over");
    let mut fields = RemainingFields::new(&place, members, problems);
    let over = fields.text("over");
    let batch = if is_child { fields.count("batch") } else { None };
    if batch == Some(0) {
        fields.problem(|| "`batch` must be at least 1".to_owned());
    }
    let service = fields.text("service").map(|service| service.trim().to_owned());
    let function = fields.text("function");
    let result_key = fields.text("result_key").filter(|key| !key.is_empty());
    let parameters = fields.object("parameters").unwrap_or_default();
    let name = fields.text("name");
    let accounts = if is_child { None } else { fields.accounts("accounts") };
    let regions = if is_child { None } else { fields.regions("regions") };
    let paginate = fields.flag("paginate").unwrap_or(true);
    let max_items = fields.count("max_items");
    if max_items == Some(0) {
        fields.problem(|| "`max_items` must be at least 1".to_owned());
    }
    let each = fields.list("each").unwrap_or_default();
    if !is_child && service.is_none() {
        fields.missing("service", "the service as boto3 names it, such as \"ec2\"");
    }
    if function.is_none() {
        fields.missing("function", "such as \"describe_instances\"");
    }
    if is_child && over.is_none() {
        fields.missing("over", "a jq filter that yields the items, such as \".TableNames[]\"");
    }
    fields.finish(keys);
    let each = each
        .into_iter()
        .enumerate()
        .filter_map(|(index, child)| {
            let place = self::place(&format!("{place}, each {}", index + 1), &child);
            read_call(place, child, CHILD_KEYS, problems)
        })
        .collect();
    let function = function?;
    if !is_child && service.is_none() || is_child && over.is_none() {
        return None;
    }
    Some(SpecCall {
        place,
        over,
        batch,
        service,
        function,
        result_key,
        parameters,
        name,
        accounts,
        regions,
        configured_regions: None,
        paginate,
        max_items,
        each,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::SpecDocument;
    use crate::plan::spec::error::Problems;

    fn read(document: Value) -> SpecDocument {
        let mut problems = Problems::default();
        let document = SpecDocument::read(document, &mut problems);
        problems.into_result("scan.json").expect("nothing wrong");
        document
    }

    fn complaint(document: Value) -> String {
        let mut problems = Problems::default();
        SpecDocument::read(document, &mut problems);
        problems.into_result("scan.json").expect_err("something wrong").to_string()
    }

    #[test]
    fn both_forms_are_read() {
        let call = json!({"service": "s3", "function": "list_buckets", "result_key": null, "parameters": {}});
        let list = read(json!([call]));
        assert_eq!((list.calls.len(), list.regions.is_none()), (1, true));
        assert_eq!(list.calls[0].place, "entry 1 (s3 list_buckets)");
        assert!(list.calls[0].paginate && list.calls[0].result_key.is_none());
        let object = read(json!({"version": 1, "calls": [call], "regions": ["eu-west-1"]}));
        assert_eq!(object.calls.len(), 1);
        assert_eq!(object.regions.expect("regions")[0].as_str(), "eu-west-1");
    }

    #[test]
    fn unknown_keys_are_named_with_the_nearest_known_one() {
        assert_eq!(
            complaint(json!([{"service": "s3", "function": "list_buckets", "resultkey": "Buckets"}])),
            "scan.json: entry 1 (s3 list_buckets): unknown key `resultkey`; did you mean `result_key`?"
        );
        assert_eq!(complaint(json!({"call": []})), "scan.json: unknown key `call`; did you mean `calls`?");
    }

    #[test]
    fn wrong_kinds_of_values_are_all_reported() {
        let text = complaint(json!([
            {"service": "s3", "function": 7},
            {"function": "list_buckets"},
            "s3",
            {"service": "s3", "function": "list_buckets", "parameters": [1], "regions": ["US-EAST-1"]},
            {"service": "s3", "function": "list_buckets", "max_items": 0},
            {"service": "s3", "function": "list_buckets", "each": [{"function": "get_bucket_location"}]},
        ]));
        for problem in [
            "entry 1 (s3): `function` must be a string, not a number",
            "entry 2 (list_buckets): `service` is missing",
            "entry 3: a call must be an object, not a string",
            "entry 4 (s3 list_buckets): `parameters` must be an object, not a list",
            "entry 4 (s3 list_buckets): `regions`: `US-EAST-1` is not a region name; did you mean `us-east-1`?",
            "entry 5 (s3 list_buckets): `max_items` must be at least 1",
            "entry 6 (s3 list_buckets), each 1 (get_bucket_location): `over` is missing",
        ] {
            assert!(text.contains(problem), "{problem}\n{text}");
        }
    }

    #[test]
    fn document_that_is_no_spec_is_explained() {
        assert!(complaint(json!("s3")).contains("not a string"));
        assert!(complaint(json!({"service": "s3", "function": "list_buckets"})).contains("put `[` and `]`"));
        assert!(complaint(json!({})).contains("missing `calls`"));
        assert!(complaint(json!({"version": 2, "calls": []})).contains("reads version 1"));
    }
}
