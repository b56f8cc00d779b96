//! The credentials of a run for each of its accounts.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::SystemTime;

use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_sts::types::Tag;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

use super::access_list::{AccessList, AccessSource};
use super::account_access::AccountAccess;
use super::assume_role::AssumeRoleContext;
use super::base_check::BaseCheck;
use super::base_identity::BaseIdentity;
use super::caller::Caller;
use super::credentials_cache::CredentialsCache;
use super::role_settings::{CHAINED_SESSION, RoleSettings};
use super::session_error::SessionError;
use super::sts_client::sts_config;
use crate::error::Failure;
use crate::names::AccountId;

/// Opens and renews sessions: one per account, shared by all calls in it.
///
/// STS is called in the region of the base identity, never through the global endpoint, whose tokens opt-in
/// regions reject. `aws_config::sts::AssumeRoleProvider` is not used: it builds an STS client for each role, loads
/// the base credentials again for each session, and supports no source identity. In the caller's own account the
/// base credentials are used.
#[derive(Debug)]
pub struct AccountSessions {
    access: Arc<AccessList>,
    caller: Caller,
    /// The accounts that base credentials exist for: the caller's, and those of further profiles. No role is
    /// assumed in them.
    own: HashMap<AccountId, OwnAccount>,
    time: SharedTimeSource,
    /// Weak, so that a session's secrets are dropped with the last call that needs them, and
    /// memory does not grow with the organization.
    sessions: Mutex<HashMap<AccountId, Weak<CredentialsCache>>>,
}

/// The base credentials of an account, and the check of their validity.
#[derive(Debug)]
struct OwnAccount {
    credentials: Arc<CredentialsCache>,
    check: BaseCheck,
}

impl AccountSessions {
    /// Creates the sessions, which are opened with the base identity's credentials.
    ///
    /// # Errors
    ///
    /// The error of [`RoleSettings::check`].
    pub fn new(base: &BaseIdentity, mut settings: RoleSettings) -> Result<Self, Failure> {
        settings.check()?;
        let caller = base.caller().clone();
        if caller.is_role_session() && settings.duration.is_some_and(|duration| duration > CHAINED_SESSION) {
            tracing::warn!(target: "scan::credentials", "the caller is a role session; sessions opened from it \
                                                         last at most one hour (role chaining)");
            settings.duration = Some(CHAINED_SESSION);
        }
        let own = base.all().map(|base| {
            let own = OwnAccount { credentials: base.cache(), check: BaseCheck::new(base.clone()) };
            (base.caller().account.clone(), own)
        });
        let own = own.collect();
        let tags = settings.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags = tags
            .collect::<Result<_, _>>()
            .map_err(|error| Failure::internal("session tags").with_source(error))?;
        // A session that cannot be opened loses a whole account, the rate of requests is limited elsewhere, and
        // each session has its own maximum of attempts: no session takes retries from the others. With the SDK's
        // bucket of 500, a hundred simultaneous STS failures left no retries for the remaining accounts.
        let quota =
            TokenBucket::builder().retry_cost(0).timeout_retry_cost(0).throttling_retry_cost(0).build();
        let quota = RetryPartition::custom("sessions").token_bucket(quota).build();
        let sts = aws_sdk_sts::Client::from_conf(sts_config(base.config()).retry_partition(quota).build());
        let form = AtomicUsize::new(0);
        let context = AssumeRoleContext { sts, settings, tags, caller: caller.clone(), form };
        Ok(Self {
            access: Arc::new(AccessList::new(AccessSource::Role(context))),
            caller,
            own,
            time: base.config().time_source().unwrap_or_default(),
            sessions: Mutex::default(),
        })
    }

    /// Returns the caller identity of the base credentials.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Returns the way into an account: the one that was used, or the one that is tried first. `None` in the
    /// caller's own account and in those of further profiles, where base credentials are used.
    #[must_use]
    pub fn access(&self, account: &AccountId) -> Option<AccountAccess> {
        (!self.own.contains_key(account)).then(|| self.access.access(account))
    }

    /// Returns a provider of credentials for an account. The session is opened at the first use, renewed minutes
    /// before it expires, and kept as long as a provider of this account exists. The provider is a cache: do not
    /// wrap it in an `IdentityCache`.
    #[must_use]
    pub fn provider(&self, account: &AccountId) -> SharedCredentialsProvider {
        self.session(account).provider()
    }

    /// Opens the session of an account immediately.
    ///
    /// # Errors
    ///
    /// A [`SessionError`] with STS's error and hints.
    pub async fn open(&self, account: &AccountId) -> Result<SharedCredentialsProvider, SessionError> {
        let provider = self.provider(account);
        match provider.provide_credentials().await {
            Ok(_) => Ok(provider),
            Err(error) => Err(SessionError::from_provider(account, &error)),
        }
    }

    /// Checks whether the base credentials for an account are still valid, after a request failed because of its
    /// credentials. They are reloaded first, so that renewed ones are used.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when no request can be sent with them.
    pub async fn check_base(&self, account: &AccountId) -> Result<(), Arc<Failure>> {
        match self.own.get(account).or_else(|| self.own.get(&self.caller.account)) {
            Some(own) => own.check.call_sts().await,
            None => Ok(()),
        }
    }

    /// Records that AWS rejected an account's session as expired in a call that started at `call_started`: the
    /// next call opens a new session, unless one was opened since.
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
        let session = Arc::new(CredentialsCache::new(
            SharedCredentialsProvider::new(self.access.provider(account)),
            self.time.clone(),
            account.as_str(),
        ));
        sessions.insert(account.clone(), Arc::downgrade(&session));
        session
    }
}

#[cfg(test)]
mod tests;
