//! Error responses of the simulated AWS, with AWS's codes and wordings.

use super::credentials::SimulatedCaller;
use crate::model::catalog::{Protocol, Service};

/// An error response of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedError {
    /// The HTTP status.
    pub status: u16,
    /// The error code: `AccessDenied`.
    pub code: String,
    /// The error message.
    pub message: String,
    /// Additional headers, such as the region of a bucket.
    pub headers: Vec<(&'static str, String)>,
}

impl SimulatedError {
    /// Creates an error with this code and message.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Vec::new() }
    }

    /// Returns the error with an additional header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the error of a missing permission, whose code depends on the protocol.
    pub fn denied(service: &Service, message: impl Into<String>) -> Self {
        let (status, code) = match &service.protocol {
            Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => (400, "AccessDeniedException"),
            Protocol::RestJson => (403, "AccessDeniedException"),
            Protocol::Ec2 => (403, "UnauthorizedOperation"),
            Protocol::Query | Protocol::RestXml => (403, "AccessDenied"),
        };
        Self::new(status, code, message)
    }

    /// Returns the error of an access key that is unknown to the service in this region.
    #[must_use]
    pub fn unknown_key(service: &Service) -> Self {
        let invalid = "The security token included in the request is invalid.";
        match &service.protocol {
            Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => {
                Self::new(400, "UnrecognizedClientException", invalid)
            }
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

    /// Returns the error of an expired session.
    #[must_use]
    pub fn expired(service: &Service) -> Self {
        let expired = "The security token included in the request is expired";
        match &service.protocol {
            Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => {
                Self::new(400, "ExpiredTokenException", expired)
            }
            // The bearer token, and not that of a session (aws/aws-cli#5301, among others).
            Protocol::RestJson if &*service.name == "sso" => {
                Self::new(401, "UnauthorizedException", "Session token not found or invalid")
            }
            Protocol::RestJson => Self::new(403, "ExpiredTokenException", expired),
            Protocol::Ec2 => Self::new(400, "RequestExpired", "Request has expired."),
            Protocol::RestXml if &*service.name == "s3" => {
                Self::new(400, "ExpiredToken", "The provided token has expired.")
            }
            Protocol::Query | Protocol::RestXml => Self::new(403, "ExpiredToken", expired),
        }
    }

    /// Returns the error of a request without a signature.
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

    /// Returns the error of a malformed `Authorization` header.
    #[must_use]
    pub fn malformed_signature() -> Self {
        Self::new(
            400,
            "IncompleteSignature",
            "Authorization header requires existence of Credential, SignedHeaders and Signature.",
        )
    }

    /// Returns the error of a page token that this service has not returned for this list.
    #[must_use]
    pub fn bad_token(service: &Service, token_name: &str) -> Self {
        let message = format!("The value of {token_name} is not a token of this list.");
        let code = match &service.protocol {
            Protocol::Ec2 => "InvalidNextToken",
            Protocol::RestXml => "InvalidArgument",
            Protocol::Query => "ValidationError",
            Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } | Protocol::RestJson => "ValidationException",
        };
        Self::new(400, code, message)
    }

    /// Returns the error of a role that does not exist or does not trust the caller; STS does not distinguish the
    /// two.
    pub(super) fn not_assumable(service: &Service, caller: &SimulatedCaller<'_>, role: &str) -> Self {
        let who = caller.arn();
        let message = format!("User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}");
        Self::denied(service, message)
    }

    /// Returns the error of a bucket in another region.
    pub(super) fn elsewhere(region: &str) -> Self {
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. \
                       Please send all future requests to this endpoint.";
        Self::new(301, "PermanentRedirect", message).with_header("x-amz-bucket-region", region)
    }

    /// Returns an internal error of the service.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "InternalFailure", message)
    }
}
