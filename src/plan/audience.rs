//! The accounts in which a function is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::names::AccountId;

/// The accounts in which a function is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// All scanned accounts.
    #[default]
    Every,
    /// Some of the scanned accounts.
    Only(Arc<Only>),
}

/// Some accounts, and the reason why it is only these.
#[derive(Debug, PartialEq, Eq)]
pub struct Only {
    accounts: BTreeSet<AccountId>,
    reason: String,
}

impl Audience {
    pub(super) fn only(accounts: impl IntoIterator<Item = AccountId>, reason: impl Into<String>) -> Self {
        Self::Only(Arc::new(Only { accounts: accounts.into_iter().collect(), reason: reason.into() }))
    }

    /// Returns why a function is not called in an account; `None` if it is called.
    #[must_use]
    pub fn why_not(&self, account: &AccountId) -> Option<&str> {
        match self {
            Self::Only(only) if !only.accounts.contains(account) => Some(&only.reason),
            Self::Every | Self::Only(_) => None,
        }
    }
}
