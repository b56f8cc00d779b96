//! Errors that services answer with, in all their formats.
//!
//! `botocore/parsers.py` is the authority (`_do_error_parse` of each protocol). Reading an error
//! never fails: what nobody understands has the HTTP status for its code.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::Value;

use super::decode::beginning;
use super::headers::ResponseHeaders;
use crate::catalog::{Protocol, Service};

/// An error of a service: why a call was not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceError {
    /// The error's code, such as `AccessDenied`, or the HTTP status where none is given.
    pub code: String,
    /// What the service says about it; may be empty.
    pub message: String,
    /// The id by which AWS finds the request.
    pub request_id: Option<String>,
    /// S3's second id (`x-amz-id-2`).
    pub host_id: Option<String>,
    /// The HTTP status.
    pub status: u16,
}

/// Reads the error of an answer whose status says that it is one.
pub fn decode_error(
    service: &Service,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> ServiceError {
    let generic = body.trim_ascii().is_empty() || looks_like_html(body);
    let mut error = match &service.protocol {
        _ if generic => ServiceError::default(),
        Protocol::Json { .. } | Protocol::RestJson => json_error(service, headers, body),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => xml_error(body),
    };
    if error.code.is_empty() {
        error.code = status.to_string();
    }
    if error.message.is_empty() && (generic || error.code == status.to_string()) {
        error.message = plain_message(status, body);
    }
    let header = |name| headers.value(name).filter(|value| !value.is_empty()).map(str::to_owned);
    error.request_id = header("x-amzn-requestid").or_else(|| header("x-amz-request-id")).or(error.request_id);
    error.host_id = header("x-amz-id-2").or(error.host_id);
    error.status = status;
    error
}

/// The status in words, and how the body begins where it has one.
fn plain_message(status: u16, body: &[u8]) -> String {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    match (reason, beginning(body)) {
        (reason, body) if body.is_empty() => reason.to_owned(),
        ("", body) => body,
        (reason, body) => format!("{reason}: {body}"),
    }
}

fn looks_like_html(body: &[u8]) -> bool {
    let starts_with = |prefix: &[u8]| {
        body.trim_ascii_start().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts_with(b"<html") || starts_with(b"<!doctype html")
}

fn json_error(service: &Service, headers: &(impl ResponseHeaders + ?Sized), body: &[u8]) -> ServiceError {
    let body = match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => members,
        _ => return ServiceError::default(),
    };
    let text = |names: &[&str]| {
        names.iter().find_map(|name| match body.get(*name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    let header = headers.value("x-amzn-errortype").map(str::to_owned);
    // Of the two protocols, botocore looks for either in one place only; services do not.
    let code = if service.protocol == Protocol::RestJson {
        header.or_else(|| text(&["code", "Code", "__type"]))
    } else {
        text(&["__type"]).or(header).or_else(|| text(&["code", "Code"]))
    };
    ServiceError {
        code: query_code(headers).unwrap_or_else(|| bare_code(&code.unwrap_or_default()).to_owned()),
        message: text(&["message", "Message", "errorMessage"]).unwrap_or_default(),
        ..ServiceError::default()
    }
}

/// `com.amazonaws.dynamodb#ResourceNotFoundException:http://…` without what surrounds the name.
fn bare_code(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    code.rsplit_once('#').map_or(code, |(_, code)| code)
}

/// The code that a service used when it still spoke the query protocol (`awsQueryCompatible`):
/// `AWS.SimpleQueueService.NonExistentQueue;Sender`.
fn query_code(headers: &(impl ResponseHeaders + ?Sized)) -> Option<String> {
    let (code, fault) = headers.value("x-amzn-query-error")?.split_once(';')?;
    (!code.is_empty() && !fault.contains(';')).then(|| code.to_owned())
}

/// All XML errors have an element `Error` with a code and a message, wherever it stands: at the
/// root (S3), in `ErrorResponse` (query, rest-xml) or in `Response` and `Errors` (ec2). What was
/// readable of a damaged body is kept.
fn xml_error(body: &[u8]) -> ServiceError {
    let mut error = ServiceError::default();
    let text = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&text);
    let mut path: Vec<String> = Vec::new();
    let mut content = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                path.push(start.local_name().into_inner().to_owned());
                content.clear();
            }
            Ok(Event::Text(part)) => content.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => content.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(character)) => content.push(character),
                _ => content.push_str(resolve_predefined_entity(&entity).unwrap_or_default()),
            },
            Ok(Event::End(_)) => {
                let name = path.pop().unwrap_or_default();
                let in_error = path.last().is_some_and(|parent| parent == "Error");
                let slot = match name.as_str() {
                    "Code" if in_error => Some(&mut error.code),
                    "Message" if in_error => Some(&mut error.message),
                    "HostId" if in_error => Some(error.host_id.get_or_insert_default()),
                    // ec2 writes RequestID, s3 puts it into the error.
                    "RequestId" | "RequestID" => Some(error.request_id.get_or_insert_default()),
                    _ => None,
                };
                if let Some(slot) = slot.filter(|slot| slot.is_empty()) {
                    slot.push_str(content.trim_ascii());
                }
                content.clear();
            }
            Ok(Event::Eof) | Err(_) => return error,
            Ok(_) => {}
        }
    }
}

/// Whether a body is an S3 error, which S3 may answer with status 200 when it finds out late.
#[must_use]
pub fn is_error_document(body: &[u8]) -> bool {
    // The root element stands in the first few bytes.
    let text = String::from_utf8_lossy(&body[..body.len().min(1024)]);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => return root.local_name().into_inner() == "Error",
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}
