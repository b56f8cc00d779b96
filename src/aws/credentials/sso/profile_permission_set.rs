//! The permission set that a profile names, as a source of base credentials.

use aws_config::SdkConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::access_portal::AccessPortal;
use super::sso_session::SsoSession;
use crate::aws::credentials::profile_source::ProfileSso;
use crate::names::AccountId;

/// The permission set of a profile (`sso_role_name`) in an account (`sso_account_id`).
#[derive(Debug)]
pub(in crate::aws::credentials) struct ProfilePermissionSet {
    portal: AccessPortal,
    account: AccountId,
    name: String,
}

impl ProfilePermissionSet {
    pub(in crate::aws::credentials) async fn new(config: &SdkConfig, profile: ProfileSso) -> Self {
        let session = SsoSession {
            name: profile.session_name,
            start_url: profile.start_url,
            region: profile.region,
            login: "aws sso login".to_owned(),
        };
        let portal = AccessPortal::signed_in(config, session).await;
        Self { portal, account: profile.account, name: profile.name }
    }

    async fn credentials(&self) -> provider::Result {
        self.portal.credentials(&self.account, &self.name).await.map_err(CredentialsError::provider_error)
    }
}

impl ProvideCredentials for ProfilePermissionSet {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}
