//! The IAM actions that an operation needs: tables that are reviewed against the Service Authorization Reference.
//!
//! Most actions have the name of their operation, after the signing name of the service. The tables list the
//! exceptions. A test compares every operation of the catalog with the reference.

mod action_overrides;
mod denied;
mod extra_actions;
mod families;
mod prefixes;
mod unasked;

use std::collections::BTreeSet;

use action_overrides::RENAMED;
use denied::{ADDRESSES, OTHERS, SECRETS};
use extra_actions::BESIDE;
use families::FAMILIES;
use prefixes::PREFIXES;
use unasked::is_covered;
pub use unasked::unasked;

use super::action::Action;
use crate::model::catalog::{Catalog, CatalogError, Operation, Service, Signing};

/// Service, operations, actions.
type ActionRow = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Returns the actions that a call of an operation needs, the most specific first. There are none if AWS takes a
/// token of the user in place of a signature: no policy applies to such calls.
#[must_use]
pub fn actions(service: &Service, operation: &Operation) -> Vec<Action> {
    if matches!(service.signing(operation), Signing::Bearer | Signing::Unsigned) {
        return Vec::new();
    }
    if let Some(renamed) = find(RENAMED, &service.name, &operation.name) {
        return renamed.iter().map(|name| Action::new(*name)).collect();
    }
    let own = Action::of(prefix(service), &operation.name);
    let beside = find(BESIDE, &service.name, &operation.name).unwrap_or_default();
    std::iter::once(own).chain(beside.iter().map(|name| Action::new(*name))).collect()
}

/// Returns the prefix of a service's actions: `elasticloadbalancing`.
#[must_use]
pub fn prefix(service: &Service) -> &str {
    PREFIXES
        .iter()
        .find(|(name, _)| *name == &*service.name)
        .map_or(&*service.signing_name, |(_, prefix)| prefix)
}

/// Returns the actions of operations that a scan refuses to call because they return a credential or a secret.
pub(super) fn secret_actions() -> BTreeSet<Action> {
    SECRETS.iter().map(|name| Action::new(*name)).collect()
}

/// Returns the actions of operations that a scan refuses to call because they return an address that grants
/// access.
pub(super) fn address_actions() -> BTreeSet<Action> {
    ADDRESSES.iter().map(|name| Action::new(*name)).collect()
}

/// Returns the actions of all operations that a scan refuses to call.
pub(super) fn denied_actions() -> BTreeSet<Action> {
    SECRETS.iter().chain(ADDRESSES).chain(OTHERS).map(|name| Action::new(*name)).collect()
}

/// Returns all known actions with the prefixes of some services that are named like read operations, and these
/// prefixes. Prefixes whose actions are not all known are excluded.
pub(super) fn neighbours<'service>(
    catalog: &Catalog,
    services: impl IntoIterator<Item = &'service str>,
) -> Result<(BTreeSet<String>, BTreeSet<Action>), CatalogError> {
    let (mut prefixes, mut found) = (BTreeSet::new(), denied_actions());
    for name in services {
        let Some(service) = catalog.service(name)? else { continue };
        let family = FAMILIES.iter().find(|(shared, _)| *shared == prefix(&service));
        for name in family.map_or(&[name][..], |(_, services)| services) {
            let Some(service) = catalog.service(name)? else { continue };
            found.extend(service.operations.iter().flat_map(|operation| actions(&service, operation)));
        }
        if is_covered(prefix(&service)) {
            prefixes.insert(prefix(&service).to_owned());
        }
    }
    // Operations of other services may need actions with the prefix.
    let of_others =
        RENAMED.iter().chain(BESIDE).flat_map(|(_, _, actions)| *actions).map(|name| Action::new(*name));
    found.extend(of_others.chain(unasked()).filter(|action| prefixes.contains(action.prefix())));
    Ok((prefixes, found))
}

fn find(table: &[ActionRow], service: &str, operation: &str) -> Option<&'static [&'static str]> {
    let is_meant = |name: &&str| *name == operation || *name == "*";
    let mut rows = table.iter().filter(|(name, _, _)| *name == service);
    rows.find(|(_, operations, _)| operations.iter().any(is_meant)).map(|(_, _, actions)| *actions)
}

/// Returns every action that the catalog's operations need.
#[cfg(test)]
pub(super) fn every_action(catalog: &Catalog) -> BTreeSet<Action> {
    let services = catalog.entries().iter().map(|entry| catalog.read(entry).expect("loads"));
    let of_service = |service: Service| {
        service.operations.iter().flat_map(|operation| actions(&service, operation)).collect::<Vec<_>>()
    };
    services.flat_map(of_service).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{BESIDE, FAMILIES, PREFIXES, RENAMED, actions, prefix};
    use crate::model::catalog::read_only::{self, DenialKind};
    use crate::model::catalog::{Catalog, Function, Service};
    use crate::plan::policy::action::Action;

    fn every_service(catalog: &Catalog) -> Vec<Service> {
        catalog.entries().iter().map(|entry| catalog.read(entry).expect("loads")).collect()
    }

    fn names(catalog: &Catalog, service: &str, function: &str) -> Vec<String> {
        let service = catalog.service(service).expect("loads").expect("exists");
        let function = Function::find(&service, function).expect("exists");
        actions(&service, function.operation()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn most_actions_have_the_name_of_their_operation() {
        let catalog = Catalog::embedded().expect("a catalog");
        let names = |service, function| names(&catalog, service, function);
        assert_eq!(names("ec2", "describe_instances"), ["ec2:DescribeInstances"]);
        assert_eq!(names("elbv2", "describe_rules"), ["elasticloadbalancing:DescribeRules"]);
        assert_eq!(names("cloudwatch", "describe_alarms"), ["cloudwatch:DescribeAlarms"]);
        assert_eq!(names("efs", "describe_file_systems"), ["elasticfilesystem:DescribeFileSystems"]);
    }

    #[test]
    fn some_have_another_and_some_need_several() {
        let catalog = Catalog::embedded().expect("a catalog");
        let names = |service, function| names(&catalog, service, function);
        assert_eq!(names("s3", "list_buckets"), ["s3:ListAllMyBuckets"]);
        assert_eq!(names("apigateway", "get_rest_apis"), ["apigateway:GET"]);
        assert_eq!(names("keyspaces", "list_tables"), ["cassandra:Select"]);
        assert_eq!(
            names("cloudformation", "describe_stacks"),
            ["cloudformation:DescribeStacks", "cloudformation:ListStacks"]
        );
    }

    #[test]
    fn unsigned_operation_needs_no_permission() {
        let catalog = Catalog::embedded().expect("a catalog");
        assert!(names(&catalog, "codecatalyst", "list_spaces").is_empty());
    }

    #[test]
    fn every_row_is_about_operations_of_the_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        for (name, operations, _) in RENAMED.iter().chain(BESIDE) {
            let service = catalog.service(name).expect("loads").expect("a service of the catalog");
            for operation in operations.iter().filter(|operation| **operation != "*") {
                let exists = service.operations.iter().any(|known| &*known.name == *operation);
                assert!(exists, "{name} has no operation {operation}");
            }
        }
        for (name, prefix) in PREFIXES {
            let service = catalog.service(name).expect("loads").expect("a service of the catalog");
            assert_ne!(*prefix, &*service.signing_name, "{name}: the row is redundant");
        }
    }

    #[test]
    fn the_lists_of_denied_actions_are_those_of_the_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        let (mut secrets, mut addresses, mut others) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for service in every_service(&catalog) {
            for operation in &service.operations {
                let Some(denial) = read_only::denial(&service.name, &operation.name) else { continue };
                let is_address =
                    ["presigned", "download URL"].iter().any(|words| denial.reason.contains(words));
                let list = match denial.kind {
                    DenialKind::BulkData | DenialKind::Effect | DenialKind::Unreviewed => &mut others,
                    DenialKind::Credential if is_address => &mut addresses,
                    DenialKind::Credential | DenialKind::Secret => &mut secrets,
                };
                list.extend(actions(&service, operation));
            }
            // Only the names of these services are known; users sign in to Cognito without a signature.
            if !service.name.starts_with("cognito-") {
                let named = read_only::not_admitted(&service.name);
                others.extend(named.map(|(operation, _)| Action::of(prefix(&service), operation)));
            }
        }
        let texts = |actions: BTreeSet<Action>| actions.iter().map(ToString::to_string).collect::<Vec<_>>();
        let addresses: BTreeSet<Action> = addresses.difference(&secrets).cloned().collect();
        let others = &others - &(&secrets | &addresses);
        assert_eq!(super::SECRETS, texts(secrets), "src/plan/policy/actions/denied.rs");
        assert_eq!(super::ADDRESSES, texts(addresses), "src/plan/policy/actions/denied.rs");
        assert_eq!(super::OTHERS, texts(others), "src/plan/policy/actions/denied.rs");
    }

    /// The actions that nothing needs are sorted, and no operation needs one of them.
    #[test]
    fn unasked_actions_are_sorted_and_not_needed() {
        let catalog = Catalog::embedded().expect("a catalog");
        let listed: Vec<Action> = super::unasked().collect();
        assert!(listed.is_sorted() && listed.len() > 700, "src/plan/policy/actions/unasked.txt");
        let lower = |action: &Action| action.as_str().to_ascii_lowercase();
        let needed: BTreeSet<String> = super::every_action(&catalog).iter().map(lower).collect();
        let both: Vec<_> = listed.iter().filter(|action| needed.contains(&lower(action))).collect();
        assert!(both.is_empty(), "needed, and in src/plan/policy/actions/unasked.txt: {both:?}");
    }

    #[test]
    fn the_families_are_those_of_the_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for service in every_service(&catalog).iter().filter(|service| !service.operations.is_empty()) {
            families.entry(prefix(service).to_owned()).or_default().push(service.name.to_string());
        }
        families.retain(|_, services| services.len() > 1);
        let listed: BTreeMap<String, Vec<String>> = FAMILIES
            .iter()
            .map(|(prefix, services)| {
                ((*prefix).to_owned(), services.iter().map(ToString::to_string).collect())
            })
            .collect();
        assert_eq!(listed, families);
    }
}
