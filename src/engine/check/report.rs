//! The result of the check as data.

use serde::{Deserialize, Serialize};

use super::findings::{AccountFindings, CheckedPermissionSets};
use super::fix::{Fix, fixes};
use crate::aws::credentials::Caller;
use crate::aws::organization::Organization;
use crate::names::{AccountId, Partition};

/// The version of the format. It is incremented with every change that breaks older readers of the document.
const FORMAT_VERSION: u32 = 1;

/// The result of a check.
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
    /// The organization's id, if the account is in an organization and the caller may read it.
    pub organization: Option<String>,
    /// The organization's management account.
    pub management_account: Option<AccountId>,
    /// The role of the caller's account in the organization.
    pub caller_is: CallerKind,
    /// The permission sets, if they are used instead of a role.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permission_sets: Option<CheckedPermissionSets>,
    /// Whether all checks passed.
    pub ready: bool,
    /// The accounts that were checked.
    pub accounts: Vec<AccountFindings>,
    /// The accounts that were not checked, and that a scan skips too.
    pub not_checked: Vec<NotChecked>,
    /// The fixes for failed checks.
    pub fixes: Vec<Fix>,
}

/// The role of the caller's account in the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// The management account.
    ManagementAccount,
    /// A member account that may list the accounts of the organization.
    DelegatedAdministrator,
    /// A member account; whether it may list the accounts of the organization was not tested.
    Member,
    /// An account in no organization, or in one that the caller may not describe.
    Unknown,
}

/// An account that was not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotChecked {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: Option<String>,
    /// The reason.
    pub reason: String,
}

impl Findings {
    /// Combines the findings of the accounts with the organization, and derives the fixes. `was_listed` is true if
    /// the caller has listed the organization's accounts.
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
            permission_sets: None,
            ready: accounts.iter().all(AccountFindings::is_ready),
            not_checked: not_checked.collect(),
            fixes: fixes(&caller.arn, &accounts),
            accounts,
        }
    }
}
