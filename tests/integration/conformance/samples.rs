//! The sample specs do what their names promise, on an organization with more than a page of everything.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{Moto, Sandbox, Tree};
use crate::verbs::organization_scan::{REGIONS, scan_and_compare, scan_small_accounts_and_compare};

/// What a graphical inventory tool shows, as one spec.
const INVENTORY: &str = include_str!("../../../scan/inventory.json");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scan/sample");

/// The calls of all specs in a folder. One run with all of them takes a fraction of a run with each.
fn calls_in(folder: &Path) -> Value {
    let entries = std::fs::read_dir(folder).expect("the samples").map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let calls = paths.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).unwrap();
        serde_json::from_str::<Vec<Value>>(&text).expect("a list of calls")
    });
    calls.collect()
}

#[test]
fn the_samples_of_the_services_equal_boto3() {
    scan_and_compare(&calls_in(&Path::new(FOLDER).join("services")));
}

#[test]
fn the_samples_with_filters_equal_boto3() {
    scan_and_compare(&calls_in(Path::new(FOLDER)));
}

#[test]
fn the_inventory_equals_boto3() {
    let spec: Value = serde_json::from_str(INVENTORY).expect("JSON");
    scan_and_compare(&spec["calls"]);
}

/// Without the account that has more than a page of everything: it alone would take most of the time. moto finds the
/// entities of a policy only among the first hundred roles, which are others on each server, unless a request is for
/// more; boto3 does not.
#[test]
fn the_samples_with_child_calls_equal_boto3() {
    let mut calls = calls_in(&Path::new(FOLDER).join("each"));
    prepare(calls.as_array_mut().expect("calls"), "", &mut HashMap::new());
    scan_small_accounts_and_compare(&calls);
}

/// Names the child calls of a function that is called at several places, so that their results are known apart, and
/// removes the one whose answer changes with each request: moto returns its own time. The program strips the prefix of
/// hosted zones in the parameters of their tags, as AWS requires; boto3 does not.
fn prepare(calls: &mut Vec<Value>, parent: &str, seen: &mut HashMap<(String, String), usize>) {
    calls.retain(|call| call["function"] != "get_access_key_last_used");
    for call in calls {
        if call["function"].as_str().is_some_and(|function| function.starts_with("list_tags_for_resource"))
            && call["over"] == ".HostedZones[]?.Id | values"
        {
            call["over"] = ".HostedZones[]?.Id | ltrimstr(\"/hostedzone/\")".into();
        }
        let service = call["service"].as_str().unwrap_or(parent).to_owned();
        let function = call["function"].as_str().expect("a function").to_owned();
        let count = seen.entry((service.clone(), function.clone())).or_default();
        *count += 1;
        if *count > 1 {
            call["name"] = format!("{function}_{count}").into();
        }
        if let Some(each) = call.get_mut("each").and_then(Value::as_array_mut) {
            prepare(each, &service, seen);
        }
    }
}

#[test]
fn a_sample_runs_as_the_setup_guide_runs_it() {
    let moto = Moto::shared();
    let user = &moto.organization;
    let sandbox = Sandbox::new().aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key);
    let sample = format!("{FOLDER}/services/s3.json");
    let run = sandbox.run(["-s", &sample, "--organization-scan", "--regions", REGIONS[0], REGIONS[1]]);
    run.expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let management = &user.management_account;
    for region in REGIONS {
        let buckets = &tree.result(management, region, "s3")["list_buckets"];
        assert_eq!(buckets[0]["Name"], json!(format!("logs-{management}-{region}")));
        assert_eq!(buckets[1], Value::Null, "a bucket of another region");
    }
}
