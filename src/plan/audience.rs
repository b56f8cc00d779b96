//! The accounts in which a function is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::names::AccountId;

/// The accounts in which a function is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// All that are scanned.
    #[default]
    Every,
    /// Some of them.
    Only(Arc<Only>),
}

/// Some accounts, and why no others.
#[derive(Debug, PartialEq, Eq)]
pub struct Only {
    accounts: BTreeSet<AccountId>,
    reason: String,
}

impl Audience {
    pub(super) fn only(accounts: impl IntoIterator<Item = AccountId>, reason: impl Into<String>) -> Self {
        Self::Only(Arc::new(Only { accounts: accounts.into_iter().collect(), reason: reason.into() }))
    }

    /// Why a function is not called in an account; `None` where it is.
    #[must_use]
    pub fn why_not(&self, account: &AccountId) -> Option<&str> {
        match self {
            Self::Only(only) if !only.accounts.contains(account) => Some(&only.reason),
            Self::Every | Self::Only(_) => None,
        }
    }
}
