//! What the rules answer.

use super::error::EndpointError;
use crate::hosts;

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

impl ResolvedEndpoint {
    /// Checks that the endpoint is one of AWS or the `configured` one, and that it can be signed for.
    pub(super) fn check(&self, configured: Option<&str>) -> Result<(), EndpointError> {
        hosts::check(&self.url, configured).map_err(|error| EndpointError::ForeignHost(error.to_string()))?;
        for scheme in &self.auth_schemes {
            for name in [&scheme.signing_name, &scheme.signing_region].into_iter().flatten() {
                // It becomes part of a header.
                if !name.bytes().all(|byte| byte.is_ascii_graphic()) {
                    let problem = format!("`{}` cannot be signed for", name.escape_debug());
                    return Err(EndpointError::Evaluation(problem));
                }
            }
        }
        Ok(())
    }
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
