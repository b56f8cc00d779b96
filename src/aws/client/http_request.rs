//! The SDK's form of an encoded request.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use crate::model::protocol::WireRequest;

/// Returns a request without its host.
pub(super) fn http_request(request: &WireRequest) -> Result<HttpRequest, BoxError> {
    let mut message = http::Request::builder().method(&*request.method).uri(&*request.path_and_query);
    for (name, value) in &request.headers {
        message = message.header(name, value);
    }
    if !request.body.is_empty() {
        message = message.header(http::header::CONTENT_LENGTH, request.body.len());
    }
    Ok(HttpRequest::try_from(message.body(SdkBody::from(&*request.body))?)?)
}
