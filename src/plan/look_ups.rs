//! What has to be looked up in an organization before it is known where the entries of a spec are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::catalog::{Delegated, OrganizationScope, organization_scope};
use crate::plan::spec::{AccountScope, Child, SpecEntry};

/// What has to be looked up before it is known where an entry is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUps {
    /// The management account.
    pub management: bool,
    /// The delegated administrators of the services with these principals, because an entry names them.
    pub named: BTreeSet<String>,
    /// The same, because of what functions answer about: where that cannot be looked up, the run goes on. The value
    /// says whether it is needed also where the management account is scanned.
    pub implied: BTreeMap<String, bool>,
}

impl LookUps {
    /// What has to be known for these entries.
    #[must_use]
    pub fn of<'spec>(entries: impl IntoIterator<Item = &'spec SpecEntry>) -> Self {
        let mut wanted = Self::default();
        for entry in entries {
            match &entry.accounts {
                Some(AccountScope::Management) => wanted.management = true,
                Some(AccountScope::Delegated(principal)) => {
                    wanted.named.insert(principal.clone());
                }
                Some(AccountScope::Listed(_)) => {}
                None => {
                    wanted.note(scope_of(entry, None));
                    each_child(&entry.each, &mut |child| wanted.note(scope_of(entry, Some(child))));
                }
            }
        }
        wanted
    }

    fn note(&mut self, scope: Option<OrganizationScope>) {
        let Some(scope) = scope else { return };
        self.management = true;
        if let Delegated::Of(principal) = scope.delegated {
            let always = scope.each || !scope.management;
            *self.implied.entry(principal.to_owned()).or_default() |= always;
        }
    }

    /// Whether nothing has to be looked up.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Hands over the children of an entry, those below them included.
pub(super) fn each_child(each: &[Child], take: &mut dyn FnMut(&Child)) {
    for child in each {
        take(child);
        each_child(&child.each, take);
    }
}

/// Who may call a function of an entry, as the catalog has it.
pub(super) fn scope_of(entry: &SpecEntry, child: Option<&Child>) -> Option<OrganizationScope> {
    match child {
        None => organization_scope(&entry.function, &entry.parameters),
        Some(child) => {
            let Value::Object(parameters) = child.written_parameters() else {
                return organization_scope(&child.function, &Map::new());
            };
            organization_scope(&child.function, &parameters)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LookUps;
    use crate::plan::spec::SpecEntry;
    use crate::plan::surroundings::tests::{entries, entry};

    #[test]
    fn only_what_the_spec_needs_is_looked_up() {
        let of = |entries: &[SpecEntry]| LookUps::of(entries);
        assert!(of(&entry("ec2", "describe_vpcs")).is_empty());
        let roots = of(&entry("organizations", "list_roots"));
        assert!(roots.management && roots.implied.is_empty() && roots.named.is_empty());
        let statistics = of(&entry("guardduty", "get_organization_statistics"));
        assert_eq!(statistics.implied.get("guardduty.amazonaws.com"), Some(&true));
        let events = of(&entry("health", "describe_events_for_organization"));
        assert_eq!(events.implied.get("health.amazonaws.com"), Some(&false), "the management account may");
        let named = of(&entries(
            r#"[{"service": "sqs", "function": "list_queues", "accounts": "delegated:fms.amazonaws.com"}]"#,
        ));
        assert!(named.named.contains("fms.amazonaws.com") && !named.management);
    }
}
