//! Answers that boto3 changes after they were read: what a service sends is not what its caller gets.
//!
//! The rows mirror those handlers of `botocore/handlers.py` that touch answers of reads.

use aws_auto_inventory::model::catalog::Function;
use aws_auto_inventory::simulator::wire::Message;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::random::{Alphabet, Random};

const POLICY_DOCUMENTS: [&str; 3] = ["AssumeRolePolicyDocument", "Document", "PolicyDocument"];

/// Puts values that boto3 decodes into the members to be sent, and gives the members to be expected.
pub(super) fn dress(
    function: &Function,
    sent: &mut Map<String, Value>,
    random: &mut Random,
) -> Map<String, Value> {
    let mut expected = sent.clone();
    match (&*function.service().name, &*function.operation().name) {
        ("iam", _) => policies(sent, &mut expected, random),
        ("cloudformation", "GetTemplate") if sent.contains_key("TemplateBody") => {
            let template = json!({"Resources": {"Topic": {"Type": random.text(Alphabet::Xml)}}});
            sent.insert("TemplateBody".to_owned(), json!(template.to_string()));
            expected.insert("TemplateBody".to_owned(), template);
        }
        ("ec2", "GetConsoleOutput") if sent.contains_key("Output") => {
            let text = format!("[    0.000000] Linux {}", random.text(Alphabet::Json));
            sent.insert("Output".to_owned(), json!(STANDARD.encode(&text)));
            expected.insert("Output".to_owned(), json!(text));
        }
        ("s3", "ListObjects" | "ListObjectsV2" | "ListObjectVersions") => {
            expected.insert("EncodingType".to_owned(), json!("url"));
            complete(&mut expected, random);
            sent.clone_from(&expected);
            encode_keys(sent, function);
        }
        _ => {}
    }
    expected
}

/// IAM's documents travel percent-encoded.
fn policies(sent: &mut Map<String, Value>, expected: &mut Map<String, Value>, random: &mut Random) {
    for (name, value) in sent.iter_mut() {
        let expected = &mut expected[name];
        if value.is_string() && POLICY_DOCUMENTS.contains(&name.as_str()) {
            let document =
                json!({"Version": "2012-10-17", "Statement": [{"Sid": random.text(Alphabet::Xml)}]});
            *value = json!(utf8_percent_encode(&document.to_string(), NON_ALPHANUMERIC).to_string());
            *expected = document;
        } else {
            policies_within(value, expected, random);
        }
    }
}

fn policies_within(sent: &mut Value, expected: &mut Value, random: &mut Random) {
    match (sent, expected) {
        (Value::Object(sent), Value::Object(expected)) => policies(sent, expected, random),
        (Value::Array(sent), Value::Array(expected)) => {
            for (sent, expected) in sent.iter_mut().zip(expected) {
                policies_within(sent, expected, random);
            }
        }
        _ => {}
    }
}

/// S3 always sends keys and prefixes, and botocore relies on it.
fn complete(members: &mut Map<String, Value>, random: &mut Random) {
    for (name, value) in members.iter_mut() {
        let key = if name == "CommonPrefixes" { "Prefix" } else { "Key" };
        for item in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            let text = random.text(Alphabet::Json);
            // The first member of each of these structures, but for the checksums of versions.
            item.entry(key).or_insert_with(|| json!(text));
        }
    }
}

/// S3 percent-encodes keys and what is compared with them. Each list has its own set of members.
fn encode_keys(members: &mut Map<String, Value>, function: &Function) {
    let names: &[&str] = match &*function.operation().name {
        "ListObjects" => &["Delimiter", "Marker", "NextMarker"],
        "ListObjectsV2" => &["Delimiter", "Prefix", "StartAfter"],
        _ => &["KeyMarker", "NextKeyMarker", "Prefix", "Delimiter"],
    };
    for (name, value) in members.iter_mut() {
        match value {
            Value::String(text) if names.contains(&name.as_str()) => *text = encoded(text),
            Value::Array(items) => {
                let key = if name == "CommonPrefixes" { "Prefix" } else { "Key" };
                for item in items {
                    if let Some(Value::String(text)) = item.get_mut(key) {
                        *text = encoded(text);
                    }
                }
            }
            _ => {}
        }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Changes what is sent or expected where the model is incomplete.
pub(super) fn rewrite(function: &Function, message: &mut Message, expected: &mut Map<String, Value>) {
    match (&*function.service().name, &*function.operation().name) {
        // The root element is the value itself; the oldest region has no name.
        ("s3", "GetBucketLocation") => {
            let location = expected.get("LocationConstraint").map(|_| "eu-west-1");
            let text = location.unwrap_or_default();
            message.body =
                format!("<LocationConstraint xmlns=\"x\">{text}</LocationConstraint>").into_bytes();
            expected.insert("LocationConstraint".to_owned(), json!(location));
        }
        // The date is handed out as a moment and as its text.
        ("s3", "GetObject" | "HeadObject") => {
            let text = message.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("expires"));
            expected.extend(text.map(|(_, text)| ("ExpiresString".to_owned(), json!(text))));
        }
        _ => {}
    }
}
