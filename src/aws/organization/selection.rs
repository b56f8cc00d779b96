//! The filters that select the accounts of an organization.
//!
//! An account has to match every filter, and of each filter at least one value. Only the data that the filters need
//! is requested from Organizations.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::account::{Account, AccountOverrides, AccountTags, check_not_empty};
use super::directory::Directory;
use super::discovery::Organization;
use super::filter::ExclusionReason;
use super::membership::Membership;
use super::tree::OrganizationTree;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;
use crate::util::suggest::did_you_mean;

/// The option that adds the management account.
const INCLUDE_MANAGEMENT: &str = "--include-management";

/// The filters that select accounts; the default selects all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// The selected accounts, or `None` for all. They have names and states where a file contains them.
    pub accounts: Option<Vec<Account>>,
    /// The excluded accounts.
    pub exclude_accounts: Vec<AccountId>,
    /// The selected organizational units, by ID or path; an account has to be in one of them.
    pub units: Vec<String>,
    /// The excluded organizational units.
    pub exclude_units: Vec<String>,
    /// Whether a unit matches only the accounts directly in it, and not those in units below it.
    pub direct_only: bool,
    /// The selected tags; an account has to have one of the values of each key.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// The treatment of the management account.
    pub management: Management,
}

/// The treatment of the management account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Management {
    /// The filters apply as to all other accounts.
    #[default]
    AsOthers,
    /// The account is scanned even if no filter selects it, unless it is excluded.
    Include,
    /// The account is not scanned.
    Skip,
}

impl AccountFilter {
    /// Returns whether all accounts are selected.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the filters as they are written on the command line, for display. Long lists of accounts are
    /// replaced by their number, since the selected accounts are listed elsewhere.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        /// The maximum number of IDs in the description.
        const MAX_SHOWN: usize = 20;
        let ids = |filter: ExclusionReason, ids: Vec<String>| match ids.len() {
            0..=MAX_SHOWN => list(filter, &ids),
            count => format!("{filter} ({})", plural(count, "account")),
        };
        let mut filters = Vec::new();
        if let Some(accounts) = &self.accounts {
            filters.push(ids(
                ExclusionReason::Accounts,
                accounts.iter().map(|account| account.id.to_string()).collect(),
            ));
        }
        if !self.exclude_accounts.is_empty() {
            let excluded = self.exclude_accounts.iter().map(ToString::to_string).collect();
            filters.push(ids(ExclusionReason::ExcludeAccounts, excluded));
        }
        let units =
            [(ExclusionReason::Units, &self.units), (ExclusionReason::ExcludeUnits, &self.exclude_units)];
        let units = units.into_iter().filter(|(_, units)| !units.is_empty());
        filters.extend(units.map(|(filter, units)| list(filter, units)));
        if self.direct_only {
            filters.push("--no-recursive-ou".to_owned());
        }
        for (key, values) in &self.tags {
            filters.extend(values.iter().map(|value| format!("{} {key}={value}", ExclusionReason::Tags)));
        }
        match self.management {
            Management::AsOthers => {}
            Management::Include => filters.push(INCLUDE_MANAGEMENT.to_owned()),
            Management::Skip => filters.push(ExclusionReason::SkipManagement.to_string()),
        }
        filters
    }

    /// Returns the first option that needs data of Organizations, if there is one.
    #[must_use]
    pub fn needs_organization(&self) -> Option<&'static str> {
        let options = [
            (!self.units.is_empty(), ExclusionReason::Units.as_str()),
            (!self.exclude_units.is_empty(), ExclusionReason::ExcludeUnits.as_str()),
            (!self.tags.is_empty(), ExclusionReason::Tags.as_str()),
            (self.management == Management::Skip, ExclusionReason::SkipManagement.as_str()),
            (self.management == Management::Include, INCLUDE_MANAGEMENT),
        ];
        options.into_iter().find_map(|(is_used, filter)| is_used.then_some(filter))
    }

    /// Sets the excluding option of every account that is not selected, and the tags that were read for that.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for an account or unit that is not in the organization,
    /// for a filter that matches nothing, and when no account remains; a
    /// [`FailureKind::Credentials`](crate::error::FailureKind) when units or tags cannot be fetched from
    /// Organizations.
    pub async fn apply(
        &self,
        organization: &mut Organization,
        tree: &mut OrganizationTree,
    ) -> Result<(), Failure> {
        if self.is_everything() {
            return Ok(());
        }
        self.check_ids(organization)?;
        let mut membership = Membership::new(tree, &organization.accounts, !self.direct_only);
        let inside = membership.of_all(ExclusionReason::Units, &self.units).await?;
        let outside = membership.of_all(ExclusionReason::ExcludeUnits, &self.exclude_units).await?;
        if !self.units.is_empty() && inside.is_empty() {
            return Err(Failure::usage(format!(
                "no account is in {}",
                list(ExclusionReason::Units, &self.units)
            ))
            .hint("omit --no-recursive-ou to include the accounts of units below it"));
        }
        let named = self
            .accounts
            .as_ref()
            .map(|accounts| accounts.iter().map(|account| account.id.clone()).collect());
        let excluded: HashSet<AccountId> = self.exclude_accounts.iter().cloned().collect();
        let overrides = self.accounts.iter().flatten().map(|account| (&account.id, &account.overrides));
        let overrides: HashMap<&AccountId, &AccountOverrides> = overrides.collect();
        for account in &mut organization.accounts {
            let id = &account.id;
            let reasons = [
                (excluded.contains(id), ExclusionReason::ExcludeAccounts),
                (outside.contains(id), ExclusionReason::ExcludeUnits),
                (account.management && self.management == Management::Skip, ExclusionReason::SkipManagement),
                (
                    named.as_ref().is_some_and(|named: &HashSet<_>| !named.contains(id)),
                    ExclusionReason::Accounts,
                ),
                (!self.units.is_empty() && !inside.contains(id), ExclusionReason::Units),
            ];
            account.excluded_by = reasons.into_iter().find_map(|(applies, filter)| applies.then_some(filter));
            if let Some(overrides) = overrides.get(&account.id) {
                account.overrides = AccountOverrides::clone(overrides);
            }
        }
        self.apply_tags(&mut organization.accounts, tree.directory()).await?;
        if self.management == Management::Include {
            let management = organization.accounts.iter_mut().filter(|account| account.management);
            for account in
                management.filter(|account| !account.excluded_by.is_some_and(ExclusionReason::is_exclusion))
            {
                account.excluded_by = None;
            }
        }
        check_not_empty(&organization.accounts)
    }

    /// Fetches the tags of the accounts that are selected so far and can be scanned, and applies the tag filters.
    async fn apply_tags(&self, accounts: &mut [Account], directory: &Directory) -> Result<(), Failure> {
        if self.tags.is_empty() {
            return Ok(());
        }
        let selected: Vec<AccountId> = accounts
            .iter()
            .filter(|account| account.is_scanned())
            .map(|account| account.id.clone())
            .collect();
        if selected.is_empty() {
            return Ok(());
        }
        let tags = directory.tags(&selected).await?;
        let has = |id: &AccountId, key: &String, values: &BTreeSet<String>| {
            tags.get(id).and_then(|tags| tags.get(key)).is_some_and(|value| values.contains(value))
        };
        for (key, values) in &self.tags {
            if !selected.iter().any(|id| has(id, key, values)) {
                return Err(no_such_tag(key, values, &tags));
            }
        }
        for account in accounts.iter_mut().filter(|account| tags.contains_key(&account.id)) {
            account.tags = tags.get(&account.id).cloned();
            if !self.tags.iter().all(|(key, values)| has(&account.id, key, values)) {
                account.excluded_by = Some(ExclusionReason::Tags);
            }
        }
        Ok(())
    }

    /// Returns an error when a named account is not in the organization.
    fn check_ids(&self, organization: &Organization) -> Result<(), Failure> {
        let known: HashSet<&str> = organization.accounts.iter().map(|account| account.id.as_str()).collect();
        let named = self.accounts.iter().flatten().map(|account| (ExclusionReason::Accounts, &account.id));
        let excluded = self.exclude_accounts.iter().map(|id| (ExclusionReason::ExcludeAccounts, id));
        for (filter, id) in named.chain(excluded) {
            if !known.contains(id.as_str()) {
                let place = organization.id.as_deref().map_or_else(String::new, |id| format!(" {id}"));
                let nearest = did_you_mean(id.as_str(), known.iter().copied());
                return Err(Failure::usage(format!(
                    "{filter}: account {id} is not in the organization{place}{nearest}"
                )));
            }
        }
        Ok(())
    }
}

/// Returns the error for a tag that no account has, with a suggestion for the value or the key.
fn no_such_tag(key: &str, values: &BTreeSet<String>, tags: &BTreeMap<AccountId, AccountTags>) -> Failure {
    let keys: BTreeSet<&str> = tags.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let nearest = if keys.contains(key) {
        let used: BTreeSet<&str> =
            tags.values().filter_map(|tags| tags.get(key)).map(String::as_str).collect();
        did_you_mean(values.first().map_or("", String::as_str), used)
    } else {
        did_you_mean(key, keys)
    };
    let tags_given: Vec<String> = values.iter().map(|value| format!("{key}={value}")).collect();
    Failure::usage(format!(
        "none of the {} has the tag {}{nearest}",
        plural(tags.len(), "account"),
        list(ExclusionReason::Tags, &tags_given)
    ))
}

/// Formats an option with its values.
fn list(filter: ExclusionReason, values: &[String]) -> String {
    format!("{filter} {}", values.join(" "))
}
