//! Decoding of HTTP responses into the values that boto3 returns.

mod cbor;
mod error;
mod frame;
mod json;
mod list_plan;
mod listing;
mod located;
mod plain_numbers;
mod plain_text;
mod same_start;
mod scalar;
mod special_numbers;
mod surrogates;
mod white_space;
mod xml;

use std::borrow::Cow;

pub(crate) use cbor::value as cbor_value;
pub use error::DecodeError;
use frame::index_of;
use list_plan::ListPlan;
pub use listing::{Listing, ListingOf};
use serde_json::{Map, Value, json};

use super::headers::ResponseHeaders;
use crate::model::catalog::{Member, Operation, Protocol, Service, ShapeId, ShapeKind};

/// The maximum nesting depth of XML and CBOR values, so that no response exhausts the stack. The deepest models nest
/// a few dozen levels, and responses in these formats have no free-form documents, unlike JSON ([`json`]).
const MAXIMUM_DEPTH: usize = 128;

#[cfg(test)]
mod tests;

/// The problem of a body, as the end of a sentence.
type Problem = String;

/// Decodes a successful response: members in the model's order, without `ResponseMetadata`.
///
/// Decoding is at least as lenient as boto3: a scalar that does not conform to the model is kept unchanged. An
/// error means that the whole body does not conform to the protocol.
pub fn decode_response(
    service: &Service,
    operation: &Operation,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> Result<Map<String, Value>, DecodeError> {
    let decoded = match &service.protocol {
        _ if service.output(operation).is_some_and(|output| output.event_stream) => {
            Err("event streams are not supported".to_owned())
        }
        Protocol::Json { .. } => json_body(service, operation, body),
        Protocol::RpcV2Cbor { .. } => cbor_body(service, operation, body),
        Protocol::Query | Protocol::Ec2 => xml_body(service, operation, body),
        Protocol::RestJson | Protocol::RestXml => rest(service, operation, status, headers, body),
    };
    decoded.map_err(|problem| DecodeError::new(service, operation, problem, headers, body))
}

/// Decodes a successful response like [`decode_response`], except for one list, which is returned as text; `None`
/// where the response lacks it. Call it only for lists that can be transcribed ([`ListingOf::can_be_read`]).
pub fn decode_listing(
    service: &Service,
    operation: &Operation,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
    requested: &ListingOf,
) -> Result<(Map<String, Value>, Option<Listing>), DecodeError> {
    let Some((output, structure)) = operation.output.as_ref().zip(service.output(operation)) else {
        return Ok((Map::new(), None));
    };
    let wrapper = output.result_wrapper.as_deref();
    let prepared = operation.prepared.get_or_init(|| ListPlan::new(service, operation, &requested.member));
    // Specs seldom request different lists of the same operation.
    let own_plan = match prepared {
        Some(Some(plan)) if plan.is_of(&requested.member) => None,
        _ => ListPlan::new(service, operation, &requested.member),
    };
    let plan = own_plan.as_ref().or(prepared.and_then(Option::as_ref));
    let decoded = match &service.protocol {
        Protocol::Query | Protocol::Ec2 => {
            xml::listing::structure(service, output.shape, wrapper, &text(body), requested, plan)
        }
        _ if body.is_empty() => Ok((Map::new(), None)),
        Protocol::Json { .. } | Protocol::RestJson => {
            json::listing::structure(service, output.shape, &text(body), requested, plan)
        }
        Protocol::RestXml => {
            xml::listing::structure(service, output.shape, None, &text(body), requested, plan)
        }
        Protocol::RpcV2Cbor { .. } => Err("lists in CBOR are not transcribed".to_owned()),
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

/// Decodes the members in the XML body of a request, as the service does; `None` if it has no such body.
#[cfg(feature = "demo")]
pub(crate) fn decode_xml_request(
    service: &Service,
    operation: &Operation,
    body: &[u8],
) -> Option<Map<String, Value>> {
    let (input, structure) = operation.input.as_ref().zip(service.input(operation))?;
    let Some(member) = structure.payload_member() else {
        return xml::structure(service, input.shape, None, &text(body)).ok();
    };
    let value = payload(service, member, body).ok()??;
    Some(Map::from_iter([(member.name.to_string(), value)]))
}

/// Returns whether the list of a response is read by the scanner instead of the decoder.
#[cfg(test)]
pub(crate) fn is_scanned(
    service: &Service,
    operation: &Operation,
    body: &[u8],
    requested: &ListingOf,
) -> bool {
    let wrapper = operation.output.as_ref().and_then(|output| output.result_wrapper.as_deref());
    let plan = ListPlan::new(service, operation, &requested.member);
    let found = plan.and_then(|plan| match service.protocol {
        Protocol::Json { .. } | Protocol::RestJson => json::scanner::find(service, &plan, &text(body), 1),
        _ => xml::scanner::find(service, &plan, wrapper, &text(body), 1),
    });
    found.is_some()
}

/// Returns the body as text. Bytes that are not valid UTF-8 are replaced: boto3 would raise an error and lose a
/// page because of one character.
fn text(body: &[u8]) -> Cow<'_, str> {
    // Nearly all bodies are valid, and this check is faster.
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
        _ => Err("it is not a JSON object".to_owned()),
    }
}

fn cbor_body(service: &Service, operation: &Operation, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let Some(output) = operation.output.as_ref().filter(|_| !body.is_empty()) else {
        return Ok(Map::new());
    };
    match cbor::value(service, Some(output.shape), body)? {
        Value::Object(members) => Ok(members),
        Value::Null => Ok(Map::new()),
        _ => Err("it is not a CBOR map".to_owned()),
    }
}

fn xml_body(service: &Service, operation: &Operation, body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = text(body);
    match &operation.output {
        Some(output) => xml::structure(service, output.shape, output.result_wrapper.as_deref(), &text),
        None => xml::check(service, &text).map(|()| Map::new()),
    }
}

/// Combines members from status, headers and body, in this order as in boto3's responses.
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

/// Decodes the member that is the whole body.
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

/// Returns the value of an empty body as in boto3, which would raise an error where a union lacks its member.
fn empty(kind: &ShapeKind) -> Option<Value> {
    match kind {
        ShapeKind::List(_) => Some(Value::Array(Vec::new())),
        ShapeKind::Structure(structure) if structure.union => None,
        ShapeKind::Structure(_) | ShapeKind::Map(_) | ShapeKind::Document => Some(Value::Object(Map::new())),
        _ => None,
    }
}

/// Returns boto3's value of a union whose member is newer than the model.
fn unknown_union_member(name: &str) -> Value {
    json!({ "SDK_UNKNOWN_MEMBER": { "name": name } })
}
