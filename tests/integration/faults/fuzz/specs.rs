//! Scan specs that no user should write.

use std::fs;
use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::ScanSpec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::mutation::{change, changes, edit, edits, json_value};
use super::{config, soon};
use crate::sandbox::{files_below, root};

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

/// The specs that come with the program, and one that has all there is.
static SPECS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut specs = vec![json!({
        "version": 1,
        "description": "everything",
        "regions": ["eu-west-1"],
        "calls": [
            {"name": "vms", "service": "ec2", "function": "describe_instances", "max_items": 5, "paginate": false,
             "result_key": "[.Reservations[].Instances[] | {id: .InstanceId, tags: (.Tags | from_entries)}]",
             "parameters": {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]}},
            {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
                {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"},
                 "result_key": "Table"}]}
        ]
    })];
    let files = files_below(&root().join("scan"));
    specs.extend(
        files.iter().map(|file| serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON")),
    );
    specs
});

fn read(text: &str) {
    // Whether it is a spec is not the question; that it can be decided is.
    if let Err(error) = soon(|| ScanSpec::parse(text, "fuzz.json", &CATALOG)) {
        soon(|| error.to_string());
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_text_is_a_spec_or_an_error(text in ".{0,400}") {
        read(&text);
    }

    #[test]
    fn arbitrary_json_is_a_spec_or_an_error(json in json_value(), in_list in any::<bool>()) {
        read(&if in_list { json!([json]) } else { json }.to_string());
    }

    #[test]
    fn mutated_specs_are_specs_or_errors(
        spec in any::<prop::sample::Index>(),
        changes in changes(),
        edits in proptest::option::weighted(0.3, edits()),
    ) {
        let mut document = spec.get(&SPECS).clone();
        change(&mut document, &changes);
        let mut text = document.to_string().into_bytes();
        if let Some(edits) = edits {
            edit(&mut text, &edits);
        }
        read(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn arbitrary_filters_are_filters_or_errors(filter in "\\.[ -~]{0,60}", opening in "[\\[({.|]{0,300}") {
        for result_key in [filter, format!(".{opening}")] {
            read(&json!([{"service": "s3", "function": "list_buckets", "result_key": result_key}]).to_string());
        }
    }
}
