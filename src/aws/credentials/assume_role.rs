//! The credentials provider that calls `sts:AssumeRole` for one account.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use super::caller::Caller;
use super::credential_form;
use super::role_settings::RoleSettings;
use super::session_error::SessionError;
use super::session_policy::SessionPolicy;
use crate::aws_error::ServiceError;
use crate::names::AccountId;

/// The state that all `AssumeRole` calls share.
pub(super) struct AssumeRoleContext {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) settings: RoleSettings,
    pub(super) tags: Vec<Tag>,
    pub(super) caller: Caller,
    /// The index of the first session policy that is not known to be too large.
    pub(super) form: AtomicUsize,
}

impl fmt::Debug for AssumeRoleContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AssumeRoleContext")
            .field("role", &self.settings.role_name)
            .finish_non_exhaustive()
    }
}

/// A credentials provider that opens a role session in one account.
#[derive(Debug)]
pub(super) struct AssumeRole {
    pub(super) context: Arc<AssumeRoleContext>,
    pub(super) account: AccountId,
    pub(super) role_arn: String,
}

impl AssumeRole {
    async fn assume(&self) -> provider::Result {
        let AssumeRoleContext { settings, caller, .. } = &*self.context;
        let response = self
            .assume_with_fitting_policy()
            .await
            .map_err(|error| self.session_error(error, settings, caller))?;
        let session = response.credentials.ok_or_else(|| {
            self.session_error(
                ServiceError::local("the AssumeRole response of STS has no credentials"),
                settings,
                caller,
            )
        })?;
        let mut credentials = Credentials::builder()
            .access_key_id(session.access_key_id)
            .secret_access_key(session.secret_access_key)
            .session_token(session.session_token)
            .account_id(self.account.as_str())
            .provider_name("AssumeRole");
        credentials.set_expiry(SystemTime::try_from(session.expiration).ok());
        let mut credentials = credentials.build();
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsStsAssumeRole);
        credential_form::check(&credentials).map_err(|unusable| {
            let error = ServiceError::local(format!(
                "the AssumeRole response of STS has invalid credentials: {unusable}"
            ));
            self.session_error(error, settings, caller)
        })?;
        Ok(credentials)
    }

    /// Assumes the role with the tightest session policy that STS accepts. The packed size of policies and tags is
    /// the same for all accounts, and so is the policy that fits.
    async fn assume_with_fitting_policy(&self) -> Result<AssumeRoleOutput, ServiceError> {
        let AssumeRoleContext { settings, form, .. } = &*self.context;
        loop {
            let tried = form.load(Ordering::Relaxed);
            let response = self.assume_with(settings.session_policies.get(tried)).await;
            match &response {
                Err(error) if error.is_packed_too_large() && tried + 1 < settings.session_policies.len() => {
                    if form.compare_exchange(tried, tried + 1, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                        tracing::warn!(
                            target: "scan::credentials", form = tried + 1,
                            "the session policy and the session tags are too large together; using a broader \
                             policy: {error}"
                        );
                    }
                }
                _ => return response,
            }
        }
    }

    async fn assume_with(&self, policy: Option<&SessionPolicy>) -> Result<AssumeRoleOutput, ServiceError> {
        let AssumeRoleContext { sts, settings, tags, caller, .. } = &*self.context;
        let managed = policy.map(|policy| policy.managed_in(&caller.partition, &self.account));
        let managed = managed.unwrap_or_default().into_iter();
        let managed: Vec<_> = managed.map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect();
        sts.assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(&settings.session_name)
            .set_external_id(settings.external_id.clone())
            .set_policy(policy.and_then(|policy| policy.document.clone()))
            .set_policy_arns((!managed.is_empty()).then_some(managed))
            .set_source_identity(settings.source_identity.clone())
            .set_tags((!tags.is_empty()).then(|| tags.clone()))
            .set_duration_seconds(
                settings.duration.and_then(|duration| i32::try_from(duration.as_secs()).ok()),
            )
            .send()
            .await
            .map_err(|error| ServiceError::new(&error))
    }

    fn session_error(
        &self,
        error: ServiceError,
        settings: &RoleSettings,
        caller: &Caller,
    ) -> CredentialsError {
        let error = SessionError::assume_role(&self.account, &self.role_arn, error, settings, caller);
        CredentialsError::provider_error(error)
    }
}

impl ProvideCredentials for AssumeRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}
