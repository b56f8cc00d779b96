//! The credentials of a run for each of its accounts.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::SystemTime;

use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sdk_sts::types::Tag;
use aws_smithy_async::time::SharedTimeSource;

use super::access_list::{AccessList, AccessSource};
use super::account_access::AccountAccess;
use super::assume_role::AssumeRoleContext;
use super::base_check::BaseCheck;
use super::base_identity::BaseIdentity;
use super::caller::Caller;
use super::credentials_cache::CredentialsCache;
use super::role_settings::{CHAINED_SESSION, RoleSettings};
use super::session_error::SessionError;
use super::session_retries::session_retries;
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
    own: HashMap<AccountId, Arc<CredentialsCache>>,
    /// The checks of the base credentials, by their accounts.
    checks: HashMap<AccountId, BaseCheck>,
    time: SharedTimeSource,
    /// Weak, so that a session's secrets are dropped with the last call that needs them, and
    /// memory does not grow with the organization.
    sessions: Mutex<HashMap<AccountId, Weak<CredentialsCache>>>,
}

impl AccountSessions {
    /// Creates the sessions, which are opened with the base identity's credentials.
    ///
    /// # Errors
    ///
    /// The error of [`RoleSettings::check`].
    pub fn new(base: &BaseIdentity, settings: RoleSettings) -> Result<Self, Failure> {
        settings.check()?;
        let caller = base.caller().clone();
        let checks = base.all().map(|base| (base.caller().account.clone(), BaseCheck::new(base.clone())));
        let (access, own) = if let Some(access) = base.access_list() {
            (Arc::clone(access), HashMap::new())
        } else {
            let own = base.all().map(|base| (base.caller().account.clone(), base.cache()));
            (Arc::new(roles(base, settings)?), own.collect())
        };
        Ok(Self {
            access,
            caller,
            own,
            checks: checks.collect(),
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

    /// Uses the way into an account that an earlier execution of the run used, instead of trying the ways before it
    /// again.
    pub fn remember(&self, account: &AccountId, access: &AccountAccess) {
        self.access.remember(account, access);
    }

    /// Returns the way into an account that was used, if accounts differ in that.
    #[must_use]
    pub fn choice(&self, account: &AccountId) -> Option<AccountAccess> {
        self.access.choice(account)
    }

    /// Returns the reason why no way into an account was open, if accounts differ in that.
    #[must_use]
    pub fn closed(&self, account: &AccountId) -> Option<String> {
        self.access.closed(account)
    }

    /// Returns the service and the operation that open sessions, by boto3's name and in the API.
    #[must_use]
    pub fn opened_with(&self) -> (&'static str, &'static str) {
        match self.access.permission_sets() {
            Some(_) => ("sso", "GetRoleCredentials"),
            None => ("sts", "AssumeRole"),
        }
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
        match self.checks.get(account).or_else(|| self.checks.get(&self.caller.account)) {
            Some(check) => check.call_sts().await,
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
            return Arc::clone(own);
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

/// Returns the role of each account, which is assumed with the base credentials.
fn roles(base: &BaseIdentity, mut settings: RoleSettings) -> Result<AccessList, Failure> {
    let caller = base.caller().clone();
    if caller.is_role_session() && settings.duration.is_some_and(|duration| duration > CHAINED_SESSION) {
        tracing::warn!(target: "scan::credentials", "the caller is a role session; sessions opened from it \
                                                     last at most one hour (role chaining)");
        settings.duration = Some(CHAINED_SESSION);
    }
    let tags = settings.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags = tags
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::internal("session tags").with_source(error))?;
    let sts = sts_config(base.config()).retry_partition(session_retries()).build();
    let sts = aws_sdk_sts::Client::from_conf(sts);
    let via = via_clients(base, &settings)?;
    let context = AssumeRoleContext { sts, via, settings, tags, caller, form: AtomicUsize::new(0) };
    Ok(AccessList::new(AccessSource::Role(Box::new(context))))
}

/// Returns the STS clients with the credentials of the roles that are assumed first in some accounts, by ARN.
fn via_clients(
    base: &BaseIdentity,
    settings: &RoleSettings,
) -> Result<HashMap<String, aws_sdk_sts::Client>, Failure> {
    let mut clients = HashMap::new();
    for role in settings.overrides.values().filter_map(|own| own.via_role.as_ref()) {
        if clients.contains_key(role) {
            continue;
        }
        let config = base.chained(role, &settings.session_name, settings.source_identity.as_deref())?;
        let time = config.time_source().unwrap_or_default();
        let session =
            config.credentials_provider().map(|provider| CredentialsCache::new(provider, time, role));
        let mut config = sts_config(&config).retry_partition(session_retries());
        if let Some(session) = session {
            config = config.credentials_provider(Arc::new(session).provider());
        }
        clients.insert(role.clone(), aws_sdk_sts::Client::from_conf(config.build()));
    }
    Ok(clients)
}

#[cfg(test)]
mod ladder_tests;
#[cfg(test)]
mod tests;
