//! Tests that simulated resources fit the models, refer to each other, and are deterministic.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{AccountRegion, SimulatedCall};
use crate::model::catalog::Catalog;
use crate::simulator::credentials::{Principal, SimulatedCaller};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::http::exchange::members;
use crate::simulator::paging::PageTurning;
use crate::simulator::wire::encode_answer;
use crate::simulator::world::World;

/// An account of the demonstration with many resources.
const SHOP: &str = "310055471926";
const REGION: &str = "eu-central-1";

struct ResourcesSandbox {
    world: World,
    catalog: Catalog,
}

impl ResourcesSandbox {
    fn demo() -> Self {
        Self { world: World::demo(), catalog: Catalog::embedded().expect("opens") }
    }

    /// Returns one page of the service's response.
    fn call(
        &self,
        account: &str,
        service: &str,
        function: &str,
        input: &Value,
    ) -> Result<Map<String, Value>, SimulatedError> {
        self.call_in(REGION, account, service, function, input)
    }

    /// Returns one page of the service's response in a region.
    fn call_in(
        &self,
        region: &str,
        account: &str,
        service: &str,
        function: &str,
        input: &Value,
    ) -> Result<Map<String, Value>, SimulatedError> {
        let account = self.world.account(account).expect("an account");
        let service = self.catalog.service(service).expect("loads").expect("exists");
        let operation = service.operation(function).expect("exists");
        let identity = SimulatedCaller { account, principal: Principal::User };
        let call = SimulatedCall {
            world: &self.world,
            place: AccountRegion { account, region },
            identity: &identity,
            service: &service,
            operation,
            input: input.as_object().expect("members"),
        };
        let answer = members(&call, PageTurning::Usual)?;
        encode_answer(&service, operation, &answer, "id")
            .unwrap_or_else(|error| panic!("{} {function}: {error}", service.name));
        Ok(answer)
    }

    fn shop(&self, service: &str, function: &str, input: &Value) -> Value {
        Value::Object(self.call(SHOP, service, function, input).expect("an answer"))
    }

    /// Returns the first page of a list, in a world whose pages contain everything.
    fn all(&self, service: &str, function: &str, member: &str) -> Vec<Value> {
        let answer = self.shop(service, function, &json!({}));
        answer[member].as_array().unwrap_or_else(|| panic!("no {member} in {answer}")).clone()
    }

    fn with_large_pages() -> Self {
        let mut sandbox = Self::demo();
        sandbox.world.page_size = 1000;
        sandbox
    }
}

fn ids<'items>(items: &'items [Value], id: &str) -> HashSet<&'items str> {
    let ids: HashSet<_> = items.iter().filter_map(|item| item[id].as_str()).collect();
    assert_eq!(ids.len(), items.len(), "every {id} is unique");
    ids
}

#[test]
fn every_simulated_list_fits_its_model_and_is_not_empty() {
    let sandbox = ResourcesSandbox::demo();
    for (service, function, member) in [
        ("account", "list_regions", "Regions"),
        ("cloudformation", "describe_stacks", "Stacks"),
        ("cloudformation", "list_stacks", "StackSummaries"),
        ("dynamodb", "list_tables", "TableNames"),
        ("ec2", "describe_addresses", "Addresses"),
        ("ec2", "describe_availability_zones", "AvailabilityZones"),
        ("ec2", "describe_images", "Images"),
        ("ec2", "describe_instances", "Reservations"),
        ("ec2", "describe_internet_gateways", "InternetGateways"),
        ("ec2", "describe_key_pairs", "KeyPairs"),
        ("ec2", "describe_network_interfaces", "NetworkInterfaces"),
        ("ec2", "describe_regions", "Regions"),
        ("ec2", "describe_route_tables", "RouteTables"),
        ("ec2", "describe_security_group_rules", "SecurityGroupRules"),
        ("ec2", "describe_security_groups", "SecurityGroups"),
        ("ec2", "describe_snapshots", "Snapshots"),
        ("ec2", "describe_subnets", "Subnets"),
        ("ec2", "describe_volumes", "Volumes"),
        ("ec2", "describe_vpcs", "Vpcs"),
        ("ecs", "list_clusters", "clusterArns"),
        ("ecs", "list_task_definitions", "taskDefinitionArns"),
        ("eks", "list_clusters", "clusters"),
        ("elbv2", "describe_load_balancers", "LoadBalancers"),
        ("elbv2", "describe_target_groups", "TargetGroups"),
        ("iam", "list_account_aliases", "AccountAliases"),
        ("iam", "list_policies", "Policies"),
        ("iam", "list_roles", "Roles"),
        ("iam", "list_users", "Users"),
        ("kms", "list_aliases", "Aliases"),
        ("kms", "list_keys", "Keys"),
        ("lambda", "list_functions", "Functions"),
        ("rds", "describe_db_instances", "DBInstances"),
        ("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
        ("route53", "list_hosted_zones", "HostedZones"),
        ("s3", "list_buckets", "Buckets"),
        ("sns", "list_subscriptions", "Subscriptions"),
        ("sns", "list_topics", "Topics"),
        ("sqs", "list_queues", "QueueUrls"),
    ] {
        let first = sandbox.shop(service, function, &json!({}));
        assert_ne!(first[member], json!([]), "{service} {function}");
        assert_eq!(first, sandbox.shop(service, function, &json!({})), "{service} {function}");
    }
}

#[test]
fn every_thing_that_is_listed_can_be_described() {
    let sandbox = ResourcesSandbox::with_large_pages();
    for (service, list, member, describe, parameter, described) in [
        ("dynamodb", "list_tables", "TableNames", "describe_table", "TableName", "Table"),
        (
            "dynamodb",
            "list_tables",
            "TableNames",
            "describe_continuous_backups",
            "TableName",
            "ContinuousBackupsDescription",
        ),
        ("eks", "list_clusters", "clusters", "describe_cluster", "name", "cluster"),
        ("eks", "list_clusters", "clusters", "list_nodegroups", "clusterName", "nodegroups"),
        ("ecs", "list_clusters", "clusterArns", "list_services", "cluster", "serviceArns"),
        ("kms", "list_keys", "Keys.KeyId", "describe_key", "KeyId", "KeyMetadata"),
        (
            "lambda",
            "list_functions",
            "Functions.FunctionName",
            "get_function",
            "FunctionName",
            "Configuration",
        ),
        ("sqs", "list_queues", "QueueUrls", "get_queue_attributes", "QueueUrl", "Attributes"),
        ("sns", "list_topics", "Topics.TopicArn", "get_topic_attributes", "TopicArn", "Attributes"),
        (
            "iam",
            "list_roles",
            "Roles.RoleName",
            "list_attached_role_policies",
            "RoleName",
            "AttachedPolicies",
        ),
        ("iam", "list_policies", "Policies.Arn", "get_policy_version", "PolicyArn", "PolicyVersion"),
        (
            "elbv2",
            "describe_load_balancers",
            "LoadBalancers.LoadBalancerArn",
            "describe_listeners",
            "LoadBalancerArn",
            "Listeners",
        ),
        (
            "elbv2",
            "describe_target_groups",
            "TargetGroups.TargetGroupArn",
            "describe_target_health",
            "TargetGroupArn",
            "TargetHealthDescriptions",
        ),
        (
            "route53",
            "list_hosted_zones",
            "HostedZones.Id",
            "list_resource_record_sets",
            "HostedZoneId",
            "ResourceRecordSets",
        ),
        (
            "cloudformation",
            "list_stacks",
            "StackSummaries.StackName",
            "list_stack_resources",
            "StackName",
            "StackResourceSummaries",
        ),
    ] {
        let (member, id) = member.split_once('.').unwrap_or((member, ""));
        for item in sandbox.all(service, list, member) {
            let name = if id.is_empty() { &item } else { &item[id] };
            let answer = sandbox.shop(service, describe, &json!({parameter: name}));
            assert!(
                !answer[described].is_null() && answer[described] != json!([]),
                "{service} {describe} {name}"
            );
        }
    }
}

#[test]
fn a_cluster_has_the_node_group_that_it_lists() {
    let sandbox = ResourcesSandbox::demo();
    let cluster = sandbox.all("eks", "list_clusters", "clusters")[0].clone();
    let listed = sandbox.shop("eks", "list_nodegroups", &json!({"clusterName": cluster}));
    let parameters = json!({"clusterName": cluster, "nodegroupName": listed["nodegroups"][0]});
    let described = sandbox.shop("eks", "describe_nodegroup", &parameters);
    assert_eq!(described["nodegroup"]["clusterName"], cluster);
}

#[test]
fn instances_refer_to_existing_resources() {
    let sandbox = ResourcesSandbox::with_large_pages();
    let list = |function: &str, member: &str| sandbox.all("ec2", function, member);
    let (subnets, vpcs) = (list("describe_subnets", "Subnets"), list("describe_vpcs", "Vpcs"));
    let (groups, volumes) =
        (list("describe_security_groups", "SecurityGroups"), list("describe_volumes", "Volumes"));
    let (images, interfaces) =
        (list("describe_images", "Images"), list("describe_network_interfaces", "NetworkInterfaces"));
    let (subnets, vpcs, groups) = (ids(&subnets, "SubnetId"), ids(&vpcs, "VpcId"), ids(&groups, "GroupId"));
    let (volumes, images) = (ids(&volumes, "VolumeId"), ids(&images, "ImageId"));
    let interfaces = ids(&interfaces, "NetworkInterfaceId");
    let reservations = list("describe_instances", "Reservations");
    let instances: Vec<_> = reservations
        .iter()
        .flat_map(|reservation| reservation["Instances"].as_array().expect("instances"))
        .collect();
    assert_eq!((reservations.len(), instances.len()), (60, 69));
    let mut attached = 0;
    for instance in &instances {
        let named = |value: &Value, known: &HashSet<&str>| known.contains(value.as_str().expect("an id"));
        assert!(named(&instance["SubnetId"], &subnets) && named(&instance["VpcId"], &vpcs));
        assert!(named(&instance["ImageId"], &images));
        assert!(named(&instance["SecurityGroups"][0]["GroupId"], &groups));
        assert!(named(&instance["NetworkInterfaces"][0]["NetworkInterfaceId"], &interfaces));
        for device in instance["BlockDeviceMappings"].as_array().expect("devices") {
            assert!(named(&device["Ebs"]["VolumeId"], &volumes));
            attached += 1;
        }
    }
    let unattached = 3;
    assert_eq!(attached + unattached, volumes.len());
}

#[test]
fn filters_and_owners_choose() {
    let sandbox = ResourcesSandbox::with_large_pages();
    let filter = json!({"Filters": [{"Name": "instance-state-name", "Values": ["stopped"]}]});
    let stopped = sandbox.shop("ec2", "describe_instances", &filter);
    let stopped = stopped["Reservations"].as_array().expect("reservations");
    assert!((1..30).contains(&stopped.len()), "{}", stopped.len());
    let own = sandbox.shop("ec2", "describe_images", &json!({"Owners": ["self"]}));
    assert_eq!(own["Images"].as_array().map(Vec::len), Some(9));
    let others = sandbox.shop("ec2", "describe_images", &json!({"Owners": ["amazon"]}));
    assert_eq!(others["Images"], json!([]));
    let refusal =
        sandbox.call(SHOP, "ec2", "describe_vpcs", &json!({"VpcIds": ["vpc-1"]})).expect_err("a refusal");
    assert_eq!(refusal.code, "InvalidVpcID.NotFound");
}

#[test]
fn policy_documents_are_percent_encoded_as_iam_has_them() {
    let sandbox = ResourcesSandbox::demo();
    let roles = sandbox.all("iam", "list_roles", "Roles");
    let document = roles[0]["AssumeRolePolicyDocument"].as_str().expect("a document");
    assert!(document.starts_with("%7B%22Version%22%3A%222012"), "{document}");
}

#[test]
fn an_account_lists_its_buckets_of_all_regions() {
    let sandbox = ResourcesSandbox::demo();
    let buckets = sandbox.shop("s3", "list_buckets", &json!({"MaxBuckets": 1000}));
    let buckets = buckets["Buckets"].as_array().expect("buckets");
    let regions: HashSet<_> = buckets.iter().filter_map(|bucket| bucket["BucketRegion"].as_str()).collect();
    assert_eq!((buckets.len(), regions.len()), (17, 4));
    let elsewhere =
        buckets.iter().find(|bucket| bucket["BucketRegion"] != REGION).expect("a bucket elsewhere");
    let refusal = sandbox
        .call(SHOP, "s3", "get_bucket_versioning", &json!({"Bucket": elsewhere["Name"]}))
        .expect_err("a redirect");
    assert_eq!((refusal.status, refusal.headers[0].0), (301, "x-amz-bucket-region"));
    for bucket in buckets.iter().filter(|bucket| bucket["BucketRegion"] == REGION) {
        let encryption = sandbox.shop("s3", "get_bucket_encryption", &json!({"Bucket": bucket["Name"]}));
        assert!(!encryption["ServerSideEncryptionConfiguration"]["Rules"][0].is_null());
    }
}

#[test]
fn the_tree_of_units_leads_to_every_account() {
    let sandbox = ResourcesSandbox::demo();
    let call = |function: &str, input: Value| {
        Value::Object(sandbox.call("104205104205", "organizations", function, &input).expect("an answer"))
    };
    let mut parents = vec![call("list_roots", json!({}))["Roots"][0]["Id"].clone()];
    let mut found = 0;
    while let Some(parent) = parents.pop() {
        let units = call("list_organizational_units_for_parent", json!({"ParentId": parent}));
        parents.extend(
            units["OrganizationalUnits"].as_array().expect("units").iter().map(|unit| unit["Id"].clone()),
        );
        let accounts = call("list_accounts_for_parent", json!({"ParentId": parent}));
        for account in accounts["Accounts"].as_array().expect("accounts") {
            let above = call("list_parents", json!({"ChildId": account["Id"]}));
            assert_eq!(above["Parents"][0]["Id"], parent);
            found += 1;
        }
    }
    assert_eq!(found, sandbox.world.accounts().len());
    let refusal = sandbox.call(SHOP, "organizations", "list_accounts", &json!({})).expect_err("a refusal");
    assert_eq!(refusal.code, "AccessDeniedException");
}

/// The tags of accounts are resources of the management account, in one region.
#[test]
fn tagging_api_returns_accounts_to_their_owner_only() {
    let demo = ResourcesSandbox::demo();
    let management = demo.world.management_account().expect("an account").id.to_string();
    let input = json!({"ResourceTypeFilters": ["organizations:account"]});
    let found = |region: &str, account: &str| {
        let page = demo.call_in(region, account, "resourcegroupstaggingapi", "get_resources", &input);
        page.expect("an answer")["ResourceTagMappingList"].as_array().expect("a list").clone()
    };
    let all = found("us-east-1", &management);
    assert_eq!(all.len(), demo.world.accounts().len());
    let account = all[0]["ResourceARN"].as_str().and_then(|arn| arn.rsplit('/').next()).expect("an ARN");
    let tags =
        demo.call(&management, "organizations", "list_tags_for_resource", &json!({"ResourceId": account}));
    assert_eq!(tags.expect("tags")["Tags"], all[0]["Tags"], "{account}");
    assert_eq!(found("eu-central-1", &management), [] as [Value; 0]);
    assert_eq!(found("us-east-1", SHOP), [] as [Value; 0]);
}

/// The tags are those of the service's own responses.
#[test]
fn tagging_api_returns_tags_of_services() {
    let demo = ResourcesSandbox::demo();
    // A response has one page, which has not all resources.
    let get = |region: &str, service: &str| {
        let filter = json!({"ResourceTypeFilters": [service]});
        let page = demo.call_in(region, SHOP, "resourcegroupstaggingapi", "get_resources", &filter);
        page.expect("an answer")["ResourceTagMappingList"].as_array().expect("a list").clone()
    };
    for service in ["dynamodb", "elasticloadbalancing", "lambda", "s3"] {
        let all = get(REGION, service);
        let is_of = |item: &Value| {
            item["ResourceARN"].as_str().is_some_and(|arn| arn.starts_with(&format!("arn:aws:{service}:")))
        };
        assert!(!all.is_empty() && all.iter().all(is_of), "{service}");
    }
    assert!(get(REGION, "iam").is_empty() && !get("us-east-1", "iam").is_empty());
    let bucket = &get(REGION, "s3")[0];
    let name = bucket["ResourceARN"].as_str().and_then(|arn| arn.rsplit(':').next()).expect("a name");
    let own = demo.call(SHOP, "s3", "get_bucket_tagging", &json!({"Bucket": name})).expect("tags");
    assert_eq!(own["TagSet"], bucket["Tags"]);
    let function = &get(REGION, "lambda")[0];
    let own = demo.call(SHOP, "lambda", "get_function", &json!({"FunctionName": function["ResourceARN"]}));
    let team = own.expect("a function")["Tags"]["team"].clone();
    assert!(
        function["Tags"].as_array().is_some_and(|tags| tags.contains(&json!({"Key": "team", "Value": team})))
    );
}
