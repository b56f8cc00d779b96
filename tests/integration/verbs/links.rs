//! `scan links` on a simulated organization in which a vendor has a role and some buckets, some buckets are public, and
//! some roles and load balancers were deleted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, Tree, interpreter};

/// The account of the vendor.
const VENDOR: &str = "777788889999";
/// The account of the shop.
const SHOP: &str = "310055471926";

/// What the tests look at: roles, clusters, buckets with policies, load balancers and the records that point to them.
fn spec() -> Value {
    json!([
        {"service": "iam", "function": "list_roles"},
        {"service": "eks", "function": "list_clusters", "each": [
            {"over": ".clusters[]", "function": "list_nodegroups", "parameters": {"clusterName": "{.}"}, "each": [
                {"over": ".nodegroups[] | {cluster: $item, name: .}", "function": "describe_nodegroup",
                 "parameters": {"clusterName": "{.cluster}", "nodegroupName": "{.name}"}}
            ]}
        ]},
        {"service": "s3", "function": "list_buckets", "each": [
            {"over": ".Buckets[]", "function": "get_bucket_policy", "parameters": {"Bucket": "{.Name}"}}
        ]},
        {"service": "elbv2", "function": "describe_load_balancers"},
        {"service": "elb", "function": "describe_load_balancers"},
        {"service": "route53", "function": "list_hosted_zones", "each": [
            {"over": ".HostedZones[]", "function": "list_resource_record_sets",
             "parameters": {"HostedZoneId": "{.Id}"}}
        ]}
    ])
}

/// A run of the organization.
fn scanned(more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new().spec(&spec());
    let run = ["demo", "-s", "spec.json", "-o", "output", "--run-name", "run"];
    sandbox.run([&run, more].concat());
    sandbox
}

/// The links that the program prints as JSON.
fn links(sandbox: &Sandbox, more: &[&str]) -> Vec<Value> {
    let run = sandbox.run([&["links", "output/run", "--format", "json"], more].concat());
    run.expect_exit(0);
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("a link")).collect()
}

fn text<'row>(row: &'row Value, name: &str) -> &'row str {
    row[name].as_str().unwrap_or_default()
}

/// The result files of a run, with their content.
fn files(tree: &Tree) -> Vec<(PathBuf, Value)> {
    let texts = tree
        .texts()
        .into_iter()
        .filter(|(path, _)| path.parent().and_then(Path::file_name) != Some("run".as_ref()));
    texts.filter_map(|(path, text)| Some((path, serde_json::from_str(&text).ok()?))).collect()
}

/// The pairs of two members of all links, each once.
fn pairs(links: &[Value], members: [&str; 2]) -> BTreeSet<[String; 2]> {
    links.iter().map(|link| members.map(|member| text(link, member).to_owned())).collect()
}

/// Everyone and the vendor, as the policies in the result files have them: who, and the bucket or role.
fn granted(sandbox: &Sandbox) -> BTreeSet<[String; 2]> {
    let tree = Tree::open(&sandbox.path("output"), "run");
    let mut granted = BTreeSet::new();
    for (_, file) in files(&tree) {
        for answer in file["get_bucket_policy"].as_array().into_iter().flatten() {
            let bucket = format!("arn:aws:s3:::{}", text(&answer["item"], "Name"));
            let policy: Value = serde_json::from_str(text(&answer["result"], "Policy")).expect("a policy");
            for statement in policy["Statement"].as_array().expect("statements") {
                let is_limited = statement["Condition"] != json!({});
                match &statement["Principal"] {
                    Value::String(everyone) if !is_limited => {
                        granted.insert([everyone.clone(), bucket.clone()]);
                    }
                    Value::Object(principal) => {
                        granted.insert([
                            text(&Value::Object(principal.clone()), "AWS").to_owned(),
                            bucket.clone(),
                        ]);
                    }
                    _ => {}
                }
            }
        }
    }
    granted.insert([
        format!("arn:aws:iam::{VENDOR}:root"),
        format!("arn:aws:iam::{SHOP}:role/shop-orders-role"),
    ]);
    granted
}

/// Everyone who gets access is found, and the statement is the one that gives it; conditions that limit a statement to
/// the organization are respected.
#[test]
fn foreign_access_is_that_of_the_policies() {
    let sandbox = scanned(&[]);
    let links = links(&sandbox, &["--foreign"]);
    assert_eq!(pairs(&links, ["to", "from"]), granted(&sandbox));
    for link in &links {
        let statement: Value = serde_json::from_str(text(link, "statement")).expect("a statement");
        let account = link["to_account"].as_str().unwrap_or("*");
        assert!(statement["Principal"].to_string().contains(account), "{link}");
    }
    let shown = sandbox.run(["links", "output/run", "--foreign"]);
    shown.expect_exit(0).stdout_contains("\"sts:ExternalId\":\"blue-heron-7\"").stdout_contains("everyone");
}

/// The hosts of deleted load balancers in the records of a run.
fn deleted_hosts(sandbox: &Sandbox) -> BTreeSet<[String; 2]> {
    let tree = Tree::open(&sandbox.path("output"), "run");
    let mut expected = BTreeSet::new();
    for (_, file) in files(&tree) {
        for answer in file["list_resource_record_sets"].as_array().into_iter().flatten() {
            for record in answer["result"]["ResourceRecordSets"].as_array().expect("records") {
                let host = text(&record["AliasTarget"], "DNSName").trim_start_matches("dualstack.");
                if host.contains("-deleted-1") {
                    let host = host.trim_end_matches('.').to_owned();
                    expected.insert(["resource_record_set".to_owned(), host]);
                }
            }
        }
    }
    expected
}

/// The role of a node group that was deleted.
fn deleted_role(account: &str, name: &str) -> [String; 2] {
    ["nodegroup".to_owned(), format!("arn:aws:iam::{account}:role/{name}-platform-2-nodes")]
}

/// Two roles were deleted, and everything else is there.
#[test]
fn dangling_references_are_found_and_nothing_else() {
    let sandbox = scanned(&[]);
    let expected = BTreeSet::from([deleted_role(SHOP, "shop"), deleted_role("327714509938", "payments")]);
    assert_eq!(pairs(&links(&sandbox, &["--dangling"]), ["from_kind", "to"]), expected);
}

/// A load balancer may be in an account that could not be scanned, while the ARN of a role has its account.
#[test]
fn hosts_are_unknown_if_an_account_was_not_scanned() {
    let sandbox = scanned(&[]);
    let unknown: Vec<Value> =
        links(&sandbox, &[]).into_iter().filter(|link| link["state"] == "unknown").collect();
    let hosts = deleted_hosts(&sandbox);
    assert!(hosts.len() > 2, "{hosts:?}");
    assert!(hosts.is_subset(&pairs(&unknown, ["from_kind", "to"])), "{unknown:?}");
    let shown = sandbox.run(["links", "output/run", "--dangling"]);
    shown.expect_exit(0).stdout_contains("May not exist").stdout_contains("shop-deleted-1");
}

/// What one account could not list may be there.
#[test]
fn nothing_dangles_where_a_kind_is_not_complete() {
    let denied = json!({"rules": [{
        "description": "no load balancers in one account",
        "match": {"services": "elasticloadbalancing", "accounts": "205518740093"},
        "fault": {"deny": {"by": "iam"}}
    }]});
    let sandbox = Sandbox::new().spec(&spec()).file("denied.json", &denied.to_string());
    let run = ["demo", "-s", "spec.json", "-o", "output", "--run-name", "run", "--scenario", "denied.json"];
    sandbox.run(run);
    let links = links(&sandbox, &[]);
    let records = links.iter().filter(|link| text(link, "to").contains("-deleted-1"));
    let states: BTreeSet<&str> = records.map(|link| text(link, "state")).collect();
    assert_eq!(states, BTreeSet::from(["unknown"]));
}

/// A load balancer is found by its host, and its record by the load balancer.
#[test]
fn tree_shows_both_directions() {
    let sandbox = scanned(&["--accounts", SHOP]);
    let all = links(&sandbox, &[]);
    let record = all.iter().find(|link| text(link, "to_kind") == "load_balancer").expect("a record");
    let tree = sandbox.run(["links", "output/run", text(record, "to"), "--depth", "2"]);
    tree.expect_exit(0)
        .stdout_contains("  uses: nothing in this run\n  used by 1:\n")
        .stdout_contains("└─ route53 resource_record_set shop.shop.blue-heron.example.")
        .stdout_contains("AliasTarget.DNSName\n");
    let record = sandbox.run(["links", "output/run", text(record, "from"), "--depth", "2"]);
    record.expect_exit(0).stdout_contains("uses 2:").stdout_contains("route53 hosted_zone Z");
}

#[test]
fn unknown_resource_is_an_error_with_a_hint() {
    let sandbox = scanned(&["--accounts", SHOP]);
    let run = sandbox.run(["links", "output/run", "sg-0123456789abcdef0"]);
    run.expect_exit(2)
        .stderr_contains("no resource of this run is `sg-0123456789abcdef0`")
        .stderr_is_for_people();
}

/// networkx reads both graphs, with the same edges as the JSON.
#[test]
fn graphs_are_read_by_networkx() {
    let sandbox = scanned(&[]);
    let expected = links(&sandbox, &["--foreign"]);
    for format in ["graphml", "dot"] {
        let graph = sandbox.run(["links", "output/run", "--foreign", "--format", format]);
        graph.expect_exit(0);
        let path = sandbox.path(&format!("links.{format}"));
        std::fs::write(&path, &graph.stdout).expect("writes");
        let edges = edges(&path);
        assert_eq!(edges.len(), expected.len(), "{format}");
        let path = if format == "dot" { "label" } else { "path" };
        let paths: BTreeSet<String> =
            edges.iter().map(|edge| text(&edge["edge"], path).trim_matches('"').to_owned()).collect();
        let of_json: BTreeSet<String> = expected.iter().map(|link| text(link, "path").to_owned()).collect();
        assert_eq!(paths, of_json, "{format}");
    }
}

fn edges(path: &Path) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/graph.py");
    let run = std::process::Command::new(interpreter()).arg(script).arg(path).output().expect("runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("edges")
}

/// The tables of a database and the columns of each resource have what the verb prints.
#[test]
fn database_has_the_same_links() {
    let sandbox = scanned(&["--accounts", SHOP]);
    let all = links(&sandbox, &[]);
    let query = |sql: &str| -> Vec<Value> {
        let run = sandbox.run(["query", "output/run", sql, "--format", "json"]);
        run.expect_exit(0);
        serde_json::from_str(&run.stdout).expect("rows")
    };
    let rows = query("SELECT \"from\", \"to\" FROM links");
    assert_eq!(rows.len(), all.len());
    assert_eq!(pairs(&rows, ["from", "to"]), pairs(&all, ["from", "to"]));
    let zone = query(
        "SELECT uses, used_by, (SELECT count(*) FROM links WHERE to_resource = resource) AS links \
                      FROM resources WHERE kind = 'hosted_zone' ORDER BY used_by DESC LIMIT 1",
    );
    assert_eq!(zone[0]["used_by"], zone[0]["links"]);
    assert!(zone[0]["used_by"].as_u64() > Some(2), "{zone:?}");
    let access = query("SELECT who, statement FROM foreign_access WHERE from_kind = 'role'");
    assert_eq!(text(&access[0], "who"), format!("arn:aws:iam::{VENDOR}:root"));
}

/// The comparison lists what used a removed role and is still there.
#[test]
fn diff_names_what_used_a_removed_resource() {
    let sandbox = scanned(&["--accounts", SHOP]);
    let run = ["demo", "-s", "spec.json", "-o", "later", "--run-name", "new", "--accounts", SHOP];
    sandbox.run(run);
    let tree = Tree::open(&sandbox.path("later"), "new");
    let (path, mut file) = files(&tree)
        .into_iter()
        .find(|(_, file)| file["list_roles"].is_object() || file["list_roles"].is_array())
        .expect("the roles");
    let roles = match &mut file["list_roles"] {
        Value::Array(roles) => roles,
        answer => answer["Roles"].as_array_mut().expect("roles"),
    };
    roles.retain(|role| text(role, "RoleName") != "shop-catalog-role");
    std::fs::write(path, file.to_string()).expect("writes");
    let diff = sandbox.run(["diff", "output/run", "later/new", "--format", "json"]);
    let diff: Value = serde_json::from_str(&diff.stdout).expect("a comparison");
    let removed =
        diff["changes"].as_array().expect("changes").iter().find(|change| change["change"] == "removed");
    let users = &removed.expect("a removed role")["facts"]["used_by"];
    assert!(users[0].as_str().is_some_and(|user| user.starts_with("nodegroup default")), "{users}");
}
