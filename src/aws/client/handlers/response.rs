//! Handlers of responses.

use std::borrow::Cow;

use aws_smithy_runtime_api::http::Headers;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// The members of IAM responses whose shape is `policyDocumentType`.
const POLICY_DOCUMENTS: [&str; 3] = ["AssumeRolePolicyDocument", "Document", "PolicyDocument"];

/// Decodes policy documents: IAM percent-encodes them, and boto3 returns them as objects.
pub(super) fn policy_documents(members: &mut Map<String, Value>, _: &[u8]) {
    for (name, value) in members.iter_mut() {
        match value {
            Value::String(text) if POLICY_DOCUMENTS.contains(&name.as_str()) => {
                if let Some(document) = quoted_json(text) {
                    *value = document;
                }
            }
            value => in_policy_documents(value),
        }
    }
}

fn in_policy_documents(value: &mut Value) {
    match value {
        Value::Object(members) => policy_documents(members, &[]),
        Value::Array(items) => items.iter_mut().for_each(in_policy_documents),
        _ => {}
    }
}

fn quoted_json(text: &str) -> Option<Value> {
    serde_json::from_str(&percent_decode_str(text).decode_utf8_lossy()).ok()
}

/// Converts a JSON template to an object; a YAML template remains text.
pub(super) fn template_body(members: &mut Map<String, Value>, _: &[u8]) {
    if let Some(Value::String(text)) = members.get("TemplateBody")
        && let Ok(template) = serde_json::from_str(text)
    {
        members.insert("TemplateBody".to_owned(), template);
    }
}

/// Decodes the console output, which is base64 in a string.
pub(super) fn console_output(members: &mut Map<String, Value>, _: &[u8]) {
    if let Some(Value::String(text)) = members.get("Output")
        && let Ok(bytes) = STANDARD.decode(text.trim())
    {
        let output = String::from_utf8_lossy(&bytes).into_owned();
        members.insert("Output".to_owned(), Value::String(output));
    }
}

/// Adds the text of the `Expires` header, which users often set to a value that is not a date. boto3 returns the
/// text beside the date, and no date where the text is not one.
pub(super) fn expires_text(members: &mut Map<String, Value>, headers: &Headers) {
    let Some(text) = headers.get("expires").filter(|text| !text.is_empty()) else { return };
    // A text that cannot be parsed as a date is decoded as a string.
    if members.get("Expires").and_then(Value::as_str) == Some(text) {
        members.shift_remove("Expires");
    }
    members.insert("ExpiresString".to_owned(), Value::from(text));
}

/// Returns the region in the body of an S3 error, for responses without the region header
/// (`S3RegionRedirectorv2.get_bucket_region` in `botocore/utils.py`).
pub(in super::super) fn named_region(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let (_, rest) = body.split_once("<Region>")?;
    let (region, _) = rest.split_once("</Region>")?;
    let is_region = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    is_region(region).then(|| region.to_owned())
}

/// Decodes a bucket location: the root element of the response contains the value; an empty one means us-east-1.
pub(super) fn bucket_location(members: &mut Map<String, Value>, body: &[u8]) {
    let location = root_text(body).map_or(Value::Null, Value::String);
    members.insert("LocationConstraint".to_owned(), location);
}

fn root_text(body: &[u8]) -> Option<String> {
    let body = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&body);
    loop {
        match reader.read_event().ok()? {
            Event::Text(text) => {
                let text = text.xml10_content();
                if !text.trim().is_empty() {
                    return Some(text.trim().to_owned());
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The members that S3 encodes in all lists of objects when requested
/// (`docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html`, `encoding-type`).
const ENCODED_IN_LISTS: [(&str, &str); 4] =
    [("CommonPrefixes", "Prefix"), ("Contents", "Key"), ("DeleteMarkers", "Key"), ("Versions", "Key")];

/// Decodes the members that S3 encodes because of `list_encoding`. boto3 does not decode the prefix echoed by this
/// operation, but decodes that of the other two.
pub(super) fn objects(members: &mut Map<String, Value>, _: &[u8]) {
    list_decoding(members, &["Delimiter", "Marker", "NextMarker"]);
}

/// Decodes the members that S3 encodes because of `list_encoding`.
pub(super) fn objects_v2(members: &mut Map<String, Value>, _: &[u8]) {
    list_decoding(members, &["Delimiter", "Prefix", "StartAfter"]);
}

/// Decodes the members that S3 encodes because of `list_encoding`.
pub(super) fn object_versions(members: &mut Map<String, Value>, _: &[u8]) {
    list_decoding(members, &["Delimiter", "KeyMarker", "NextKeyMarker", "Prefix"]);
}

fn list_decoding(members: &mut Map<String, Value>, encoded: &[&str]) {
    if members.get("EncodingType").and_then(Value::as_str) != Some("url") {
        return;
    }
    for name in encoded {
        members.get_mut(*name).into_iter().for_each(decode_text);
    }
    for (list, name) in ENCODED_IN_LISTS {
        let items = members.get_mut(list).and_then(Value::as_array_mut);
        items.into_iter().flatten().filter_map(|item| item.get_mut(name)).for_each(decode_text);
    }
}

/// Decodes a text like Python's `unquote_plus`.
fn decode_text(value: &mut Value) {
    if let Value::String(text) = value {
        let spaced: Cow<'_, str> =
            if text.contains('+') { text.replace('+', " ").into() } else { text.as_str().into() };
        let decoded = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
        *text = decoded;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "literals read better without a borrow")]

    use serde_json::{Map, Value, json};

    fn fixed(fix: fn(&mut Map<String, Value>, &[u8]), members: Value, body: &str) -> Value {
        let mut members = members.as_object().cloned().expect("an object");
        fix(&mut members, body.as_bytes());
        Value::Object(members)
    }

    #[test]
    fn policy_documents_become_objects_wherever_they_stand() {
        let members = json!({"Roles": [{"RoleName": "a", "AssumeRolePolicyDocument": "%7B%22Version%22%3A%221%22%7D"}]});
        let expected = json!({"Roles": [{"RoleName": "a", "AssumeRolePolicyDocument": {"Version": "1"}}]});
        assert_eq!(fixed(super::policy_documents, members, ""), expected);
        let broken = json!({"PolicyDocument": "%7Bnot json"});
        assert_eq!(fixed(super::policy_documents, broken.clone(), ""), broken);
    }

    #[test]
    fn a_json_template_becomes_an_object_and_yaml_stays_text() {
        assert_eq!(
            fixed(super::template_body, json!({"TemplateBody": "{\"Resources\": {}}"}), ""),
            json!({"TemplateBody": {"Resources": {}}})
        );
        let yaml = json!({"TemplateBody": "Resources: {}"});
        assert_eq!(fixed(super::template_body, yaml.clone(), ""), yaml);
    }

    #[test]
    fn a_location_is_the_text_of_the_root() {
        let body = |text: &str| {
            format!("<?xml version=\"1.0\"?>\n<LocationConstraint xmlns=\"x\">{text}</LocationConstraint>")
        };
        let location = |text: &str| fixed(super::bucket_location, json!({}), &body(text));
        assert_eq!(location("eu-west-1"), json!({"LocationConstraint": "eu-west-1"}));
        assert_eq!(location(""), json!({"LocationConstraint": null}));
    }

    #[test]
    fn console_output_is_readable() {
        assert_eq!(
            fixed(super::console_output, json!({"Output": "aGVsbG8="}), ""),
            json!({"Output": "hello"})
        );
    }

    #[test]
    fn encoded_keys_are_decoded() {
        let members = json!({"EncodingType": "url", "Prefix": "a%2Fb+c", "Contents": [{"Key": "%C3%A9"}]});
        let expected = json!({"EncodingType": "url", "Prefix": "a/b c", "Contents": [{"Key": "é"}]});
        assert_eq!(fixed(super::objects_v2, members, ""), expected);
        let plain = json!({"Prefix": "a%2Fb", "Contents": [{"Key": "%C3%A9"}]});
        assert_eq!(fixed(super::objects_v2, plain.clone(), ""), plain);
    }
}
