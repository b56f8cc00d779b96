//! From an HTTP answer to the values that boto3 hands out.

mod error;
mod frame;
mod json;
mod listing;
mod located;
mod scalar;
mod special_numbers;
mod surrogates;
mod xml;

use std::borrow::Cow;

pub use error::DecodeError;
use frame::index_of;
pub use listing::{Listing, ListingOf};
use serde_json::{Map, Value, json};

use super::headers::ResponseHeaders;
use crate::model::catalog::{Member, Operation, Protocol, Service, ShapeId, ShapeKind};

/// How deep values of XML may nest, so that no answer exhausts the stack. The deepest models nest a few
/// dozen levels, and XML has no documents whose form nobody knows, as JSON has ([`json`]).
const MAXIMUM_DEPTH: usize = 128;

#[cfg(test)]
mod tests;

/// What is wrong with a body, as the end of a sentence.
type Problem = String;

/// Decodes a successful answer: members in the model's order, without `ResponseMetadata`.
///
/// Lenient where boto3 is, and more: a scalar that is not what the model promises is kept as it
/// came. An error says that the body is not what the protocol promises at all.
pub fn decode_response(
    service: &Service,
    operation: &Operation,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> Result<Map<String, Value>, DecodeError> {
    let decoded = match &service.protocol {
        _ if service.output(operation).is_some_and(|output| output.event_stream) => {
            Err("it is a stream of events, which this program does not read".to_owned())
        }
        Protocol::Json { .. } => json_body(service, operation, body),
        Protocol::Query | Protocol::Ec2 => xml_body(service, operation, body),
        Protocol::RestJson | Protocol::RestXml => rest(service, operation, status, headers, body),
    };
    decoded.map_err(|problem| DecodeError::new(service, operation, problem, headers, body))
}

/// Decodes a successful answer as [`decode_response`] does, but for one list, which becomes text at
/// once. `None` where the answer lacks it; where it cannot be read so
/// ([`ListingOf::can_be_read`]), nobody may ask.
pub fn decode_listing(
    service: &Service,
    operation: &Operation,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
    wanted: &ListingOf,
) -> Result<(Map<String, Value>, Option<Listing>), DecodeError> {
    let Some((output, structure)) = operation.output.as_ref().zip(service.output(operation)) else {
        return Ok((Map::new(), None));
    };
    let wrapper = output.result_wrapper.as_deref();
    let decoded = match &service.protocol {
        Protocol::Query | Protocol::Ec2 => {
            xml::listing::structure(service, output.shape, wrapper, &text(body), wanted)
        }
        _ if body.is_empty() => Ok((Map::new(), None)),
        Protocol::Json { .. } | Protocol::RestJson => {
            json::listing::structure(service, output.shape, &text(body), wanted)
        }
        Protocol::RestXml => xml::listing::structure(service, output.shape, None, &text(body), wanted),
    };
    let (from_body, listing) =
        decoded.map_err(|problem| DecodeError::new(service, operation, problem, headers, body))?;
    let mut members = match service.protocol {
        Protocol::RestJson | Protocol::RestXml => located::members(service, structure, status, headers),
        _ => Map::new(),
    };
    members.extend(from_body);
    Ok((members, listing))
}

/// The body as text. Bytes that are no UTF-8 are replaced: boto3 would raise, and lose a page for
/// the sake of a character.
fn text(body: &[u8]) -> Cow<'_, str> {
    // Nearly all are whole, and this check is the faster one.
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

fn json_body(service: &Service, operation: &Operation, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match &operation.output {
        Some(output) if !body.is_empty() => json_structure(service, output.shape, body),
        _ => Ok(Map::new()),
    }
}

fn json_structure(service: &Service, shape: ShapeId, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match json::value(service, shape, &text(body))? {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(Map::new()),
        _ => Err("it is no JSON object".to_owned()),
    }
}

fn xml_body(service: &Service, operation: &Operation, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = text(body);
    match &operation.output {
        Some(output) => xml::structure(service, output.shape, output.result_wrapper.as_deref(), &text),
        None => xml::check(service, &text).map(|()| Map::new()),
    }
}

/// Members from status, headers and body, in this order as in boto3's answers.
fn rest(
    service: &Service,
    operation: &Operation,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> Result<Map<String, Value>, Problem> {
    let Some((output, structure)) = operation.output.as_ref().zip(service.output(operation)) else {
        return Ok(Map::new());
    };
    let mut members = located::members(service, structure, status, headers);
    if let Some(member) = structure.payload_member() {
        if let Some(value) = payload(service, member, body)? {
            members.insert(member.name.as_ref().to_owned(), value);
        }
    } else if !body.is_empty() {
        let from_body = if service.protocol == Protocol::RestJson {
            json_structure(service, output.shape, body)?
        } else {
            xml::structure(service, output.shape, None, &text(body))?
        };
        if members.is_empty() {
            return Ok(from_body);
        }
        members.extend(from_body);
    }
    Ok(members)
}

/// The member that is the whole body.
fn payload(service: &Service, member: &Member, body: &[u8]) -> Result<Option<Value>, Problem> {
    let value = match service.kind(member.reference.shape) {
        ShapeKind::Blob => Value::String(scalar::base64(body)),
        ShapeKind::String => Value::String(text(body).into_owned()),
        kind if body.is_empty() => return Ok(empty(kind)),
        _ if service.protocol == Protocol::RestJson => {
            json::value(service, member.reference.shape, &text(body))?
        }
        _ => xml::value(service, &member.reference, &text(body))?,
    };
    Ok(Some(value))
}

/// What boto3 reads from an empty body. It would raise where a union lacks its member.
fn empty(kind: &ShapeKind) -> Option<Value> {
    match kind {
        ShapeKind::List(_) => Some(Value::Array(Vec::new())),
        ShapeKind::Structure(structure) if structure.union => None,
        ShapeKind::Structure(_) | ShapeKind::Map(_) | ShapeKind::Document => Some(Value::Object(Map::new())),
        _ => None,
    }
}

/// What boto3 makes of a union whose member is younger than the model.
fn unknown_union_member(name: &str) -> Value {
    json!({ "SDK_UNKNOWN_MEMBER": { "name": name } })
}
