//! A simulated exchange: what the service writes, and what its caller should be handed.

use aws_auto_inventory::model::catalog::{
    Function, Location, Operation, Service, ShapeKind, ShapeReference, Structure, TimestampFormat,
};
use aws_auto_inventory::simulator::wire::{Message, encode_answer};
use serde_json::{Map, Value, json};

use super::handlers;
use super::random::Alphabet;
use super::values::{Fill, Values};

/// Statuses of answers that are fine and may have a body.
const STATUSES: [u16; 4] = [200, 201, 202, 206];

/// An answer as the service sends it and as the caller sees it.
pub(super) struct Exchange {
    pub(super) message: Message,
    pub(super) expected: Map<String, Value>,
}

impl Exchange {
    /// Makes up an answer of the function.
    pub(super) fn make(function: &Function, values: &mut Values<'_>, fill: Fill) -> Result<Self, String> {
        let members = members(function, values, fill);
        Self::of(function, members, values)
    }

    /// The exchange whose answer has these members.
    pub(super) fn of(
        function: &Function,
        mut members: Map<String, Value>,
        values: &mut Values<'_>,
    ) -> Result<Self, String> {
        let (service, operation) = (function.service(), function.operation());
        let mut expected = handlers::dress(function, &mut members, &mut values.random);
        let mut message = encode_answer(service, operation, &members, "request-1")
            .map_err(|error| format!("cannot be written: {error}"))?;
        handlers::rewrite(function, &mut message, &mut expected);
        tidy(service, operation, &mut message, &mut expected);
        Ok(Self { message, expected })
    }
}

/// A random answer, with everything in it that its caller sees even when it was not sent.
pub(super) fn members(function: &Function, values: &mut Values<'_>, fill: Fill) -> Map<String, Value> {
    let (service, operation) = (function.service(), function.operation());
    let mut members = Map::new();
    let Some((output, structure)) = operation.output.as_ref().zip(service.output(operation)) else {
        return members;
    };
    for (index, member) in structure.members.iter().enumerate() {
        let payload = structure.payload.map(usize::from);
        let value = match member.location {
            Location::StatusCode => Some(json!(STATUSES[values.random.below(STATUSES.len())])),
            Location::Headers => Some(prefixed(values, fill)),
            Location::Header if fill.takes(values) => Some(header(service, &member.reference, values)),
            Location::Header => None,
            // HEAD answers have no body, and what stands beside a payload travels nowhere.
            _ if *operation.method == *"HEAD" || payload.is_some_and(|payload| payload != index) => None,
            _ if payload == Some(index) => self::payload(service, &member.reference, values, fill),
            _ if member.wire_name().is_empty() || !fill.takes(values) => None,
            _ => values.top_level(&member.reference, fill),
        };
        if let Some(value) = value {
            values.cover(output.shape, index);
            members.insert(member.name.to_string(), value);
        }
    }
    members
}

impl Fill {
    /// Whether an answer of this kind has a member that it need not have.
    fn takes(self, values: &mut Values<'_>) -> bool {
        match self {
            Self::Full => true,
            Self::Sparse => values.random.below(2) == 0,
            Self::Least => false,
        }
    }
}

/// The member that is the whole body; an empty body reads as something empty, unless it is a union.
fn payload(
    service: &Service,
    reference: &ShapeReference,
    values: &mut Values<'_>,
    fill: Fill,
) -> Option<Value> {
    match service.kind(reference.shape) {
        ShapeKind::Blob | ShapeKind::String if fill == Fill::Least => Some(json!("")),
        ShapeKind::Structure(Structure { union: false, .. }) | ShapeKind::Blob | ShapeKind::String => {
            values.top_level(reference, fill)
        }
        _ if fill.takes(values) => values.top_level(reference, fill),
        ShapeKind::List(_) => Some(json!([])),
        ShapeKind::Map(_) | ShapeKind::Document => Some(json!({})),
        _ => None,
    }
}

fn prefixed(values: &mut Values<'_>, fill: Fill) -> Value {
    let count = if fill == Fill::Least { 0 } else { 2 };
    (0..count)
        .map(|_| (values.random.word(), Value::from(values.random.text(Alphabet::Header))))
        .collect::<Map<_, _>>()
        .into()
}

fn header(service: &Service, reference: &ShapeReference, values: &mut Values<'_>) -> Value {
    match service.kind(reference.shape) {
        ShapeKind::List(list) => (0..2)
            .map(|_| match service.kind(list.member.shape) {
                // Commas separate, so an empty list and one empty item are the same text.
                ShapeKind::String => Value::from(values.random.word()),
                _ => header(service, &list.member, values),
            })
            .collect(),
        ShapeKind::String if reference.json_value => json!({"key": [1, null, values.random.word()]}),
        kind => {
            let format = reference.timestamp_format.unwrap_or(TimestampFormat::Rfc822);
            values.scalar(kind, Alphabet::Header, format)
        }
    }
}

/// Makes of a message what HTTP can carry: each header once, and the length that the body has.
fn tidy(service: &Service, operation: &Operation, message: &mut Message, expected: &mut Map<String, Value>) {
    let output = service.output(operation).into_iter().flat_map(|output| &output.members);
    let in_header = |header: &str| {
        let mut members = output.clone().filter(|member| member.location == Location::Header);
        members.find(|member| member.location_name().eq_ignore_ascii_case(header))
    };
    let mut names: Vec<String> = Vec::new();
    message.headers.retain(|(name, _)| {
        let name = name.to_ascii_lowercase();
        // The protocol's own content type would be taken for that of an absent member.
        let is_absent = in_header(&name).is_some_and(|member| !expected.contains_key(&*member.name));
        let is_new = !names.contains(&name);
        names.push(name);
        is_new && !is_absent
    });
    if *operation.method == *"HEAD" {
        message.body.clear();
        return;
    }
    // Every answer with a body has its length, whether the service thought of it or not.
    if let Some(member) = in_header("content-length") {
        message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
        message.headers.push(("content-length".into(), message.body.len().to_string()));
        expected.insert(member.name.to_string(), json!(message.body.len()));
    }
}
