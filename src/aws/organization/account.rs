//! An account of an organization, as Organizations describes it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use aws_sdk_organizations::types as model;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::filter::ExclusionReason;
use super::organizational_unit::OrganizationalUnit;
use crate::arn::Arn;
use crate::aws::credentials::{AccountAccess, RoleOverride};
use crate::error::Failure;
use crate::names::{AccountId, RegionPattern};

/// The tags of an account: keys and values.
pub type AccountTags = BTreeMap<String, String>;

/// One account of an organization; `accounts.json` contains a list of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's ID.
    pub id: AccountId,
    /// The account's name: up to 128 ASCII characters, including slashes. `None` when it was not fetched.
    pub name: Option<String>,
    /// The email address of the root user.
    pub email: Option<String>,
    /// The account's ARN, which also contains the IDs of the organization and its management account.
    pub arn: Option<String>,
    /// The account's lifecycle state.
    pub state: AccountLifecycle,
    /// The time when the account joined the organization.
    pub joined: Option<DateTime<Utc>>,
    /// The way the account joined: `CREATED` or `INVITED`. Invited accounts lack the role that Organizations
    /// creates.
    pub joined_method: Option<String>,
    /// The account's paths in the tree of organizational units, where Organizations returns them.
    pub paths: Vec<String>,
    /// The root and the organizational units that the account is in, from the root down; `None` when they are
    /// unknown.
    #[serde(default)]
    pub ou_path: Option<Vec<OrganizationalUnit>>,
    /// The account's tags; `None` when they are unknown.
    #[serde(default)]
    pub tags: Option<AccountTags>,
    /// Whether this is the organization's management account.
    pub management: bool,
    /// The option that excludes the account from the run, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<ExclusionReason>,
    /// The way into the account that was used, if accounts differ in that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccountAccess>,
    /// The reason why no way into the account was open, if accounts differ in that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_access: Option<String>,
    /// The settings that differ from those of the run.
    #[serde(default, skip_serializing_if = "AccountOverrides::is_none")]
    pub overrides: AccountOverrides,
}

/// The settings of an account that differ from those of the run (`--accounts-file`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountOverrides {
    /// The settings of the role.
    #[serde(default, skip_serializing_if = "RoleOverride::is_none")]
    pub role: RoleOverride,
    /// The regions to scan; empty for those of the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionPattern>,
}

impl AccountOverrides {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// The lifecycle state of an account.
///
/// Since 2026 Organizations returns it in `State`; the older `Status` has fewer values ("Monitor the state of your
/// AWS accounts", AWS Organizations user guide).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum AccountLifecycle {
    /// In use.
    Active,
    /// Not usable until its activation is completed.
    PendingActivation,
    /// Closed by AWS or on request, and deleted soon.
    Suspended,
    /// Being closed.
    PendingClosure,
    /// Closed permanently.
    Closed,
    /// A state that is newer than this program, in AWS's spelling.
    Other(String),
}

impl AccountLifecycle {
    /// Returns the state in AWS's spelling: `ACTIVE`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
            Self::Other(text) => text,
        }
    }
}

impl From<&str> for AccountLifecycle {
    fn from(text: &str) -> Self {
        match text {
            "ACTIVE" => Self::Active,
            "PENDING_ACTIVATION" => Self::PendingActivation,
            "SUSPENDED" => Self::Suspended,
            "PENDING_CLOSURE" => Self::PendingClosure,
            "CLOSED" => Self::Closed,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl From<String> for AccountLifecycle {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<AccountLifecycle> for String {
    fn from(state: AccountLifecycle) -> Self {
        state.as_str().to_owned()
    }
}

impl fmt::Display for AccountLifecycle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Account {
    /// Creates an account with only an ID, as in a scan without an organization.
    #[must_use]
    pub fn alone(id: AccountId) -> Self {
        Self {
            id,
            name: None,
            email: None,
            arn: None,
            state: AccountLifecycle::Active,
            joined: None,
            joined_method: None,
            paths: Vec::new(),
            ou_path: None,
            tags: None,
            management: false,
            excluded_by: None,
            access: None,
            no_access: None,
            overrides: AccountOverrides::default(),
        }
    }

    /// Returns whether the account is scanned.
    #[must_use]
    pub fn is_scanned(&self) -> bool {
        self.not_scanned().is_none()
    }

    /// Returns the reason why the account is not scanned; `None` when it is.
    #[must_use]
    pub fn not_scanned(&self) -> Option<String> {
        match &self.state {
            AccountLifecycle::Active => self.excluded_by.map(|filter| format!("excluded by {filter}")),
            AccountLifecycle::PendingActivation => Some("the account is not activated yet".to_owned()),
            AccountLifecycle::Suspended => Some("the account is suspended".to_owned()),
            AccountLifecycle::PendingClosure => Some("the account is being closed".to_owned()),
            AccountLifecycle::Closed => Some("the account is closed".to_owned()),
            AccountLifecycle::Other(state) => Some(format!("the account is in the unknown state {state}")),
        }
    }

    /// Returns the names of the root and the organizational units, joined by slashes: `Root/Workloads/Production`.
    #[must_use]
    pub fn ou_names(&self) -> Option<String> {
        self.joined_units(|unit| &unit.name)
    }

    /// Returns the IDs of the root and the organizational units, joined by slashes.
    #[must_use]
    pub fn ou_ids(&self) -> Option<String> {
        self.joined_units(|unit| &unit.id)
    }

    fn joined_units(&self, part: impl Fn(&OrganizationalUnit) -> &str) -> Option<String> {
        Some(self.ou_path.as_ref()?.iter().map(part).collect::<Vec<_>>().join("/"))
    }

    /// Converts an account of an Organizations response; `None` when it has no ID.
    pub(super) fn from_model(account: &model::Account) -> Option<Self> {
        let state = account
            .state()
            .map(model::AccountState::as_str)
            .or_else(|| account.status().map(model::AccountStatus::as_str));
        let joined = account
            .joined_timestamp()
            .and_then(|moment| DateTime::from_timestamp(moment.secs(), moment.subsec_nanos()));
        let id = account.id().and_then(AccountId::parse)?;
        Some(Self {
            name: account.name().map(str::to_owned),
            email: account.email().map(str::to_owned),
            arn: account.arn().map(str::to_owned),
            // An account without any state is scanned; if it is closed, its calls report that.
            state: state.map_or(AccountLifecycle::Active, AccountLifecycle::from),
            joined,
            joined_method: account.joined_method().map(|method| method.as_str().to_owned()),
            paths: account.paths().to_vec(),
            ..Self::alone(id)
        })
    }

    /// Returns the management account's ID from this account's ARN (`arn:aws:organizations::<management
    /// account>:account/<organization>/<account>`).
    pub(super) fn management_account(&self) -> Option<AccountId> {
        Arn::parse(self.arn.as_ref()?)?.account_id()
    }

    /// Returns the organization's ID from this account's ARN.
    pub(super) fn organization_id(&self) -> Option<&str> {
        Arn::parse(self.arn.as_ref()?)?.resource.strip_prefix("account/")?.split('/').next()
    }
}

/// Returns the role settings of the accounts that differ from those of the run.
pub(crate) fn role_overrides(accounts: &[Account]) -> HashMap<AccountId, RoleOverride> {
    let own = accounts.iter().filter(|account| !account.overrides.role.is_none());
    own.map(|account| (account.id.clone(), account.overrides.role.clone())).collect()
}

/// Returns an error when no account remains to be scanned.
pub(super) fn check_not_empty(accounts: &[Account]) -> Result<(), Failure> {
    if accounts.iter().any(Account::is_scanned) {
        return Ok(());
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for reason in accounts.iter().filter_map(Account::not_scanned) {
        *reasons.entry(reason).or_default() += 1;
    }
    let reasons: Vec<String> =
        reasons.into_iter().map(|(reason, count)| format!("{count} × {reason}")).collect();
    Err(Failure::usage(format!("no account to scan: of {} found, {}", accounts.len(), reasons.join(", ")))
        .hint("check the filters: different filters are ANDed, the values of one filter are ORed"))
}

#[cfg(test)]
mod tests {
    use aws_sdk_organizations::types as model;
    use serde_json::json;

    use super::{Account, AccountLifecycle};

    fn account(state: Option<&str>, status: Option<&str>) -> Account {
        let account = model::Account::builder()
            .id("123456789012")
            .set_state(state.map(model::AccountState::from))
            .set_status(status.map(model::AccountStatus::from))
            .build();
        Account::from_model(&account).expect("an account with an id")
    }

    #[test]
    fn the_state_counts_and_without_it_the_older_status() {
        let state = |state, status| account(state, status).state;
        assert_eq!(state(Some("ACTIVE"), None), AccountLifecycle::Active);
        assert_eq!(state(Some("CLOSED"), Some("SUSPENDED")), AccountLifecycle::Closed);
        assert_eq!(state(None, Some("SUSPENDED")), AccountLifecycle::Suspended);
        assert_eq!(state(None, Some("PENDING_CLOSURE")), AccountLifecycle::PendingClosure);
        assert_eq!(state(None, None), AccountLifecycle::Active);
    }

    #[test]
    fn only_active_accounts_are_scanned() {
        assert_eq!(account(Some("ACTIVE"), None).not_scanned(), None);
        for state in ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"] {
            let reason = account(Some(state), None).not_scanned().expect("a reason");
            assert!(!reason.contains("unknown"), "{state}: {reason}");
        }
    }

    #[test]
    fn a_state_of_the_future_is_kept_as_it_came() {
        let account = account(Some("QUARANTINED"), Some("ACTIVE"));
        assert_eq!(account.state, AccountLifecycle::Other("QUARANTINED".to_owned()));
        assert!(account.not_scanned().expect("a reason").contains("QUARANTINED"));
        assert_eq!(serde_json::to_value(&account).expect("JSON")["state"], json!("QUARANTINED"));
    }

    #[test]
    fn the_arn_names_organization_and_management_account() {
        let arn = "arn:aws:organizations::111111111111:account/o-exampleorgid/123456789012";
        let mut account = account(None, None);
        account.arn = Some(arn.to_owned());
        assert_eq!(account.organization_id(), Some("o-exampleorgid"));
        assert_eq!(account.management_account().expect("an id").as_str(), "111111111111");
    }
}
