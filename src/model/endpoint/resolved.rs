//! What the rules answer.

use super::error::EndpointError;
use crate::model::catalog::Service;
use crate::model::hosts;

/// Where a request goes and how it is signed there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedEndpoint {
    /// Scheme, host and, for some endpoints, the first part of the path.
    pub url: String,
    /// Headers that the endpoint wants; a name with several values stands here several times.
    pub headers: Vec<(String, String)>,
    /// How the endpoint accepts signatures, in the order of preference. Empty means: as the service's
    /// model says, with the region of the call.
    pub auth_schemes: Vec<AuthScheme>,
}

/// The names that the endpoint rules of S3 sign with besides its own (`signingName` in the rule sets of s3
/// and s3control in botocore's data). No other service has rules with another name than its own.
const OF_S3: [&str; 4] = ["s3", "s3-object-lambda", "s3-outposts", "s3express"];

impl ResolvedEndpoint {
    /// Checks what the rules, which are data, have made: the endpoint is one of AWS or the `configured` one,
    /// it is signed for as `service`, and its path is no part of what an operation calls.
    pub(super) fn check(&self, service: &Service, configured: Option<&str>) -> Result<(), EndpointError> {
        hosts::check(&self.url, configured).map_err(|error| EndpointError::ForeignHost(error.to_string()))?;
        let is_s3 = &*service.signing_name == "s3";
        if configured.is_none() && !is_s3 && !is_version(path_of(&self.url)) {
            return Err(EndpointError::Evaluation(format!("`{}` has a path", self.url.escape_debug())));
        }
        for scheme in &self.auth_schemes {
            let is_own = |name: &str| *service.signing_name == *name || is_s3 && OF_S3.contains(&name);
            if let Some(name) = scheme.signing_name.as_deref().filter(|name| !is_own(name)) {
                let problem = format!("`{}` is not the service that is asked", name.escape_debug());
                return Err(EndpointError::Evaluation(problem));
            }
            // It becomes part of a header.
            let regions = scheme.signing_region.as_deref().unwrap_or_default();
            if !regions.bytes().all(|byte| byte.is_ascii_graphic()) {
                let problem = format!("`{}` cannot be signed for", regions.escape_debug());
                return Err(EndpointError::Evaluation(problem));
            }
        }
        Ok(())
    }
}

/// What follows the host in a URL.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find(['/', '?', '#']).map_or("", |start| &rest[start..])
}

/// Whether a path is none, or the version of an API: `/v2`.
fn is_version(path: &str) -> bool {
    let number = path.strip_prefix("/v").unwrap_or_default();
    matches!(path, "" | "/") || !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// One way to sign a request to an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthScheme {
    /// `sigv4`, `sigv4a`, `sigv4-s3express` or `bearer`.
    pub name: String,
    /// The service name to sign with, when it is not the model's.
    pub signing_name: Option<String>,
    /// The region to sign with, when it is not that of the call. For `sigv4a` a set of regions, joined
    /// by commas.
    pub signing_region: Option<String>,
    /// The path is encoded once in the signature, as S3 wants it, and not twice.
    pub disable_double_encoding: bool,
}
