//! Resolved endpoints, the results of the rules.

use super::error::EndpointError;
use crate::model::catalog::Service;
use crate::model::hosts;

/// The endpoint of a request and its authentication schemes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedEndpoint {
    /// Scheme, host and, for some endpoints, the start of the path.
    pub url: String,
    /// Headers that the endpoint requires; a name with several values occurs several times.
    pub headers: Vec<(String, String)>,
    /// The authentication schemes in the order of preference. If empty, the service's model and the region of the
    /// call apply.
    pub auth_schemes: Vec<AuthScheme>,
}

/// The signing names in the endpoint rules of S3 besides its own (`signingName` in the rule sets of s3 and
/// s3control in botocore's data). No other service has rules with a different name than its own.
const OF_S3: [&str; 4] = ["s3", "s3-object-lambda", "s3-outposts", "s3express"];

impl ResolvedEndpoint {
    /// Validates the result of the rules, which are data: the endpoint has to be one of AWS or the `configured`
    /// one, be signed for `service`, and its path must not be part of an operation's path.
    pub(super) fn check(&self, service: &Service, configured: Option<&str>) -> Result<(), EndpointError> {
        hosts::check(&self.url, configured).map_err(|error| EndpointError::ForeignHost(error.to_string()))?;
        let is_s3 = &*service.signing_name == "s3";
        if configured.is_none() && !is_s3 && !is_version(path_of(&self.url)) {
            return Err(EndpointError::Evaluation(format!("`{}` has a path", self.url.escape_debug())));
        }
        for scheme in &self.auth_schemes {
            let is_own = |name: &str| *service.signing_name == *name || is_s3 && OF_S3.contains(&name);
            if let Some(name) = scheme.signing_name.as_deref().filter(|name| !is_own(name)) {
                let problem =
                    format!("`{}` is not the signing name of the called service", name.escape_debug());
                return Err(EndpointError::Evaluation(problem));
            }
            // The region becomes part of a header.
            let regions = scheme.signing_region.as_deref().unwrap_or_default();
            if !regions.bytes().all(|byte| byte.is_ascii_graphic()) {
                let problem = format!("`{}` is not a valid signing region", regions.escape_debug());
                return Err(EndpointError::Evaluation(problem));
            }
        }
        Ok(())
    }
}

/// Returns the part of a URL after the host.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find(['/', '?', '#']).map_or("", |start| &rest[start..])
}

/// Returns whether a path is empty, or an API version: `/v2`.
fn is_version(path: &str) -> bool {
    let number = path.strip_prefix("/v").unwrap_or_default();
    matches!(path, "" | "/") || !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// An authentication scheme of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthScheme {
    /// `sigv4`, `sigv4a`, `sigv4-s3express` or `bearer`.
    pub name: String,
    /// The signing name, when it differs from the model's.
    pub signing_name: Option<String>,
    /// The signing region, when it differs from that of the call. For `sigv4a`, a set of regions separated by
    /// commas.
    pub signing_region: Option<String>,
    /// Whether the path is encoded once in the signature, as S3 requires, instead of twice.
    pub disable_double_encoding: bool,
}
