//! Equality as botocore's suites mean it: blobs are raw text there, and moments are seconds or
//! text in any format.

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::model::catalog::{Service, ShapeId, ShapeKind, Structure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// Whether two structures are equal; the error has the place where they are not.
pub(super) fn same_members(
    service: &Service,
    structure: Option<&Structure>,
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
) -> Result<(), String> {
    let names = |members: &Map<String, Value>| members.keys().cloned().collect::<BTreeSet<_>>();
    if names(expected) != names(actual) {
        return Err(format!("the members are {:?} instead of {:?}", names(actual), names(expected)));
    }
    for (name, value) in expected {
        let within = |problem| format!("{name}: {problem}");
        match structure.and_then(|structure| structure.member(name)) {
            Some((_, member)) => {
                same(service, member.reference.shape, value, &actual[name]).map_err(within)?;
            }
            None => equal(value, &actual[name]).map_err(within)?,
        }
    }
    Ok(())
}

fn same(service: &Service, shape: ShapeId, expected: &Value, actual: &Value) -> Result<(), String> {
    match (service.kind(shape), expected, actual) {
        (ShapeKind::Structure(structure), Value::Object(expected), Value::Object(actual)) => {
            same_members(service, Some(structure), expected, actual)
        }
        (ShapeKind::List(list), Value::Array(expected), Value::Array(actual)) => {
            if expected.len() != actual.len() {
                return Err(format!("{} items instead of {}", actual.len(), expected.len()));
            }
            expected
                .iter()
                .zip(actual)
                .try_for_each(|(expected, actual)| same(service, list.member.shape, expected, actual))
        }
        (ShapeKind::Map(map), Value::Object(expected), Value::Object(actual)) => {
            if expected.len() != actual.len() {
                return Err(format!("{} entries instead of {}", actual.len(), expected.len()));
            }
            expected.iter().try_for_each(|(key, expected)| {
                let actual = actual.get(key).ok_or_else(|| format!("no key {key}"))?;
                same(service, map.value.shape, expected, actual)
            })
        }
        (ShapeKind::Blob, Value::String(expected), _) => {
            equal(&Value::String(STANDARD.encode(expected)), actual)
        }
        (ShapeKind::Timestamp, _, _) => match (moment(expected), moment(actual)) {
            (Some(left), Some(right)) if left == right => Ok(()),
            _ => equal(expected, actual),
        },
        _ => equal(expected, actual),
    }
}

fn equal(expected: &Value, actual: &Value) -> Result<(), String> {
    // In Python, 5 equals 5.0.
    if expected == actual || (expected.is_number() && expected.as_f64() == actual.as_f64()) {
        Ok(())
    } else {
        Err(format!("{actual} instead of {expected}"))
    }
}

/// Microseconds since 1970.
fn moment(value: &Value) -> Option<i64> {
    if let Some(seconds) = value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "moments of tests are small")]
        return Some((seconds * 1e6).round() as i64);
    }
    let text = value.as_str()?;
    let utc = format!("{text}Z");
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_rfc3339(&utc));
    parsed.ok().map(|moment| moment.timestamp_micros())
}

/// Turns the raw text of the suites' blobs into base64, as our values have them.
pub(super) fn blobs_to_base64(service: &Service, structure: &Structure, members: &mut Map<String, Value>) {
    for (name, value) in members.iter_mut() {
        if let Some((_, member)) = structure.member(name) {
            blob_to_base64(service, member.reference.shape, value);
        }
    }
}

fn blob_to_base64(service: &Service, shape: ShapeId, value: &mut Value) {
    match (service.kind(shape), value) {
        (ShapeKind::Structure(structure), Value::Object(members)) => {
            blobs_to_base64(service, structure, members);
        }
        (ShapeKind::List(list), Value::Array(items)) => {
            for item in items {
                blob_to_base64(service, list.member.shape, item);
            }
        }
        (ShapeKind::Map(map), Value::Object(entries)) => {
            for value in entries.values_mut() {
                blob_to_base64(service, map.value.shape, value);
            }
        }
        (ShapeKind::Blob, Value::String(text)) => *text = STANDARD.encode(&*text),
        _ => {}
    }
}

/// Whether two JSON texts mean the same; texts that are not JSON have to be equal.
pub(super) fn same_json(left: &str, right: &str) -> bool {
    match (serde_json::from_str::<Value>(left), serde_json::from_str::<Value>(right)) {
        (Ok(left), Ok(right)) => same_numbers(&left, &right),
        _ => left == right,
    }
}

fn same_numbers(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_numbers(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| same_numbers(left, right)))
        }
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

/// Whether two CBOR bodies mean the same: lengths and floats may have any width.
pub(super) fn same_cbor(actual: &[u8], expected: &[u8]) -> Result<(), String> {
    let read = |body: &[u8]| {
        let read = ciborium::from_reader::<ciborium::Value, _>(body);
        // NaN equals nothing, not even itself, but its text does.
        read.map(|value| format!("{:?}", sorted(value))).map_err(|cause| cause.to_string())
    };
    if actual == expected {
        return Ok(());
    }
    let (actual, expected) = (read(actual)?, read(expected)?);
    if actual == expected { Ok(()) } else { Err(format!("the body is {actual} instead of {expected}")) }
}

/// Sorts the entries of all maps, and makes floats of timestamps.
fn sorted(value: ciborium::Value) -> ciborium::Value {
    use ciborium::Value::{Array, Float, Integer, Map, Tag};
    match value {
        Array(items) => Array(items.into_iter().map(sorted).collect()),
        Tag(tag, value) => {
            let value = match *value {
                #[expect(clippy::cast_precision_loss, reason = "moments of tests are small")]
                Integer(seconds) => Float(i128::from(seconds) as f64),
                other => sorted(other),
            };
            Tag(tag, Box::new(value))
        }
        Map(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by_key(|(key, _)| format!("{key:?}"));
            Map(entries)
        }
        scalar => scalar,
    }
}

/// Whether two XML texts mean the same; texts that are not XML have to be equal.
pub(super) fn same_xml(left: &str, right: &str) -> bool {
    match (canonical(left), canonical(right)) {
        (Some(left), Some(right)) if !left.is_empty() => left == right,
        _ => left == right,
    }
}

/// One line for every piece of markup, attributes sorted, text trimmed.
fn canonical(xml: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut lines = Vec::new();
    let mut text = String::new();
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Text(part) => text.push_str(part),
            Event::GeneralRef(entity) => text.extend(["&", &**entity, ";"]),
            _ if !text.trim().is_empty() => lines.push(std::mem::take(&mut text).trim().to_owned()),
            _ => text.clear(),
        }
        match event {
            Event::Start(start) => {
                let attributes: BTreeMap<String, String> = start
                    .attributes()
                    .flatten()
                    .map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.to_string()))
                    .collect();
                lines.push(format!("<{} {attributes:?}>", start.name().as_ref()));
            }
            Event::End(end) => lines.push(format!("</{}>", end.name().as_ref())),
            Event::Eof => return Some(lines),
            _ => {}
        }
    }
}
