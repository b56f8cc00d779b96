//! The ways into the accounts of a run, in the order in which they are tried.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};

use super::account_access::AccountAccess;
use super::assume_role::AssumeRoleContext;
use super::identity_center::PermissionSets;
use super::session_error::SessionError;
use crate::names::AccountId;

/// The ways into the accounts of a run. In each account, the first one that AWS does not deny is used from then on.
#[derive(Debug)]
pub(super) struct AccessList {
    source: AccessSource,
    /// The index of the way that was used in each account so far.
    used: Mutex<HashMap<AccountId, usize>>,
    /// The accounts in which every way is denied, with the reason.
    closed: Mutex<BTreeMap<AccountId, String>>,
}

/// The source of the credentials of all accounts.
#[derive(Debug)]
pub(super) enum AccessSource {
    /// A role in each account, which is assumed with the base credentials.
    Role(Box<AssumeRoleContext>),
    /// Permission sets that are assigned to a user of IAM Identity Center.
    PermissionSets(Arc<PermissionSets>),
}

impl AccessList {
    pub(super) fn new(source: AccessSource) -> Self {
        Self { source, used: Mutex::default(), closed: Mutex::default() }
    }

    /// Returns the way into an account that was used, or that is tried first.
    pub(super) fn access(&self, account: &AccountId) -> AccountAccess {
        self.source.way(account, self.used(account).unwrap_or_default())
    }

    /// Returns a provider of the credentials for an account.
    pub(super) fn provider(self: &Arc<Self>, account: &AccountId) -> impl ProvideCredentials + 'static {
        FirstOpenAccess { list: Arc::clone(self), account: account.clone() }
    }

    /// Returns the way into an account that was used, if there is more than one way.
    pub(super) fn choice(&self, account: &AccountId) -> Option<AccountAccess> {
        if !self.source.is_choice() {
            return None;
        }
        self.used(account).map(|index| self.source.way(account, index))
    }

    /// Uses the way into an account that an earlier execution of the run used, if it is still one of its ways.
    pub(super) fn remember(&self, account: &AccountId, access: &AccountAccess) {
        let mut ways = 0..self.source.count(account);
        if let Some(index) = ways.find(|index| self.source.way(account, *index) == *access) {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(account.clone(), index);
        }
    }

    /// Returns the reason why no way into an account was open.
    pub(super) fn closed(&self, account: &AccountId) -> Option<String> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }

    /// Returns the permission sets; `None` if roles are assumed.
    pub(super) fn permission_sets(&self) -> Option<&PermissionSets> {
        match &self.source {
            AccessSource::Role(_) => None,
            AccessSource::PermissionSets(sets) => Some(sets),
        }
    }

    fn used(&self, account: &AccountId) -> Option<usize> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).get(account).copied()
    }

    /// Gets credentials for an account in the way that was used before, or in the first one that is open. Only a
    /// denial leads to the next way: after any other failure, the next attempt could use another way than this one.
    pub(super) async fn open(&self, account: &AccountId) -> Result<Credentials, SessionError> {
        if let Some(used) = self.used(account) {
            return self.source.credentials(account, used).await;
        }
        let mut index = 0;
        loop {
            match self.source.credentials(account, index).await {
                Ok(credentials) => {
                    let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
                    used.insert(account.clone(), index);
                    return Ok(credentials);
                }
                Err(error) if !error.is_closed() => return Err(error),
                Err(_) if index + 1 < self.source.count(account) => index += 1,
                Err(error) => {
                    let error = self.source.all_closed(account, error).await;
                    if self.source.is_choice() {
                        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
                        closed.insert(account.clone(), error.to_string());
                    }
                    return Err(error);
                }
            }
        }
    }
}

impl AccessSource {
    /// Returns the number of ways into each account: at least one.
    fn count(&self, account: &AccountId) -> usize {
        match self {
            Self::Role(context) => context.role_arns(account).len(),
            Self::PermissionSets(sets) => sets.names().len(),
        }
    }

    /// Returns whether accounts differ in the way that is used.
    fn is_choice(&self) -> bool {
        match self {
            Self::Role(context) => context.is_choice(),
            Self::PermissionSets(_) => true,
        }
    }

    fn way(&self, account: &AccountId, index: usize) -> AccountAccess {
        match self {
            Self::Role(context) => AccountAccess::Role(context.role_arns(account).swap_remove(index)),
            Self::PermissionSets(sets) => AccountAccess::PermissionSet(sets.names()[index].clone()),
        }
    }

    async fn credentials(&self, account: &AccountId, index: usize) -> Result<Credentials, SessionError> {
        match self {
            Self::Role(context) => context.assume(account, &context.role_arns(account)[index]).await,
            Self::PermissionSets(sets) => sets.credentials(account, index).await,
        }
    }

    /// Returns the error of an account in which every way is denied; `last` is the last denial.
    async fn all_closed(&self, account: &AccountId, last: SessionError) -> SessionError {
        match self {
            Self::Role(context) => context.none_assumed(account, last),
            Self::PermissionSets(sets) => sets.none_assigned(account, last).await,
        }
    }
}

/// A credentials provider of one account.
#[derive(Debug)]
struct FirstOpenAccess {
    list: Arc<AccessList>,
    account: AccountId,
}

impl ProvideCredentials for FirstOpenAccess {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.list.open(&self.account).await.map_err(CredentialsError::provider_error)
        })
    }
}
