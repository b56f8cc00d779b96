//! Functions that return an index of other services' resources. Their items are no resources themselves.

use serde_json::{Map, Value};

use crate::model::catalog::{Function, ShapeKind};
use crate::plan::spec::{Child, ResultSelector, SpecEntry};

/// Functions whose items are resources of other services: service, function. The services of the resources describe
/// them, with all their fields; an index only has their ARNs or IDs, and some facts.
///
/// Source: the API references of the services.
pub(super) const INDEXES: &[(&str, &str)] = &[
    ("backup", "list_protected_resources"),
    ("config", "list_aggregate_discovered_resources"),
    ("config", "list_discovered_resources"),
    ("license-manager", "list_resource_inventory"),
    ("ram", "list_resources"),
    ("resource-explorer-2", "list_resources"),
    ("resource-explorer-2", "search"),
    ("resource-groups", "list_group_resources"),
    ("resource-groups", "search_resources"),
    (TAGGING_API, GET_RESOURCES),
    ("securityhub", "get_resources_v2"),
];

const TAGGING_API: &str = "resourcegroupstaggingapi";
const GET_RESOURCES: &str = "get_resources";
const MAPPINGS: &str = "ResourceTagMappingList";

/// The parameters that do not exclude resources from the responses.
const NEUTRAL: &[&str] = &["IncludeComplianceDetails", "ResourcesPerPage", "TagsPerPage"];

/// The members with the ARN of a resource beside its tags. The ID of CloudTrail is an ARN.
pub(super) const ARNS: [&str; 3] = ["ResourceARN", "ResourceArn", "ResourceId"];

/// The members with its tags.
pub(super) const TAG_LISTS: [&str; 2] = ["Tags", "TagsList"];

/// A call that returns an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexCall {
    /// The resources of other services, without their tags.
    Resources,
    /// The tags of resources by ARN.
    Tags {
        /// Whether it has all tagged resources of an account and region, and not only a selection.
        is_complete: bool,
    },
}

impl IndexCall {
    /// Returns what an entry of a spec returns; `None` if it returns resources, or what a filter makes.
    pub(super) fn of(entry: &SpecEntry) -> Option<Self> {
        let place = (entry.function.service().name.as_ref(), entry.function.name());
        if !INDEXES.contains(&place) || matches!(entry.selection, ResultSelector::Filter(_)) {
            return None;
        }
        let has_mappings = match &entry.selection {
            ResultSelector::Key(key) => **key == *MAPPINGS,
            _ => true,
        };
        let has_tags = place == (TAGGING_API, GET_RESOURCES) && has_mappings;
        Some(if has_tags {
            Self::Tags { is_complete: is_complete(&entry.parameters) }
        } else {
            Self::Resources
        })
    }
}

impl IndexCall {
    /// Returns what a child call returns: the tags of several resources, each beside its ARN.
    pub(super) fn of_child(child: &Child) -> Option<Self> {
        let is_filtered = matches!(child.selection, ResultSelector::Filter(_));
        (!is_filtered && lists_tags(&child.function)).then_some(Self::Tags { is_complete: false })
    }
}

/// Returns whether a function returns a list of nothing but identifiers with tags.
fn lists_tags(function: &Function) -> bool {
    let service = function.service();
    let output = service.output(function.operation());
    output.into_iter().flat_map(|output| &output.members).any(|member| {
        let ShapeKind::List(list) = service.kind(member.reference.shape) else { return false };
        let Some(item) = service.structure(list.member.shape) else { return false };
        let has = |names: &[&str]| item.members.iter().any(|member| names.contains(&&*member.name));
        item.members.len() == 2 && has(&ARNS) && has(&TAG_LISTS)
    })
}

fn is_complete(parameters: &Map<String, Value>) -> bool {
    parameters.keys().all(|name| NEUTRAL.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{INDEXES, IndexCall, lists_tags};
    use crate::model::catalog::{Catalog, Function};
    use crate::plan::spec::ScanSpec;

    fn index(entry: &Value) -> Option<IndexCall> {
        let catalog = Catalog::embedded().expect("a catalog");
        let spec = ScanSpec::parse(&json!([entry]).to_string(), "the test", &catalog).expect("a spec");
        IndexCall::of(&spec.entries[0])
    }

    fn get_resources(more: &Value) -> Option<IndexCall> {
        let mut entry = json!({"service": "resourcegroupstaggingapi", "function": "get_resources"});
        entry.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        index(&entry)
    }

    #[test]
    fn selection_of_tagged_resources_is_incomplete() {
        let complete = Some(IndexCall::Tags { is_complete: true });
        assert_eq!(get_resources(&json!({})), complete);
        assert_eq!(get_resources(&json!({"result_key": "ResourceTagMappingList"})), complete);
        assert_eq!(get_resources(&json!({"parameters": {"ResourcesPerPage": 50}})), complete);
        assert_eq!(
            get_resources(&json!({"parameters": {"ResourceTypeFilters": ["s3"]}})),
            Some(IndexCall::Tags { is_complete: false })
        );
    }

    #[test]
    fn output_of_filter_is_no_index() {
        assert_eq!(get_resources(&json!({"result_key": ".ResourceTagMappingList[]"})), None);
        assert_eq!(index(&json!({"service": "s3", "function": "list_buckets"})), None);
    }

    #[test]
    fn functions_that_list_tags_are_reviewed() {
        let catalog = Catalog::embedded().expect("a catalog");
        let mut found = Vec::new();
        for entry in catalog.entries() {
            let service = std::sync::Arc::new(catalog.read(entry).expect("loads"));
            found.extend(Function::all(&service).filter(lists_tags).map(|function| function.to_string()));
        }
        assert_eq!(found, ["cloudtrail list_tags", "elbv2 describe_tags"]);
    }

    #[test]
    fn indexes_are_functions_of_the_catalog() {
        let catalog = Catalog::embedded().expect("a catalog");
        for (service, function) in INDEXES {
            let entry = catalog.entries().iter().find(|entry| *entry.name == **service).expect("a service");
            let service = std::sync::Arc::new(catalog.read(entry).expect("loads"));
            assert!(Function::find(&service, function).is_some(), "{function}");
        }
    }
}
