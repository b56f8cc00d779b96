//! Overrides for identities that neither names nor models determine.

/// The members with the identity of a kind of resource, if the rules would find others.
pub(super) struct IdOverride {
    pub(super) service: &'static str,
    pub(super) kind: &'static str,
    /// The members with the ID, the best first; empty if the rules find it.
    pub(super) id: &'static [&'static str],
    /// The members with the name; empty if the rules find it.
    pub(super) name: &'static [&'static str],
}

/// Items that are not resources themselves but contain some: service, function, and the member with the
/// resources.
///
/// A reservation is the result of one request to run instances, and not a resource that users look for.
const LISTS_WITHIN_ITEMS: &[(&str, &str, &str)] = &[("ec2", "describe_instances", "Instances")];

/// By service, then kind.
const REVIEWED: &[IdOverride] = &[
    IdOverride { service: "acm", kind: "certificate", id: &[], name: &["DomainName"] },
    // In EC2-Classic, an address had no allocation.
    IdOverride { service: "ec2", kind: "address", id: &["AllocationId", "PublicIp"], name: &[] },
    IdOverride { service: "ec2", kind: "key_pair", id: &[], name: &["KeyName"] },
    // The ID of a table is random and not shown in the console; names are unique in a region.
    IdOverride { service: "dynamodb", kind: "table", id: &["TableName"], name: &[] },
    IdOverride { service: "ssm", kind: "instance_information", id: &["InstanceId"], name: &["ComputerName"] },
];

/// Returns the override of a kind of resource.
pub(super) fn reviewed(service: &str, kind: &str) -> Option<&'static IdOverride> {
    REVIEWED.iter().find(|row| row.service == service && row.kind == kind)
}

/// Returns the member with the resources in the items of a function's response.
pub(in crate::reports::resources) fn list_within_items(
    service: &str,
    function: &str,
) -> Option<&'static str> {
    let mut rows = LISTS_WITHIN_ITEMS.iter();
    rows.find(|(owner, name, _)| *owner == service && *name == function).map(|(_, _, member)| *member)
}

#[cfg(test)]
mod tests {
    use super::{LISTS_WITHIN_ITEMS, REVIEWED};
    use crate::model::catalog::{Catalog, Function, ShapeKind};
    use crate::reports::resources::rules::kind;

    #[test]
    fn every_row_names_members_that_there_are() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in REVIEWED {
            let service = catalog.service(row.service).expect("loads").expect("exists");
            let of_kind: Vec<_> = Function::all(&service)
                .filter(|function| kind::of_function(function.name()) == row.kind)
                .collect();
            assert!(!of_kind.is_empty(), "no function of {} returns {}", row.service, row.kind);
            for member in row.id.iter().chain(row.name) {
                let is_there = service.shapes.iter().any(|shape| {
                    matches!(&shape.kind, ShapeKind::Structure(structure) if structure.member(member).is_some())
                });
                assert!(is_there, "{}: {member}", row.service);
            }
        }
    }

    #[test]
    fn every_list_within_items_is_there() {
        let catalog = Catalog::embedded().expect("a catalog");
        for (service, function, member) in LISTS_WITHIN_ITEMS {
            let service = catalog.service(service).expect("loads").expect("exists");
            assert!(service.operation(function).is_some(), "{function}");
            let is_there = service.shapes.iter().any(|shape| {
                matches!(&shape.kind, ShapeKind::Structure(structure) if structure.member(member).is_some())
            });
            assert!(is_there, "{member}");
        }
    }
}
