//! The signature of a request: the caller, the service and the region.
//!
//! It has to be present and well-formed; it is not verified, since the simulator identifies callers by their
//! access keys.

use crate::simulator::error_response::SimulatedError;

/// The credential scope of signature version 4
/// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) struct CredentialScope<'header> {
    pub(in crate::simulator) access_key: &'header str,
    pub(in crate::simulator) region: &'header str,
    pub(in crate::simulator) signing_name: &'header str,
}

/// The authorization of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) enum Authorization<'header> {
    /// No authorization.
    None,
    /// A bearer token.
    Bearer,
    /// A signature.
    Signed(CredentialScope<'header>),
}

impl<'header> Authorization<'header> {
    /// Reads the `Authorization` header.
    pub(in crate::simulator) fn parse(header: Option<&'header str>) -> Result<Self, SimulatedError> {
        let Some(header) = header else {
            return Ok(Self::None);
        };
        match header.split_once(' ') {
            Some(("Bearer", token)) if !token.is_empty() => Ok(Self::Bearer),
            Some(("AWS4-HMAC-SHA256", fields)) => {
                signature(fields).map(Self::Signed).ok_or_else(SimulatedError::malformed_signature)
            }
            _ => Err(SimulatedError::malformed_signature()),
        }
    }

    pub(in crate::simulator) fn scope(&self) -> Option<CredentialScope<'header>> {
        match self {
            Self::Signed(scope) => Some(*scope),
            Self::None | Self::Bearer => None,
        }
    }
}

fn signature(fields: &str) -> Option<CredentialScope<'_>> {
    let field =
        |name: &str| fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let signed_headers = field("SignedHeaders")?;
    if !is_hash(field("Signature")?) || !signed_headers.split(';').any(|name| name == "host") {
        return None;
    }
    let mut parts = field("Credential")?.split('/');
    let (access_key, date) = (parts.next()?, parts.next()?);
    let (region, signing_name) = (parts.next()?, parts.next()?);
    let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let ends_well = parts.next() == Some("aws4_request") && parts.next().is_none();
    (is_date && ends_well).then_some(CredentialScope { access_key, region, signing_name })
}

#[cfg(test)]
mod tests {
    use super::{Authorization, CredentialScope};

    fn header(credential: &str, signature: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, Signature={signature}"
        )
    }

    #[test]
    fn the_scope_names_key_region_and_service() {
        let header = header("AKIDEXAMPLE/20261121/eu-west-1/ec2/aws4_request", &"0a".repeat(32));
        assert_eq!(
            Authorization::parse(Some(&header)).expect("well-formed").scope(),
            Some(CredentialScope { access_key: "AKIDEXAMPLE", region: "eu-west-1", signing_name: "ec2" })
        );
    }

    #[test]
    fn a_signature_must_be_well_formed() {
        let scope = "AKIDEXAMPLE/20261121/eu-west-1/ec2/aws4_request";
        for wrong in [
            header(scope, "short"),
            header("AKIDEXAMPLE/20261121/eu-west-1/ec2", &"0a".repeat(32)),
            header("AKIDEXAMPLE/today/eu-west-1/ec2/aws4_request", &"0a".repeat(32)),
            "Basic abc".to_owned(),
        ] {
            let refusal = Authorization::parse(Some(&wrong)).expect_err("a refusal");
            assert_eq!(refusal.code, "IncompleteSignature", "{wrong}");
        }
        assert_eq!(Authorization::parse(None), Ok(Authorization::None));
        assert_eq!(Authorization::parse(Some("Bearer token")), Ok(Authorization::Bearer));
    }
}
