//! Encoding of the rest protocols: members are in path, query string, headers and body (`BaseRestSerializer` in
//! `botocore/serialize.py`).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::xml::{Direction, XmlWriter};
use super::{EncodeError, WireRequest, json, member, text, uri};
use crate::model::catalog::{
    Location, Member, Operation, Protocol, Service, ShapeKind, ShapeReference, Structure, TimestampFormat,
};

/// Encodes a request of rest-json or rest-xml.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    members: &Map<String, Value>,
) -> Result<WireRequest, EncodeError> {
    let no_members = Structure::default();
    let structure = service.input(operation).unwrap_or(&no_members);
    let mut parts =
        Parts { service, labels: Vec::new(), query: Vec::new(), headers: Vec::new(), body: Map::new() };
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let member = member(structure, name)?;
        parts.add(member, value).map_err(|error| error.within(name))?;
    }
    let label = |name: &str| parts.labels.iter().find(|(label, _)| *label == name).map(|(_, value)| &**value);
    let mut path_and_query = uri::fill_template(&operation.request_uri, label)?;
    let pairs =
        parts.query.iter().flat_map(|(name, values)| values.iter().map(move |value| (&**name, &**value)));
    uri::append_query(&mut path_and_query, pairs);

    let body = body(service, operation, structure, members, &parts.body)?;
    let mut headers = parts.headers;
    let typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    // botocore sends no content type for XML and for bytes, and the services require none.
    if matches!(body, EncodedBody::Json(_)) && !typed {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    let (EncodedBody::Json(body) | EncodedBody::Other(body)) = body;
    Ok(WireRequest { method: operation.method.to_string(), path_and_query, headers, body })
}

/// The parts of a request while its members are distributed over them.
struct Parts<'value> {
    service: &'value Service,
    labels: Vec<(&'value str, Cow<'value, str>)>,
    query: Vec<(&'value str, Vec<Cow<'value, str>>)>,
    headers: Vec<(String, String)>,
    body: Map<String, Value>,
}

impl<'value> Parts<'value> {
    fn add(&mut self, member: &'value Member, value: &'value Value) -> Result<(), EncodeError> {
        let name = member.location_name();
        let kind = self.service.kind(member.reference.shape);
        match (member.location, kind) {
            (Location::Uri, _) => self.labels.push((name, self.text(&member.reference, value)?)),
            (Location::QueryString, ShapeKind::Map(_)) => self.query_map(text::object(value)?)?,
            (Location::QueryString, _) => {
                let values = self.query_values(&member.reference, value)?;
                // A separate member takes precedence over a map entry.
                self.query.retain(|(other, _)| *other != name);
                self.query.push((name, values));
            }
            (Location::Header, ShapeKind::List(_)) if text::array(value)?.is_empty() => {}
            (Location::Header, _) => {
                let value = header(self.service, &member.reference, value)?;
                self.headers.push((name.to_owned(), value));
            }
            (Location::Headers, _) => {
                let prefix = member.reference.location_name.as_deref().unwrap_or_default();
                for (key, value) in text::object(value)? {
                    let value = text::scalar(&ShapeKind::String, value, TimestampFormat::Rfc822)
                        .map_err(|error| error.within(key))?;
                    self.headers.push((format!("{prefix}{key}"), value.into_owned()));
                }
            }
            (Location::Body | Location::StatusCode, _) => {
                self.body.insert(member.name.to_string(), value.clone());
            }
        }
        Ok(())
    }

    /// Encodes a scalar of the path or the query string.
    fn text(
        &self,
        reference: &ShapeReference,
        value: &'value Value,
    ) -> Result<Cow<'value, str>, EncodeError> {
        let format = reference.timestamp_format.unwrap_or(TimestampFormat::Iso8601);
        text::scalar(self.service.kind(reference.shape), value, format)
    }

    fn query_values(
        &self,
        reference: &ShapeReference,
        value: &'value Value,
    ) -> Result<Vec<Cow<'value, str>>, EncodeError> {
        let ShapeKind::List(list) = self.service.kind(reference.shape) else {
            return Ok(vec![self.text(reference, value)?]);
        };
        let items = text::array(value)?.iter().enumerate();
        items.map(|(index, item)| self.text(&list.member, item).map_err(|error| error.at(index))).collect()
    }

    /// Encodes a map whose entries are pairs of the query string, with one value or several.
    fn query_map(&mut self, entries: &'value Map<String, Value>) -> Result<(), EncodeError> {
        for (key, value) in entries {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let values = values
                .iter()
                .map(|value| text::scalar(&ShapeKind::String, value, TimestampFormat::Iso8601))
                .collect::<Result<_, _>>()
                .map_err(|error| error.within(key))?;
            if !self.query.iter().any(|(other, _)| other == key) {
                self.query.push((key, values));
            }
        }
        Ok(())
    }
}

fn header(service: &Service, reference: &ShapeReference, value: &Value) -> Result<String, EncodeError> {
    match service.kind(reference.shape) {
        ShapeKind::List(list) => {
            let mut items = Vec::new();
            for (index, item) in text::array(value)?.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                let text = header(service, &list.member, item).map_err(|error| error.at(index))?;
                let quote = item.is_string()
                    && matches!(service.kind(list.member.shape), ShapeKind::String)
                    && text.contains(['"', ',']);
                items.push(if quote { format!("\"{}\"", text.replace('"', "\\\"")) } else { text });
            }
            Ok(items.join(","))
        }
        ShapeKind::String if reference.json_value => Ok(STANDARD.encode(value.to_string())),
        kind => {
            let format = reference.timestamp_format.unwrap_or(TimestampFormat::Rfc822);
            text::scalar(kind, value, format).map(Cow::into_owned)
        }
    }
}

/// The body of a request, with the way its content type is determined.
enum EncodedBody {
    Json(Vec<u8>),
    Other(Vec<u8>),
}

fn body(
    service: &Service,
    operation: &Operation,
    structure: &Structure,
    members: &Map<String, Value>,
    in_body: &Map<String, Value>,
) -> Result<EncodedBody, EncodeError> {
    let is_json = service.protocol == Protocol::RestJson;
    if let Some(payload) = structure.payload_member() {
        let value = members.get(&*payload.name).filter(|value| !value.is_null());
        return self::payload(service, payload, value, is_json).map_err(|error| error.within(&payload.name));
    }
    let has_body = structure.members.iter().any(|member| member.location == Location::Body);
    if is_json {
        // A structure whose members are in the body is written even when all of them are absent.
        return if has_body {
            json::structure(service, structure, in_body).map(EncodedBody::Json)
        } else {
            Ok(EncodedBody::Other(Vec::new()))
        };
    }
    let Some(input) = operation.input.as_ref().filter(|_| !in_body.is_empty()) else {
        return Ok(EncodedBody::Other(Vec::new()));
    };
    let by_convention = format!("{}Request", operation.name);
    let root = input.location_name.as_deref().unwrap_or(&by_convention);
    let mut writer = XmlWriter::new(service, Direction::Request);
    writer.structure(root, input.xml_namespace.as_ref(), structure, in_body)?;
    Ok(EncodedBody::Other(writer.finish().into_bytes()))
}

/// Encodes a body that is a single member.
fn payload(
    service: &Service,
    payload: &Member,
    value: Option<&Value>,
    is_json: bool,
) -> Result<EncodedBody, EncodeError> {
    match (service.kind(payload.reference.shape), value) {
        (ShapeKind::Blob, Some(value)) => text::bytes(value).map(EncodedBody::Other),
        (ShapeKind::String, Some(value)) => {
            let text = text::scalar(&ShapeKind::String, value, TimestampFormat::Iso8601)?;
            Ok(EncodedBody::Other(text.into_owned().into_bytes()))
        }
        (ShapeKind::Blob | ShapeKind::String, None) => Ok(EncodedBody::Other(Vec::new())),
        (_, None) if is_json => Ok(EncodedBody::Json(b"{}".to_vec())),
        (_, None) => Ok(EncodedBody::Other(Vec::new())),
        (_, Some(value)) if is_json => json::value(service, &payload.reference, value).map(EncodedBody::Json),
        (_, Some(value)) => {
            let mut writer = XmlWriter::new(service, Direction::Request);
            writer.value(payload.location_name(), &payload.reference, value)?;
            Ok(EncodedBody::Other(writer.finish().into_bytes()))
        }
    }
}
