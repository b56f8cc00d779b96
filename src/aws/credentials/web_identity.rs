//! A role that is assumed with a token in a file, such as that of a Kubernetes service account.
//!
//! The SDK's own provider takes no endpoint from a profile whose file it cannot parse.

use std::path::PathBuf;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::role_settings::DEFAULT_SESSION_NAME;
use super::sts_client::sts_client;
use crate::aws_error::ServiceError;

/// The minimum length of the token (`tokenType` of the STS model).
const SHORTEST_TOKEN: usize = 4;

/// A provider that calls `sts:AssumeRoleWithWebIdentity`.
#[derive(Debug)]
pub(super) struct WebIdentity {
    config: SdkConfig,
    role_arn: String,
    token_file: PathBuf,
    session_name: String,
}

impl WebIdentity {
    /// Creates a provider. The file is read for each session, because its token is renewed.
    pub(super) fn new(
        config: &SdkConfig,
        role_arn: String,
        token_file: PathBuf,
        session_name: Option<String>,
    ) -> Self {
        let session_name = session_name.unwrap_or_else(|| DEFAULT_SESSION_NAME.to_owned());
        Self { config: config.clone(), role_arn, token_file, session_name }
    }

    async fn credentials(&self) -> provider::Result {
        let file = self.token_file.display();
        let token = tokio::fs::read_to_string(&self.token_file).await.map_err(|error| {
            CredentialsError::invalid_configuration(format!("web identity token file {file}: {error}"))
        })?;
        if token.len() < SHORTEST_TOKEN || token.trim().is_empty() {
            let problem = format!("web identity token file {file} has no token");
            return Err(CredentialsError::invalid_configuration(problem));
        }
        let response = sts_client(&self.config)
            .assume_role_with_web_identity()
            .role_arn(&self.role_arn)
            .role_session_name(&self.session_name)
            .web_identity_token(token.trim())
            .send()
            .await
            .map_err(|error| self.error(&ServiceError::new(&error)))?;
        let session = response
            .credentials
            .ok_or_else(|| self.error(&ServiceError::local("the response of STS has no credentials")))?;
        let mut credentials = Credentials::new(
            session.access_key_id,
            session.secret_access_key,
            Some(session.session_token),
            SystemTime::try_from(session.expiration).ok(),
            "WebIdentity",
        );
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsStsAssumeRoleWebId);
        Ok(credentials)
    }

    fn error(&self, error: &ServiceError) -> CredentialsError {
        CredentialsError::provider_error(format!(
            "cannot assume {} with the web identity token {}: {error}",
            self.role_arn,
            self.token_file.display()
        ))
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::WebIdentity;
    use crate::aws::credentials::fake::{FakeAws, query_error};
    use crate::error::chain;

    fn file(token: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(token.as_bytes()).expect("written");
        file
    }

    #[tokio::test]
    async fn rejected_token_is_reported_with_role_and_file() {
        let fake = FakeAws::new(|_| (400, query_error("InvalidIdentityToken", "Couldn't retrieve the key")));
        let file = file("the-token\n");
        let path = file.path().to_owned();
        let provider = WebIdentity::new(&fake.config("eu-west-1"), "arn:x".to_owned(), path.clone(), None);
        let text = chain(&provider.credentials().await.expect_err("an error"));
        let place = format!("cannot assume arn:x with the web identity token {}", path.display());
        assert!(text.contains(&place) && text.contains("InvalidIdentityToken"), "{text}");
        let sent = &fake.sent()[0].body;
        assert!(sent.contains("WebIdentityToken=the-token&") || sent.ends_with("WebIdentityToken=the-token"));
    }

    #[tokio::test]
    async fn file_without_token_is_named() {
        let fake = FakeAws::new(|_| (500, String::new()));
        let file = file("    \n");
        for path in [file.path().to_owned(), "/nonexistent/token".into()] {
            let provider = WebIdentity::new(&fake.config("eu-west-1"), String::new(), path.clone(), None);
            let text = chain(&provider.credentials().await.expect_err("an error"));
            assert!(text.contains(&format!("web identity token file {}", path.display())), "{text}");
        }
        assert!(fake.sent().is_empty());
    }
}
