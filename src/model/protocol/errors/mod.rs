//! Decoding of the error responses of services, in all formats.
//!
//! `botocore/parsers.py` is the reference (`_do_error_parse` of each protocol). Decoding an error never fails: an
//! error in an unknown format has the HTTP status as its code.

mod xml;

use http::StatusCode;
use serde_json::Value;
pub use xml::is_error_document;

use super::body;
use super::decode::cbor_value;
use super::headers::ResponseHeaders;
use crate::model::catalog::{Protocol, Service};

/// An error response of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorDocument {
    /// The error's code, such as `AccessDenied`, or the HTTP status where there is none.
    pub code: String,
    /// The service's message; may be empty.
    pub message: String,
    /// AWS's request ID.
    pub request_id: Option<String>,
    /// S3's second request ID (`x-amz-id-2`).
    pub host_id: Option<String>,
    /// The HTTP status.
    pub status: u16,
}

/// Decodes the error of a response with an error status.
pub fn decode_error(
    service: &Service,
    status: u16,
    headers: &(impl ResponseHeaders + ?Sized),
    body: &[u8],
) -> ErrorDocument {
    let generic = body.trim_ascii().is_empty() || looks_like_html(body);
    let mut error = match &service.protocol {
        _ if generic => ErrorDocument::default(),
        Protocol::Json { .. } | Protocol::RestJson => {
            members_error(service, headers, serde_json::from_slice(body).ok())
        }
        Protocol::RpcV2Cbor { .. } => members_error(service, headers, cbor_value(service, None, body).ok()),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => xml::error(body),
    };
    if error.code.is_empty() {
        error.code = status.to_string();
    }
    if error.message.is_empty() && (generic || error.code == status.to_string()) {
        error.message = plain_message(status, headers, body);
    }
    let header = |name| headers.value(name).filter(|value| !value.is_empty()).map(str::to_owned);
    error.request_id = header("x-amzn-requestid").or_else(|| header("x-amz-request-id")).or(error.request_id);
    error.host_id = header("x-amz-id-2").or(error.host_id);
    error.status = status;
    error
}

/// Returns the reason phrase of the status, with a description of the body where there is one.
fn plain_message(status: u16, headers: &(impl ResponseHeaders + ?Sized), body: &[u8]) -> String {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    if body.trim_ascii().is_empty() {
        return reason.to_owned();
    }
    let body = format!("the body is not an AWS error ({})", body::description(headers, body));
    if reason.is_empty() { body } else { format!("{reason}; {body}") }
}

fn looks_like_html(body: &[u8]) -> bool {
    let starts_with = |prefix: &[u8]| {
        body.trim_ascii_start().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts_with(b"<html") || starts_with(b"<!doctype html")
}

/// Decodes an error whose body is a structure, in JSON or CBOR.
fn members_error(
    service: &Service,
    headers: &(impl ResponseHeaders + ?Sized),
    body: Option<Value>,
) -> ErrorDocument {
    let Some(Value::Object(body)) = body else {
        return ErrorDocument::default();
    };
    let text = |names: &[&str]| {
        names.iter().find_map(|name| match body.get(*name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    let header = headers.value("x-amzn-errortype").map(str::to_owned);
    // botocore checks only one place for each of the two protocols; services do not adhere to that.
    let code = if service.protocol == Protocol::RestJson {
        header.or_else(|| text(&["code", "Code", "__type"]))
    } else {
        text(&["__type"]).or(header).or_else(|| text(&["code", "Code"]))
    };
    ErrorDocument {
        code: query_code(headers).unwrap_or_else(|| bare_code(&code.unwrap_or_default()).to_owned()),
        message: text(&["message", "Message", "errorMessage"]).unwrap_or_default(),
        ..ErrorDocument::default()
    }
}

/// Returns the bare name from `com.amazonaws.dynamodb#ResourceNotFoundException:http://…`.
fn bare_code(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    code.rsplit_once('#').map_or(code, |(_, code)| code)
}

/// Returns the code that a service used with the query protocol (`awsQueryCompatible`):
/// `AWS.SimpleQueueService.NonExistentQueue;Sender`.
fn query_code(headers: &(impl ResponseHeaders + ?Sized)) -> Option<String> {
    let (code, fault) = headers.value("x-amzn-query-error")?.split_once(';')?;
    (!code.is_empty() && !fault.contains(';')).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ErrorDocument, decode_error};
    use crate::model::catalog::Service;
    use crate::model::catalog::build::service_from_model;

    fn service(protocol: &str) -> Service {
        let metadata = json!({"protocol": protocol, "jsonVersion": "1.1", "targetPrefix": "Test"});
        service_from_model("test", json!({"metadata": metadata})).unwrap()
    }

    fn read(protocol: &str, status: u16, headers: &[(&str, &str)], body: &str) -> ErrorDocument {
        decode_error(&service(protocol), status, headers, body.as_bytes())
    }

    fn code_and_message(error: &ErrorDocument) -> (&str, &str) {
        (&error.code, &error.message)
    }

    #[test]
    fn json_errors_name_their_code_in_the_body_or_in_a_header() {
        let body = r#"{"__type": "com.amazonaws.dynamodb#ResourceNotFoundException", "message": "no table"}"#;
        let error = read("json", 400, &[("x-amzn-RequestId", "id-1")], body);
        assert_eq!(code_and_message(&error), ("ResourceNotFoundException", "no table"));
        assert_eq!((error.request_id.as_deref(), error.status), (Some("id-1"), 400));

        let headers = [("x-amzn-errortype", "AccessDeniedException:http://internal.amazon.com/coral/")];
        let error = read("rest-json", 403, &headers, r#"{"Message": "no"}"#);
        assert_eq!(code_and_message(&error), ("AccessDeniedException", "no"));
    }

    #[test]
    fn services_that_spoke_query_keep_their_old_codes() {
        let headers = [("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender")];
        let error = read("json", 400, &headers, r#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}"#);
        assert_eq!(error.code, "AWS.SimpleQueueService.NonExistentQueue");
    }

    #[test]
    fn xml_errors_are_found_in_all_their_wrappers() {
        let error = "<Error><Code>AccessDenied</Code><Message>a &lt; b</Message></Error>";
        for (protocol, body) in [
            ("rest-xml", error.to_owned()),
            ("query", format!("<ErrorResponse>{error}<RequestId>id-1</RequestId></ErrorResponse>")),
            ("ec2", format!("<Response><Errors>{error}</Errors><RequestID>id-1</RequestID></Response>")),
        ] {
            let error = read(protocol, 403, &[("x-amz-id-2", "host")], &body);
            assert_eq!(code_and_message(&error), ("AccessDenied", "a < b"), "{protocol}");
            assert_eq!(error.host_id.as_deref(), Some("host"));
            assert_eq!(error.request_id.is_some(), protocol != "rest-xml");
        }
    }

    #[test]
    fn without_a_body_the_status_is_the_code() {
        let error = read("rest-xml", 404, &[("x-amz-request-id", "id-1")], "");
        assert_eq!(code_and_message(&error), ("404", "Not Found"));
        assert_eq!(error.request_id.as_deref(), Some("id-1"));
    }

    #[test]
    fn garbage_is_told_by_its_length_and_type_and_not_quoted() {
        let page = "<html><body>Service Unavailable</body></html>";
        for protocol in ["json", "rest-xml", "ec2"] {
            let error = read(protocol, 503, &[], page);
            assert_eq!(error.code, "503", "{protocol}");
            assert_eq!(
                error.message,
                "Service Unavailable; the body is not an AWS error (45 bytes without a content type)",
                "{protocol}"
            );
        }
        let html = [("content-type", "text/html")];
        assert_eq!(
            read("json", 502, &html, "upstream").message,
            "Bad Gateway; the body is not an AWS error (8 bytes of text/html)"
        );
        // JSON that is not an error: it may contain anything.
        let error = read("json", 403, &[], r#"{"password": "hunter2"}"#);
        assert_eq!(
            code_and_message(&error),
            ("403", "Forbidden; the body is not an AWS error (23 bytes without a content type)")
        );
    }
}
