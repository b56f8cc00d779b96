//! The error of a response that cannot be decoded.

use super::Problem;
use crate::model::catalog::{Operation, Protocol, Service};
use crate::model::protocol::body;
use crate::model::protocol::headers::ResponseHeaders;

/// The error of a response whose body does not conform to its protocol: a proxy's web page, or a truncated body.
/// It contains the position where decoding failed and the length and type of the body, but none of its content.
#[derive(Debug, thiserror::Error)]
#[error("the response is not {expected}: {problem} ({body})")]
pub struct DecodeError {
    expected: String,
    problem: Problem,
    body: String,
}

impl DecodeError {
    pub(super) fn new(
        service: &Service,
        operation: &Operation,
        problem: Problem,
        headers: &(impl ResponseHeaders + ?Sized),
        body: &[u8],
    ) -> Self {
        let format = match service.protocol {
            Protocol::Json { .. } | Protocol::RestJson => "JSON",
            Protocol::RpcV2Cbor { .. } => "CBOR",
            Protocol::RestXml | Protocol::Query | Protocol::Ec2 => "XML",
        };
        Self {
            expected: format!("the {format} of {}:{}", service.name, operation.name),
            problem,
            body: body::description(headers, body),
        }
    }
}
