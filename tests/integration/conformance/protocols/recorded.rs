//! Answers that botocore's authors recorded from real services, and what botocore makes of them
//! (`tests/unit/response_parsing`).

use std::collections::HashMap;
use std::fs;

use aws_auto_inventory::model::catalog::build::service_from_model;
use aws_auto_inventory::model::catalog::{Operation, Service};
use aws_auto_inventory::model::protocol::{ErrorDocument, decode_error, decode_response};
use serde_json::{Value, json};

use super::compare::same_members;
use super::suite::read_json;
use crate::conformance::Suite;
use crate::sandbox::{botocore_source, read_maybe_compressed};

/// Cases that botocore's own test skips, since its handlers and not its parsers produce what
/// they expect.
const NEEDS_HANDLERS: [&str; 4] =
    ["iam-get-user-policy", "iam-list-roles", "s3-get-bucket-location", "cloudformation-get-template"];

const FOLDER: &str = "tests/unit/response_parsing";

/// Successful answers in XML.
pub(super) fn xml_answers() {
    run("xml/responses", "xml", |service, operation, body, expected| {
        let headers: [(&str, &str); 0] = [];
        let decoded = decode_response(service, operation, 200, headers.as_slice(), body)
            .map_err(|error| error.to_string())?;
        let mut expected = expected.as_object().unwrap().clone();
        expected.remove("ResponseMetadata");
        same_members(service, service.output(operation), &expected, &decoded).map_err(|problem| {
            format!("{problem}\nexpected {}\ndecoded  {}", json!(expected), json!(decoded))
        })
    });
}

/// Errors in XML.
pub(super) fn xml_errors() {
    run("xml/errors", "xml", |service, _, body, expected| {
        let headers: [(&str, &str); 0] = [];
        same_error(&decode_error(service, 400, headers.as_slice(), body), expected)
    });
}

/// Errors in JSON; the headers are in the body under a separate name.
pub(super) fn json_errors() {
    run("json/errors", "json", |service, _, body, expected| {
        let mut body: Value = serde_json::from_slice(body).unwrap();
        let headers = body.as_object_mut().unwrap().remove("__headers__").unwrap_or(json!({}));
        let headers: Vec<(&str, &str)> = headers
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        same_error(&decode_error(service, 400, headers.as_slice(), body.to_string().as_bytes()), expected)
    });
}

fn same_error(error: &ErrorDocument, expected: &Value) -> Result<(), String> {
    let request_id = &expected["ResponseMetadata"]["RequestId"];
    let found = [Some(&error.code), Some(&error.message), error.request_id.as_ref()];
    let wanted = [&expected["Error"]["Code"], &expected["Error"]["Message"], request_id];
    // botocore drops the request id that S3 writes into the error itself.
    let count = if request_id.is_null() { 2 } else { 3 };
    if found
        .iter()
        .zip(wanted)
        .take(count)
        .all(|(found, wanted)| found.map(String::as_str) == wanted.as_str())
    {
        Ok(())
    } else {
        Err(format!("the error is {error:?} instead of {expected}"))
    }
}

/// Runs all recordings of a folder whose names end in `extension`.
fn run(
    folder: &str,
    extension: &str,
    check: impl Fn(&Service, &Operation, &[u8], &Value) -> Result<(), String>,
) {
    let mut services = HashMap::new();
    let mut suite = Suite::new(format!("response_parsing/{folder}"));
    let path = botocore_source().join(FOLDER).join(folder);
    let mut recordings: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
    recordings.retain(|path| path.extension().is_some_and(|found| found == extension));
    recordings.sort();
    for recording in recordings {
        let name = recording.file_stem().unwrap().to_str().unwrap();
        if NEEDS_HANDLERS.contains(&name) {
            suite.exclude("made by botocore's handlers, which `quirks` is tested for");
            continue;
        }
        let (service_name, operation_name) = name.split_once('-').unwrap();
        let service = services.entry(service_name.to_owned()).or_insert_with(|| service(service_name));
        // Several recordings of one operation have a `#` and a number in their names.
        let function = operation_name.split('#').next().unwrap().replace('-', "_");
        let operation =
            service.operation(&function).unwrap_or_else(|| panic!("{service_name} has no {function}"));
        let expected_folder = if extension == "json" { "json/expected" } else { folder };
        let expected = read_json(&format!("{FOLDER}/{expected_folder}/{name}.json"));
        let outcome = check(service, operation, &fs::read(&recording).unwrap(), &expected);
        suite.count(outcome, || name.to_owned());
    }
    suite.finish();
}

/// The newest model of a service in botocore's data.
fn service(name: &str) -> Service {
    let folder = botocore_source().join("botocore/data").join(name);
    let mut versions: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.sort();
    let newest = versions.last().unwrap();
    let model = serde_json::from_str(&read_maybe_compressed(newest, "service-2.json")).unwrap();
    service_from_model(name, model).unwrap()
}
