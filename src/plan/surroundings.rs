//! The known facts about an organization, and the accounts in which a function is called.
//!
//! Most functions are called in every account. A function that returns data of the whole organization is called
//! once, in an account that may call it; and an entry of the spec may name its accounts.

use std::collections::{BTreeMap, BTreeSet};

use super::audience::Audience;
use super::call::{PlannedCall, SkippedCall};
use super::look_ups::{LookUps, each_child, scope_of};
use super::spec::{AccountScope, Child, SpecEntry};
use crate::model::catalog::{Delegated, Function, OrganizationScope};
use crate::names::AccountId;

/// The known facts about the accounts of a run and their organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The account of the caller.
    pub caller: Option<AccountId>,
    /// Whether the accounts are those of the caller's organization.
    pub is_organization: bool,
    /// Whether all scanned accounts have their own credentials: the role of each in an organization is unknown to
    /// the run.
    pub is_alone: bool,
    /// The management account of the organization.
    pub management: Option<AccountId>,
    /// The accounts that are scanned, in all shards together.
    pub scanned: BTreeSet<AccountId>,
    /// The delegated administrators by service principal, as far as they are known.
    pub delegated: BTreeMap<String, Vec<AccountId>>,
}

/// The reason why no account can call a function, and a hint for the user.
struct Nowhere {
    reason: String,
    hint: Option<String>,
}

impl Surroundings {
    /// Returns a typical organization, to determine the needs of these entries in each kind of account: its
    /// management account scans it, and another account is the delegated administrator of every service.
    #[must_use]
    pub fn typical(entries: &[SpecEntry]) -> Self {
        let [management, administrator, member] =
            ["000000000001", "000000000002", "000000000003"].map(AccountId::new);
        let named = entries.iter().filter_map(|entry| match &entry.accounts {
            Some(AccountScope::Listed(ids)) => Some(ids.iter().cloned()),
            _ => None,
        });
        let LookUps { named: principals, implied, .. } = LookUps::of(entries);
        let principals = principals.into_iter().chain(implied.into_keys());
        Self {
            caller: Some(management.clone()),
            is_organization: true,
            is_alone: false,
            scanned: named.flatten().chain([management.clone(), administrator.clone(), member]).collect(),
            delegated: principals.map(|principal| (principal, vec![administrator.clone()])).collect(),
            management: Some(management),
        }
    }

    /// Returns the scanned accounts except the management account.
    pub fn members(&self) -> impl Iterator<Item = &AccountId> {
        self.scanned.iter().filter(|id| Some(*id) != self.management.as_ref())
    }

    /// Returns the calls of a plan for these entries, and the skipped ones that no account of the run can call.
    #[must_use]
    pub fn calls(&self, entries: &[SpecEntry]) -> (Vec<PlannedCall>, Vec<SkippedCall>) {
        let mut skipped = Vec::new();
        let planned: Vec<SpecEntry> = entries
            .iter()
            .filter(|entry| match self.resolve(entry, None) {
                Ok(_) => {
                    skipped.extend(self.unscanned(entry));
                    true
                }
                Err(nowhere) => {
                    skipped.extend(skip(entry, &nowhere));
                    false
                }
            })
            .cloned()
            .collect();
        let calls = PlannedCall::all_for(planned, &|entry, child| {
            self.resolve(entry, child)
                .unwrap_or_else(|nowhere| Audience::only(std::iter::empty(), nowhere.reason))
        });
        (calls, skipped)
    }

    /// Returns whether the caller's own account is scanned.
    #[must_use]
    pub fn is_scanned_caller(&self) -> bool {
        self.scanned_caller().is_some()
    }

    /// Returns skipped calls for accounts that an entry names and that are not scanned.
    fn unscanned<'run>(&'run self, entry: &'run SpecEntry) -> impl Iterator<Item = SkippedCall> + 'run {
        let named = match &entry.accounts {
            Some(AccountScope::Listed(ids)) => ids.as_slice(),
            _ => &[],
        };
        let outside = named.iter().filter(|id| !self.scanned.contains(*id));
        outside.map(|id| SkippedCall {
            service: entry.function.service().name.to_string(),
            function: entry.function.name().to_owned(),
            reason: format!("account {id}, which the spec names, is not scanned"),
            hint: None,
            account: Some(id.clone()),
        })
    }

    fn resolve(&self, entry: &SpecEntry, child: Option<&Child>) -> Result<Audience, Nowhere> {
        match &entry.accounts {
            // Children are called in the accounts of their entry.
            Some(_) if child.is_some() => Ok(Audience::Every),
            Some(AccountScope::Management) => self.in_management_account(),
            Some(AccountScope::Delegated(principal)) => self.in_delegated_administrators(principal),
            Some(AccountScope::Listed(ids)) => {
                let scanned: Vec<_> = ids.iter().filter(|id| self.scanned.contains(*id)).cloned().collect();
                if scanned.is_empty() {
                    let names = listed(ids);
                    return Err(Nowhere::new(format!(
                        "the spec calls it only in {names}, not scanned in this run"
                    )));
                }
                Ok(Audience::only(scanned, "the spec calls it only in other accounts"))
            }
            None => match scope_of(entry, child) {
                Some(scope) if !self.is_alone => self.within_scope(scope),
                _ => Ok(Audience::Every),
            },
        }
    }

    fn in_management_account(&self) -> Result<Audience, Nowhere> {
        match &self.management {
            Some(id) if self.scanned.contains(id) => Ok(Audience::only(
                [id.clone()],
                format!("the spec calls it only in the management account {id}"),
            )),
            Some(id) => Err(Nowhere::management(
                format!("the spec calls it only in the management account {id}, which is not scanned"),
                id,
            )),
            None => Err(Nowhere::new(
                "the spec calls it only in the management account, which cannot be looked up",
            )),
        }
    }

    fn in_delegated_administrators(&self, principal: &str) -> Result<Audience, Nowhere> {
        let delegated = self.delegated.get(principal).map_or(&[][..], Vec::as_slice);
        let scanned: Vec<_> = delegated.iter().filter(|id| self.scanned.contains(*id)).cloned().collect();
        match (delegated, &scanned[..]) {
            ([], _) => Err(Nowhere::new(format!(
                "the spec calls it only in the delegated administrators of {principal}, and there are none"
            ))),
            (_, []) => Err(Nowhere::new(format!(
                "the spec calls it only in the delegated administrators of {principal} ({}), not scanned in this run",
                listed(delegated)
            ))),
            _ => {
                let reason = format!(
                    "the spec calls it only in the delegated administrators of {principal} ({})",
                    listed(&scanned)
                );
                Ok(Audience::only(scanned, reason))
            }
        }
    }

    /// Returns the accounts in which to call a function that returns data of the organization.
    fn within_scope(&self, scope: OrganizationScope) -> Result<Audience, Nowhere> {
        let accounts =
            if scope.each { self.all_within(scope) } else { self.best_within(scope).into_iter().collect() };
        if accounts.is_empty() {
            return Err(self.nowhere(scope));
        }
        let places: Vec<String> = accounts.iter().map(|id| self.described(id)).collect();
        let places = places.join(" and ");
        Ok(Audience::only(
            accounts,
            format!("it returns organization-wide data and is only called in {places}"),
        ))
    }

    /// Returns all accounts that return different data.
    fn all_within(&self, scope: OrganizationScope) -> Vec<AccountId> {
        let management = self.management.iter().filter(|_| scope.management);
        let delegated = self.delegates(scope).unwrap_or_default();
        let known: Vec<AccountId> =
            management.chain(delegated).filter(|id| self.scanned.contains(*id)).cloned().collect();
        if known.is_empty() { self.scanned_caller().into_iter().collect() } else { known }
    }

    /// Returns the one account to call: the caller's own account if it may, else the management account, else a
    /// delegated administrator. If no other account is known to be allowed, the caller's account is tried.
    fn best_within(&self, scope: OrganizationScope) -> Option<AccountId> {
        let management = self.management.as_ref().filter(|id| self.scanned.contains(*id));
        let delegated = self.delegates(scope);
        let is_delegated = |id: &AccountId| delegated.is_some_and(|delegated| delegated.contains(id));
        let is_management = |id: &AccountId| Some(id) == management;
        let caller = self.scanned_caller();
        if let Some(caller) = &caller
            && (scope.management && is_management(caller) || is_delegated(caller))
        {
            return Some(caller.clone());
        }
        let delegate = || delegated.unwrap_or_default().iter().find(|id| self.scanned.contains(*id));
        let chosen = if scope.management { management.or_else(delegate) } else { delegate() };
        if let Some(chosen) = chosen {
            return Some(chosen.clone());
        }
        match (delegated, scope.delegated) {
            // Without a delegated administrator, the management account may be the administrator itself.
            (Some([]), Delegated::Of(_)) => management.cloned(),
            (None, Delegated::Of(_)) => caller.or_else(|| management.cloned()),
            _ if self.management.is_none() => caller,
            _ => None,
        }
    }

    /// Returns the delegated administrators of a scope, if they are known.
    fn delegates(&self, scope: OrganizationScope) -> Option<&[AccountId]> {
        match scope.delegated {
            Delegated::Of(principal) => self.delegated.get(principal).map(Vec::as_slice),
            // A caller that has listed the accounts of an organization from outside its management account is a
            // delegated administrator.
            Delegated::AnyService if self.is_organization && self.caller != self.management => {
                self.caller.as_ref().map(std::slice::from_ref)
            }
            Delegated::Nobody | Delegated::AnyService => Some(&[]),
        }
    }

    fn scanned_caller(&self) -> Option<AccountId> {
        self.caller.clone().filter(|id| self.scanned.contains(id))
    }

    fn described(&self, id: &AccountId) -> String {
        if Some(id) == self.management.as_ref() {
            format!("the management account {id}")
        } else {
            format!("account {id}")
        }
    }

    fn nowhere(&self, scope: OrganizationScope) -> Nowhere {
        let management = self.management.as_ref().filter(|_| scope.management);
        let who = match (management, scope.delegated) {
            (Some(id), Delegated::Nobody) => format!("the management account {id}"),
            (Some(id), _) => format!("the management account {id} or a delegated administrator"),
            (None, Delegated::Of(principal)) => format!("a delegated administrator of {principal}"),
            (None, _) => "the management account".to_owned(),
        };
        let reason =
            format!("it returns organization-wide data and only {who} may call it, not scanned in this run");
        match management {
            Some(id) => Nowhere::management(reason, id),
            None => Nowhere { reason, hint: Some("include such an account in the scan".to_owned()) },
        }
    }
}

impl Nowhere {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: None }
    }

    fn management(reason: String, id: &AccountId) -> Self {
        let hint = format!(
            "add account {id} to the scan (--include-management, or --accounts), or remove the entry"
        );
        Self { reason, hint: Some(hint) }
    }
}

/// Returns skipped calls for an entry that is not called at all: one for each of its functions.
fn skip(entry: &SpecEntry, nowhere: &Nowhere) -> Vec<SkippedCall> {
    let line = |function: &Function| SkippedCall {
        service: function.service().name.to_string(),
        function: function.name().to_owned(),
        reason: nowhere.reason.clone(),
        hint: nowhere.hint.clone(),
        account: None,
    };
    let mut lines = vec![line(&entry.function)];
    each_child(&entry.each, &mut |child| lines.push(line(&child.function)));
    lines
}

fn listed(ids: &[AccountId]) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<&str> = ids.iter().take(SHOWN).map(AccountId::as_str).collect();
    if ids.len() > SHOWN {
        names.push("…");
    }
    names.join(", ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::Surroundings;
    use crate::model::catalog::Catalog;
    use crate::names::AccountId;
    use crate::plan::spec::{ScanSpec, SpecEntry};

    const MANAGEMENT: &str = "111111111111";
    const SECURITY: &str = "222222222222";
    const MEMBER: &str = "333333333333";

    pub(in crate::plan) fn entries(spec: &str) -> Vec<SpecEntry> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        ScanSpec::parse(spec, "test", &catalog).expect("a spec").entries
    }

    pub(in crate::plan) fn entry(service: &str, function: &str) -> Vec<SpecEntry> {
        entries(&format!(r#"[{{"service": "{service}", "function": "{function}"}}]"#))
    }

    /// Returns an organization whose management account scans all three accounts; security is the delegated
    /// administrator of GuardDuty and Config.
    fn organization() -> Surroundings {
        let administrator = || vec![AccountId::new(SECURITY)];
        Surroundings {
            caller: Some(AccountId::new(MANAGEMENT)),
            is_organization: true,
            is_alone: false,
            management: Some(AccountId::new(MANAGEMENT)),
            scanned: [MANAGEMENT, SECURITY, MEMBER].map(AccountId::new).into(),
            delegated: [
                ("config-multiaccountsetup.amazonaws.com".to_owned(), administrator()),
                ("guardduty.amazonaws.com".to_owned(), administrator()),
            ]
            .into(),
        }
    }

    /// Returns the accounts in which the first entry is called, by the first digit; or why it is called in none.
    fn called(surroundings: &Surroundings, entries: &[SpecEntry]) -> Result<String, String> {
        let (calls, skipped) = surroundings.calls(entries);
        let Some(call) = calls.first() else { return Err(skipped[0].reason.clone()) };
        let accounts = surroundings.scanned.iter().filter(|account| call.is_called_in(account));
        Ok(accounts.map(|account| account.as_str()[..1].to_owned()).collect())
    }

    #[test]
    fn organization_calls_run_in_management_account() {
        let organization = organization();
        for (service, function, expected) in [
            ("ec2", "describe_vpcs", "123"),
            ("organizations", "describe_organization", "123"),
            ("organizations", "list_roots", "1"),
            ("guardduty", "list_organization_admin_accounts", "1"),
            ("guardduty", "get_organization_statistics", "2"),
            // Each account has its own rules.
            ("config", "describe_organization_config_rules", "12"),
            // Security Hub has no delegated administrator: the management account may be the administrator
            // itself.
            ("securityhub", "list_configuration_policies", "1"),
        ] {
            assert_eq!(
                called(&organization, &entry(service, function)).as_deref(),
                Ok(expected),
                "{function}"
            );
        }
    }

    #[test]
    fn a_delegated_administrator_that_scans_calls_what_it_may() {
        let scanner = Surroundings { caller: Some(AccountId::new(SECURITY)), ..organization() };
        for (service, function, expected) in [
            ("organizations", "list_roots", "2"),
            ("guardduty", "get_organization_statistics", "2"),
            ("guardduty", "list_organization_admin_accounts", "1"),
            // The account is the administrator of other services.
            ("sso-admin", "list_instances", "123"),
            ("health", "describe_events_for_organization", "1"),
        ] {
            assert_eq!(called(&scanner, &entry(service, function)).as_deref(), Ok(expected), "{function}");
        }
        let alone = Surroundings { scanned: [SECURITY, MEMBER].map(AccountId::new).into(), ..scanner };
        assert_eq!(called(&alone, &entry("organizations", "list_roots")).as_deref(), Ok("2"));
        let nowhere = called(&alone, &entry("guardduty", "list_organization_admin_accounts"));
        let reason = nowhere.expect_err("no account may");
        assert!(reason.contains("only the management account 111111111111 may call it"), "{reason}");
    }

    /// Where the management account is not scanned, one line records it for all its calls.
    #[test]
    fn unscanned_management_account_gets_one_skipped_line() {
        let members =
            Surroundings { scanned: [SECURITY, MEMBER].map(AccountId::new).into(), ..organization() };
        let spec = entries(
            r#"[{"service": "organizations", "function": "list_roots", "each": [
                {"over": ".Roots[].Id", "function": "list_accounts_for_parent", "parameters": {"ParentId": "{.}"}}]}]"#,
        );
        let (calls, skipped) = members.calls(&spec);
        assert!(calls.is_empty());
        let functions: Vec<&str> = skipped.iter().map(|line| &*line.function).collect();
        assert_eq!(functions, ["list_roots", "list_accounts_for_parent"]);
        assert!(skipped.iter().all(|line| line.account.is_none()));
        let hint = skipped[0].hint.as_deref().unwrap_or_default();
        assert!(hint.contains("--include-management"), "{hint}");
    }

    #[test]
    fn accounts_that_are_scanned_alone_are_asked_as_they_are() {
        let alone = Surroundings {
            caller: Some(AccountId::new(MEMBER)),
            is_alone: true,
            scanned: [AccountId::new(MEMBER)].into(),
            ..Surroundings::default()
        };
        assert_eq!(called(&alone, &entry("organizations", "list_roots")).as_deref(), Ok("3"));
    }

    /// Among named accounts, the caller's is used where the management account is not known.
    #[test]
    fn caller_is_tried_among_named_accounts() {
        let named = Surroundings {
            caller: Some(AccountId::new(MEMBER)),
            scanned: [SECURITY, MEMBER].map(AccountId::new).into(),
            ..Surroundings::default()
        };
        assert_eq!(called(&named, &entry("organizations", "list_roots")).as_deref(), Ok("3"));
        let known = Surroundings { management: Some(AccountId::new(SECURITY)), ..named.clone() };
        assert_eq!(called(&known, &entry("organizations", "list_roots")).as_deref(), Ok("2"));
        let others = Surroundings { scanned: [AccountId::new(SECURITY)].into(), ..named };
        assert!(called(&others, &entry("organizations", "list_roots")).is_err());
    }

    #[test]
    fn an_entry_says_where_it_is_called() {
        let spec = |accounts: &str| {
            entries(&format!(
                r#"[{{"service": "organizations", "function": "list_roots", "accounts": {accounts}}}]"#
            ))
        };
        let organization = organization();
        assert_eq!(called(&organization, &spec(r#""management""#)).as_deref(), Ok("1"));
        assert_eq!(
            called(&organization, &spec(r#""delegated:guardduty.amazonaws.com""#)).as_deref(),
            Ok("2")
        );
        let ids = spec(r#"["333333333333", "444444444444"]"#);
        assert_eq!(called(&organization, &ids).as_deref(), Ok("3"), "the spec knows better than the catalog");
        let (_, skipped) = organization.calls(&ids);
        assert_eq!(skipped[0].account.as_ref().map(AccountId::as_str), Some("444444444444"));
        let nowhere =
            called(&organization, &spec(r#""delegated:fms.amazonaws.com""#)).expect_err("no account");
        assert!(nowhere.ends_with("and there are none"), "{nowhere}");
    }
}
