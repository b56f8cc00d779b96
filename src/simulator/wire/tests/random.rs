//! Random responses of operations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use crate::model::catalog::{
    Location, Operation, Protocol, Service, ShapeKind, ShapeReference, Structure, TimestampFormat,
};
use crate::util::special_number::SPECIAL_NUMBERS;

/// The maximum nesting depth of random values, which matters for recursive shapes.
const DEPTH: usize = 5;

/// Random values, the same in every run (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("small")
    }

    pub(super) fn answer(&mut self, service: &Service, operation: &Operation) -> Map<String, Value> {
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
                    Protocol::Json { .. } | Protocol::RestJson | Protocol::RpcV2Cbor { .. } => {
                        TimestampFormat::UnixTimestamp
                    }
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
    pub(super) fn text(&mut self) -> String {
        let tricky = ["", "<a>&amp;\"'", "ü 漢 🦀", " space ", "line\r\nbreak\ttab", "]]>", "a=b&c;d,e"];
        format!("{}{}", self.word(), tricky[self.below(tricky.len())])
    }

    fn word(&mut self) -> String {
        format!("{:x}", self.next())
    }
}
