//! A role session in every account of the organization.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::SystemTime;

use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_sts::types::Tag;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

use super::assume_role::{AssumeRole, AssumeRoleContext};
use super::base_check::BaseCheck;
use super::base_identity::BaseIdentity;
use super::caller::Caller;
use super::credentials_cache::CredentialsCache;
use super::role_settings::{CHAINED_SESSION, RoleSettings};
use super::session_error::SessionError;
use super::sts_client::sts_config;
use crate::error::Failure;
use crate::names::AccountId;

/// Opens and renews role sessions: one per account, shared by all calls in it.
///
/// STS is asked in the region of the base identity, never through the global endpoint, whose
/// tokens opt-in regions refuse. `aws_config::sts::AssumeRoleProvider` is not used: it builds an
/// STS client for each role, fetches the base credentials again for each session, and knows no
/// source identity. The caller's own account is entered with the base credentials.
#[derive(Debug)]
pub struct RoleSessions {
    entrance: Arc<AssumeRoleContext>,
    /// The accounts that are entered with credentials of their own: the caller's, and those of further
    /// profiles.
    own: HashMap<AccountId, Own>,
    time: SharedTimeSource,
    /// Weak, so that a session's secrets are dropped with the last call that needs them, and
    /// memory does not grow with the organization.
    sessions: Mutex<HashMap<AccountId, Weak<CredentialsCache>>>,
}

/// Credentials of an account, and whether they still hold.
#[derive(Debug)]
struct Own {
    credentials: Arc<CredentialsCache>,
    check: BaseCheck,
}

impl RoleSessions {
    /// Sessions that are opened with the base identity's credentials.
    ///
    /// # Errors
    ///
    /// What [`RoleSettings::check`] finds.
    pub fn new(base: &BaseIdentity, mut settings: RoleSettings) -> Result<Self, Failure> {
        settings.check()?;
        let caller = base.caller().clone();
        if caller.is_role_session() && settings.duration.is_some_and(|duration| duration > CHAINED_SESSION) {
            tracing::warn!(target: "scan::credentials", "the caller is a role session itself; sessions opened from it last one hour");
            settings.duration = Some(CHAINED_SESSION);
        }
        let own = base.all().map(|base| {
            let own = Own { credentials: base.cache(), check: BaseCheck::new(base.clone()) };
            (base.caller().account.clone(), own)
        });
        let own = own.collect();
        let tags = settings.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags = tags
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::internal("session tags").with_source(error))?;
        // A session that is not opened costs a whole account, their pace is held back elsewhere, and each has its
        // own number of attempts: none takes retries from the others. With the SDK's bucket of 500, a hundred accounts
        // that STS fails for at the same moment left none for the rest.
        let quota =
            TokenBucket::builder().retry_cost(0).timeout_retry_cost(0).throttling_retry_cost(0).build();
        let quota = RetryPartition::custom("sessions").token_bucket(quota).build();
        let sts = aws_sdk_sts::Client::from_conf(sts_config(base.config()).retry_partition(quota).build());
        Ok(Self {
            entrance: Arc::new(AssumeRoleContext { sts, settings, tags, caller, form: AtomicUsize::new(0) }),
            own,
            time: base.config().time_source().unwrap_or_default(),
            sessions: Mutex::default(),
        })
    }

    /// Whom AWS takes the base credentials for.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.entrance.caller
    }

    /// The name of the role that is taken in an account; `None` in the caller's own and in those of
    /// further profiles, which are entered with base credentials.
    #[must_use]
    pub fn role_name(&self, account: &AccountId) -> Option<&str> {
        (!self.own.contains_key(account)).then_some(&*self.entrance.settings.role_name)
    }

    /// The ARN of the role in an account.
    #[must_use]
    pub fn role_arn(&self, account: &AccountId) -> String {
        self.entrance.settings.arn(&self.entrance.caller.partition, account)
    }

    /// Credentials for an account. The session is taken at the first use, renewed minutes before
    /// it ends, and lives as long as somebody holds a provider of this account. The provider is
    /// its own cache: put no `IdentityCache` around it.
    #[must_use]
    pub fn provider(&self, account: &AccountId) -> SharedCredentialsProvider {
        self.session(account).provider()
    }

    /// Takes an account's session now, and says why if that fails.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] with STS's answer and hints.
    pub async fn open(&self, account: &AccountId) -> Result<SharedCredentialsProvider, SessionError> {
        let provider = self.provider(account);
        match provider.provide_credentials().await {
            Ok(_) => Ok(provider),
            Err(error) => Err(SessionError::from_provider(account, &error)),
        }
    }

    /// Finds out whether the base credentials that an account is entered with still hold, after something
    /// was refused for the sake of its credentials. They are loaded afresh before, so that what was renewed
    /// meanwhile is used.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when nothing can be asked with them
    /// any more.
    pub async fn check_base(&self, account: &AccountId) -> Result<(), Arc<Failure>> {
        match self.own.get(account).or_else(|| self.own.get(&self.entrance.caller.account)) {
            Some(own) => own.check.call_sts().await,
            None => Ok(()),
        }
    }

    /// Notes that AWS called an account's session expired in a call that began at `call_started`:
    /// the next call takes a new one, unless one was taken since.
    pub fn refused(&self, account: &AccountId, call_started: SystemTime) {
        self.session(account).forget_before(call_started);
    }

    fn session(&self, account: &AccountId) -> Arc<CredentialsCache> {
        if let Some(own) = self.own.get(account) {
            return own.credentials.clone();
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(account).and_then(Weak::upgrade) {
            return session;
        }
        if sessions.len() == sessions.capacity() {
            sessions.retain(|_, session| session.strong_count() > 0);
        }
        let role_arn = self.role_arn(account);
        let source = AssumeRole { entrance: self.entrance.clone(), account: account.clone(), role_arn };
        let session = Arc::new(CredentialsCache::new(
            SharedCredentialsProvider::new(source),
            self.time.clone(),
            account.as_str(),
        ));
        sessions.insert(account.clone(), Arc::downgrade(&session));
        session
    }
}

#[cfg(test)]
mod tests;
