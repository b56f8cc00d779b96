//! Tests that the client's decoders read what these encoders write: random responses of every operation.

mod json_lists;
mod lists;
mod random;
mod xml_lists;

use serde_json::{Map, Value};

use super::{Message, encode_answer, encode_error};
use random::Random;

use crate::model::catalog::{Catalog, Operation, Service};
use crate::model::protocol::{ListingOf, decode_error, decode_listing, decode_response};
use crate::simulator::error_response::SimulatedError;

const ROUNDS: usize = 3;

/// Operations whose responses do not match their models.
const APART: [(&str, &str); 2] = [
    // `Event`, and `Events` which is flattened to elements called `Event`: neither the decoders nor
    // botocore can distinguish them.
    ("s3", "GetBucketNotification"),
    // The root element is the member itself; the client has a special case for it.
    ("s3", "GetBucketLocation"),
];

#[test]
fn every_operation_reads_back_what_it_answered() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut random = Random(0x5eed);
    let (mut answers, mut listed, mut wrong) = (0, 0, Vec::new());
    for entry in catalog.entries() {
        let service = catalog.service(&entry.name).expect("loads").expect("exists");
        for operation in &service.operations {
            let is_stream = service.output(operation).is_some_and(|output| output.event_stream);
            if is_stream || APART.contains(&(&*service.name, &*operation.name)) {
                continue;
            }
            for _ in 0..ROUNDS {
                let expected = random.answer(&service, operation);
                answers += 1;
                let read_back = round_trip(&service, operation, &expected)
                    .and_then(|()| listings(&service, operation, &expected, &mut listed));
                if let Err(problem) = read_back {
                    wrong.push(format!("{} {}: {problem}", service.name, operation.name));
                    break;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {answers}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(answers > 23_000, "{answers}");
    assert!(listed > 10_000, "{listed}");
}

#[test]
fn an_error_reads_back_in_every_protocol() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for name in ["ec2", "iam", "s3", "route53", "lambda", "dynamodb", "sqs"] {
        let service = catalog.service(name).expect("loads").expect("exists");
        let refusal = SimulatedError::new(400, "SomeCode", "a <message> & more");
        let message = encode_error(&service, &refusal, "request-1");
        let error = decode_error(&service, message.status, message.headers.as_slice(), &message.body);
        assert_eq!(
            (error.code.as_str(), error.message.as_str(), error.request_id.as_deref()),
            ("SomeCode", "a <message> & more", Some("request-1")),
            "{name}"
        );
    }
}

fn round_trip(service: &Service, operation: &Operation, expected: &Map<String, Value>) -> Result<(), String> {
    let Message { status, headers, body } =
        encode_answer(service, operation, expected, "request-1").map_err(|error| error.to_string())?;
    let found = decode_response(service, operation, status, headers.as_slice(), &body)
        .map_err(|error| error.to_string())?;
    if found == *expected {
        return Ok(());
    }
    let name = expected.keys().chain(found.keys()).find(|name| found.get(*name) != expected.get(*name));
    let name = name.expect("a difference").as_str();
    Err(format!("{name}: wrote {:?}, read {:?}", expected.get(name), found.get(name)))
}

/// Reads each list of a response as text, which has to equal the serialized values.
fn listings(
    service: &Service,
    operation: &Operation,
    expected: &Map<String, Value>,
    listed: &mut u32,
) -> Result<(), String> {
    let Message { status, headers, body } =
        encode_answer(service, operation, expected, "request-1").map_err(|error| error.to_string())?;
    let names = service.output(operation).into_iter().flat_map(|output| &output.members);
    for name in names.map(|member| &member.name) {
        let wanted = ListingOf { member: name.to_string(), depth: 1 };
        if !wanted.can_be_read(service, operation) {
            continue;
        }
        let (rest, listing) = decode_listing(service, operation, status, headers.as_slice(), &body, &wanted)
            .map_err(|error| format!("{name} as text: {error}"))?;
        let mut values = expected.clone();
        let list = values.shift_remove(&**name);
        let text = listing.as_ref().map(|listing| String::from_utf8_lossy(&listing.text));
        if rest != values || text != list.as_ref().map(|list| as_text(list, wanted.depth)).map(Into::into) {
            return Err(format!("{name} as text: wrote {list:?}, read {text:?}, and beside it {rest:?}"));
        }
        *listed += 1;
    }
    Ok(())
}

/// Returns the items of a list as in a result file.
fn as_text(list: &Value, depth: usize) -> String {
    let items = list.as_array().into_iter().flatten();
    let indent = "  ".repeat(depth + 1);
    let mut text = String::new();
    for item in items {
        let pretty = serde_json::to_string_pretty(item).expect("JSON");
        text += &format!(",\n{pretty}").replace('\n', &format!("\n{indent}"));
    }
    text
}
