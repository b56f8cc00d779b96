//! `sts:AssumeRole`: the session of a role in an account.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};

use super::account_access::AccountAccess;
use super::caller::Caller;
use super::credential_form;
use super::role_settings::RoleSettings;
use super::session_error::SessionError;
use super::session_policy::SessionPolicy;
use crate::aws_error::ServiceError;
use crate::names::AccountId;

/// The failure of an `AssumeRole` call.
enum AssumeRoleFailure {
    /// The role that is assumed first has no session.
    Via(SessionError),
    /// The error of STS.
    Sts(ServiceError),
}

/// The state that all `AssumeRole` calls share.
pub(super) struct AssumeRoleContext {
    pub(super) sts: aws_sdk_sts::Client,
    /// The clients with the credentials of roles that are assumed first in some accounts, by ARN.
    pub(super) via: HashMap<String, aws_sdk_sts::Client>,
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
    /// Returns the ARNs of the roles that are tried in an account, in this order: at least one.
    pub(super) fn role_arns(&self, account: &AccountId) -> Vec<String> {
        self.settings.arns(&self.caller.partition, account)
    }

    /// Returns whether accounts differ in the role that is assumed.
    pub(super) fn is_choice(&self) -> bool {
        !self.settings.fallback_role_names.is_empty() || !self.settings.overrides.is_empty()
    }

    /// Returns the error of an account in which no role can be assumed; `last` is that of the last one.
    pub(super) fn none_assumed(&self, account: &AccountId, last: SessionError) -> SessionError {
        let roles = self.role_arns(account);
        let is_of_role = last.access().and_then(AccountAccess::role_arn) == roles.last().map(String::as_str);
        if roles.len() == 1 || !is_of_role {
            return last;
        }
        let access = AccountAccess::Role(roles.join(" or "));
        SessionError::new(account, access, last.error().clone(), last.hints().to_vec())
    }

    /// Opens a session of a role in an account.
    pub(super) async fn assume(
        &self,
        account: &AccountId,
        role_arn: &str,
    ) -> Result<Credentials, SessionError> {
        let refused =
            |error| SessionError::assume_role(account, role_arn, error, &self.settings, &self.caller);
        let response = self.assume_with_fitting_policy(account, role_arn).await;
        let response = response.map_err(|failure| match failure {
            AssumeRoleFailure::Via(error) => error,
            AssumeRoleFailure::Sts(error) => refused(error),
        })?;
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
    ) -> Result<AssumeRoleOutput, AssumeRoleFailure> {
        let Self { settings, form, .. } = self;
        loop {
            let tried = form.load(Ordering::Relaxed);
            let response = self.assume_with(account, role_arn, settings.session_policies.get(tried)).await;
            match &response {
                Err(AssumeRoleFailure::Sts(error))
                    if error.is_packed_too_large() && tried + 1 < settings.session_policies.len() =>
                {
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
    ) -> Result<AssumeRoleOutput, AssumeRoleFailure> {
        let Self { settings, tags, caller, .. } = self;
        let via = settings.overrides.get(account).and_then(|own| own.via_role.as_ref());
        let sts = via.and_then(|role| self.via.get(role)).unwrap_or(&self.sts);
        let managed = policy.map(|policy| policy.managed_in(&caller.partition, account));
        let managed = managed.unwrap_or_default().into_iter();
        let managed: Vec<_> = managed.map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect();
        sts.assume_role()
            .role_arn(role_arn)
            .role_session_name(settings.session_name(account))
            .set_external_id(settings.external_id(account).map(str::to_owned))
            .set_policy(policy.and_then(|policy| policy.document.clone()))
            .set_policy_arns((!managed.is_empty()).then_some(managed))
            .set_source_identity(settings.source_identity.clone())
            .set_tags((!tags.is_empty()).then(|| tags.clone()))
            .set_duration_seconds(
                settings.duration.and_then(|duration| i32::try_from(duration.as_secs()).ok()),
            )
            .send()
            .await
            // An error of the base credentials, which may be a session too, concerns all accounts.
            .map_err(|error| match SessionError::find(&error).filter(|_| via.is_some()) {
                Some(session) => AssumeRoleFailure::Via(session.clone()),
                None => AssumeRoleFailure::Sts(ServiceError::new(&error)),
            })
    }
}
