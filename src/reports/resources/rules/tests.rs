//! Identities of the resources that common functions return.

mod identities;
mod survey;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{IdentityRule, ItemIdentity, kind};
use crate::model::catalog::{Catalog, Function, Service, ShapeId, ShapeKind};
use crate::plan::redaction::{REDACTED, Redaction, is_redacted};
use crate::plan::spec::ScanSpec;
use crate::reports::resources::call::ReportedCall;
use crate::reports::resources::origin::ItemOrigin;

const ORIGIN: ItemOrigin<'_> =
    ItemOrigin { partition: "aws", region: Some("eu-west-1"), account: "123456789012", parent: None };

fn catalog() -> Catalog {
    Catalog::embedded().expect("a catalog")
}

/// Returns the only rule for the results of a function.
#[track_caller]
fn rule(catalog: &Catalog, service: &str, function: &str) -> IdentityRule {
    let spec = json!([{"service": service, "function": function}]).to_string();
    let spec = ScanSpec::parse(&spec, "the test", catalog).expect("a spec");
    let calls = ReportedCall::all(&spec);
    let [list] = &*calls[0].lists else { panic!("{service} {function} has {} lists", calls[0].lists.len()) };
    list.rule.clone()
}

/// Returns kind, ID, ARN and name of an item.
#[track_caller]
fn identified(catalog: &Catalog, service: &str, function: &str, item: &Value) -> [Option<String>; 4] {
    let rule = rule(catalog, service, function);
    let ItemIdentity { id, arn, name, .. } = rule.identify(item, &ORIGIN);
    [Some(rule.kind), id, arn, name]
}

/// Resources of the most common functions are identified by the members that they are known by.
#[test]
fn common_functions_yield_well_known_identifiers() {
    // Function, kind, and the values of the members with ID, ARN and name ("-" if there is none).
    #[rustfmt::skip]
    let known = [
        ("ec2", "describe_instances", "instance", json!({"InstanceId": "i-1", "ImageId": "ami-1", "Tags": [{"Key": "Name", "Value": "web"}]}), ["i-1", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", "web"]),
        ("ec2", "describe_vpcs", "vpc", json!({"VpcId": "vpc-1", "OwnerId": "1"}), ["vpc-1", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", "-"]),
        ("ec2", "describe_subnets", "subnet", json!({"VpcId": "vpc-1", "SubnetId": "s-1", "SubnetArn": "arn:s"}), ["s-1", "arn:s", "-"]),
        ("ec2", "describe_security_groups", "security_group", json!({"GroupId": "sg-1", "GroupName": "web", "SecurityGroupArn": "arn:sg", "VpcId": "v"}), ["sg-1", "arn:sg", "web"]),
        ("ec2", "describe_volumes", "volume", json!({"SnapshotId": "snap-1", "VolumeId": "vol-1"}), ["vol-1", "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", "-"]),
        ("ec2", "describe_snapshots", "snapshot", json!({"VolumeId": "vol-1", "SnapshotId": "snap-1"}), ["snap-1", "arn:aws:ec2:eu-west-1::snapshot/snap-1", "-"]),
        ("ec2", "describe_addresses", "address", json!({"PublicIp": "192.0.2.1", "AllocationId": "eipalloc-1"}), ["eipalloc-1", "arn:aws:ec2:eu-west-1:123456789012:elastic-ip/eipalloc-1", "-"]),
        ("ec2", "describe_key_pairs", "key_pair", json!({"KeyPairId": "key-1", "KeyName": "mine"}), ["key-1", "arn:aws:ec2:eu-west-1:123456789012:key-pair/mine", "mine"]),
        ("ec2", "describe_network_interfaces", "network_interface", json!({"NetworkInterfaceId": "eni-1", "VpcId": "v"}), ["eni-1", "arn:aws:ec2:eu-west-1:123456789012:network-interface/eni-1", "-"]),
        ("s3", "list_buckets", "bucket", json!({"Name": "logs", "BucketArn": "arn:aws:s3:::logs"}), ["logs", "arn:aws:s3:::logs", "logs"]),
        ("iam", "list_users", "user", json!({"UserId": "AIDA", "UserName": "ann", "Arn": "arn:u"}), ["AIDA", "arn:u", "ann"]),
        ("iam", "list_roles", "role", json!({"RoleId": "AROA", "RoleName": "app", "Arn": "arn:r"}), ["AROA", "arn:r", "app"]),
        ("iam", "list_policies", "policy", json!({"PolicyId": "ANPA", "PolicyName": "p", "Arn": "arn:p"}), ["ANPA", "arn:p", "p"]),
        ("lambda", "list_functions", "function", json!({"FunctionName": "f", "FunctionArn": "arn:f", "Role": "arn:r"}), ["f", "arn:f", "f"]),
        ("dynamodb", "list_tables", "table", json!("orders"), ["orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders", "orders"]),
        ("sqs", "list_queues", "queue", json!("https://sqs.example/1/q"), ["https://sqs.example/1/q", "arn:aws:sqs:eu-west-1:123456789012:q", "q"]),
        ("sns", "list_topics", "topic", json!({"TopicArn": "arn:t"}), ["arn:t", "arn:t", "t"]),
        ("ecs", "list_clusters", "cluster", json!("arn:aws:ecs:::c"), ["arn:aws:ecs:::c", "arn:aws:ecs:::c", "-"]),
        ("eks", "list_clusters", "cluster", json!("shop"), ["shop", "arn:aws:eks:eu-west-1:123456789012:cluster/shop", "shop"]),
        ("rds", "describe_db_instances", "db_instance", json!({"DBInstanceIdentifier": "db", "DbiResourceId": "x", "DBName": "n", "DBInstanceArn": "arn:d"}), ["db", "arn:d", "-"]),
        ("elbv2", "describe_load_balancers", "load_balancer", json!({"LoadBalancerArn": "arn:l", "LoadBalancerName": "lb", "DNSName": "lb.example"}), ["lb", "arn:l", "lb"]),
        ("elbv2", "describe_target_groups", "target_group", json!({"TargetGroupArn": "arn:t", "TargetGroupName": "tg", "VpcId": "v"}), ["tg", "arn:t", "tg"]),
        ("kms", "list_keys", "key", json!({"KeyId": "k-1", "KeyArn": "arn:k"}), ["k-1", "arn:k", "-"]),
        ("cloudformation", "describe_stacks", "stack", json!({"StackId": "arn:st", "StackName": "net", "RoleARN": "arn:r"}), ["arn:st", "arn:st", "net"]),
        ("route53", "list_hosted_zones", "hosted_zone", json!({"Id": "Z1", "Name": "example."}), ["Z1", "arn:aws:route53:::hostedzone/Z1", "example."]),
        ("cloudfront", "list_distributions", "distribution", json!({"Id": "E1", "ARN": "arn:d", "DomainName": "d.example"}), ["E1", "arn:d", "-"]),
        ("secretsmanager", "list_secrets", "secret", json!({"ARN": "arn:s", "Name": "s", "KmsKeyId": "k"}), ["s", "arn:s", "s"]),
        ("acm", "list_certificates", "certificate", json!({"CertificateArn": "arn:c", "DomainName": "example"}), ["arn:c", "arn:c", "example"]),
        ("logs", "describe_log_groups", "log_group", json!({"logGroupName": "/a", "arn": "arn:l:*", "logGroupArn": "arn:l"}), ["/a", "arn:l", "/a"]),
        ("autoscaling", "describe_auto_scaling_groups", "auto_scaling_group", json!({"AutoScalingGroupName": "g", "AutoScalingGroupARN": "arn:g", "LaunchConfigurationName": "lc"}), ["g", "arn:g", "g"]),
        ("cloudtrail", "describe_trails", "trail", json!({"Name": "t", "TrailARN": "arn:t", "S3BucketName": "b"}), ["t", "arn:t", "t"]),
        ("efs", "describe_file_systems", "file_system", json!({"FileSystemId": "fs-1", "FileSystemArn": "arn:f", "Name": "n"}), ["fs-1", "arn:f", "n"]),
    ];
    let (catalog, mut wrong) = (catalog(), Vec::new());
    for (service, function, kind, item, [id, arn, name]) in known {
        let text = |text: &str| Some(text.to_owned()).filter(|text| text != "-");
        let expected = [text(kind), text(id), text(arn), text(name)];
        let found = identified(&catalog, service, function, &item);
        if found != expected {
            wrong.push(format!("{service} {function}: {found:?} and not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn item_without_model_is_identified_by_own_members() {
    let catalog = catalog();
    let service = catalog.service("ec2").expect("loads").expect("exists");
    let rule = IdentityRule::of_shape(
        &service,
        "describe_volumes",
        kind::of_function("ec2", "describe_volumes"),
        None,
    );
    let item = json!({"VolumeId": "vol-1", "Tags": [{"Key": "Name", "Value": "data"}, {"Key": "team", "Value": ""}]});
    let ItemIdentity { id, name, tags, .. } = rule.identify(&item, &ORIGIN);
    assert_eq!((id.as_deref(), name.as_deref()), (Some("vol-1"), Some("data")));
    assert_eq!(tags.map(Value::Object), Some(json!({"Name": "data", "team": ""})));
}

#[test]
fn a_member_that_is_not_there_leaves_the_next_best() {
    let catalog = catalog();
    let cluster = json!({"name": "shop", "arn": "arn:aws:eks:::cluster/shop", "tags": {"team": "shop"}});
    let ItemIdentity { id, arn, name, tags, .. } =
        rule(&catalog, "eks", "list_clusters").identify(&cluster, &ORIGIN);
    assert_eq!((id.as_deref(), name.as_deref()), (Some("shop"), Some("shop")));
    assert_eq!(arn.as_deref(), Some("arn:aws:eks:::cluster/shop"));
    assert_eq!(tags.map(|tags| tags.len()), Some(1));
}

#[test]
fn item_without_members_has_no_identity() {
    let catalog = catalog();
    for item in [json!(1), json!(true), json!({})] {
        assert_eq!(rule(&catalog, "ec2", "describe_vpcs").identify(&item, &ORIGIN), ItemIdentity::default());
    }
}

/// Every function of the catalog has a kind, and a list that holds its resources.
#[test]
fn every_function_has_kind_and_list_of_resources() {
    let catalog = catalog();
    let mut services = 0;
    for entry in catalog.entries() {
        let service = std::sync::Arc::new(catalog.read(entry).expect("loads"));
        for function in Function::all(&service) {
            let call = ReportedCall::of_answer(&function);
            assert!(!call.lists.is_empty() && call.lists.len() == call.places.len(), "{function}");
            for list in &call.lists {
                assert!(!list.rule.kind.is_empty(), "{function}");
            }
        }
        services += 1;
    }
    assert!(services > 400);
}

/// Returns a response in which every list has one item, and every string is the path of its member.
fn answer(service: &Service, shape: ShapeId, path: &str, depth: usize) -> Value {
    match service.kind(shape) {
        ShapeKind::Structure(structure) if depth > 0 => {
            let members = structure.members.iter().map(|member| {
                let name = member.name.to_string();
                let value = answer(service, member.reference.shape, &format!("{path}.{name}"), depth - 1);
                (name, value)
            });
            Value::Object(members.collect())
        }
        ShapeKind::List(list) if depth > 0 => json!([answer(service, list.member.shape, path, depth - 1)]),
        ShapeKind::String if path.to_ascii_lowercase().ends_with("arn") => {
            json!(format!("arn:aws:x:::{path}"))
        }
        ShapeKind::String => json!(path),
        _ => Value::Null,
    }
}

/// Returns the identities in a complete response of a function, with and without redaction, list by list: the
/// kind, and the identity of the only item.
fn identities(function: &Function) -> Vec<(String, ItemIdentity, ItemIdentity)> {
    const DEEPEST: usize = 7;
    let service = function.service();
    let Some(output) = &function.operation().output else { return Vec::new() };
    let Value::Object(plain) = answer(service, output.shape, "", DEEPEST) else { return Vec::new() };
    let mut cleaned = plain.clone();
    Redaction::new(Vec::new()).rules(function).clean(&mut cleaned, "123456789012");
    let call = ReportedCall::of_answer(function);
    let item = |members: &Map<String, Value>, list: usize| {
        let path = &call.places[list].path;
        let found =
            path.iter().try_fold(&Value::Object(members.clone()), |value, name| value.get(name)).cloned();
        match (found, call.lists[list].within) {
            (Some(Value::Array(items)), None) if !call.places[list].as_one => items.into_iter().next(),
            (Some(value), None) => Some(value),
            _ => None,
        }
    };
    let lists = 0..call.lists.len();
    lists
        .filter_map(|list| {
            let rule = &call.lists[list].rule;
            let identity = |members| Some(rule.identify(&item(members, list)?, &ORIGIN));
            Some((rule.kind.clone(), identity(&plain)?, identity(&cleaned)?))
        })
        .collect()
}

#[test]
fn nothing_in_the_catalog_loses_its_id_to_redaction() {
    let catalog = catalog();
    let mut hidden: BTreeMap<String, Option<String>> = BTreeMap::new();
    for entry in catalog.entries() {
        let service = std::sync::Arc::new(catalog.read(entry).expect("loads"));
        for function in Function::all(&service) {
            for (kind, plain, cleaned) in identities(&function) {
                let ItemIdentity { id, arn, name, .. } = &cleaned;
                for text in [id, arn, name].into_iter().flatten() {
                    assert!(!is_redacted(text), "{function} {kind}: {text}");
                }
                if plain.id.is_some() && plain.id != *id {
                    hidden.insert(format!("{} {kind}", service.name), id.clone());
                }
            }
        }
    }
    // The survey finds such kinds: those whose IDs are replaced by hashes or by other IDs.
    assert!(hidden.len() >= 5, "{hidden:#?}");
    let lost: Vec<_> = hidden.iter().filter(|(_, id)| id.is_none()).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn item_with_only_redacted_id_has_none() {
    let catalog = catalog();
    let key = json!({"id": REDACTED, "description": "ci"});
    let identity = rule(&catalog, "appsync", "list_graphql_apis")
        .identify(&json!({"apiId": REDACTED, "name": "shop"}), &ORIGIN);
    assert_eq!((identity.id.as_deref(), identity.is_redacted), (Some("shop"), false));
    let service = catalog.service("appsync").expect("loads").expect("exists");
    let identity =
        IdentityRule::of_shape(&service, "list_api_keys", "api_key".to_owned(), None).identify(&key, &ORIGIN);
    assert_eq!((identity.id, identity.is_redacted), (None, true));
    for text in [json!(REDACTED), json!(format!("arn:aws:x:::{REDACTED}")), json!({"Arn": REDACTED})] {
        let identity = IdentityRule::of_shape(&service, "list_things", "thing".to_owned(), None)
            .identify(&text, &ORIGIN);
        assert_eq!((identity.id, identity.arn, identity.name), (None, None, None), "{text}");
        assert!(identity.is_redacted, "{text}");
    }
    let tagged = json!({"Tags": [{"Key": "Name", "Value": REDACTED}]});
    assert_eq!(
        IdentityRule::of_shape(&service, "list_things", "thing".to_owned(), None)
            .identify(&tagged, &ORIGIN)
            .name,
        None
    );
}
