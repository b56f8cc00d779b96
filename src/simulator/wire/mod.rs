//! Serialization of responses and errors in each of AWS's six protocols.
//!
//! It is the inverse of [`crate::model::protocol`], whose writers it shares.
//! Values have the shape of boto3: botocore's member names, timestamps as ISO 8601 text, blobs as base64
//! text, `NaN`, `Infinity` and `-Infinity` as these texts.

mod error;
mod located;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

pub use self::error::encode_error;
use crate::model::catalog::{
    Location, Member, Operation, Protocol, Service, ShapeKind, Signing, Structure, XmlNamespace,
};
use crate::model::protocol::EncodeError;
use crate::model::protocol::encode::xml::{Direction, XmlWriter};
use crate::model::protocol::encode::{cbor, json};

#[cfg(test)]
mod tests;

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The HTTP status.
    pub status: u16,
    /// The headers; the server adds length and date.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body, which may be empty.
    pub body: Vec<u8>,
}

/// Serializes the response of an operation. Members that are null count as absent.
///
/// # Errors
///
/// Fails if the members do not fit the operation's output shape.
pub fn encode_answer(
    service: &Service,
    operation: &Operation,
    members: &Map<String, Value>,
    request_id: &str,
) -> Result<Message, EncodeError> {
    let no_members = Structure::default();
    let output = service.output(operation).unwrap_or(&no_members);
    let mut message =
        Message { status: 200, headers: vec![request_id_header(service, request_id)], body: Vec::new() };
    match &service.protocol {
        Protocol::Json { .. } => {
            message.body = json::structure(service, output, members)?;
            message.content_type(body_type(service));
        }
        Protocol::RpcV2Cbor { .. } => {
            message.body = cbor::structure(service, output, members)?;
            message.content_type(body_type(service));
            message.headers.push((Cow::Borrowed("smithy-protocol"), "rpc-v2-cbor".to_owned()));
        }
        Protocol::Query => message.xml(service, &query(service, operation, output, members, request_id)?),
        Protocol::Ec2 => message.xml(service, &ec2(service, operation, output, members, request_id)?),
        Protocol::RestJson | Protocol::RestXml => rest(&mut message, service, operation, output, members)?,
    }
    Ok(message)
}

impl Message {
    fn content_type(&mut self, content_type: impl Into<String>) {
        self.headers.push((Cow::Borrowed("content-type"), content_type.into()));
    }

    fn xml(&mut self, service: &Service, document: &str) {
        self.content_type(body_type(service));
        self.body = with_declaration(document);
    }
}

/// Returns the content type of bodies that are serialized from a structure.
fn body_type(service: &Service) -> String {
    match &service.protocol {
        Protocol::Json { version, .. } => format!("application/x-amz-json-{version}"),
        Protocol::RestJson => "application/json".to_owned(),
        Protocol::Query | Protocol::Ec2 => "text/xml;charset=UTF-8".to_owned(),
        Protocol::RestXml => "application/xml".to_owned(),
        Protocol::RpcV2Cbor { .. } => "application/cbor".to_owned(),
    }
}

/// Returns the header of the request id, whose name differs for S3 and related services.
fn request_id_header(service: &Service, request_id: &str) -> (Cow<'static, str>, String) {
    let name = if service.signing == Signing::S3SigV4 { "x-amz-request-id" } else { "x-amzn-requestid" };
    (Cow::Borrowed(name), request_id.to_owned())
}

fn with_declaration(document: &str) -> Vec<u8> {
    let mut body = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    body.extend_from_slice(document.as_bytes());
    body
}

fn default_namespace(uri: impl Into<Box<str>>) -> XmlNamespace {
    XmlNamespace { prefix: None, uri: uri.into() }
}

/// Serializes a query response: the members are in the element `resultWrapper` of the model, the request id in
/// another.
fn query(
    service: &Service,
    operation: &Operation,
    output: &Structure,
    members: &Map<String, Value>,
    request_id: &str,
) -> Result<String, EncodeError> {
    let root = format!("{}Response", operation.name);
    let namespace = service.xml_namespace.as_deref().map(default_namespace);
    let mut writer = XmlWriter::new(service, Direction::Answer);
    writer.open(&root, namespace.as_ref());
    match operation.output.as_ref().and_then(|output| output.result_wrapper.as_deref()) {
        Some(wrapper) => writer.structure(wrapper, None, output, members)?,
        None => writer.members(output, members)?,
    }
    writer.open("ResponseMetadata", None);
    writer.text_element("RequestId", request_id);
    writer.close("ResponseMetadata");
    writer.close(&root);
    Ok(writer.finish())
}

/// Serializes an EC2 response: request id and members are in the same element, with the namespace of the API
/// version.
fn ec2(
    service: &Service,
    operation: &Operation,
    output: &Structure,
    members: &Map<String, Value>,
    request_id: &str,
) -> Result<String, EncodeError> {
    let root = format!("{}Response", operation.name);
    let namespace = default_namespace(format!("http://ec2.amazonaws.com/doc/{}/", service.api_version));
    let mut writer = XmlWriter::new(service, Direction::Answer);
    writer.open(&root, Some(&namespace));
    writer.text_element("requestId", request_id);
    writer.members(output, members)?;
    writer.close(&root);
    Ok(writer.finish())
}

/// Serializes a rest response: members are in the status, in headers and in the body.
fn rest(
    message: &mut Message,
    service: &Service,
    operation: &Operation,
    output: &Structure,
    members: &Map<String, Value>,
) -> Result<(), EncodeError> {
    located::write(message, service, output, members);
    if let Some(payload) = output.payload_member() {
        return match members.get(&*payload.name).filter(|value| !value.is_null()) {
            Some(value) => rest_payload(message, service, payload, value),
            None => Ok(()),
        };
    }
    if !output.members.iter().any(|member| member.location == Location::Body) {
        return Ok(());
    }
    let in_body = located::body_members(output, members);
    if service.protocol == Protocol::RestJson {
        message.body = json::structure(service, output, &in_body)?;
        message.content_type(body_type(service));
    } else {
        message.xml(service, &rest_xml(service, operation, output, &in_body)?);
    }
    Ok(())
}

/// Responses whose root element is their only member, unlike in the model
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html>).
const UNWRAPPED: [(&str, &str, &str); 1] = [("s3", "GetBucketLocation", "LocationConstraint")];

fn rest_xml(
    service: &Service,
    operation: &Operation,
    output: &Structure,
    members: &Map<String, Value>,
) -> Result<String, EncodeError> {
    let namespace = service.xml_namespace.as_deref().map(default_namespace);
    let mut writer = XmlWriter::new(service, Direction::Answer);
    let unwrapped = UNWRAPPED
        .iter()
        .find(|(name, unwrapped, _)| (*name, *unwrapped) == (&*service.name, &*operation.name));
    if let Some((_, _, member)) = unwrapped {
        writer.text_element(member, members.get(*member).and_then(Value::as_str).unwrap_or_default());
        return Ok(writer.finish());
    }
    writer.structure(&format!("{}Result", operation.name), namespace.as_ref(), output, members)?;
    Ok(writer.finish())
}

/// Serializes a body that is a single member.
fn rest_payload(
    message: &mut Message,
    service: &Service,
    payload: &Member,
    value: &Value,
) -> Result<(), EncodeError> {
    match service.kind(payload.reference.shape) {
        ShapeKind::Blob => {
            let text = value.as_str().unwrap_or_default();
            // Text that is not base64 is sent as it is, which is convenient for generators of plain text.
            message.body = STANDARD.decode(text).unwrap_or_else(|_| text.as_bytes().to_vec());
            message.content_type("application/octet-stream");
        }
        ShapeKind::String => {
            message.body = value.as_str().unwrap_or_default().as_bytes().to_vec();
            message.content_type("text/plain");
        }
        _ if service.protocol == Protocol::RestJson => {
            message.body = json::value(service, &payload.reference, value)?;
            message.content_type(body_type(service));
        }
        _ => {
            let mut writer = XmlWriter::new(service, Direction::Answer);
            writer.value(payload.location_name(), &payload.reference, value)?;
            message.xml(service, &writer.finish());
        }
    }
    Ok(())
}
