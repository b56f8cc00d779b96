//! The error of an account whose role session could not be opened.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;

use super::account_access::AccountAccess;
use super::caller::Caller;
use super::role_settings::{DEFAULT_ROLE_NAME, RoleSettings};
use crate::aws_error::ServiceError;
use crate::error::{Failure, chain, find_cause};
use crate::names::AccountId;

/// A failed role session, with hints on how to fix it.
///
/// Cheap to clone. The SDK wraps it in its own errors; [`SessionError::find`] extracts it from them.
#[derive(Clone, Debug)]
pub struct SessionError(Arc<SessionFailure>);

#[derive(Debug)]
struct SessionFailure {
    account: AccountId,
    /// `None` for the caller's own account, where base credentials are used.
    access: Option<AccountAccess>,
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
            access: Some(AccountAccess::Role(role_arn.to_owned())),
            error,
            hints,
        }))
    }

    /// Creates the error of a way into an account.
    pub(super) fn new(
        account: &AccountId,
        access: AccountAccess,
        error: ServiceError,
        hints: Vec<String>,
    ) -> Self {
        Self(Arc::new(SessionFailure { account: account.clone(), access: Some(access), error, hints }))
    }

    /// Converts the error of a credentials provider: returns the `SessionError` inside it if there is one, else
    /// wraps its text.
    pub(super) fn from_provider(account: &AccountId, error: &CredentialsError) -> Self {
        Self::find(error).cloned().unwrap_or_else(|| {
            Self(Arc::new(SessionFailure {
                account: account.clone(),
                access: None,
                error: ServiceError::local(chain(error)),
                hints: Vec::new(),
            }))
        })
    }

    /// Returns the session error inside an SDK error, if there is one.
    #[must_use]
    pub fn find<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// Returns the account that has no session.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// Returns the way into the account that failed; `None` in the caller's own account.
    #[must_use]
    pub fn access(&self) -> Option<&AccountAccess> {
        self.0.access.as_ref()
    }

    /// Returns the error of the service that opens sessions.
    #[must_use]
    pub fn error(&self) -> &ServiceError {
        &self.0.error
    }

    /// Returns whether AWS denies this way into the account, so that another way may be open: the role cannot be
    /// assumed, or the permission set is not assigned or does not exist (`GetRoleCredentials` in botocore's
    /// `sso/2019-06-10`).
    pub(super) fn is_closed(&self) -> bool {
        let is_set = matches!(self.0.access, Some(AccountAccess::PermissionSet(_)));
        self.error().is_denied() || is_set && self.error().code() == Some("ResourceNotFoundException")
    }

    /// Returns whether the base credentials may be the cause: they expired, AWS does not recognize them, or none
    /// were available.
    #[must_use]
    pub fn doubts_the_base(&self) -> bool {
        let error = self.error();
        error.is_expired() || error.is_unknown_key() || error.code().is_none()
    }

    /// Returns the hints on how to fix it, likeliest first.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }
}

impl SessionError {
    /// Returns the failure of a run that needs this session.
    pub(super) fn failure(&self) -> Failure {
        let failure = Failure::credentials(self.to_string());
        self.hints().iter().fold(failure, |failure, hint| failure.hint(hint.clone()))
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.access {
            Some(AccountAccess::Role(role_arn)) => {
                write!(formatter, "cannot assume {role_arn}: {}", self.0.error)
            }
            Some(AccountAccess::PermissionSet(names)) => write!(
                formatter,
                "no credentials of permission set {names} for account {}: {}",
                self.0.account, self.0.error
            ),
            None => write!(formatter, "no credentials for account {}: {}", self.0.account, self.0.error),
        }
    }
}

impl Error for SessionError {}

/// Returns the hints for an error of STS. STS returns the same `AccessDenied` for a role that does not exist, for
/// a role that does not trust the caller, and for a caller without the permission to assume it, so the hints of a
/// denial name all three.
fn hints(
    account: &AccountId,
    role_arn: &str,
    error: &ServiceError,
    settings: &RoleSettings,
    caller: &Caller,
) -> Vec<String> {
    let message = error.message();
    if error.is_denied() {
        return match known_denial(role_arn, message, caller) {
            Some(hint) => vec![hint],
            None => denied(account, role_arn, settings, caller),
        };
    }
    let hint = match error.code() {
        _ if error.is_expired() => {
            "renew the base credentials, which have expired (`aws sso login`), and run again".to_owned()
        }
        _ if error.is_unknown_key() => {
            "check that the access key of the base credentials still exists and is active".to_owned()
        }
        _ if error.is_throttled() => {
            "lower --concurrency, raise --max-retries, or run at another time: other tools may be using the \
             same STS quota"
                .to_owned()
        }
        Some("RegionDisabledException") => {
            format!(
                "choose another region with AWS_REGION: STS is not active for account {} in this one",
                caller.account
            )
        }
        _ if error.is_packed_too_large() => {
            "pass fewer or shorter tags with --session-tag, or a smaller policy with --session-policy: together \
             they are too large"
                .to_owned()
        }
        Some("MalformedPolicyDocument") => {
            "check the session policy (--session-policy): AWS rejects it as malformed".to_owned()
        }
        Some("ValidationError") if message.contains("DurationSeconds") => format!(
            "request a shorter session: it exceeds the maximum of role {}, or the hour of a chained session",
            name_of(role_arn)
        ),
        _ => return Vec::new(),
    };
    vec![hint]
}

/// Returns the hint for a denial whose message names its cause.
fn known_denial(role_arn: &str, message: &str, caller: &Caller) -> Option<String> {
    // The wording is that of public reports, such as github.com/Netflix/security_monkey/issues/1026.
    if message.contains("may not be assumed by root accounts") {
        return Some(format!(
            "use a user or a role of account {}: the root user cannot assume roles",
            caller.account
        ));
    }
    // The wordings are those of docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
    let policies = ["service control policy", "resource control policy", "VPC endpoint policy"];
    let policy = policies.into_iter().find(|policy| message.contains(policy))?;
    let caller = &caller.arn;
    Some(if message.contains("explicit deny") {
        format!("exempt {caller} from the {policy} that denies sts:AssumeRole on {role_arn}")
    } else {
        format!("let the {policy} allow {caller} sts:AssumeRole on {role_arn}")
    })
}

/// Returns the name of a role without its path.
fn name_of(role_arn: &str) -> &str {
    role_arn.rsplit('/').next().unwrap_or(role_arn)
}

fn denied(account: &AccountId, role_arn: &str, settings: &RoleSettings, caller: &Caller) -> Vec<String> {
    let name = name_of(role_arn);
    let mut existence =
        format!("check that role {name} exists in account {account} (change it with --role-name)");
    if name == DEFAULT_ROLE_NAME {
        existence.push_str(
            "; accounts that joined by invitation lack it until it is created, AWS Control Tower creates \
             AWSControlTowerExecution",
        );
    }
    let mut actions = "sts:AssumeRole".to_owned();
    if !settings.tags.is_empty() {
        actions.push_str(" and sts:TagSession");
    }
    if settings.source_identity.is_some() {
        actions.push_str(" and sts:SetSourceIdentity");
    }
    let mut trust = format!(
        "check that the trust policy of the role allows {actions} to account {} or {}",
        caller.account, caller.arn
    );
    match settings.external_id(account) {
        Some(_) => trust.push_str(", with the same external ID"),
        // Roles have no MFA device, and AWS does not name this cause.
        None if caller.arn.contains(":user/") => trust.push_str(
            " (pass --external-id if it requires an external ID, and --mfa-serial if it requires MFA)",
        ),
        None => trust.push_str(" (pass --external-id if it requires an external ID)"),
    }
    vec![existence, trust, format!("check that {} is allowed {actions} on {role_arn}", caller.arn)]
}
