//! Decoding of response members outside of the body: in the status and in headers
//! (`BaseRestParser._parse_non_payload_attrs` in `botocore/parsers.py`).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::scalar;
use crate::model::catalog::{Location, Member, Protocol, Service, ShapeKind, ShapeReference, Structure};
use crate::model::protocol::headers::ResponseHeaders;

/// Returns the members of a response that are in the status and in headers.
pub(super) fn members(
    service: &Service,
    structure: &Structure,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
) -> Map<String, Value> {
    let mut members = Map::new();
    for member in &structure.members {
        let value = match member.location {
            Location::StatusCode => Some(Value::from(status)),
            Location::Header => {
                headers.value(member.location_name()).map(|text| header(service, &member.reference, text))
            }
            Location::Headers => Some(prefixed(member, headers)),
            Location::Body | Location::Uri | Location::QueryString => None,
        };
        if let Some(value) = value {
            members.insert(member.name.as_ref().to_owned(), value);
        }
    }
    members
}

fn header(service: &Service, reference: &ShapeReference, text: &str) -> Value {
    match service.kind(reference.shape) {
        ShapeKind::List(list) => text
            .split(',')
            .map(|item| scalar(service, service.kind(list.member.shape), item.trim()))
            .collect(),
        ShapeKind::String if reference.json_value => scalar::json_in_header(text),
        kind => scalar(service, kind, text),
    }
}

fn scalar(service: &Service, kind: &ShapeKind, text: &str) -> Value {
    if service.protocol == Protocol::RestJson {
        scalar::from_json(kind, true, Value::from(text))
    } else {
        scalar::from_text(kind, Cow::Borrowed(text))
    }
}

/// Returns all headers with a prefix, by the rest of their names.
fn prefixed(member: &Member, headers: &(impl ResponseHeaders + ?Sized)) -> Value {
    let prefix = member.reference.location_name.as_deref().unwrap_or_default();
    let mut entries = Map::new();
    for (name, text) in headers.pairs() {
        if let Some((start, rest)) = name.split_at_checked(prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            entries.insert(rest.to_owned(), Value::from(text));
        }
    }
    Value::Object(entries)
}
