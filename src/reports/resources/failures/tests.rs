//! All lists of failures in the catalog.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{has_failures, without};
use crate::model::catalog::{Catalog, Function, ShapeKind};
use crate::reports::resources::call::ReportedCall;
use crate::reports::resources::rules::kind;

/// The names of the lists beside others that have failures.
const REVIEWED: &[&str] = &[
    "CrawlersNotFound",
    "CustomEntityTypesNotFound",
    "DevEndpointsNotFound",
    "Errors",
    "Failed",
    "Failures",
    "InvalidParameters",
    "JobsNotFound",
    "MissingBlueprints",
    "MissingWorkflows",
    "QueryErrors",
    "ResultsNotFound",
    "RunsNotFound",
    "TriggersNotFound",
    "UnprocessedAccounts",
    "UnprocessedAssociations",
    "UnprocessedAutomationRules",
    "UnprocessedBoostStatistics",
    "UnprocessedConfigurationPolicyAssociations",
    "UnprocessedGraphs",
    "UnprocessedIdentifiers",
    "UnprocessedIds",
    "UnprocessedKeys",
    "UnprocessedNamedQueryIds",
    "UnprocessedPreparedStatementNames",
    "UnprocessedQueryExecutionIds",
    "UnprocessedResourceIdentifiers",
    "UnprocessedStatistics",
    "UnprocessedTraceIds",
    "UnprocessedTypeConfigurations",
    "VpcEndpointErrors",
    "buildBatchesNotFound",
    "buildsNotFound",
    "collectionErrorDetails",
    "collectionGroupErrorDetails",
    "commandExecutionsNotFound",
    "effectiveLifecyclePolicyErrorDetails",
    "errorEntries",
    "errors",
    "failedAccountIds",
    "failedAccounts",
    "failedFindings",
    "failedSet",
    "failures",
    "fleetsNotFound",
    "lifecyclePolicyErrorDetails",
    "notFound",
    "notFoundIdentifierIds",
    "projectsNotFound",
    "reportGroupsNotFound",
    "reportsNotFound",
    "repositoriesNotFound",
    "sandboxesNotFound",
    "skippedEntries",
    "unprocessedCaseRules",
    "unprocessedResourceKeys",
    "vpcEndpointErrorDetails",
];

#[test]
fn failures_are_not_among_resources() {
    let paths = |names: &[&str]| names.iter().map(|name| vec![(*name).to_owned()]).collect::<Vec<_>>();
    let kept = |names: &[&str], function| without(paths(names), function);
    assert_eq!(kept(&["failures", "clusters"], "describe_clusters"), paths(&["clusters"]));
    assert_eq!(kept(&["repositoriesNotFound", "repositories", "errors"], "x"), paths(&["repositories"]));
    assert_eq!(kept(&["failures"], "list_failures"), paths(&["failures"]), "failures were requested");
    assert!(kept(&["failedAccounts"], "batch_get_accounts").is_empty());
}

#[test]
fn lists_of_failures_are_reviewed() {
    let catalog = Catalog::embedded().expect("a catalog");
    let mut found = BTreeSet::new();
    for entry in catalog.entries() {
        let service = Arc::new(catalog.read(entry).expect("loads"));
        for function in Function::all(&service).filter(|function| kind::returns_several(function.name())) {
            let output = service.output(function.operation()).map_or(&[][..], |output| &output.members);
            let is_list = |shape| matches!(service.kind(shape), ShapeKind::List(_));
            let lists = output.iter().filter(|member| is_list(member.reference.shape));
            let (failed, others): (Vec<_>, Vec<_>) = lists.partition(|member| has_failures(&member.name));
            let is_removed = !others.is_empty() || function.name().starts_with("batch_");
            found.extend(failed.iter().filter(|_| is_removed).map(|member| member.name.to_string()));
            let call = ReportedCall::of_answer(&function);
            let mut reported = call.places.iter().filter_map(|place| place.path.last());
            assert!(!is_removed || !reported.any(|name| has_failures(name)), "{function}");
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, REVIEWED.iter().copied().collect(), "lists beside others whose names mean failures");
}
