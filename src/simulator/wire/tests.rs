//! Tests that the client's decoders read what these encoders write: random responses of every operation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::{Message, encode_answer, encode_error};
use crate::model::catalog::{
    Catalog, Location, Operation, Protocol, Service, ShapeKind, ShapeReference, Structure, TimestampFormat,
};
use crate::model::protocol::{ListingOf, decode_error, decode_listing, decode_response};
use crate::simulator::error_response::SimulatedError;
use crate::util::special_number::SPECIAL_NUMBERS;

/// The maximum nesting depth of random values, which matters for recursive shapes.
const DEPTH: usize = 5;
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

/// Random values, the same in every run (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("small")
    }

    fn answer(&mut self, service: &Service, operation: &Operation) -> Map<String, Value> {
        let Some(output) = service.output(operation) else {
            return Map::new();
        };
        let mut members = Map::new();
        for (index, member) in output.members.iter().enumerate() {
            let is_payload = output.payload == Some(u16::try_from(index).expect("few members"));
            let value = match member.location {
                Location::StatusCode => Some(json!(200)),
                Location::Headers => Some(json!({"one": self.word(), "two": self.word()})),
                Location::Header => Some(self.header(service, &member.reference)),
                // Members beside a payload are not serialized.
                _ if output.payload.is_some() && !is_payload => None,
                _ if is_payload || self.below(4) > 0 => self.value(service, &member.reference, 0),
                _ => None,
            };
            if let Some(value) = value {
                members.insert(member.name.to_string(), value);
            }
        }
        members
    }

    fn header(&mut self, service: &Service, reference: &ShapeReference) -> Value {
        match service.kind(reference.shape) {
            ShapeKind::List(list) => (0..2).map(|_| self.header(service, &list.member)).collect(),
            ShapeKind::String if reference.json_value => json!({"key": [1, self.word()]}),
            ShapeKind::String => Value::from(self.word()),
            ShapeKind::Timestamp => {
                self.moment(reference.timestamp_format.unwrap_or(TimestampFormat::Rfc822))
            }
            kind => self.scalar(kind, TimestampFormat::Rfc822),
        }
    }

    /// Returns a random value; `None` if it would be nested too deeply.
    fn value(&mut self, service: &Service, reference: &ShapeReference, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        Some(match service.kind(reference.shape) {
            ShapeKind::Structure(structure) => Value::Object(self.structure(service, structure, depth + 1)),
            ShapeKind::List(list) => {
                let count = 1 + self.below(2);
                let items: Option<Vec<_>> =
                    (0..count).map(|_| self.value(service, &list.member, depth + 1)).collect();
                Value::Array(items?)
            }
            ShapeKind::Map(map) => {
                let value = self.value(service, &map.value, depth + 1)?;
                Value::Object(Map::from_iter([(self.text(), value)]))
            }
            kind => {
                let default = match service.protocol {
                    Protocol::Json { .. } | Protocol::RestJson => TimestampFormat::UnixTimestamp,
                    _ => TimestampFormat::Iso8601,
                };
                self.scalar(kind, reference.timestamp_format.unwrap_or(default))
            }
        })
    }

    fn structure(&mut self, service: &Service, structure: &Structure, depth: usize) -> Map<String, Value> {
        let mut members = Map::new();
        if structure.union {
            let values: Vec<_> = structure
                .members
                .iter()
                .filter_map(|member| Some((member, self.value(service, &member.reference, depth)?)))
                .collect();
            if !values.is_empty() {
                let (member, value) = &values[self.below(values.len())];
                members.insert(member.name.to_string(), value.clone());
            }
            return members;
        }
        for member in &structure.members {
            if self.below(3) > 0
                && let Some(value) = self.value(service, &member.reference, depth)
            {
                members.insert(member.name.to_string(), value);
            }
        }
        members
    }

    fn scalar(&mut self, kind: &ShapeKind, format: TimestampFormat) -> Value {
        match kind {
            ShapeKind::Integer { .. } => json!(self.below(1_000_000)),
            ShapeKind::Long { .. } => json!(i64::from_le_bytes(self.next().to_le_bytes())),
            ShapeKind::Float | ShapeKind::Double => {
                let number = self.below(8);
                #[expect(clippy::cast_precision_loss, reason = "the number is small")]
                let usual = || json!(self.below(1_000_000) as f64 / number as f64);
                SPECIAL_NUMBERS.get(number).map_or_else(usual, |text| json!(text))
            }
            ShapeKind::Boolean => json!(self.below(2) == 0),
            ShapeKind::Blob => json!(STANDARD.encode(self.next().to_le_bytes())),
            ShapeKind::Timestamp => self.moment(format),
            ShapeKind::Document => json!({"a": [1, null, {"b": self.text()}], "c": 2.5}),
            _ => json!(self.text()),
        }
    }

    fn moment(&mut self, format: TimestampFormat) -> Value {
        let seconds = i64::try_from(self.below(2_000_000_000)).expect("small");
        let nanoseconds =
            if format == TimestampFormat::Rfc822 { 0 } else { 1_000 * (1 + self.below(999_999)) };
        let moment = DateTime::from_timestamp(seconds, u32::try_from(nanoseconds).expect("small"));
        let precision = if nanoseconds == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
        json!(moment.expect("in range").to_rfc3339_opts(precision, false))
    }

    /// Returns text with characters that need escaping in some protocol.
    fn text(&mut self) -> String {
        let tricky = ["", "<a>&amp;\"'", "ü 漢 🦀", " space ", "line\r\nbreak\ttab", "]]>", "a=b&c;d,e"];
        format!("{}{}", self.word(), tricky[self.below(tricky.len())])
    }

    fn word(&mut self) -> String {
        format!("{:x}", self.next())
    }
}
