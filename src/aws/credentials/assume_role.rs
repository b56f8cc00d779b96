//! `sts:AssumeRole`: the session of a role in an account.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
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

impl AssumeRoleContext {
    /// Returns the ARN of the role in an account.
    pub(super) fn role_arn(&self, account: &AccountId) -> String {
        self.settings.arn(&self.caller.partition, account)
    }

    /// Opens a session of a role in an account.
    pub(super) async fn assume(
        &self,
        account: &AccountId,
        role_arn: &str,
    ) -> Result<Credentials, SessionError> {
        let refused =
            |error| SessionError::assume_role(account, role_arn, error, &self.settings, &self.caller);
        let response = self.assume_with_fitting_policy(account, role_arn).await.map_err(refused)?;
        let session = response.credentials.ok_or_else(|| {
            refused(ServiceError::local("the AssumeRole response of STS has no credentials"))
        })?;
        let mut credentials = Credentials::builder()
            .access_key_id(session.access_key_id)
            .secret_access_key(session.secret_access_key)
            .session_token(session.session_token)
            .account_id(account.as_str())
            .provider_name("AssumeRole");
        credentials.set_expiry(SystemTime::try_from(session.expiration).ok());
        let mut credentials = credentials.build();
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsStsAssumeRole);
        credential_form::trimmed(credentials, "the session").map_err(|unusable| {
            refused(ServiceError::local(format!(
                "the AssumeRole response of STS has invalid credentials: {unusable}"
            )))
        })
    }

    /// Assumes the role with the tightest session policy that STS accepts. The packed size of policies and tags is
    /// the same for all accounts, and so is the policy that fits.
    async fn assume_with_fitting_policy(
        &self,
        account: &AccountId,
        role_arn: &str,
    ) -> Result<AssumeRoleOutput, ServiceError> {
        let Self { settings, form, .. } = self;
        loop {
            let tried = form.load(Ordering::Relaxed);
            let response = self.assume_with(account, role_arn, settings.session_policies.get(tried)).await;
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

    async fn assume_with(
        &self,
        account: &AccountId,
        role_arn: &str,
        policy: Option<&SessionPolicy>,
    ) -> Result<AssumeRoleOutput, ServiceError> {
        let Self { sts, settings, tags, caller, .. } = self;
        let managed = policy.map(|policy| policy.managed_in(&caller.partition, account));
        let managed = managed.unwrap_or_default().into_iter();
        let managed: Vec<_> = managed.map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect();
        sts.assume_role()
            .role_arn(role_arn)
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
}
