//! The credentials and the region of a profile of the file.

use aws_config::SdkConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::FileProfile;
use super::token::SessionTokenValue;
use crate::aws::credentials::credential_form::TrimmedProvider;
use crate::util::own_keys;

impl FileProfile {
    /// Returns the region of the profile.
    pub(in crate::aws::credentials) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns a provider of the profile's keys, or of a session of the role that is assumed with them.
    pub(in crate::aws::credentials) async fn provider(
        &self,
        config: &SdkConfig,
    ) -> SharedCredentialsProvider {
        let token = match &self.session {
            SessionTokenValue::Token(token) => Some(token.reveal()),
            SessionTokenValue::None | SessionTokenValue::Role { .. } => None,
        };
        let (id, secret) = (self.access_key_id.reveal(), self.secret_access_key.reveal());
        let keys = Credentials::new(id, secret, token, None, "ProfilesFile");
        own_keys::remember(&keys);
        let keys = TrimmedProvider::around(format!("the profile {}", self.place()), keys);
        match &self.session {
            SessionTokenValue::Role { arn, session_name } => SharedCredentialsProvider::new(
                AssumeRoleProvider::builder(arn)
                    .session_name(session_name)
                    .configure(config)
                    .build_from_provider(keys)
                    .await,
            ),
            SessionTokenValue::None | SessionTokenValue::Token(_) => keys,
        }
    }
}
