//! The data of a botocore that is newer than the one of the embedded catalog.

use std::fs;

use serde_json::{Value, json};

use super::{botocore_source, read_maybe_compressed};

/// The API version of AWS STS.
const VERSION: &str = "sts/2011-06-15";

/// The maximum size of the models of other services, in bytes: a catalog needs some for its compression dictionary.
const SMALL: u64 = 24 * 1024;

/// Returns the files of a data folder with AWS STS and small services. STS has two functions that no botocore has:
/// `get_scoped_thing` returns credentials, and `list_things` the caller's identity.
pub(crate) fn newer_botocore() -> Vec<(String, String)> {
    let data = botocore_source().join("botocore/data");
    let mut model: Value =
        serde_json::from_str(&read_maybe_compressed(&data.join(VERSION), "service-2.json")).expect("JSON");
    for (known, name) in [("GetSessionToken", "GetScopedThing"), ("GetCallerIdentity", "ListThings")] {
        let mut operation = model["operations"][known].clone();
        operation["name"] = json!(name);
        model["operations"][name] = operation;
    }
    let rules = |version: &str| {
        let text = read_maybe_compressed(&data.join(version), "endpoint-rule-set-1.json");
        (format!("{version}/endpoint-rule-set-1.json"), text)
    };
    let mut files = vec![
        ("partitions.json".to_owned(), read_maybe_compressed(&data, "partitions.json")),
        (format!("{VERSION}/service-2.json"), model.to_string()),
        rules(VERSION),
    ];
    for service in fs::read_dir(&data).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let versions =
            fs::read_dir(&service).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        let newest = versions.max().map(|version| version.join("service-2.json"));
        let Some(file) = newest.filter(|file| fs::metadata(file).is_ok_and(|file| file.len() < SMALL)) else {
            continue;
        };
        let folder = file.parent().expect("a folder").strip_prefix(&data).expect("below");
        let version = folder.to_str().expect("a name in UTF-8");
        files.push((format!("{version}/service-2.json"), fs::read_to_string(&file).expect("a model")));
        files.push(rules(version));
    }
    files
}
