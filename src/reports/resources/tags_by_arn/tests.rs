//! Tags from the Resource Groups Tagging API.

use serde_json::{Value, json};

use crate::model::catalog::Catalog;
use crate::reports::resources::Resource;
use crate::reports::resources::samples::SampleRun;

const MAPPINGS: &str = "ResourceTagMappingList";

fn asked(parameters: &Value) -> Value {
    json!({"service": "resourcegroupstaggingapi", "function": "get_resources", "result_key": MAPPINGS,
        "parameters": parameters})
}

/// A response of the API with the tag `team` of these resources.
fn tagged(arns: &[&str]) -> Value {
    let mapping = |arn: &&str| json!({"ResourceARN": arn, "Tags": [{"Key": "team", "Value": "shop"}]});
    arns.iter().map(mapping).collect()
}

fn rows(spec: &Value, files: &[(&str, &str, Value)], lines: &[Value]) -> Vec<Value> {
    let catalog = Catalog::embedded().expect("a catalog");
    SampleRun::new(&catalog, spec, files, lines).merged(|resource: &Resource<'_>| {
        json!([resource.kind, resource.id, resource.tags.clone().map(Value::Object)])
    })
}

/// The tags of two functions, of which the API returns the first; `lines` is the ledger.
fn functions(parameters: &Value, answer: Option<Value>, lines: &[Value]) -> Vec<Value> {
    let spec = json!([
        {"service": "lambda", "function": "list_functions", "result_key": "Functions"}, asked(parameters),
    ]);
    let function = |name: &str| json!({"FunctionName": name, "FunctionArn": format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}")});
    let mut files = vec![("lambda", "list_functions", json!([function("pay"), function("new")]))];
    files.extend(answer.map(|answer| ("resourcegroupstaggingapi", "get_resources", answer)));
    rows(&spec, &files, lines)
}

fn pay() -> Value {
    tagged(&["arn:aws:lambda:eu-west-1:123456789012:function:pay"])
}

#[test]
fn resources_get_tags_by_arn_and_index_has_no_rows() {
    assert_eq!(
        functions(&json!({}), Some(pay()), &[]),
        [json!(["function", "pay", {"team": "shop"}]), json!(["function", "new", {}])]
    );
}

#[test]
fn tags_are_unknown_if_call_was_denied() {
    assert_eq!(
        functions(&json!({}), None, &[]),
        [json!(["function", "pay", null]), json!(["function", "new", null])]
    );
}

#[test]
fn absence_in_selected_resources_means_nothing() {
    assert_eq!(
        functions(&json!({"ResourceTypeFilters": ["lambda"]}), Some(pay()), &[]),
        [json!(["function", "pay", {"team": "shop"}]), json!(["function", "new", null])]
    );
}

#[test]
fn absence_in_truncated_response_means_nothing() {
    let line = |status: &str| json!({"service": "resourcegroupstaggingapi", "function": "get_resources", "status": status});
    assert_eq!(functions(&json!({}), Some(pay()), &[line("truncated")])[1], json!(["function", "new", null]));
    let resumed = [line("truncated"), line("ok")];
    assert_eq!(functions(&json!({}), Some(pay()), &resumed)[1], json!(["function", "new", {}]));
}

#[test]
fn tags_on_two_pages_are_put_together() {
    let arn = "arn:aws:lambda:eu-west-1:123456789012:function:pay";
    let page = |key: &str| json!({"ResourceARN": arn, "Tags": [{"Key": key, "Value": ""}]});
    let answer = json!([page("team"), page("stage")]);
    assert_eq!(
        functions(&json!({}), Some(answer), &[])[0],
        json!(["function", "pay", {"team": "", "stage": ""}])
    );
}

#[test]
fn global_resources_are_tagged_in_home_region() {
    let list = |function: &str, key: &str| json!({"service": "iam", "function": function, "result_key": key});
    let spec = json!([
        list("list_policies", "Policies"),
        list("list_roles", "Roles"),
        list("list_groups", "Groups"),
        asked(&json!({})),
    ]);
    let policy = |name: &str, owner: &str| json!({"PolicyName": name, "PolicyId": name, "Arn": format!("arn:aws:iam::{owner}:policy/{name}")});
    let own = "123456789012";
    let files = |region| {
        [
            ("global/iam", "list_policies", json!([policy("a", own), policy("b", own), policy("c", "aws")])),
            (
                "global/iam",
                "list_roles",
                json!([{"RoleId": "r", "RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r"}]),
            ),
            (
                "global/iam",
                "list_groups",
                json!([{"GroupId": "g", "GroupName": "g", "Arn": "arn:aws:iam::123456789012:group/g"}]),
            ),
            (region, "get_resources", tagged(&["arn:aws:iam::123456789012:policy/a"])),
        ]
    };
    assert_eq!(
        rows(&spec, &files("us-east-1/resourcegroupstaggingapi"), &[]),
        [
            json!(["policy", "a", {"team": "shop"}]),
            json!(["policy", "b", {}]),
            json!(["policy", "c", null]),
            json!(["role", "r", null]),
            json!(["group", "g", null]),
        ]
    );
    let elsewhere = rows(&spec, &files("eu-west-1/resourcegroupstaggingapi"), &[]);
    assert_eq!(elsewhere[1], json!(["policy", "b", null]), "only the home region returns them");
}

#[test]
fn log_group_is_found_without_end_of_its_arn() {
    let spec = json!([
        {"service": "logs", "function": "describe_log_groups", "result_key": "logGroups"}, asked(&json!({})),
    ]);
    let group = "arn:aws:logs:eu-west-1:123456789012:log-group:web";
    let files = [
        ("logs", "describe_log_groups", json!([{"logGroupName": "web", "arn": format!("{group}:*")}])),
        ("resourcegroupstaggingapi", "get_resources", tagged(&[group])),
    ];
    assert_eq!(rows(&spec, &files, &[])[0][2], json!({"team": "shop"}));
}

#[test]
fn shared_resources_keep_unknown_tags() {
    let spec = json!([{"service": "ec2", "function": "describe_subnets", "result_key": "Subnets"}, asked(&json!({}))]);
    let subnet = |id: &str, owner: &str| json!({"SubnetId": id, "OwnerId": owner, "SubnetArn": format!("arn:aws:ec2:eu-west-1:{owner}:subnet/{id}")});
    let files = [
        ("ec2", "describe_subnets", json!([subnet("own", "123456789012"), subnet("shared", "210987654321")])),
        ("resourcegroupstaggingapi", "get_resources", json!([])),
    ];
    assert_eq!(rows(&spec, &files, &[]), [json!(["subnet", "own", {}]), json!(["subnet", "shared", null])]);
}

/// Elastic Load Balancing returns the tags of twenty load balancers in one response.
#[test]
fn tags_of_a_batch_belong_to_their_resources() {
    let arn =
        |name: &str| format!("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/{name}/1");
    let spec = json!([{"service": "elbv2", "function": "describe_load_balancers", "result_key": "LoadBalancers",
        "each": [{"over": ".LoadBalancers[].LoadBalancerArn", "batch": 20, "function": "describe_tags",
            "result_key": "TagDescriptions", "parameters": {"ResourceArns": "{.}"}}]}]);
    let balancer = |name: &str| json!({"LoadBalancerArn": arn(name), "LoadBalancerName": name});
    let tags = json!([
        {"ResourceArn": arn("one"), "Tags": [{"Key": "team", "Value": "shop"}]},
        {"ResourceArn": arn("two"), "Tags": []},
    ]);
    let answer = json!([{"item": [arn("one"), arn("two")], "result": tags}]);
    let files = [
        ("elbv2", "describe_load_balancers", json!([balancer("one"), balancer("two"), balancer("three")])),
        ("elbv2", "describe_tags", answer),
    ];
    let found: Vec<Value> = rows(&spec, &files, &[]).into_iter().map(|row| row[2].clone()).collect();
    assert_eq!(found, [json!({"team": "shop"}), json!({}), Value::Null]);
}
