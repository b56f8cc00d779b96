//! Services whose functions have the names of another's: whether they return the same resources is reviewed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::catalog;
use crate::model::catalog::Function;
use crate::reports::resources::same_services::SAME;

/// Functions that many services have.
const COMMON: &[&str] = &[
    "get_account_settings",
    "get_resource_policy",
    "list_tags",
    "list_tags_for_resource",
    "list_tags_of_resource",
];

/// Services that return other resources in spite of their functions, and why.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("connectcampaigns", "connectcampaignsv2", "campaigns of version 2 are other resources"),
    ("dax", "memorydb", "both have clusters, of different products"),
    ("detective", "guardduty", "members of a behavior graph, or of a detector"),
    ("docdb", "neptune", "both return the resources of rds"),
    ("ds-data", "quicksight", "users and groups of a directory, or of Quick Suite"),
    ("ds-data", "workmail", "users and groups of a directory, or of WorkMail"),
    ("identitystore", "quicksight", "users and groups of an identity store, or of Quick Suite"),
    ("pinpoint-email", "sesv2", "configuration sets and pools are those of Amazon Pinpoint"),
    ("waf", "waf-regional", "web ACLs for CloudFront, or for a region"),
];

/// Returns the pairs of services of which one has half of its functions in common with the other.
fn alike() -> BTreeSet<(String, String)> {
    const FEWEST: usize = 5;
    let catalog = catalog();
    let mut functions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in catalog.entries() {
        let service = std::sync::Arc::new(catalog.read(entry).expect("loads"));
        let names = Function::all(&service).map(|function| function.name().to_owned());
        let own = names.filter(|name| !COMMON.contains(&name.as_str())).collect();
        functions.insert(entry.name.clone(), own);
    }
    let mut pairs = BTreeSet::new();
    for (one, of_one) in &functions {
        for (other, of_other) in functions.range(one.clone()..).skip(1) {
            let in_both = of_one.intersection(of_other).count();
            if in_both >= FEWEST && in_both * 2 >= of_one.len().min(of_other.len()) {
                pairs.insert((one.clone(), other.clone()));
            }
        }
    }
    pairs
}

#[test]
fn services_with_equal_functions_are_reviewed() {
    let ordered = |one: &str, other: &str| (one.min(other).to_owned(), one.max(other).to_owned());
    let same = SAME.iter().map(|(one, other)| ordered(one, other));
    let different = DIFFERENT.iter().map(|(one, other, _)| ordered(one, other));
    let reviewed: BTreeSet<_> = same.chain(different).collect();
    assert_eq!(alike(), reviewed);
}
