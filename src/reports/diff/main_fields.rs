//! The most important fields of a resource that was added or removed: a row for each reviewed kind.
//!
//! A fact has a name and the path of its value, `State.Name`; `[]` after a member takes each element of a list. All
//! members are from botocore's models. Facts are few: they help to decide whether to look closer.

/// The main fields of one kind of resource: the name of each fact, and the path of its value.
#[derive(Debug)]
pub(super) struct MainFields {
    pub(super) service: &'static str,
    pub(super) kind: &'static str,
    pub(super) fields: &'static [(&'static str, &'static str)],
}

/// Returns the row of a kind.
pub(super) fn main_fields(service: &str, kind: &str) -> Option<&'static MainFields> {
    let key = (service, kind);
    let found = ROWS.binary_search_by(|row| (row.service, row.kind).cmp(&key)).ok()?;
    ROWS.get(found)
}

const fn row(
    service: &'static str,
    kind: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> MainFields {
    MainFields { service, kind, fields }
}

/// By service, then kind. Rules of security groups are in `facts`.
#[rustfmt::skip]
pub(super) const ROWS: &[MainFields] = &[
    row("acm", "certificate", &[("domain", "DomainName"), ("status", "Status"), ("type", "Type"), ("expires", "NotAfter")]),
    row("apigateway", "rest_api", &[("endpoint", "endpointConfiguration.types[]"), ("created", "createdDate")]),
    row("apigatewayv2", "api", &[("protocol", "ProtocolType"), ("endpoint", "ApiEndpoint"), ("created", "CreatedDate")]),
    row("autoscaling", "auto_scaling_group", &[("min", "MinSize"), ("desired", "DesiredCapacity"), ("max", "MaxSize"), ("created", "CreatedTime")]),
    row("cloudformation", "stack", &[("status", "StackStatus"), ("created", "CreationTime")]),
    row("cloudfront", "distribution", &[("domain", "DomainName"), ("aliases", "Aliases.Items[]"), ("status", "Status"), ("enabled", "Enabled")]),
    row("cloudtrail", "trail", &[("bucket", "S3BucketName"), ("multi_region", "IsMultiRegionTrail"), ("organization", "IsOrganizationTrail")]),
    row("cloudwatch", "metric_alarm", &[("state", "StateValue"), ("namespace", "Namespace"), ("metric", "MetricName")]),
    row("dynamodb", "table", &[("status", "TableStatus"), ("billing", "BillingModeSummary.BillingMode"), ("created", "CreationDateTime")]),
    row("ec2", "address", &[("public_ip", "PublicIp"), ("instance", "InstanceId"), ("interface", "NetworkInterfaceId")]),
    row("ec2", "image", &[("state", "State"), ("public", "Public"), ("architecture", "Architecture"), ("created", "CreationDate")]),
    row("ec2", "instance", &[("type", "InstanceType"), ("state", "State.Name"), ("private_ip", "PrivateIpAddress"), ("public_ip", "PublicIpAddress"), ("launched", "LaunchTime")]),
    row("ec2", "internet_gateway", &[("vpc", "Attachments[].VpcId")]),
    row("ec2", "key_pair", &[("type", "KeyType"), ("fingerprint", "KeyFingerprint"), ("created", "CreateTime")]),
    row("ec2", "nat_gateway", &[("state", "State"), ("vpc", "VpcId"), ("public_ip", "NatGatewayAddresses[].PublicIp")]),
    row("ec2", "network_acl", &[("vpc", "VpcId"), ("default", "IsDefault")]),
    row("ec2", "network_interface", &[("status", "Status"), ("type", "InterfaceType"), ("private_ip", "PrivateIpAddress"), ("public_ip", "Association.PublicIp"), ("instance", "Attachment.InstanceId")]),
    row("ec2", "route_table", &[("vpc", "VpcId"), ("subnets", "Associations[].SubnetId")]),
    row("ec2", "security_group", &[("vpc", "VpcId"), ("description", "Description")]),
    row("ec2", "snapshot", &[("state", "State"), ("size_gib", "VolumeSize"), ("encrypted", "Encrypted"), ("volume", "VolumeId"), ("started", "StartTime")]),
    row("ec2", "subnet", &[("cidr", "CidrBlock"), ("vpc", "VpcId"), ("zone", "AvailabilityZone"), ("public_ips", "MapPublicIpOnLaunch")]),
    row("ec2", "volume", &[("size_gib", "Size"), ("type", "VolumeType"), ("state", "State"), ("encrypted", "Encrypted"), ("attached_to", "Attachments[].InstanceId")]),
    row("ec2", "vpc", &[("cidr", "CidrBlock"), ("default", "IsDefault"), ("state", "State")]),
    row("ec2", "vpc_endpoint", &[("service", "ServiceName"), ("type", "VpcEndpointType"), ("vpc", "VpcId"), ("state", "State")]),
    row("ec2", "vpc_peering_connection", &[("status", "Status.Code"), ("requester_vpc", "RequesterVpcInfo.VpcId"), ("accepter_vpc", "AccepterVpcInfo.VpcId"), ("accepter_account", "AccepterVpcInfo.OwnerId")]),
    row("ecr", "repository", &[("uri", "repositoryUri"), ("tag_mutability", "imageTagMutability"), ("created", "createdAt")]),
    row("ecs", "cluster", &[("status", "status"), ("services", "activeServicesCount"), ("tasks", "runningTasksCount")]),
    row("ecs", "service", &[("status", "status"), ("desired", "desiredCount"), ("task_definition", "taskDefinition")]),
    row("efs", "file_system", &[("state", "LifeCycleState"), ("encrypted", "Encrypted"), ("created", "CreationTime")]),
    row("eks", "cluster", &[("version", "version"), ("status", "status"), ("public_endpoint", "resourcesVpcConfig.endpointPublicAccess"), ("created", "createdAt")]),
    row("eks", "nodegroup", &[("cluster", "clusterName"), ("version", "version"), ("status", "status"), ("desired", "scalingConfig.desiredSize")]),
    row("elasticache", "cache_cluster", &[("engine", "Engine"), ("version", "EngineVersion"), ("type", "CacheNodeType"), ("status", "CacheClusterStatus")]),
    row("elb", "load_balancer", &[("scheme", "Scheme"), ("dns_name", "DNSName"), ("vpc", "VPCId")]),
    row("elbv2", "listener", &[("protocol", "Protocol"), ("port", "Port"), ("load_balancer", "LoadBalancerArn")]),
    row("elbv2", "load_balancer", &[("type", "Type"), ("scheme", "Scheme"), ("state", "State.Code"), ("dns_name", "DNSName")]),
    row("elbv2", "target_group", &[("protocol", "Protocol"), ("port", "Port"), ("type", "TargetType"), ("vpc", "VpcId")]),
    row("iam", "access_key", &[("user", "UserName"), ("status", "Status"), ("created", "CreateDate")]),
    row("iam", "group", &[("path", "Path"), ("created", "CreateDate")]),
    row("iam", "policy", &[("path", "Path"), ("attached", "AttachmentCount"), ("created", "CreateDate")]),
    row("iam", "role", &[("path", "Path"), ("description", "Description"), ("created", "CreateDate")]),
    row("iam", "user", &[("path", "Path"), ("created", "CreateDate")]),
    row("kms", "key", &[("state", "KeyState"), ("usage", "KeyUsage"), ("manager", "KeyManager"), ("description", "Description")]),
    row("lambda", "function", &[("runtime", "Runtime"), ("package", "PackageType"), ("role", "Role"), ("modified", "LastModified")]),
    row("logs", "log_group", &[("days_kept", "retentionInDays"), ("class", "logGroupClass")]),
    row("organizations", "account", &[("status", "Status"), ("joined", "JoinedMethod"), ("joined_at", "JoinedTimestamp")]),
    row("rds", "db_cluster", &[("engine", "Engine"), ("version", "EngineVersion"), ("status", "Status"), ("encrypted", "StorageEncrypted")]),
    row("rds", "db_instance", &[("engine", "Engine"), ("version", "EngineVersion"), ("class", "DBInstanceClass"), ("status", "DBInstanceStatus"), ("public", "PubliclyAccessible"), ("encrypted", "StorageEncrypted")]),
    row("rds", "db_snapshot", &[("instance", "DBInstanceIdentifier"), ("type", "SnapshotType"), ("status", "Status"), ("encrypted", "Encrypted")]),
    row("redshift", "cluster", &[("type", "NodeType"), ("nodes", "NumberOfNodes"), ("status", "ClusterStatus"), ("public", "PubliclyAccessible"), ("encrypted", "Encrypted")]),
    row("route53", "hosted_zone", &[("private", "Config.PrivateZone"), ("records", "ResourceRecordSetCount")]),
    row("route53", "resource_record_set", &[("type", "Type"), ("values", "ResourceRecords[].Value"), ("alias", "AliasTarget.DNSName")]),
    row("s3", "bucket", &[("region", "BucketRegion"), ("created", "CreationDate")]),
    row("secretsmanager", "secret", &[("rotated", "RotationEnabled"), ("description", "Description"), ("created", "CreatedDate")]),
    row("sns", "subscription", &[("protocol", "Protocol"), ("endpoint", "Endpoint"), ("topic", "TopicArn")]),
    row("stepfunctions", "state_machine", &[("type", "type"), ("created", "creationDate")]),
];

#[cfg(test)]
mod tests {
    use super::{ROWS, main_fields};
    use crate::model::catalog::{Catalog, Function, Service, ShapeId, ShapeKind};

    /// Returns whether a shape, or one below it, is a structure that has all of these members.
    fn has_paths(service: &Service, shape: ShapeId, paths: &[&str], depth: usize) -> bool {
        if paths.iter().all(|path| leads(service, shape, path)) {
            return true;
        }
        let below = |shape| depth > 0 && has_paths(service, shape, paths, depth - 1);
        match service.kind(shape) {
            ShapeKind::List(list) => below(list.member.shape),
            _ => service.structure(shape).is_some_and(|structure| {
                structure.members.iter().any(|member| below(member.reference.shape))
            }),
        }
    }

    fn leads(service: &Service, shape: ShapeId, path: &str) -> bool {
        let end = path.split('.').try_fold(shape, |shape, part| {
            let name = part.trim_end_matches("[]");
            let member = service.structure(shape)?.members.iter().find(|member| *member.name == *name)?;
            match service.kind(member.reference.shape) {
                ShapeKind::List(list) if part.ends_with("[]") => Some(list.member.shape),
                ShapeKind::List(_) => None,
                _ => Some(member.reference.shape).filter(|_| name == part),
            }
        });
        end.is_some()
    }

    #[test]
    fn fields_are_in_models() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in ROWS {
            let service = catalog.service(row.service).expect("loads").expect("exists");
            let paths: Vec<&str> = row.fields.iter().map(|(_, path)| *path).collect();
            let mut outputs = Function::all(&service).filter_map(|call| call.operation().output.clone());
            let is_there = outputs.any(|output| has_paths(&service, output.shape, &paths, 4));
            assert!(is_there, "no output of {} has all of {paths:?}", row.service);
        }
    }

    #[test]
    fn rows_are_sorted_and_found() {
        assert!(ROWS.is_sorted_by(|one, other| (one.service, one.kind) < (other.service, other.kind)));
        for row in ROWS {
            assert!(main_fields(row.service, row.kind).is_some(), "{} {}", row.service, row.kind);
        }
        assert!(main_fields("ec2", "nothing").is_none());
    }
}
