//! The SDK's form of an encoded request.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use http::Request;

use crate::model::protocol::WireRequest;

/// Returns a request without its host.
pub(super) fn http_request(request: &WireRequest) -> Result<HttpRequest, BoxError> {
    Ok(HttpRequest::try_from(request_to(&request.path_and_query, request)?)?)
}

/// Returns a request to `uri`, which includes the path and the query.
pub(super) fn request_to(uri: &str, request: &WireRequest) -> http::Result<Request<SdkBody>> {
    let mut message = Request::builder().method(&*request.method).uri(uri);
    for (name, value) in &request.headers {
        message = message.header(name, value);
    }
    if !request.body.is_empty() {
        message = message.header(http::header::CONTENT_LENGTH, request.body.len());
    }
    message.body(SdkBody::from(&*request.body))
}
