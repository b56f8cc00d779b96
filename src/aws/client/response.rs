//! Decoding of an HTTP response into a page in boto3's shape, or into the service's error.

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

/// One page of a response.
#[derive(Debug)]
pub struct ResponsePage {
    /// The members, as boto3 has them, without `ResponseMetadata`.
    pub members: Map<String, Value>,
    /// The list that was requested as text; it is not among the members then.
    pub listing: Option<Listing>,
    /// AWS's ID of the request.
    pub request_id: Option<String>,
    /// The number of attempts.
    pub attempts: u32,
}

/// Decodes the response of `function`, with one list as text if requested, or returns the error in it.
pub(super) fn read(
    function: &Function,
    requested: Option<&ListingOf>,
    response: &HttpResponse,
    limit: ResponseLimit,
) -> Result<ResponsePage, AnswerError> {
    let service = function.service();
    let status = response.status().as_u16();
    let headers = response.headers();
    let request_id = ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(|name| headers.get(name));
    let request_id = request_id.map(str::to_owned);
    let received = response.body().bytes().unwrap_or_default();
    let decode_failure = |problem: &str| {
        let body = protocol::body_description(headers, received);
        format!("cannot decode the response of {function}: {problem} ({body})")
    };
    let unreadable = |problem: String| {
        let mut error = CallError::new(CallErrorKind::Answer, problem);
        error.request_id.clone_from(&request_id);
        error.status = Some(status);
        AnswerError::new(error, !is_framed(headers))
    };
    if &*service.name == "dynamodb" && !is_intact(headers, received) {
        let problem = format!("it does not match its checksum ({CHECKSUM})");
        return Err(unreadable(decode_failure(&problem)).retryable());
    }
    let body = match plain_body(function, headers, received, limit) {
        // The body of an error response is decoded as far as possible.
        Err(_) if status >= 300 => Cow::Borrowed(received),
        body => body.map_err(|problem| unreadable(decode_failure(&problem)))?,
    };

    // S3 may fail after it has sent the status 200 (AWS: "200 OK with an error body").
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
        // AWS's JSON and CBOR protocols have no empty bodies: an empty one was truncated in transit.
        if matches!(service.protocol, Protocol::Json { .. } | Protocol::RpcV2Cbor { .. }) {
            return Err(unreadable(format!("cannot decode the response of {function}: its body is empty")));
        }
        if request_id.is_none() {
            return Err(unreadable(format!(
                "the response of {function} has neither a body nor a request ID: it may come from a proxy \
                 instead of AWS"
            )));
        }
    }
    if let Some(requested) = requested {
        let decoded =
            protocol::decode_listing(service, function.operation(), status, headers, &body, requested);
        // An unexpected response is decoded into values below, which handles it or returns a precise error.
        if let Ok((members, listing)) = decoded {
            return Ok(ResponsePage { members, listing, request_id, attempts: 0 });
        }
    }
    let mut members = protocol::decode_response(service, function.operation(), status, headers, &body)
        .map_err(|cause| unreadable(cause.to_string()))?;
    handlers::fix_answer(function, &mut members, headers, &body);
    Ok(ResponsePage { members, listing: None, request_id, attempts: 0 })
}

/// Returns whether HTTP defines the end of the body, so that truncation in transit is detected (RFC 9112, section
/// 6.3). Then another attempt would return the same body; otherwise the next one may be complete.
fn is_framed(headers: &Headers) -> bool {
    headers.contains_key("content-length") || headers.contains_key("transfer-encoding")
}

/// The header with DynamoDB's checksum of the body as it was sent (botocore, `retryhandler.py`, `CRC32Checker`).
const CHECKSUM: &str = "x-amz-crc32";

/// Returns whether a body matches its checksum, if it has one.
fn is_intact(headers: &Headers, body: &[u8]) -> bool {
    let expected = headers.get(CHECKSUM).and_then(|checksum| checksum.trim().parse::<u32>().ok());
    expected.is_none_or(|expected| {
        let mut checksum = Crc::new();
        checksum.update(body);
        checksum.sum() == expected
    })
}

/// Removes the content encoding from the body. A stored object is returned as it is: there the header describes
/// the object, not the message.
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

/// Returns whether a response has members in its body. boto3 treats an empty JSON body as an empty object; but
/// REST services send one only with a request ID, and other services never.
fn has_body_members(function: &Function) -> bool {
    let operation = function.operation();
    let output = function.service().output(operation).filter(|_| *operation.method != *"HEAD");
    output.is_some_and(|output| {
        output.payload.is_none() && output.members.iter().any(|member| member.location == Location::Body)
    })
}
