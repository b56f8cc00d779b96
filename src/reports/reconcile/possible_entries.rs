//! The entries of a spec that would list a type of resource.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::model::catalog::Catalog;
use crate::model::resource_types::types_of_kinds;
use crate::plan::spec::{ScanSpec, SpecEntry, calls_for};
use crate::reports::resources::ReportedCall;

/// Finds the entries that would list types, and keeps what was found.
pub(super) struct PossibleEntries<'catalog> {
    catalog: &'catalog Catalog,
    by_type: HashMap<String, Option<Value>>,
}

impl<'catalog> PossibleEntries<'catalog> {
    pub(super) fn new(catalog: &'catalog Catalog) -> Self {
        Self { catalog, by_type: HashMap::new() }
    }

    /// Returns the entry that lists a type; `None` if no function without required parameters does.
    pub(super) fn of_type(&mut self, type_name: &str) -> Option<&Value> {
        if !self.by_type.contains_key(type_name) {
            let found = self.find(type_name);
            self.by_type.insert(type_name.to_owned(), found);
        }
        self.by_type.get(type_name).and_then(Option::as_ref)
    }

    fn find(&self, type_name: &str) -> Option<Value> {
        let kinds: Vec<(&str, &str)> = match type_name.split_once('.') {
            Some(kind) if !type_name.contains("::") => vec![kind],
            _ => types_of_kinds()
                .filter(|(.., name)| *name == type_name)
                .map(|(service, kind, _)| (service, kind))
                .collect(),
        };
        kinds.into_iter().find_map(|(service, _)| {
            let service = self.catalog.service(service).ok().flatten()?;
            let entries = calls_for(self.catalog, &service).into_iter();
            let ranked = entries.filter_map(|entry| Some((self.rank(&entry, type_name)?, entry)));
            ranked.min_by_key(|(rank, _)| *rank).map(|(_, entry)| entry)
        })
    }

    /// Returns how well an entry lists a type, the best first: it returns few other types, and has pages. A function
    /// without pages may describe only named resources. `None` if the entry does not list the type.
    fn rank(&self, entry: &Value, type_name: &str) -> Option<(usize, bool)> {
        let spec =
            ScanSpec::parse(&json!([entry]).to_string(), "a function of the catalog", self.catalog).ok()?;
        let function = &spec.entries.first()?.function;
        let names: Vec<String> = ReportedCall::all(&spec).iter().flat_map(ReportedCall::type_names).collect();
        let is_listed = names.iter().any(|name| name == type_name);
        is_listed.then(|| (names.len(), function.operation().pagination.is_none()))
    }

    /// Returns whether an entry is one that the catalog's own specs have: its parameters only exclude resources of
    /// others.
    pub(super) fn is_usual(&self, entry: &SpecEntry) -> bool {
        if entry.parameters.is_empty() {
            return true;
        }
        let service = entry.function.service();
        calls_for(self.catalog, service).iter().any(|call| {
            call["function"] == entry.function.name()
                && call["parameters"] == Value::Object(entry.parameters.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PossibleEntries;
    use crate::model::catalog::Catalog;

    #[test]
    fn type_has_entry_that_lists_it() {
        let catalog = Catalog::embedded().expect("a catalog");
        let mut entries = PossibleEntries::new(&catalog);
        for (type_name, service, function) in [
            ("AWS::StepFunctions::StateMachine", "stepfunctions", "list_state_machines"),
            ("AWS::Organizations::Account", "organizations", "list_accounts"),
            ("AWS::IAM::ManagedPolicy", "iam", "list_policies"),
            ("AWS::ECS::Cluster", "ecs", "list_clusters"),
            ("ec2.security_group_rule", "ec2", "describe_security_group_rules"),
        ] {
            let entry = entries.of_type(type_name).unwrap_or_else(|| panic!("no entry for {type_name}"));
            assert_eq!((&entry["service"], &entry["function"]), (&json!(service), &json!(function)));
        }
        assert_eq!(entries.of_type("AWS::Teleport::Gate"), None);
    }
}
