//! Compares hand-written runs: a resource that one of them could not see is never reported as removed, and
//! redacted values are never reported as equal.

use serde_json::{Value, json};

use super::{Choice, Ignore, compare};
use crate::model::catalog::Catalog;
use crate::plan::redaction::REDACTED;
use crate::reports::resources::samples::SampleRun;

/// Returns the changes between two runs: the change, the kind and the ARN, or else the ID.
fn changes(old: &SampleRun, new: &SampleRun) -> Vec<String> {
    let names = ["old".to_owned(), "new".to_owned()];
    let (ignore, choice) = (Ignore::default(), Choice::default());
    let mut difference = compare(&old.resources, &new.resources, names, &ignore, &choice).expect("compares");
    let mut changes = Vec::new();
    difference
        .changes
        .each(|change| {
            let label = change.arn.or(change.id).unwrap_or_else(|| "-".to_owned());
            changes.push(format!("{} {} {label}", change.change.as_str(), change.kind));
            Ok(())
        })
        .expect("changes");
    changes
}

fn arn_of(cluster: &str) -> String {
    format!("arn:aws:eks:eu-west-1:123456789012:nodegroup/{cluster}/default/1")
}

fn node_groups() -> Value {
    json!([{"service": "eks", "function": "list_clusters", "result_key": "clusters", "each": [{
        "over": ".clusters[]", "function": "list_nodegroups", "result_key": "nodegroups",
        "parameters": {"clusterName": "{.}"}, "each": [{
            "over": ".nodegroups[] | {c: $item, n: .}", "function": "describe_nodegroup",
            "result_key": "nodegroup", "parameters": {"clusterName": "{.c}", "nodegroupName": "{.n}"}}]}]}])
}

/// A run in which these clusters have a node group called `default`; those that are not in `described`
/// could not be described.
fn clusters(catalog: &Catalog, clusters: &[&str], described: &[&str]) -> SampleRun {
    let item = |cluster: &&str| json!({"c": cluster, "n": "default"});
    let lists: Vec<Value> =
        clusters.iter().map(|cluster| json!({"item": cluster, "result": ["default"]})).collect();
    let descriptions = described.iter().map(|cluster| {
        json!({"item": item(cluster),
            "result": {"nodegroupName": "default", "clusterName": cluster, "nodegroupArn": arn_of(cluster)}})
    });
    let files = [
        ("eks", "list_clusters", json!(clusters)),
        ("eks", "list_nodegroups", json!(lists)),
        ("eks", "describe_nodegroup", descriptions.collect()),
    ];
    let mut lines: Vec<Value> = ["list_clusters", "list_nodegroups", "describe_nodegroup"]
        .map(|function| json!({"service": "eks", "function": function}))
        .to_vec();
    for denied in clusters.iter().filter(|cluster| !described.contains(cluster)) {
        lines[2]["status"] = json!("truncated");
        lines.push(
            json!({"service": "eks", "function": "describe_nodegroup", "status": "denied", "denied_by": "iam",
            "code": "AccessDeniedException", "attempts": 0, "item": item(denied)}),
        );
    }
    SampleRun::new(catalog, &node_groups(), &files, &lines)
}

/// A resource that is listed and not described is unknown, and not removed.
#[test]
fn listed_but_undescribed_resource_is_unknown() {
    let catalog = Catalog::embedded().expect("a catalog");
    let all = clusters(&catalog, &["prod", "dev"], &["prod", "dev"]);
    for (described, other) in [("prod", "dev"), ("dev", "prod")] {
        let some = clusters(&catalog, &["prod", "dev"], &[described]);
        assert_eq!(changes(&all, &some), ["unknown nodegroup default"], "{described}");
        assert_eq!(changes(&some, &all), [format!("unknown nodegroup {}", arn_of(other))], "{described}");
        assert!(changes(&some, &some).is_empty());
    }
}

#[test]
fn listed_resources_belong_to_own_parent() {
    let catalog = Catalog::embedded().expect("a catalog");
    let old = clusters(&catalog, &["dev", "prod", "stage"], &["dev", "prod", "stage"]);
    // Of two that are no longer described, one is still in its cluster, and the other was removed with its
    // cluster.
    for (left, removed) in [("dev", "stage"), ("stage", "dev")] {
        let new = clusters(&catalog, &[left, "prod"], &["prod"]);
        let expected = [
            format!("removed cluster arn:aws:eks:eu-west-1:123456789012:cluster/{removed}"),
            "unknown nodegroup default".to_owned(),
            format!("removed nodegroup {}", arn_of(removed)),
        ];
        assert_eq!(changes(&old, &new), expected);
    }
}

/// A run with these keys of one API: ID and description.
fn keys(catalog: &Catalog, keys: &[(&str, &str)], is_redacted: bool) -> SampleRun {
    let spec = json!([{"service": "appsync", "function": "list_graphql_apis", "result_key": "graphqlApis",
        "each": [{"over": ".graphqlApis[].apiId", "function": "list_api_keys", "result_key": "apiKeys",
            "parameters": {"apiId": "{.}"}}]}]);
    let key = |(id, description): &(&str, &str)| json!({"id": if is_redacted { REDACTED } else { id }, "description": description});
    let keys: Vec<Value> = keys.iter().map(key).collect();
    let files = [
        ("appsync", "list_graphql_apis", json!([{"apiId": "api-1", "name": "shop"}])),
        ("appsync", "list_api_keys", json!([{"item": "api-1", "result": keys}])),
    ];
    let lines = ["list_graphql_apis", "list_api_keys"]
        .map(|function| json!({"service": "appsync", "function": function}));
    SampleRun::redacting(is_redacted, catalog, &spec, &files, &lines)
}

#[test]
fn one_key_revoked_and_one_new_are_not_one_that_changed() {
    let catalog = Catalog::embedded().expect("a catalog");
    let old = keys(&catalog, &[("da2-1", "ci"), ("da2-2", "web")], true);
    let new = keys(&catalog, &[("da2-2", "web"), ("da2-3", "new")], true);
    let mut found = changes(&old, &new);
    found.sort();
    assert_eq!(found, ["added api_key -", "removed api_key -"]);
    let turned = keys(&catalog, &[("da2-2", "web"), ("da2-1", "ci")], true);
    assert!(changes(&old, &turned).is_empty(), "their order does not matter");
}

#[test]
fn id_redacted_in_one_run_is_same_resource() {
    let catalog = Catalog::embedded().expect("a catalog");
    let shown = keys(&catalog, &[("da2-1", "ci"), ("da2-2", "web")], false);
    let hidden = keys(&catalog, &[("da2-2", "web"), ("da2-1", "ci")], true);
    assert!(changes(&shown, &hidden).is_empty());
    assert!(changes(&hidden, &shown).is_empty());
    let more = keys(&catalog, &[("da2-2", "web"), ("da2-1", "ci"), ("da2-3", "new")], true);
    assert_eq!(changes(&shown, &more), ["added api_key -"]);
}
