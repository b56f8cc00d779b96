//! Everything that the check found, as data.

use serde::{Deserialize, Serialize};

use super::findings::AccountFindings;
use super::fix::{Fix, fixes};
use crate::aws::credentials::Caller;
use crate::aws::organization::Organization;
use crate::names::{AccountId, Partition};

/// Counts up with every change that an older reader of the document would misunderstand.
const FORMAT_VERSION: u32 = 1;

/// Everything that the check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The version of this document's format.
    pub format_version: u32,
    /// The account of the caller.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: String,
    /// The partition.
    pub partition: Partition,
    /// The organization's id, if there is one and it may be read.
    pub organization: Option<String>,
    /// The account that owns the organization.
    pub management_account: Option<AccountId>,
    /// What the caller's account is in the organization.
    pub caller_is: CallerKind,
    /// Whether everything that was tried worked.
    pub ready: bool,
    /// The accounts that were checked.
    pub accounts: Vec<AccountFindings>,
    /// The accounts that a scan would not enter either.
    pub not_checked: Vec<NotChecked>,
    /// What to do about what did not work.
    pub fixes: Vec<Fix>,
}

/// What the caller's account is in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// It owns the organization.
    ManagementAccount,
    /// A member that may list the others.
    DelegatedAdministrator,
    /// A member; whether it may list the others was not tried.
    Member,
    /// In no organization, or in one that it may not describe.
    Unknown,
}

/// An account that was not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotChecked {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
}

impl Findings {
    /// Puts together what was found in the accounts and what is known of the organization, and works out
    /// the remedies. `was_listed` says that the caller has listed the organization's accounts.
    #[must_use]
    pub fn new(
        caller: &Caller,
        organization: &Organization,
        was_listed: bool,
        accounts: Vec<AccountFindings>,
    ) -> Self {
        let caller_is = match &organization.management_account {
            Some(management) if *management == caller.account => CallerKind::ManagementAccount,
            Some(_) if was_listed => CallerKind::DelegatedAdministrator,
            Some(_) => CallerKind::Member,
            None => CallerKind::Unknown,
        };
        let not_checked = organization.accounts.iter().filter_map(|account| {
            let reason = account.not_scanned()?;
            Some(NotChecked { id: account.id.clone(), name: account.name.clone(), reason })
        });
        Self {
            format_version: FORMAT_VERSION,
            account: caller.account.clone(),
            arn: caller.arn.clone(),
            partition: caller.partition.clone(),
            organization: organization.id.clone(),
            management_account: organization.management_account.clone(),
            caller_is,
            ready: accounts.iter().all(AccountFindings::is_ready),
            not_checked: not_checked.collect(),
            fixes: fixes(&caller.arn, &accounts),
            accounts,
        }
    }
}
