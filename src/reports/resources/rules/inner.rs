//! Answers and items whose resource is in a member, beside members about it: `{"ETag": …, "Distribution": {…}}`.

use super::id_overrides;
use crate::model::catalog::{Service, ShapeId, ShapeKind, Structure};
use crate::reports::members::squashed;

/// Members that contain the resource, where their name is not that of the kind: service, function, member.
const REVIEWED: &[(&str, &str, &str)] = &[
    ("lambda", "get_function", "Configuration"),
    ("network-firewall", "describe_firewall_policy", "FirewallPolicyResponse"),
    ("network-firewall", "describe_rule_group", "RuleGroupResponse"),
    ("network-firewall", "describe_tls_inspection_configuration", "TLSInspectionConfigurationResponse"),
    ("servicecatalog", "describe_product", "ProductViewSummary"),
    ("servicecatalog", "describe_product_as_admin", "ProductViewDetail"),
];

/// Words after a kind in the name of the member with the resource: `PortfolioDetail`.
const EXTENTS: &[&str] =
    &["", "detail", "details", "description", "info", "metadata", "summary", "configuration"];

/// Returns the member of a structure that is the resource of a kind, and its shape; `None` if the structure is.
pub(super) fn member(
    service: &Service,
    function: &str,
    kind: &str,
    shape: ShapeId,
) -> Option<(String, ShapeId)> {
    let structure = service.structure(shape)?;
    let reviewed = REVIEWED.iter().find(|(of, name, _)| *of == &*service.name && *name == function);
    let name = match reviewed {
        Some((.., name)) => *name,
        None if identifies(service, structure, kind) => return None,
        None => &*structure.members.iter().find(|member| is_kind(&member.name, kind))?.name,
    };
    let (_, member) = structure.member(name)?;
    let inner = member.reference.shape;
    let is_resource = matches!(service.kind(inner), ShapeKind::Structure(_));
    is_resource.then(|| (name.to_owned(), inner))
}

fn is_kind(member: &str, kind: &str) -> bool {
    const SHORTEST: usize = 4;
    let (name, kind) = (squashed(member), squashed(kind));
    let stems = EXTENTS.iter().filter_map(|extent| name.strip_suffix(extent));
    stems.into_iter().any(|stem| stem == kind || (stem.len() >= SHORTEST && kind.ends_with(stem)))
}

/// Returns whether a structure has its own ID or ARN.
fn identifies(service: &Service, structure: &Structure, kind: &str) -> bool {
    let whole = squashed(kind);
    let row = id_overrides::reviewed(&service.name, kind);
    let reviewed = row.into_iter().flat_map(|row| row.id.iter().chain(row.arn));
    reviewed.into_iter().any(|name| structure.member(name).is_some())
        || structure.members.iter().any(|member| {
            let name = squashed(&member.name);
            let stem =
                ["identifier", "id", "arn", "name"].iter().find_map(|ending| name.strip_suffix(ending));
            let is_text = matches!(service.kind(member.reference.shape), ShapeKind::String);
            is_text && stem.is_some_and(|stem| whole.ends_with(stem))
        })
}

#[cfg(test)]
mod tests {
    use super::{REVIEWED, member};
    use crate::model::catalog::Catalog;
    use crate::reports::resources::rules::kind;

    fn inner(service: &str, function: &str) -> Option<String> {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service(service).expect("loads").expect("exists");
        let output = service.operation(function).expect("exists").output.as_ref().expect("an answer").shape;
        member(&service, function, &kind::of_function(&service.name, function), output).map(|(name, _)| name)
    }

    #[test]
    fn resource_is_in_the_member_of_its_kind() {
        for (service, function, expected) in [
            ("cloudfront", "get_distribution", "Distribution"),
            ("network-firewall", "describe_firewall", "Firewall"),
            ("route53", "get_hosted_zone", "HostedZone"),
            ("servicecatalog", "describe_portfolio", "PortfolioDetail"),
            ("quicksight", "describe_dashboard", "Dashboard"),
        ] {
            assert_eq!(inner(service, function).as_deref(), Some(expected), "{service} {function}");
        }
        assert_eq!(inner("kinesisvideo", "get_signaling_channel_endpoint"), None);
        assert_eq!(inner("ec2", "describe_import_snapshot_tasks"), None);
    }

    #[test]
    fn reviewed_members_are_in_models() {
        for (service, function, name) in REVIEWED {
            assert_eq!(inner(service, function).as_deref(), Some(*name), "{service} {function}");
        }
    }
}
