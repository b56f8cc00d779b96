//! Refusals: why the simulated AWS does not answer a call, in AWS's codes and wordings.

use super::credentials::SimulatedCaller;
use crate::model::catalog::{Protocol, Service};

/// An error that a service answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedError {
    /// The HTTP status.
    pub status: u16,
    /// The error's code: `AccessDenied`.
    pub code: String,
    /// What the service says about it.
    pub message: String,
    /// Headers of its own, such as the region where a bucket is.
    pub headers: Vec<(&'static str, String)>,
}

impl SimulatedError {
    /// A refusal with a code of one's own.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Vec::new() }
    }

    /// The same refusal with a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Permission is missing; every protocol has a word of its own for that.
    pub fn denied(service: &Service, message: impl Into<String>) -> Self {
        let (status, code) = match &service.protocol {
            Protocol::Json { .. } => (400, "AccessDeniedException"),
            Protocol::RestJson => (403, "AccessDeniedException"),
            Protocol::Ec2 => (403, "UnauthorizedOperation"),
            Protocol::Query | Protocol::RestXml => (403, "AccessDenied"),
        };
        Self::new(status, code, message)
    }

    /// The access key is unknown to the service in this region.
    #[must_use]
    pub fn unknown_key(service: &Service) -> Self {
        let invalid = "The security token included in the request is invalid.";
        match &service.protocol {
            Protocol::Json { .. } => Self::new(400, "UnrecognizedClientException", invalid),
            Protocol::RestJson => Self::new(403, "UnrecognizedClientException", invalid),
            Protocol::Ec2 => {
                Self::new(401, "AuthFailure", "AWS was not able to validate the provided access credentials")
            }
            Protocol::RestXml if &*service.name == "s3" => Self::new(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            ),
            Protocol::Query | Protocol::RestXml => Self::new(403, "InvalidClientTokenId", invalid),
        }
    }

    /// The session is over.
    #[must_use]
    pub fn expired(service: &Service) -> Self {
        let expired = "The security token included in the request is expired";
        match &service.protocol {
            Protocol::Json { .. } => Self::new(400, "ExpiredTokenException", expired),
            Protocol::RestJson => Self::new(403, "ExpiredTokenException", expired),
            Protocol::Ec2 => Self::new(400, "RequestExpired", "Request has expired."),
            Protocol::RestXml if &*service.name == "s3" => {
                Self::new(400, "ExpiredToken", "The provided token has expired.")
            }
            Protocol::Query | Protocol::RestXml => Self::new(403, "ExpiredToken", expired),
        }
    }

    /// The request has no signature.
    #[must_use]
    pub fn unsigned(service: &Service) -> Self {
        match &service.protocol {
            Protocol::RestXml if &*service.name == "s3" => Self::new(403, "AccessDenied", "Access Denied"),
            Protocol::Json { .. } | Protocol::RestJson => {
                Self::new(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
            }
            _ => Self::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
        }
    }

    /// The signature is not written as signature version 4 wants it.
    #[must_use]
    pub fn malformed_signature() -> Self {
        Self::new(
            400,
            "IncompleteSignature",
            "Authorization header requires existence of Credential, SignedHeaders and Signature.",
        )
    }

    /// The page token is not one that this service gave for this list.
    #[must_use]
    pub fn bad_token(service: &Service, token_name: &str) -> Self {
        let message = format!("The value of {token_name} is not a token of this list.");
        let code = match &service.protocol {
            Protocol::Ec2 => "InvalidNextToken",
            Protocol::RestXml => "InvalidArgument",
            Protocol::Query => "ValidationError",
            Protocol::Json { .. } | Protocol::RestJson => "ValidationException",
        };
        Self::new(400, code, message)
    }

    /// The role is not there, or does not let the caller in; STS does not tell which.
    pub(super) fn not_assumable(service: &Service, caller: &SimulatedCaller<'_>, role: &str) -> Self {
        let who = caller.arn();
        let message = format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}");
        Self::denied(service, message)
    }

    /// The bucket is in another region.
    pub(super) fn elsewhere(region: &str) -> Self {
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. \
                       Please send all future requests to this endpoint.";
        Self::new(301, "PermanentRedirect", message).with_header("x-amz-bucket-region", region)
    }

    /// The service itself failed.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "InternalFailure", message)
    }
}
