//! Endpoint rules that no model should have, and parameters that no caller should give.

use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::{Catalog, ContextValue};
use aws_auto_inventory::model::endpoint::{EndpointError, Parameters, Partitions, RuleSet};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::mutation::{change, changes, edit, edits};
use super::{config, soon};

struct Samples {
    partitions: Partitions,
    partitions_text: String,
    rule_sets: Vec<String>,
}

static SAMPLES: LazyLock<Samples> = LazyLock::new(|| {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let rules = |name: &&str| {
        let service = catalog.service(name).expect("loads").expect("exists");
        service.endpoint_rules.to_string()
    };
    Samples {
        partitions: Partitions::parse(catalog.partitions()).expect("readable partitions"),
        partitions_text: catalog.partitions().to_owned(),
        rule_sets: ["s3", "s3control", "dynamodb", "kinesis", "iam", "events"].iter().map(rules).collect(),
    }
});

fn text() -> impl Strategy<Value = String> {
    let known = [
        "eu-west-1",
        "aws-global",
        "cn-north-1",
        "my-bucket",
        "my.bucket",
        "bucket--use1-az1--x-s3",
        "arn:aws:s3:us-west-2:123456789012:accesspoint:myendpoint",
        "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports",
        "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
        "https://example.com:443/path",
        "http://[::1]:80",
        "123456789012",
        "",
        "-",
        "%",
        "{Region}",
        "::::::",
    ];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => ".{0,40}",
        1 => "arn:[a-z0-9:/.-]{0,40}",
    ]
}

fn value() -> impl Strategy<Value = ContextValue> {
    prop_oneof![
        4 => text().prop_map(|text| ContextValue::String(text.into())),
        2 => any::<bool>().prop_map(ContextValue::Boolean),
        1 => vec(text(), 0..3).prop_map(|texts| ContextValue::Strings(texts.into_iter().map(Into::into).collect())),
    ]
}

/// Values for the parameters that the document names, in its order.
fn parameters(document: &Value, values: Vec<Option<ContextValue>>) -> Parameters {
    let mut parameters = Parameters::new();
    let names = document["parameters"].as_object().into_iter().flat_map(|names| names.keys());
    for (name, value) in names.zip(values.into_iter().cycle().take(64)) {
        if let Some(value) = value {
            parameters.set(name, value);
        }
    }
    parameters
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_parameters_have_an_endpoint_or_an_error(
        rules in 0..SAMPLES.rule_sets.len(),
        values in vec(proptest::option::of(value()), 1..20),
    ) {
        let document = serde_json::from_str(&SAMPLES.rule_sets[rules]).expect("JSON");
        let rules = RuleSet::parse(&SAMPLES.rule_sets[rules]).expect("rules");
        let _ = soon(|| rules.resolve(&parameters(&document, values), &SAMPLES.partitions));
    }

    #[test]
    fn mutated_rules_are_evaluated_or_refused(
        rules in 0..SAMPLES.rule_sets.len(),
        changes in changes(),
        edits in proptest::option::weighted(0.2, edits()),
        values in vec(proptest::option::of(value()), 1..20),
    ) {
        let mut document = serde_json::from_str(&SAMPLES.rule_sets[rules]).expect("JSON");
        change(&mut document, &changes);
        let mut text = document.to_string().into_bytes();
        if let Some(edits) = edits {
            edit(&mut text, &edits);
        }
        soon(|| {
            if let Ok(rules) = RuleSet::parse(&String::from_utf8_lossy(&text)) {
                let _ = rules.resolve(&parameters(&document, values), &SAMPLES.partitions);
            }
        });
    }

    #[test]
    fn mutated_partitions_are_read_or_refused(changes in changes(), region in text()) {
        let mut document = serde_json::from_str(&SAMPLES.partitions_text).expect("JSON");
        change(&mut document, &changes);
        soon(|| {
            if let Ok(partitions) = Partitions::parse(&document.to_string()) {
                let _ = partitions.of_region(&region);
            }
        });
    }
}

/// Found: a text that is put into itself twice, again and again, fills the memory.
#[test]
fn texts_that_double_with_every_rule_are_refused() {
    let conditions: Vec<Value> = (0..40)
        .map(|index| {
            let text = format!("{{t{index}}}{{t{index}}}");
            json!({"fn": "uriEncode", "argv": [text], "assign": format!("t{}", index + 1)})
        })
        .collect();
    let document = json!({
        "version": "1.0",
        "parameters": {"t0": {"type": "String", "required": true, "default": "0123456789"}},
        "rules": [{"type": "endpoint", "conditions": conditions, "endpoint": {"url": "https://example.com"}}]
    });
    let rules = RuleSet::parse(&document.to_string()).expect("rules");
    let outcome = soon(|| rules.resolve(&Parameters::new(), &SAMPLES.partitions));
    assert!(matches!(outcome, Err(EndpointError::Evaluation(_))), "{outcome:?}");
}
