//! From an HTTP response to an answer in boto3's shape, or to the service's error.

use std::borrow::Cow;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::Headers;
use flate2::Crc;
use serde_json::{Map, Value};

use super::error::{AnswerError, CallError, CallErrorKind};
use super::{content_encoding, handlers};
use crate::aws::http::ResponseLimit;
use crate::model::catalog::{Function, Location, Protocol, ShapeKind, Structure};
use crate::model::protocol;
use crate::model::protocol::{Listing, ListingOf};

/// One page of an answer.
#[derive(Debug)]
pub struct ResponsePage {
    /// The members, as boto3 has them, without `ResponseMetadata`.
    pub members: Map<String, Value>,
    /// The list that was wanted as text, and is not among the members then.
    pub listing: Option<Listing>,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

/// Reads the answer of `function`, with one list as text if that is wanted, or the error it carries.
pub(super) fn read(
    function: &Function,
    wanted: Option<&ListingOf>,
    response: &HttpResponse,
    limit: ResponseLimit,
) -> Result<ResponsePage, AnswerError> {
    let service = function.service();
    let status = response.status().as_u16();
    let headers = response.headers();
    let request_id = ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(|name| headers.get(name));
    let request_id = request_id.map(str::to_owned);
    let received = response.body().bytes().unwrap_or_default();
    let cannot_be_read = |problem: &str| {
        let body = protocol::body_description(headers, received);
        format!("the answer of {function} cannot be read: {problem} ({body})")
    };
    let unreadable = |problem: String| {
        let mut error = CallError::new(CallErrorKind::Answer, problem);
        error.request_id.clone_from(&request_id);
        error.status = Some(status);
        AnswerError::new(error, !is_framed(headers))
    };
    if &*service.name == "dynamodb" && !is_intact(headers, received) {
        let problem = format!("it is not what its checksum ({CHECKSUM}) says");
        return Err(unreadable(cannot_be_read(&problem)).retryable());
    }
    let body = match plain_body(function, headers, received, limit) {
        // What an error has to say is read as well as it can be.
        Err(_) if status >= 300 => Cow::Borrowed(received),
        body => body.map_err(|problem| unreadable(cannot_be_read(&problem)))?,
    };

    // S3 may find out that it fails after it has said 200 (AWS: "200 OK with an error body").
    let is_s3 = service.protocol == Protocol::RestXml && &*service.name == "s3";
    let failed_late = is_s3 && status == 200 && protocol::is_error_document(&body);
    if failed_late || status >= 300 {
        let fault = protocol::decode_error(service, status, headers, &body);
        let bucket_region = headers.get("x-amz-bucket-region").map(str::to_owned);
        let bucket_region =
            bucket_region.or_else(|| if is_s3 { handlers::named_region(&body) } else { None });
        let error = CallError {
            kind: CallErrorKind::Service,
            code: Some(fault.code),
            message: fault.message,
            request_id: fault.request_id.or(request_id),
            status: Some(status),
            bucket_region: bucket_region.map(Into::into),
            missing_host: None,
            function: Some(Box::new(function.clone())),
            attempts: 0,
            inferred: None,
        };
        return Err(AnswerError::new(error, failed_late));
    }
    if body.is_empty() && has_body_members(function) {
        // AWS's JSON protocol has no empty bodies: what is empty there was cut off on its way.
        if matches!(service.protocol, Protocol::Json { .. }) {
            return Err(unreadable(format!("the answer of {function} cannot be read: its body is empty")));
        }
        if request_id.is_none() {
            return Err(unreadable(format!(
                "the answer of {function} has neither a body nor a request id: it does not come from AWS, \
                 but perhaps from a proxy"
            )));
        }
    }
    if let Some(wanted) = wanted {
        let decoded = protocol::decode_listing(service, function.operation(), status, headers, &body, wanted);
        // What is odd takes the way of values, which finds a place for it, or says what is wrong.
        if let Ok((members, listing)) = decoded {
            return Ok(ResponsePage { members, listing, request_id, attempts: 0 });
        }
    }
    let mut members = protocol::decode_response(service, function.operation(), status, headers, &body)
        .map_err(|cause| unreadable(cause.to_string()))?;
    handlers::fix_answer(function, &mut members, headers, &body);
    Ok(ResponsePage { members, listing: None, request_id, attempts: 0 })
}

/// Whether HTTP says where a body ends, so that one which was cut off on its way would have been noticed
/// (RFC 9112, section 6.3). Another attempt would get the same then. Otherwise it may come whole the next time.
fn is_framed(headers: &Headers) -> bool {
    headers.contains_key("content-length") || headers.contains_key("transfer-encoding")
}

/// DynamoDB's checksum of the body as it was sent (botocore, `retryhandler.py`, `CRC32Checker`).
const CHECKSUM: &str = "x-amz-crc32";

/// Whether a body is what its checksum says, where it has one.
fn is_intact(headers: &Headers, body: &[u8]) -> bool {
    let expected = headers.get(CHECKSUM).and_then(|checksum| checksum.trim().parse::<u32>().ok());
    expected.is_none_or(|expected| {
        let mut checksum = Crc::new();
        checksum.update(body);
        checksum.sum() == expected
    })
}

/// The body without its content encoding. What is stored as bytes is handed out as it is stored: there
/// the header speaks of the object, not of the message.
fn plain_body<'body>(
    function: &Function,
    headers: &Headers,
    body: &'body [u8],
    limit: ResponseLimit,
) -> Result<Cow<'body, [u8]>, String> {
    let service = function.service();
    let payload = service.output(function.operation()).and_then(Structure::payload_member);
    if payload.is_some_and(|payload| matches!(service.kind(payload.reference.shape), ShapeKind::Blob)) {
        return Ok(Cow::Borrowed(body));
    }
    content_encoding::decoded(headers.get("content-encoding"), body, limit)
}

/// Whether an answer has more to say than its headers do. boto3 takes an empty body of JSON for an
/// empty object; but REST services send it with a request id, and others not at all.
fn has_body_members(function: &Function) -> bool {
    let operation = function.operation();
    let output = function.service().output(operation).filter(|_| *operation.method != *"HEAD");
    output.is_some_and(|output| {
        output.payload.is_none() && output.members.iter().any(|member| member.location == Location::Body)
    })
}
