//! From an HTTP response to an answer in boto3's shape, or to the service's error.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::{Map, Value};

use super::error::{AnswerError, CallError, CallErrorKind};
use super::{quirks, wire};
use crate::catalog::{Function, Protocol};

/// One page of an answer.
#[derive(Debug)]
pub struct Answer {
    /// The members, as boto3 has them, without `ResponseMetadata`.
    pub members: Map<String, Value>,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
}

/// Reads the answer of `function`, or the error it carries.
pub(super) fn read(function: &Function, response: &HttpResponse) -> Result<Answer, AnswerError> {
    let service = function.service();
    let status = response.status().as_u16();
    let body = response.body().bytes().unwrap_or_default();
    let headers = response.headers();
    let request_id = ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(|name| headers.get(name));
    let request_id = request_id.map(str::to_owned);

    // S3 may find out that it fails after it has said 200 (AWS: "200 OK with an error body").
    let is_s3 = service.protocol == Protocol::RestXml && &*service.name == "s3";
    let failed_late = is_s3 && status == 200 && wire::is_error_document(body);
    if failed_late || status >= 300 {
        let fault = wire::decode_error(service, status, headers, body);
        let bucket_region = headers.get("x-amz-bucket-region").map(str::to_owned);
        let bucket_region = bucket_region.or_else(|| if is_s3 { quirks::named_region(body) } else { None });
        let error = CallError {
            kind: CallErrorKind::Service,
            code: Some(fault.code),
            message: fault.message,
            request_id: fault.request_id.or(request_id),
            status: Some(status),
            bucket_region,
            attempts: 0,
        };
        return Err(AnswerError::new(error, failed_late));
    }
    match wire::decode_response(service, function.operation(), status, headers, body) {
        Ok(mut members) => {
            quirks::fix_answer(function, &mut members, headers, body);
            Ok(Answer { members, request_id, attempts: 0 })
        }
        Err(cause) => {
            let mut error = CallError::new(CallErrorKind::Answer, cause.to_string());
            error.request_id = request_id;
            error.status = Some(status);
            // A body cut short by a proxy or a dying connection may come whole the next time.
            Err(AnswerError::new(error, true))
        }
    }
}
