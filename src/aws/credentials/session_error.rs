//! Why an account could not be entered.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;

use super::caller::Caller;
use super::role_settings::{DEFAULT_ROLE_NAME, RoleSettings};
use crate::aws_error::ServiceError;
use crate::error::{chain, find_cause};
use crate::names::AccountId;

/// The refusal of a role session, with what can be done about it.
///
/// Cheap to clone; it travels inside the SDK's errors and is found there again by
/// [`SessionError::find`].
#[derive(Clone, Debug)]
pub struct SessionError(Arc<SessionFailure>);

#[derive(Debug)]
struct SessionFailure {
    account: AccountId,
    /// `None` for the caller's own account, where no role is assumed.
    role_arn: Option<String>,
    error: ServiceError,
    hints: Vec<String>,
}

impl SessionError {
    pub(super) fn assume_role(
        account: &AccountId,
        role_arn: &str,
        error: ServiceError,
        settings: &RoleSettings,
        caller: &Caller,
    ) -> Self {
        let hints = hints(account, role_arn, &error, settings, caller);
        Self(Arc::new(SessionFailure {
            account: account.clone(),
            role_arn: Some(role_arn.to_owned()),
            error,
            hints,
        }))
    }

    /// The error of a provider: our own if it holds one, else one around its text.
    pub(super) fn from_provider(account: &AccountId, error: &CredentialsError) -> Self {
        Self::find(error).cloned().unwrap_or_else(|| {
            Self(Arc::new(SessionFailure {
                account: account.clone(),
                role_arn: None,
                error: ServiceError::local(chain(error)),
                hints: Vec::new(),
            }))
        })
    }

    /// The session error inside an error of the SDK, if one is there.
    #[must_use]
    pub fn find<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// The account that stayed closed.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// The role that was to be assumed; `None` in the caller's own account.
    #[must_use]
    pub fn role_arn(&self) -> Option<&str> {
        self.0.role_arn.as_deref()
    }

    /// What STS answered.
    #[must_use]
    pub fn error(&self) -> &ServiceError {
        &self.0.error
    }

    /// Whether it may be the base credentials that are at fault: they expired, AWS does not know them,
    /// or there were none to send.
    #[must_use]
    pub fn doubts_the_base(&self) -> bool {
        let error = self.error();
        error.is_expired() || error.is_unknown_key() || error.code().is_none()
    }

    /// What to do about it, likeliest first.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.role_arn {
            Some(role_arn) => write!(formatter, "cannot assume {role_arn}: {}", self.0.error),
            None => write!(formatter, "no credentials for account {}: {}", self.0.account, self.0.error),
        }
    }
}

impl Error for SessionError {}

/// STS gives one answer for a role that does not exist, one that does not trust the caller, and a
/// caller who may not assume it, so the hints name all three.
fn hints(
    account: &AccountId,
    role_arn: &str,
    error: &ServiceError,
    settings: &RoleSettings,
    caller: &Caller,
) -> Vec<String> {
    let message = error.message();
    if error.is_denied() {
        return if message.contains("explicit deny in a service control policy") {
            vec![format!("a service control policy of the organization forbids {role_arn}")]
        } else {
            denied(account, role_arn, settings, caller)
        };
    }
    let hint = match error.code() {
        _ if error.is_expired() => {
            "the base credentials have expired: renew them (`aws sso login`) and run again".to_owned()
        }
        _ if error.is_unknown_key() => {
            "AWS does not know the base credentials any more: check that their key is active".to_owned()
        }
        _ if error.is_throttled() => {
            "other tools may use up the same quota of sts: lower --concurrency, raise --max-retries, or run at another \
             time"
                .to_owned()
        }
        Some("RegionDisabledException") => {
            format!(
                "STS is not active for account {} in this region: choose another with AWS_REGION",
                caller.account
            )
        }
        _ if error.is_packed_too_large() => {
            "session policy and session tags are too large together: give fewer or shorter ones with --session-tag, \
             or a smaller policy with --session-policy"
                .to_owned()
        }
        Some("MalformedPolicyDocument") => {
            "AWS does not accept the session policy: check what --session-policy names".to_owned()
        }
        Some("ValidationError") if message.contains("DurationSeconds") => format!(
            "the session is to last longer than {} allows (or than the hour a chained session has): ask for a shorter one",
            settings.role_name
        ),
        _ => return Vec::new(),
    };
    vec![hint]
}

fn denied(account: &AccountId, role_arn: &str, settings: &RoleSettings, caller: &Caller) -> Vec<String> {
    let name = &settings.role_name;
    let mut existence = format!("does account {account} have a role {name}? name another with --role-name");
    if name == DEFAULT_ROLE_NAME {
        existence.push_str(
            " (accounts that joined by invitation have none until it is created; AWS Control Tower's is AWSControlTowerExecution)",
        );
    }
    let mut actions = "sts:AssumeRole".to_owned();
    if !settings.tags.is_empty() {
        actions.push_str(" and sts:TagSession");
    }
    if settings.source_identity.is_some() {
        actions.push_str(" and sts:SetSourceIdentity");
    }
    let mut trust =
        format!("does its trust policy allow {actions} to account {} or {}?", caller.account, caller.arn);
    match settings.external_id {
        Some(_) => trust.push_str(" does it ask for the same external id?"),
        None => trust.push_str(" if it asks for an external id, give it with --external-id"),
    }
    vec![existence, trust, format!("may {} call {actions} on {role_arn}?", caller.arn)]
}
