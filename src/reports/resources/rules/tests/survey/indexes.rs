//! Functions that list resources by type and ID or ARN: whether they are indexes of other services' resources is
//! reviewed.

use std::collections::BTreeSet;

use super::{SurveyedList, each_list, kind};
use crate::reports::members::squashed;
use crate::reports::resources::indexes::INDEXES;

/// Why functions are no indexes: a reason after `#`, and below it service and function.
const NO_INDEXES: &str = include_str!("no_indexes.txt");
const RESOURCE_IDS: [&str; 3] = ["resourcearn", "resourceid", "resourceidentifier"];

/// Returns whether the items of a list name resources of any type.
fn may_be_index(list: &SurveyedList<'_>) -> bool {
    let service = list.service();
    let item = list.list.resource_shape().and_then(|shape| service.structure(shape));
    let members = item.map_or(&[][..], |item| &item.members).iter();
    let names: BTreeSet<String> = members.map(|member| squashed(&member.name)).collect();
    let (id, arn, ..) = list.list.rule.members();
    let has_own_id = id.iter().chain(arn).any(|member| !RESOURCE_IDS.contains(&squashed(member).as_str()));
    let has_resource =
        names.contains("resourcetype") && RESOURCE_IDS.iter().any(|name| names.contains(*name));
    let is_resource = list.kind() == "resource" || list.kind().ends_with("_resource");
    kind::returns_several(list.function.name()) && (is_resource || has_resource && !has_own_id)
}

#[test]
fn functions_that_may_be_indexes_are_reviewed() {
    let rows = NO_INDEXES.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
    let reviewed: BTreeSet<String> = rows.collect();
    let indexes: BTreeSet<String> =
        INDEXES.iter().map(|(service, function)| format!("{service} {function}")).collect();
    let mut found = BTreeSet::new();
    each_list(&mut |list| {
        if may_be_index(list) {
            found.insert(format!("{} {}", list.service().name, list.function.name()));
        }
    });
    let unreviewed: Vec<_> = found.difference(&reviewed).filter(|name| !indexes.contains(*name)).collect();
    assert!(unreviewed.is_empty(), "{unreviewed:#?}");
    let unused: Vec<_> = reviewed.difference(&found).chain(reviewed.intersection(&indexes)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
