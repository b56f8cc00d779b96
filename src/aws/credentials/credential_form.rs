//! The form of credentials: white space around them is removed, and other characters that are not allowed in headers
//! are an error, before a request is signed.
//!
//! The key ID and the token become parts of headers, and the SDK panics where they are not valid there. A downloaded
//! CSV file, a `.env` file of Windows or a Kubernetes secret often has a line end after each value.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};

use crate::error::find_cause;

/// A part of credentials with a character that is not allowed in credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} of {source_name} contains {character:?}, which is not allowed in credentials")]
pub(super) struct Unusable {
    part: &'static str,
    source_name: String,
    character: char,
}

impl Unusable {
    /// Returns the first error of this type among an error and its causes.
    pub(super) fn find<'error>(error: &'error (dyn std::error::Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// The hint on how to fix it.
    pub(super) const HINT: &'static str = "remove white space and line endings from the credentials, and quotes \
                                           and comments that became part of them";
}

/// Returns credentials without white space around their parts. `source_name` is for messages.
///
/// # Errors
///
/// Returns the first part with another character that cannot be sent in a header.
pub(super) fn trimmed(credentials: Credentials, source_name: &str) -> Result<Credentials, Unusable> {
    let token = credentials.session_token().map(str::trim).filter(|token| !token.is_empty());
    let parts = [
        ("access key ID", credentials.access_key_id().trim()),
        ("secret access key", credentials.secret_access_key().trim()),
        ("session token", token.unwrap_or_default()),
    ];
    for (part, text) in parts {
        if let Some(character) = text.chars().find(|character| !character.is_ascii_graphic()) {
            return Err(Unusable { part, source_name: source_name.to_owned(), character });
        }
    }
    let [(_, id), (_, secret), _] = parts;
    if id.len() == credentials.access_key_id().len()
        && secret.len() == credentials.secret_access_key().len()
        && token == credentials.session_token()
    {
        return Ok(credentials);
    }
    let mut clean =
        Credentials::builder().access_key_id(id).secret_access_key(secret).provider_name("Trimmed");
    clean.set_session_token(token.map(str::to_owned));
    clean.set_expiry(credentials.expiry());
    clean.set_account_id(credentials.account_id().cloned());
    let mut clean = clean.build();
    if let Some(features) = credentials.get_property::<CredentialFeatures>() {
        clean.get_property_mut_or_default::<CredentialFeatures>().extend(features.iter().cloned());
    }
    Ok(clean)
}

/// The sources of credentials, which the user agent of requests lists.
type CredentialFeatures = Vec<aws_credential_types::credential_feature::AwsCredentialFeature>;

/// A provider whose credentials are [`trimmed`].
#[derive(Debug)]
pub(super) struct TrimmedProvider {
    source_name: String,
    provider: SharedCredentialsProvider,
}

impl TrimmedProvider {
    /// Wraps a provider; `source_name` is for messages.
    pub(super) fn around(
        source_name: impl Into<String>,
        provider: impl ProvideCredentials + 'static,
    ) -> SharedCredentialsProvider {
        let provider = SharedCredentialsProvider::new(provider);
        SharedCredentialsProvider::new(Self { source_name: source_name.into(), provider })
    }

    async fn credentials(&self) -> provider::Result {
        let credentials = self.provider.provide_credentials().await?;
        trimmed(credentials, &self.source_name).map_err(CredentialsError::invalid_configuration)
    }
}

impl ProvideCredentials for TrimmedProvider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use aws_credential_types::Credentials;

    use super::trimmed;

    fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
        let expiry = Some(SystemTime::UNIX_EPOCH);
        Credentials::new(id, secret, token.map(str::to_owned), expiry, "test")
    }

    #[test]
    fn white_space_around_parts_is_removed() {
        let found = trimmed(credentials("\n AKIA\r\n", "s\u{a0}", Some("t\n")), "x").expect("credentials");
        assert_eq!(
            (found.access_key_id(), found.secret_access_key(), found.session_token(), found.expiry()),
            ("AKIA", "s", Some("t"), Some(SystemTime::UNIX_EPOCH))
        );
        let good = credentials("AKIAIOSFODNN7EXAMPLE", "wJalr/+=", Some("IQoJb3JpZ2lu//8="));
        assert_eq!(trimmed(good.clone(), "x"), Ok(good));
    }

    #[test]
    fn other_characters_are_rejected_with_part_and_source() {
        for (bad, part) in [
            (credentials("AKIA\nx-evil: 1", "s", None), "access key ID"),
            (credentials("AKIA\u{e9}", "s", None), "access key ID"),
            (credentials("AKIA", "s s", None), "secret access key"),
            (credentials("AKIA", "s", Some("t t")), "session token"),
            (credentials("AKIA", "s", Some("t\u{0}t")), "session token"),
        ] {
            let error = trimmed(bad, "the environment").expect_err(part).to_string();
            assert!(error.contains(&format!("the {part} of the environment contains")), "{error}");
        }
    }
}
