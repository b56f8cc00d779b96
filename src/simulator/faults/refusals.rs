//! Faults that replace a response: errors with the wording of the service.

use super::{clock, denial, throttling};
use crate::model::catalog::{Protocol, Service};
use crate::simulator::credentials::SimulatedCaller;
use crate::simulator::error_response::SimulatedError;
use crate::simulator::http::request::SimulatedRequest;
use crate::simulator::scenario::{Fault, Policy};

/// The context that the wording of an error depends on.
pub(in crate::simulator) struct ErrorContext<'request> {
    pub(in crate::simulator) service: &'request Service,
    /// The operation: `DescribeInstances`.
    pub(in crate::simulator) operation: &'request str,
    pub(in crate::simulator) identity: &'request SimulatedCaller<'request>,
    pub(in crate::simulator) request: &'request SimulatedRequest,
}

/// Returns the error response of a fault, if it has one.
pub(in crate::simulator) fn refusal(
    fault: &Fault,
    circumstances: &ErrorContext<'_>,
) -> Option<SimulatedError> {
    let ErrorContext { service, operation, identity, request } = circumstances;
    Some(match fault {
        Fault::Throttle { .. } => throttling::refusal(service),
        Fault::Error { status, code, message } => error(*status, code.as_deref(), message.as_deref()),
        Fault::Deny { by, explicit } => {
            let explicit = explicit.unwrap_or(*by == Policy::Scp);
            denial::refusal(service, identity, operation, *by, explicit)
        }
        Fault::NotAvailable {} => not_available(service, operation),
        Fault::ExpiredToken { .. } => SimulatedError::expired(service),
        Fault::ClockSkew { seconds } => {
            return clock::refusal(service, request.header("x-amz-date"), clock::shown(*seconds));
        }
        Fault::Vanish { .. } if *operation == "AssumeRole" => {
            SimulatedError::not_assumable(service, identity, request.field("RoleArn").unwrap_or_default())
        }
        Fault::RegionDisabled {} | Fault::Vanish { .. } => SimulatedError::unknown_key(service),
        Fault::Redirect { region: Some(region), .. } => SimulatedError::elsewhere(region),
        _ => return None,
    })
}

/// Returns an error of the service.
fn error(status: u16, code: Option<&str>, message: Option<&str>) -> SimulatedError {
    let (usual_code, usual_message) = match status {
        503 => ("ServiceUnavailable", "Service is unavailable. Please try again later."),
        400..=499 => ("ValidationError", "The request is not valid."),
        _ => ("InternalFailure", "The request processing has failed because of an unknown error."),
    };
    SimulatedError::new(status, code.unwrap_or(usual_code), message.unwrap_or(usual_message))
}

/// Returns the error of an operation that the service does not offer in the region, or no longer offers.
fn not_available(service: &Service, operation: &str) -> SimulatedError {
    let message = format!("{operation} is not available in this region.");
    match &service.protocol {
        Protocol::Ec2 => SimulatedError::new(
            400,
            "UnsupportedOperation",
            "The functionality you requested is not available in this region.",
        ),
        Protocol::Query => SimulatedError::new(
            400,
            "InvalidAction",
            format!("The action {operation} is not valid for this web service."),
        ),
        Protocol::RestXml => SimulatedError::new(
            405,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        ),
        Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => {
            SimulatedError::new(400, "UnknownOperationException", message)
        }
        Protocol::RestJson => SimulatedError::new(404, "UnknownOperationException", message),
    }
}
