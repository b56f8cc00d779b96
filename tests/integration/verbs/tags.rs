//! Tags in exports: from the tagging API and from calls for every item, and whether they are known.

use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::sandbox::{Moto, Sandbox, Simulated};

const SHOP: &str = "310055471926";

/// The resources of a finished run.
#[track_caller]
fn exported(sandbox: &Sandbox) -> Vec<Value> {
    let export = sandbox.run(["export", "output/run", "-f", "ndjson", "-o", "-"]);
    export.expect_exit(0);
    export.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn count(resources: &[Value], has: impl Fn(&Value) -> bool) -> usize {
    resources.iter().filter(|resource| has(&resource["tags"])).count()
}

fn get_resources() -> Value {
    json!({"service": "resourcegroupstaggingapi", "function": "get_resources"})
}

/// Scans an account of the simulated company, where these operations are denied in eu-central-1.
fn scan(spec: &Value, denied: &'static [&'static str], exit: i32) -> Vec<Value> {
    let aws = Simulated::new(World::demo());
    aws.fault(move |site: &Site<'_>| {
        let is_denied = denied.contains(&site.operation) && site.region == "eu-central-1";
        let refusal = || SimulatedError::new(403, "AccessDenied", "Access Denied");
        is_denied.then(|| Behaviour::Refuse(refusal()))
    });
    let sandbox = aws.sandbox().spec(spec);
    let options = ["-s", "spec.json", "--organization-scan", "--accounts", SHOP, "--run-name", "run"];
    sandbox.run([&options[..], &["-r", "eu-central-1,eu-west-1"]].concat()).expect_exit(exit);
    exported(&sandbox)
}

#[test]
fn denied_tagging_api_leaves_tags_of_region_unknown() {
    let spec = json!([
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets"}, get_resources(),
    ]);
    let buckets = scan(&spec, &["GetResources"], 4);
    let (denied, allowed): (Vec<Value>, Vec<Value>) =
        buckets.into_iter().partition(|bucket| bucket["region"] == "eu-central-1");
    assert!(!denied.is_empty() && !allowed.is_empty());
    assert_eq!(count(&denied, Value::is_null), denied.len());
    assert_eq!(count(&allowed, Value::is_null), 0);
}

#[test]
fn bucket_without_tags_has_empty_tags_unless_denied() {
    let tagging = json!({"over": ".Buckets[].Name", "function": "get_bucket_tagging", "result_key": "TagSet",
        "parameters": {"Bucket": "{.}"}});
    let spec =
        json!([{"service": "s3", "function": "list_buckets", "result_key": "Buckets", "each": [tagging]}]);
    let buckets = scan(&spec, &[], 0);
    let untagged = count(&buckets, |tags| *tags == json!({}));
    assert!(untagged > 0 && untagged < buckets.len());
    assert_eq!(count(&buckets, |tags| tags["team"] == "shop"), buckets.len() - untagged);
    let buckets = scan(&spec, &["GetBucketTagging"], 4);
    let is_unknown = |bucket: &Value| bucket["tags"].is_null() == (bucket["region"] == "eu-central-1");
    assert!(buckets.iter().all(is_unknown));
}

#[test]
fn resources_of_moto_have_tags_by_arn() {
    let moto = Moto::shared();
    let user = &moto.organization;
    let table = json!({"over": ".TableNames[]", "function": "describe_table", "result_key": "Table",
        "parameters": {"TableName": "{.}"}});
    let spec = json!([
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [table]},
        {"service": "elbv2", "function": "describe_load_balancers", "result_key": "LoadBalancers"},
        get_resources(),
    ]);
    let sandbox =
        Sandbox::new().aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key).spec(&spec);
    let options = ["-s", "spec.json", "--run-name", "run", "-r", "us-east-1"];
    sandbox.run(options).expect_exit(0);
    let resources = exported(&sandbox);
    for kind in ["table", "load_balancer"] {
        let of_kind: Vec<&Value> = resources.iter().filter(|resource| resource["kind"] == kind).collect();
        assert!(!of_kind.is_empty(), "{kind}");
        assert!(of_kind.iter().all(|resource| resource["tags"]["Environment"] == "test"), "{of_kind:?}");
    }
    assert!(resources.iter().all(|resource| resource["service"] != "resourcegroupstaggingapi"));
}
