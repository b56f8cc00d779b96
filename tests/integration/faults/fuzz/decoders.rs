//! Answers that no service should send.

use std::fmt::Write as _;

use aws_auto_inventory::model::catalog::build::service_from_model;
use aws_auto_inventory::model::catalog::{Operation, Service};
use aws_auto_inventory::model::protocol::{
    ListingOf, decode_error, decode_listing, decode_response, is_error_document,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::mutation::{edit, edits, json_value};
use super::targets::SERVICES;
use super::{config, soon};
use crate::conformance::round_trip::made_up_answer;

const PROTOCOLS: [&str; 6] = ["json", "rest-json", "rest-xml", "query", "ec2", "smithy-rpc-v2-cbor"];

/// A model that turns in circles in every way that shapes can.
fn circular(protocol: &str) -> Service {
    let model = json!({
        "metadata": {"protocol": protocol, "jsonVersion": "1.1", "targetPrefix": "Test"},
        "operations": {"Get": {"name": "Get", "output": {"shape": "Answer"}}},
        "shapes": {
            "Answer": {"type": "structure", "members": {
                "Self": {"shape": "Answer"}, "List": {"shape": "List"}, "Flat": {"shape": "Flat"},
                "Map": {"shape": "Map"}, "FlatMap": {"shape": "FlatMap"}, "Union": {"shape": "Union"},
                "Text": {"shape": "Text"}
            }},
            "List": {"type": "list", "member": {"shape": "List"}},
            "Flat": {"type": "list", "flattened": true, "member": {"shape": "Flat"}},
            "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Map"}},
            "FlatMap": {"type": "map", "flattened": true, "key": {"shape": "Text"}, "value": {"shape": "FlatMap"}},
            "Union": {"type": "structure", "union": true, "members": {
                "Union": {"shape": "Union"}, "Flat": {"shape": "Flat"}, "Answer": {"shape": "Answer"}
            }},
            "Text": {"type": "string"}
        }
    });
    service_from_model("circular", model).expect("a model")
}

/// Reads one list as text, and compares it with its values.
fn same_as_text(
    service: &Service,
    operation: &Operation,
    headers: &[(&str, &str)],
    body: &[u8],
    name: &str,
    values: Option<&Map<String, Value>>,
) {
    let wanted = ListingOf { member: name.to_owned(), depth: 0 };
    if !wanted.can_be_read(service, operation) {
        return;
    }
    // What cannot be read as text is read as values.
    let Ok((mut members, listing)) = decode_listing(service, operation, 200, headers, body, &wanted) else {
        return;
    };
    if let Some(listing) = listing {
        let items = listing.text.get(1..).unwrap_or_default();
        let list = [b"[", items, b"]"].concat();
        members.insert(name.to_owned(), serde_json::from_slice(&list).expect("JSON"));
    }
    assert_eq!(Some(&members), values, "{name}");
}

/// Reads a body in every way in which the client does.
fn read(service: &Service, operation: &Operation, headers: &[(&str, &str)], body: &[u8]) {
    soon(|| {
        // Whether it can be read is not the question, but it has to be the same in both ways.
        let values = decode_response(service, operation, 200, headers, body);
        let names = service.output(operation).into_iter().flat_map(|output| &output.members);
        for name in names.map(|member| &*member.name) {
            same_as_text(service, operation, headers, body, name, values.as_ref().ok());
        }
        let _ = decode_error(service, 500, headers, body);
        is_error_document(body)
    });
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(
        service in 0..SERVICES.len(),
        operation in any::<u32>(),
        header in "[ -~]{0,20}",
        body in vec(any::<u8>(), 0..2000),
    ) {
        let service = &SERVICES[service];
        let operation = &service.operations[operation as usize % service.operations.len()];
        read(service, operation, &[("x-amzn-errortype", &header), ("expires", &header)], &body);
    }

    #[test]
    fn mutated_answers_are_read_or_refused(
        service in 0..SERVICES.len(),
        operation in any::<u32>(),
        edits in edits(),
    ) {
        let service = &SERVICES[service];
        let (function, mut message) = made_up_answer(service, operation);
        edit(&mut message.body, &edits);
        let headers: Vec<(&str, &str)> =
            message.headers.iter().map(|(name, value)| (&**name, value.as_str())).collect();
        read(service, function.operation(), &headers, &message.body);
    }

    #[test]
    fn documents_for_circular_models_are_read_or_refused(
        protocol in 0..PROTOCOLS.len(),
        names in vec(proptest::sample::select(&["Self", "List", "Flat", "Map", "FlatMap", "Union", "member", "entry", "key", "value"][..]), 0..300),
        json in json_value(),
        edits in edits(),
    ) {
        let service = circular(PROTOCOLS[protocol]);
        let mut xml = "<GetResponse><GetResult>".to_owned();
        for name in &names {
            // Writing to a text cannot fail.
            let _ = write!(xml, "<{name}>");
        }
        for name in names.iter().rev() {
            let _ = write!(xml, "</{name}>");
        }
        xml.push_str("</GetResult></GetResponse>");
        let nested = names.iter().fold(json, |value, name| json!({*name: value}));
        for body in [xml, nested.to_string()] {
            let mut body = body.into_bytes();
            read(&service, &service.operations[0], &[], &body);
            edit(&mut body, &edits);
            read(&service, &service.operations[0], &[], &body);
        }
    }
}

/// Found: a flattened list of itself has no own element to end at.
#[test]
fn a_flattened_list_of_itself_is_refused() {
    for protocol in ["rest-xml", "query", "ec2"] {
        let service = circular(protocol);
        read(&service, &service.operations[0], &[], b"<R><GetResult><Flat>x</Flat></GetResult><Flat/></R>");
    }
}

/// Found: members that repeat were all kept, and searched for each item of a flattened list.
#[test]
fn repeated_members_take_no_longer_than_others() {
    let service = circular("ec2");
    let items = "<Text>a</Text><FlatMap><key>k</key></FlatMap>".repeat(40_000);
    let body = format!("<R>{items}</R>");
    let decoded = soon(|| {
        decode_response(&service, &service.operations[0], 200, &[("", ""); 0][..], body.as_bytes())
            .expect("a document")
    });
    assert_eq!(Value::Object(decoded), json!({"FlatMap": {"k": null}, "Text": "a"}));
}
