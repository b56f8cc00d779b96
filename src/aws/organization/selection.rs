//! Which accounts of an organization are wanted, and what leaves the others out.
//!
//! Every kind of filter narrows the choice down further; several values of one kind widen it. Only what
//! the filters need is asked of Organizations.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aws_config::SdkConfig;

use super::account::{Account, check_rest};
use super::directory::{Directory, Tags};
use super::discovery::Organization;
use super::filter::ExclusionReason;
use super::membership::Membership;
use crate::aws::credentials::Caller;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;
use crate::util::suggest::did_you_mean;

/// The option that adds the management account.
const INCLUDE_MANAGEMENT: &str = "--include-management";

/// Which accounts are wanted; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Only these. They may carry names and states, where a file told them.
    pub accounts: Option<Vec<Account>>,
    /// Not these.
    pub exclude_accounts: Vec<AccountId>,
    /// Only those in one of these organizational units, by id or path.
    pub units: Vec<String>,
    /// Not those in any of these.
    pub exclude_units: Vec<String>,
    /// Whether a unit stands for the accounts directly in it, and not also for those in units below it.
    pub direct_only: bool,
    /// Only those that have, for each of these keys, one of its values.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// What is special about the management account.
    pub management: Management,
}

/// What is special about the management account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Management {
    /// Nothing: the filters choose it or not.
    #[default]
    AsOthers,
    /// It is scanned although a filter does not choose it, unless it is excluded.
    Include,
    /// It is not scanned.
    Skip,
}

impl AccountFilter {
    /// Whether all accounts are wanted.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// The filters as they are typed, for people. Long lists of accounts are counted, since the accounts
    /// that were chosen are known one by one elsewhere.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        /// So many ids can be taken in at a glance.
        const SHOWN: usize = 20;
        let ids = |filter: ExclusionReason, ids: Vec<String>| match ids.len() {
            0..=SHOWN => list(filter, &ids),
            count => format!("{filter} ({})", plural(count, "account")),
        };
        let mut filters = Vec::new();
        if let Some(accounts) = &self.accounts {
            filters.push(ids(
                ExclusionReason::Accounts,
                accounts.iter().map(|its| its.id.to_string()).collect(),
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

    /// The first option that only Organizations can answer, if there is one.
    #[must_use]
    pub fn needs_organization(&self) -> Option<&'static str> {
        let asked = [
            (!self.units.is_empty(), ExclusionReason::Units.as_str()),
            (!self.exclude_units.is_empty(), ExclusionReason::ExcludeUnits.as_str()),
            (!self.tags.is_empty(), ExclusionReason::Tags.as_str()),
            (self.management == Management::Skip, ExclusionReason::SkipManagement.as_str()),
            (self.management == Management::Include, INCLUDE_MANAGEMENT),
        ];
        asked.into_iter().find_map(|(is_asked, filter)| is_asked.then_some(filter))
    }

    /// Notes at every account that is not wanted what leaves it out.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for an account or unit that the
    /// organization does not have, for a filter that matches nothing, and when nothing is left; a
    /// [`FailureKind::Credentials`](crate::error::FailureKind) when Organizations does not tell units
    /// or tags.
    pub async fn apply(
        &self,
        organization: &mut Organization,
        config: &SdkConfig,
        caller: &Caller,
    ) -> Result<(), Failure> {
        if self.is_everything() {
            return Ok(());
        }
        self.check_ids(organization)?;
        let directory = Directory::new(config, caller);
        let mut membership = Membership::new(&directory, &organization.accounts, !self.direct_only);
        let inside = membership.of_all(ExclusionReason::Units, &self.units).await?;
        let outside = membership.of_all(ExclusionReason::ExcludeUnits, &self.exclude_units).await?;
        if !self.units.is_empty() && inside.is_empty() {
            return Err(Failure::usage(format!(
                "no account is in {}",
                list(ExclusionReason::Units, &self.units)
            ))
            .hint("without --no-recursive-ou, the accounts of units below it count as well"));
        }
        let named =
            self.accounts.as_ref().map(|accounts| accounts.iter().map(|its| its.id.clone()).collect());
        let excluded: HashSet<AccountId> = self.exclude_accounts.iter().cloned().collect();
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
        }
        self.apply_tags(&mut organization.accounts, &directory).await?;
        if self.management == Management::Include {
            let management = organization.accounts.iter_mut().filter(|account| account.management);
            for account in
                management.filter(|account| !account.excluded_by.is_some_and(ExclusionReason::is_exclusion))
            {
                account.excluded_by = None;
            }
        }
        check_rest(&organization.accounts)
    }

    /// Asks for the tags of the accounts that are still wanted and can be scanned, one by one.
    async fn apply_tags(&self, accounts: &mut [Account], directory: &Directory) -> Result<(), Failure> {
        if self.tags.is_empty() {
            return Ok(());
        }
        let wanted: Vec<AccountId> = accounts
            .iter()
            .filter(|account| account.not_scanned().is_none())
            .map(|account| account.id.clone())
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let tags = directory.tags(&wanted).await?;
        let has = |id: &AccountId, key: &String, values: &BTreeSet<String>| {
            tags.get(id).and_then(|tags| tags.get(key)).is_some_and(|value| values.contains(value))
        };
        for (key, values) in &self.tags {
            if !wanted.iter().any(|id| has(id, key, values)) {
                return Err(no_such_tag(key, values, &tags));
            }
        }
        for account in accounts.iter_mut().filter(|account| tags.contains_key(&account.id)) {
            if !self.tags.iter().all(|(key, values)| has(&account.id, key, values)) {
                account.excluded_by = Some(ExclusionReason::Tags);
            }
        }
        Ok(())
    }

    /// Accounts that are named have to be in the organization.
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

/// A tag that no account has, with the value or the key that may have been meant.
fn no_such_tag(key: &str, values: &BTreeSet<String>, tags: &BTreeMap<AccountId, Tags>) -> Failure {
    let keys: BTreeSet<&str> = tags.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let nearest = if keys.contains(key) {
        let used: BTreeSet<&str> =
            tags.values().filter_map(|tags| tags.get(key)).map(String::as_str).collect();
        did_you_mean(values.first().map_or("", String::as_str), used)
    } else {
        did_you_mean(key, keys)
    };
    let asked: Vec<String> = values.iter().map(|value| format!("{key}={value}")).collect();
    Failure::usage(format!(
        "none of the {} to choose from has the tag {}{nearest}",
        plural(tags.len(), "account"),
        list(ExclusionReason::Tags, &asked)
    ))
}

/// An option with its values.
fn list(filter: ExclusionReason, values: &[String]) -> String {
    format!("{filter} {}", values.join(" "))
}
