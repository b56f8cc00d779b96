//! The front end: responses to requests that reach no service.

use std::borrow::Cow;

use super::request::SimulatedRequest;
use crate::simulator::error_response::SimulatedError;
use crate::simulator::wire::Message;

/// Returns AWS's error for an unknown operation.
pub(in crate::simulator) fn unknown_operation() -> SimulatedError {
    SimulatedError::new(404, "UnknownOperationException", "The requested operation is not supported.")
}

/// Returns an error response in the protocol that the request seems to use.
pub(in crate::simulator) fn refuse(
    request: &SimulatedRequest,
    refusal: &SimulatedError,
    request_id: &str,
) -> Message {
    let SimulatedError { status, code, message, .. } = refusal;
    let (content_type, body) = if request.field("Action").is_some() {
        // The codes and messages here contain no characters that need escaping.
        let error =
            format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
        ("text/xml", format!("<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"))
    } else {
        ("application/json", serde_json::json!({ "__type": code, "message": message }).to_string())
    };
    let headers = vec![
        (Cow::Borrowed("content-type"), content_type.to_owned()),
        (Cow::Borrowed("x-amzn-requestid"), request_id.to_owned()),
        (Cow::Borrowed("x-amzn-errortype"), code.clone()),
    ];
    Message { status: *status, headers, body: body.into_bytes() }
}
