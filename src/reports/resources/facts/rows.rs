//! The members with the facts of reviewed kinds.

/// Where the facts of a kind are: paths of members, or `-` if it has none.
#[derive(Debug)]
pub(in crate::reports::resources) struct FactRow {
    pub(super) service: &'static str,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) size_or_type: &'static str,
    pub(super) created: &'static str,
    /// Conditions: a flag, `!` and a flag, or `path=value`; several are separated by `|`.
    pub(super) public: &'static str,
}

/// Returns the row of a kind.
pub(in crate::reports::resources) fn row(service: &str, kind: &str) -> Option<&'static FactRow> {
    ROWS.iter().find(|row| row.service == service && row.kind == kind)
}

const fn facts(
    place: [&'static str; 2],
    [state, size_or_type, created, public]: [&'static str; 4],
) -> FactRow {
    let [service, kind] = place;
    FactRow { service, kind, state, size_or_type, created, public }
}

/// By service, then kind: state, size or type, created, public. The members are those of botocore's models.
#[rustfmt::skip]
pub(super) const ROWS: &[FactRow] = &[
    facts(["acm", "certificate"], ["Status", "Type", "CreatedAt", "-"]),
    facts(["apigateway", "rest_api"], ["-", "endpointConfiguration.types[]", "createdDate", "endpointConfiguration.types[]=EDGE|endpointConfiguration.types[]=REGIONAL"]),
    facts(["apigateway", "stage"], ["-", "-", "createdDate", "-"]),
    facts(["apigatewayv2", "api"], ["-", "ProtocolType", "CreatedDate", "-"]),
    facts(["autoscaling", "auto_scaling_group"], ["Status", "DesiredCapacity", "CreatedTime", "-"]),
    facts(["backup", "backup_plan"], ["-", "-", "CreationDate", "-"]),
    facts(["cloudformation", "stack"], ["StackStatus", "-", "CreationTime", "-"]),
    facts(["cloudfront", "distribution"], ["Status", "PriceClass", "-", "-"]),
    facts(["cloudtrail", "trail"], ["-", "-", "-", "-"]),
    facts(["cloudwatch", "composite_alarm"], ["StateValue", "-", "-", "-"]),
    facts(["cloudwatch", "metric_alarm"], ["StateValue", "-", "-", "-"]),
    facts(["dynamodb", "table"], ["TableStatus", "TableSizeBytes", "CreationDateTime", "-"]),
    facts(["ec2", "address"], ["-", "Domain", "-", "-"]),
    facts(["ec2", "capacity_reservation"], ["State", "InstanceType", "CreateDate", "-"]),
    facts(["ec2", "customer_gateway"], ["State", "Type", "-", "-"]),
    facts(["ec2", "image"], ["State", "ImageType", "CreationDate", "Public"]),
    facts(["ec2", "instance"], ["State.Name", "InstanceType", "LaunchTime", "-"]),
    facts(["ec2", "internet_gateway"], ["-", "-", "-", "-"]),
    facts(["ec2", "key_pair"], ["-", "KeyType", "CreateTime", "-"]),
    facts(["ec2", "launch_template"], ["-", "-", "CreateTime", "-"]),
    facts(["ec2", "managed_prefix_list"], ["State", "AddressFamily", "-", "-"]),
    facts(["ec2", "nat_gateway"], ["State", "ConnectivityType", "CreateTime", "ConnectivityType=public"]),
    facts(["ec2", "network_acl"], ["-", "-", "-", "-"]),
    facts(["ec2", "network_interface"], ["Status", "InterfaceType", "-", "-"]),
    facts(["ec2", "route_table"], ["-", "-", "-", "-"]),
    facts(["ec2", "security_group"], ["-", "-", "-", "-"]),
    facts(["ec2", "security_group_rule"], ["-", "IpProtocol", "-", "CidrIpv4=0.0.0.0/0|CidrIpv6=::/0"]),
    facts(["ec2", "snapshot"], ["State", "VolumeSize", "StartTime", "-"]),
    facts(["ec2", "subnet"], ["State", "CidrBlock", "-", "MapPublicIpOnLaunch"]),
    facts(["ec2", "transit_gateway"], ["State", "-", "CreationTime", "-"]),
    facts(["ec2", "volume"], ["State", "Size", "CreateTime", "-"]),
    facts(["ec2", "vpc"], ["State", "CidrBlock", "-", "-"]),
    facts(["ec2", "vpc_endpoint"], ["State", "VpcEndpointType", "CreationTimestamp", "-"]),
    facts(["ec2", "vpc_peering_connection"], ["Status.Code", "-", "-", "-"]),
    facts(["ec2", "vpn_connection"], ["State", "Type", "-", "-"]),
    facts(["ecr", "repository"], ["-", "-", "createdAt", "-"]),
    facts(["ecs", "cluster"], ["status", "-", "-", "-"]),
    facts(["ecs", "service"], ["status", "launchType", "createdAt", "-"]),
    facts(["efs", "file_system"], ["LifeCycleState", "PerformanceMode", "CreationTime", "-"]),
    facts(["eks", "cluster"], ["status", "version", "createdAt", "resourcesVpcConfig.endpointPublicAccess"]),
    facts(["eks", "nodegroup"], ["status", "instanceTypes[]", "createdAt", "-"]),
    facts(["elasticache", "cache_cluster"], ["CacheClusterStatus", "CacheNodeType", "CacheClusterCreateTime", "-"]),
    facts(["elasticache", "replication_group"], ["Status", "CacheNodeType", "ReplicationGroupCreateTime", "-"]),
    facts(["elasticbeanstalk", "environment"], ["Status", "Tier.Name", "DateCreated", "-"]),
    facts(["elb", "load_balancer"], ["-", "-", "CreatedTime", "Scheme=internet-facing"]),
    facts(["elbv2", "load_balancer"], ["State.Code", "Type", "CreatedTime", "Scheme=internet-facing"]),
    facts(["elbv2", "target_group"], ["-", "TargetType", "-", "-"]),
    facts(["events", "event_bus"], ["-", "-", "CreationTime", "-"]),
    facts(["glue", "database"], ["-", "-", "CreateTime", "-"]),
    facts(["glue", "job"], ["-", "WorkerType", "CreatedOn", "-"]),
    facts(["iam", "group"], ["-", "-", "CreateDate", "-"]),
    facts(["iam", "policy"], ["-", "-", "CreateDate", "-"]),
    facts(["iam", "role"], ["-", "-", "CreateDate", "-"]),
    facts(["iam", "server_certificate"], ["-", "-", "UploadDate", "-"]),
    facts(["iam", "user"], ["-", "-", "CreateDate", "-"]),
    facts(["kafka", "cluster"], ["State", "ClusterType", "CreationTime", "-"]),
    facts(["kinesis", "stream"], ["StreamStatus", "StreamModeDetails.StreamMode", "StreamCreationTimestamp", "-"]),
    facts(["kms", "key"], ["KeyState", "KeySpec", "CreationDate", "-"]),
    facts(["lambda", "event_source_mapping"], ["State", "-", "-", "-"]),
    facts(["lambda", "function"], ["State", "MemorySize", "-", "-"]),
    facts(["logs", "log_group"], ["-", "storedBytes", "creationTime", "-"]),
    facts(["neptune", "db_cluster"], ["Status", "Engine", "ClusterCreateTime", "-"]),
    facts(["neptune", "db_instance"], ["DBInstanceStatus", "DBInstanceClass", "InstanceCreateTime", "PubliclyAccessible"]),
    facts(["opensearch", "domain"], ["DomainProcessingStatus", "ClusterConfig.InstanceType", "-", "-"]),
    facts(["ram", "resource_share"], ["status", "-", "creationTime", "allowExternalPrincipals"]),
    facts(["rds", "db_cluster"], ["Status", "DBClusterInstanceClass", "ClusterCreateTime", "PubliclyAccessible"]),
    facts(["rds", "db_cluster_snapshot"], ["Status", "SnapshotType", "SnapshotCreateTime", "-"]),
    facts(["rds", "db_instance"], ["DBInstanceStatus", "DBInstanceClass", "InstanceCreateTime", "PubliclyAccessible"]),
    facts(["rds", "db_parameter_group"], ["-", "DBParameterGroupFamily", "-", "-"]),
    facts(["rds", "db_snapshot"], ["Status", "AllocatedStorage", "SnapshotCreateTime", "-"]),
    facts(["redshift", "cluster"], ["ClusterStatus", "NodeType", "ClusterCreateTime", "PubliclyAccessible"]),
    facts(["route53", "hosted_zone"], ["-", "ResourceRecordSetCount", "-", "!Config.PrivateZone"]),
    facts(["s3", "bucket"], ["-", "-", "CreationDate", "-"]),
    facts(["s3control", "access_point"], ["-", "-", "-", "NetworkOrigin=Internet"]),
    facts(["secretsmanager", "secret"], ["-", "-", "CreatedDate", "-"]),
    facts(["sns", "subscription"], ["-", "Protocol", "-", "-"]),
    facts(["sns", "topic"], ["-", "-", "-", "-"]),
    facts(["sqs", "queue"], ["-", "-", "-", "-"]),
    facts(["ssm", "document"], ["-", "DocumentType", "CreatedDate", "-"]),
    facts(["ssm", "instance_information"], ["PingStatus", "ResourceType", "RegistrationDate", "-"]),
    facts(["stepfunctions", "state_machine"], ["status", "type", "creationDate", "-"]),
];
