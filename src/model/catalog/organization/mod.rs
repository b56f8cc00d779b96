//! The table of functions that return data of the whole organization, with the accounts that may call them.
//!
//! The documentation of most operations states it: "You can only call this operation from the management account
//! or a member account that is a delegated administrator." `tests/integration/conformance/scopes/survey.rs` checks the
//! documentation, errors and names of all operations and fails for one that has not been reviewed.

mod row;
mod rows;
mod scope;

use serde_json::{Map, Value};

use super::function::Function;
use row::RowCondition;
use rows::ROWS;
pub use scope::{Delegated, OrganizationScope};

/// Returns the accounts of an organization that may call `function` with these parameters of a spec; `None` where
/// any account calls it for itself.
#[must_use]
pub fn organization_scope(function: &Function, parameters: &Map<String, Value>) -> Option<OrganizationScope> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    ROWS.iter()
        .filter(|row| row.service == service)
        .filter(|row| row.operations.is_empty() || row.operations.contains(&operation))
        .find(|row| row.when.applies(parameters))
        .map(|row| row.scope)
}

/// Returns whether a function returns data of the organization with some parameters.
#[must_use]
pub fn may_be_refused_to_members(function: &Function) -> bool {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let takes = |name: &str| {
        function.service().input(function.operation()).is_some_and(|input| input.member(name).is_some())
    };
    ROWS.iter()
        .filter(|row| row.service == service)
        .filter(|row| row.operations.is_empty() || row.operations.contains(&operation))
        .any(|row| match row.when {
            RowCondition::Always => true,
            RowCondition::Given(name) | RowCondition::Literal(name) | RowCondition::Is(name, _) => {
                takes(name)
            }
        })
}

/// Returns the service principals in the table, for messages about others.
pub fn known_principals() -> impl Iterator<Item = &'static str> {
    ROWS.iter().filter_map(|row| match row.scope.delegated {
        Delegated::Of(principal) => Some(principal),
        Delegated::Nobody | Delegated::AnyService => None,
    })
}

impl RowCondition {
    fn applies(self, parameters: &Map<String, Value>) -> bool {
        let given = |name: &str| parameters.get(name).filter(|value| !value.is_null());
        match self {
            Self::Always => true,
            Self::Given(name) => given(name).is_some(),
            // A text in braces is a placeholder for a value of an item.
            Self::Literal(name) => {
                given(name).and_then(Value::as_str).is_some_and(|value| !value.starts_with('{'))
            }
            Self::Is(name, wanted) => match given(name) {
                Some(Value::String(value)) => value == wanted,
                Some(Value::Bool(value)) => wanted.parse() == Ok(*value),
                Some(_) | None => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Delegated, OrganizationScope, ROWS, RowCondition, organization_scope};
    use crate::model::catalog::{Catalog, Function};

    fn scope(service: &str, function: &str, parameters: &Value) -> Option<OrganizationScope> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let known = catalog.service(service).expect("loads").expect(service);
        let function = Function::find(&known, function).expect(function);
        organization_scope(&function, parameters.as_object().expect("an object"))
    }

    #[test]
    fn every_row_names_operations_and_parameters_that_exist() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        assert!(ROWS.is_sorted_by_key(|row| row.service));
        for row in ROWS {
            let service = catalog.service(row.service).expect("loads").expect(row.service);
            for name in row.operations {
                assert!(
                    service.operations.iter().any(|operation| &*operation.name == *name),
                    "{} {name}",
                    row.service
                );
            }
            let parameter = match row.when {
                RowCondition::Always => None,
                RowCondition::Given(name) | RowCondition::Literal(name) | RowCondition::Is(name, _) => {
                    Some(name)
                }
            };
            let has = |name: &str| {
                let mut inputs = service.operations.iter().filter_map(|operation| service.input(operation));
                inputs.any(|input| input.member(name).is_some())
            };
            assert!(parameter.is_none_or(has), "{} {parameter:?}", row.service);
            assert!(!row.source.is_empty());
        }
    }

    /// A call that every account makes for itself has no scope.
    #[test]
    fn calls_of_every_account_have_no_scope() {
        let none = json!({});
        for (service, function) in [
            ("organizations", "describe_organization"),
            ("organizations", "describe_effective_policy"),
            ("organizations", "list_handshakes_for_account"),
            ("guardduty", "list_detectors"),
            ("guardduty", "list_members"),
            ("fms", "list_admins_managing_account"),
            ("sso-admin", "list_instances"),
            ("account", "get_contact_information"),
            ("cloudformation", "list_stack_sets"),
            ("ec2", "describe_vpcs"),
        ] {
            assert_eq!(scope(service, function, &none), None, "{service} {function}");
        }
    }

    /// A call that answers for the organization has the accounts that may call it.
    #[test]
    fn scope_names_accounts_that_may_call() {
        let none = json!({});
        let roots = scope("organizations", "list_roots", &none).expect("a scope");
        assert!(roots.management && roots.delegated == Delegated::AnyService);
        let administrators = scope("guardduty", "list_organization_admin_accounts", &none).expect("a scope");
        assert!(administrators.management && administrators.delegated == Delegated::Nobody);
        let statistics = scope("guardduty", "get_organization_statistics", &none).expect("a scope");
        assert!(!statistics.management && statistics.delegated == Delegated::Of("guardduty.amazonaws.com"));
        assert!(scope("config", "describe_organization_config_rules", &none).expect("a scope").each);
    }

    #[test]
    fn parameters_can_make_the_scope() {
        let given = |service: &str, function: &str, parameters: Value| scope(service, function, &parameters);
        let contact = "get_contact_information";
        assert!(given("account", contact, json!({"AccountId": "111111111111"})).is_some());
        assert!(given("account", contact, json!({"AccountId": "{.Id}"})).is_some());
        let sets = |call_as| given("cloudformation", "list_stack_sets", json!({"CallAs": call_as}));
        assert!(sets("DELEGATED_ADMIN").is_some_and(|scope| !scope.management));
        assert_eq!(sets("SELF"), None);
        let users = |store| given("identitystore", "list_users", json!({"IdentityStoreId": store}));
        assert!(users("d-1234567890").is_some());
        assert_eq!(users("{.IdentityStoreId}"), None, "its own instance's");
    }
}
