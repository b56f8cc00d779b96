//! Reads the suites, runs their cases and counts.

use std::fs;

use aws_auto_inventory::model::catalog::Service;
use aws_auto_inventory::model::catalog::build::service_from_model;
use serde_json::{Value, json};

use crate::conformance::Suite;
use crate::sandbox::botocore_source;

/// Groups of cases that are skipped: protocol, description, and the reason.
const EXCLUSIONS: [(&str, &str, &str); 2] = [
    ("json", "RPC JSON Event Stream", "streams of events are no inventory, and are refused"),
    ("rest-xml", "REST XML Event Stream", "streams of events are no inventory, and are refused"),
];

/// What the cases of a suite exercise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Input,
    Output,
}

pub(super) fn read_json(path: &str) -> Value {
    let path = botocore_source().join(path);
    let text = fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// Runs all cases of a folder of suites through `check`.
pub(super) fn run(
    folder: &str,
    protocols: &[&str],
    direction: Direction,
    check: fn(&Service, &Value) -> Result<(), String>,
) {
    let ignored = read_json("tests/unit/protocols/protocol-tests-ignore-list.json");
    let mut all = Vec::new();
    for protocol in protocols {
        let mut suite = Suite::new(format!("{folder}/{protocol}"));
        for group in read_json(&format!("tests/unit/{folder}/{protocol}.json")).as_array().unwrap() {
            let description = group["description"].as_str().unwrap();
            for (number, case) in group["cases"].as_array().unwrap().iter().enumerate() {
                if is_ignored(&ignored, protocol, direction, description, case) {
                    suite.exclude("Smithy's case that boto3 does not follow");
                } else if let Some(reason) = exclusion(protocol, description) {
                    suite.exclude(reason);
                } else {
                    let outcome = service(group, case, direction).and_then(|service| check(&service, case));
                    suite.count(outcome, || {
                        let id = case["id"].as_str().unwrap_or_default();
                        format!("group `{description}`, case {number} {id}")
                    });
                }
            }
        }
        all.push(suite);
    }
    // The worst last, so that every count is printed before the test ends.
    all.sort_by_key(Suite::failed);
    all.into_iter().for_each(Suite::finish);
}

/// Whether botocore itself does not pass the case, according to its own list.
fn is_ignored(ignored: &Value, protocol: &str, direction: Direction, suite: &str, case: &Value) -> bool {
    let direction = if direction == Direction::Input { "input" } else { "output" };
    let names = |list: &Value, name: &Value| list.as_array().is_some_and(|list| list.contains(name));
    [&ignored["general"][direction], &ignored["protocols"][protocol][direction]].iter().any(|lists| {
        names(&lists["suites"], &json!(suite))
            || (case["id"].is_string() && names(&lists["cases"], &case["id"]))
    })
}

fn exclusion(protocol: &str, group: &str) -> Option<&'static str> {
    let row = EXCLUSIONS.iter().find(|(file, description, _)| *file == protocol && *description == group);
    row.map(|(_, _, reason)| *reason)
}

/// The model of a case: the suite's shapes, and the case's operation as the only one.
fn service(suite: &Value, case: &Value, direction: Direction) -> Result<Service, String> {
    let mut operation = case["given"].clone();
    if operation["name"].is_null() {
        operation["name"] = json!("OperationName");
    }
    let name = operation["name"].as_str().unwrap().to_owned();
    if direction == Direction::Output
        && suite["metadata"]["protocol"] == "query"
        && has_members(suite, &operation)
    {
        operation["output"]["resultWrapper"] = json!(format!("{name}Result"));
    }
    let mut shapes = suite["shapes"].clone();
    for reference in ["input", "output"] {
        // The older suites write this trait where no model of a service has it.
        if let (Some(shape), Some(payload)) =
            (operation[reference]["shape"].as_str(), operation[reference]["payload"].as_str())
        {
            shapes[shape]["payload"] = json!(payload);
        }
    }
    let model = json!({"metadata": suite["metadata"], "operations": {name: operation}, "shapes": shapes});
    service_from_model("test", model)
}

fn has_members(suite: &Value, operation: &Value) -> bool {
    let Some(shape) = operation["output"]["shape"].as_str() else {
        return false;
    };
    suite["shapes"][shape]["members"].as_object().is_some_and(|members| !members.is_empty())
}
