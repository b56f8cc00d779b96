//! The error of an answer that cannot be read.

use std::error::Error;
use std::fmt;

use super::Problem;
use crate::model::catalog::{Operation, Protocol, Service};
use crate::model::protocol::body;
use crate::model::protocol::headers::ResponseHeaders;

/// An answer whose body is not what its protocol promises: a proxy's web page, or cut short. It says where
/// reading ended, and of what length and type the body is, but nothing of what is in it.
#[derive(Debug)]
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
            Protocol::RestXml | Protocol::Query | Protocol::Ec2 => "XML",
        };
        Self {
            expected: format!("the {format} of {}:{}", service.name, operation.name),
            problem,
            body: body::description(headers, body),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the answer is not {}: {} ({})", self.expected, self.problem, self.body)
    }
}

impl Error for DecodeError {}
