//! The organization data that has to be looked up to determine the accounts in which the entries of a spec are
//! called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model::catalog::{Delegated, OrganizationScope, organization_scope};
use crate::plan::spec::{AccountScope, Child, SpecEntry};

/// The data that has to be looked up to determine the accounts in which entries are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookUps {
    /// Whether the management account is needed.
    pub management: bool,
    /// The service principals whose delegated administrators are needed because an entry names them.
    pub named: BTreeSet<String>,
    /// The service principals whose delegated administrators are needed because of the scope of a function: if
    /// they cannot be looked up, the run continues. The value is whether they are also needed if the management
    /// account is scanned.
    pub implied: BTreeMap<String, bool>,
}

impl LookUps {
    /// Returns the data that is needed for these entries.
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

    /// Returns whether nothing has to be looked up.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Passes the children of an entry to `take`, including those below them.
pub(super) fn each_child(each: &[Child], take: &mut dyn FnMut(&Child)) {
    for child in each {
        take(child);
        each_child(&child.each, take);
    }
}

/// Returns the accounts that may call a function of an entry, according to the catalog.
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
