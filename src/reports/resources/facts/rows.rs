//! The members with the facts of reviewed kinds. Exports, the page and comparisons show these.
//!
//! A fact is at a path of members, `State.Name`; `[]` after a member takes each element of a list, and `#` before a
//! path counts the elements. All members are those of botocore's models.

/// Where the facts of a kind are: paths of members, or [`NONE`].
#[derive(Debug)]
pub(in crate::reports) struct FactRow {
    service: &'static str,
    kind: &'static str,
    pub(in crate::reports) state: &'static str,
    pub(in crate::reports) type_of: &'static str,
    pub(super) size: &'static str,
    pub(in crate::reports) created: &'static str,
    /// Conditions: a flag, `!` and a flag, or `path=value`; several are separated by `|`.
    pub(super) public: &'static str,
    /// Further facts, the most important first: title and path.
    pub(in crate::reports) others: &'static [(&'static str, &'static str)],
}

/// The path of a fact that a kind does not have.
pub(in crate::reports) const NONE: &str = "-";

impl FactRow {
    /// Returns the row of a kind.
    pub(in crate::reports) fn find(service: &str, kind: &str) -> Option<&'static Self> {
        let found = ROWS.binary_search_by(|row| (row.service, row.kind).cmp(&(service, kind))).ok()?;
        ROWS.get(found)
    }
}

const fn facts(
    place: [&'static str; 2],
    [state, type_of, size, created, public]: [&'static str; 5],
    others: &'static [(&'static str, &'static str)],
) -> FactRow {
    let [service, kind] = place;
    FactRow { service, kind, state, type_of, size, created, public, others }
}

/// By service, then kind: state, type, size, created, public, and others.
#[rustfmt::skip]
pub(super) const ROWS: &[FactRow] = &[
    facts(["acm", "certificate"], ["Status", "Type", "-", "CreatedAt", "-"], &[("Domain", "DomainName"), ("Expires", "NotAfter"), ("Key", "KeyAlgorithm"), ("In use", "InUse"), ("Renewal", "RenewalEligibility")]),
    facts(["apigateway", "rest_api"], ["-", "endpointConfiguration.types[]", "-", "createdDate", "endpointConfiguration.types[]=EDGE|endpointConfiguration.types[]=REGIONAL"], &[("Description", "description"), ("Version", "version")]),
    facts(["apigateway", "stage"], ["-", "-", "-", "createdDate", "-"], &[]),
    facts(["apigatewayv2", "api"], ["-", "ProtocolType", "-", "CreatedDate", "-"], &[("Endpoint", "ApiEndpoint")]),
    facts(["autoscaling", "auto_scaling_group"], ["Status", "-", "DesiredCapacity", "CreatedTime", "-"], &[("Min", "MinSize"), ("Desired", "DesiredCapacity"), ("Max", "MaxSize"), ("Instances", "#Instances"), ("Template", "LaunchTemplate.LaunchTemplateName"), ("Zones", "AvailabilityZones[]")]),
    facts(["backup", "backup_plan"], ["-", "-", "-", "CreationDate", "-"], &[]),
    facts(["cloudformation", "stack"], ["StackStatus", "-", "-", "CreationTime", "-"], &[("Updated", "LastUpdatedTime"), ("Drift", "DriftInformation.StackDriftStatus"), ("Description", "Description")]),
    facts(["cloudfront", "distribution"], ["Status", "PriceClass", "-", "-", "-"], &[("Domain", "DomainName"), ("Aliases", "Aliases.Items[]"), ("Enabled", "Enabled"), ("Origins", "Origins.Items[].DomainName"), ("Comment", "Comment"), ("Modified", "LastModifiedTime")]),
    facts(["cloudtrail", "trail"], ["-", "-", "-", "-", "-"], &[("Bucket", "S3BucketName"), ("Multi-region", "IsMultiRegionTrail"), ("Organization", "IsOrganizationTrail"), ("Validation", "LogFileValidationEnabled"), ("KMS key", "KmsKeyId")]),
    facts(["cloudwatch", "composite_alarm"], ["StateValue", "-", "-", "-", "-"], &[]),
    facts(["cloudwatch", "metric_alarm"], ["StateValue", "-", "-", "-", "-"], &[("Namespace", "Namespace"), ("Metric", "MetricName"), ("Actions", "ActionsEnabled"), ("State changed", "StateUpdatedTimestamp")]),
    facts(["dynamodb", "table"], ["TableStatus", "TableClassSummary.TableClass", "TableSizeBytes", "CreationDateTime", "-"], &[("Billing", "BillingModeSummary.BillingMode"), ("Items", "ItemCount"), ("Bytes", "TableSizeBytes"), ("Encryption", "SSEDescription.SSEType"), ("Protected", "DeletionProtectionEnabled")]),
    facts(["ec2", "address"], ["-", "Domain", "-", "-", "-"], &[("Public IP", "PublicIp"), ("Instance", "InstanceId"), ("Interface", "NetworkInterfaceId"), ("Private IP", "PrivateIpAddress")]),
    facts(["ec2", "capacity_reservation"], ["State", "InstanceType", "-", "CreateDate", "-"], &[]),
    facts(["ec2", "customer_gateway"], ["State", "Type", "-", "-", "-"], &[]),
    facts(["ec2", "image"], ["State", "ImageType", "-", "CreationDate", "Public"], &[("Public", "Public"), ("Architecture", "Architecture"), ("Platform", "PlatformDetails"), ("Root device", "RootDeviceType"), ("Description", "Description")]),
    facts(["ec2", "instance"], ["State.Name", "InstanceType", "-", "LaunchTime", "-"], &[("Private IP", "PrivateIpAddress"), ("Public IP", "PublicIpAddress"), ("Zone", "Placement.AvailabilityZone"), ("VPC", "VpcId"), ("Subnet", "SubnetId"), ("Security groups", "SecurityGroups[].GroupName"), ("Image", "ImageId"), ("Key", "KeyName"), ("Platform", "PlatformDetails"), ("Profile", "IamInstanceProfile.Arn")]),
    facts(["ec2", "internet_gateway"], ["Attachments[].State", "-", "-", "-", "-"], &[("VPC", "Attachments[].VpcId")]),
    facts(["ec2", "key_pair"], ["-", "KeyType", "-", "CreateTime", "-"], &[("Fingerprint", "KeyFingerprint")]),
    facts(["ec2", "launch_template"], ["-", "-", "-", "CreateTime", "-"], &[("Default version", "DefaultVersionNumber"), ("Latest version", "LatestVersionNumber"), ("Created by", "CreatedBy")]),
    facts(["ec2", "managed_prefix_list"], ["State", "AddressFamily", "-", "-", "-"], &[]),
    facts(["ec2", "nat_gateway"], ["State", "ConnectivityType", "-", "CreateTime", "ConnectivityType=public"], &[("VPC", "VpcId"), ("Public IP", "NatGatewayAddresses[].PublicIp"), ("Subnet", "SubnetId")]),
    facts(["ec2", "network_acl"], ["-", "-", "-", "-", "-"], &[("VPC", "VpcId"), ("Default", "IsDefault"), ("Entries", "#Entries")]),
    facts(["ec2", "network_interface"], ["Status", "InterfaceType", "-", "-", "-"], &[("Private IP", "PrivateIpAddress"), ("Public IP", "Association.PublicIp"), ("Instance", "Attachment.InstanceId"), ("VPC", "VpcId"), ("Subnet", "SubnetId"), ("Description", "Description")]),
    facts(["ec2", "route_table"], ["-", "-", "-", "-", "-"], &[("VPC", "VpcId"), ("Subnets", "Associations[].SubnetId"), ("Routes", "#Routes")]),
    facts(["ec2", "security_group"], ["-", "-", "-", "-", "-"], &[("VPC", "VpcId"), ("Description", "Description"), ("Rules in", "#IpPermissions"), ("Rules out", "#IpPermissionsEgress")]),
    facts(["ec2", "security_group_rule"], ["-", "IpProtocol", "-", "-", "CidrIpv4=0.0.0.0/0|CidrIpv6=::/0"], &[("Group", "GroupId"), ("Out", "IsEgress"), ("From port", "FromPort"), ("To port", "ToPort"), ("IPv4", "CidrIpv4"), ("IPv6", "CidrIpv6"), ("Other group", "ReferencedGroupInfo.GroupId"), ("Description", "Description")]),
    facts(["ec2", "snapshot"], ["State", "StorageTier", "VolumeSize", "StartTime", "-"], &[("GiB", "VolumeSize"), ("Encrypted", "Encrypted"), ("Volume", "VolumeId"), ("Description", "Description")]),
    facts(["ec2", "subnet"], ["State", "-", "CidrBlock", "-", "MapPublicIpOnLaunch"], &[("IPv4 range", "CidrBlock"), ("VPC", "VpcId"), ("Zone", "AvailabilityZone"), ("Public IPs", "MapPublicIpOnLaunch"), ("Free addresses", "AvailableIpAddressCount")]),
    facts(["ec2", "transit_gateway"], ["State", "-", "-", "CreationTime", "-"], &[("Owner", "OwnerId"), ("Description", "Description")]),
    facts(["ec2", "volume"], ["State", "VolumeType", "Size", "CreateTime", "-"], &[("GiB", "Size"), ("Encrypted", "Encrypted"), ("Attached to", "Attachments[].InstanceId"), ("IOPS", "Iops"), ("Zone", "AvailabilityZone"), ("Snapshot", "SnapshotId")]),
    facts(["ec2", "vpc"], ["State", "-", "CidrBlock", "-", "-"], &[("IPv4 range", "CidrBlock"), ("Default", "IsDefault"), ("Tenancy", "InstanceTenancy")]),
    facts(["ec2", "vpc_endpoint"], ["State", "VpcEndpointType", "-", "CreationTimestamp", "-"], &[("Service", "ServiceName"), ("VPC", "VpcId")]),
    facts(["ec2", "vpc_peering_connection"], ["Status.Code", "-", "-", "-", "-"], &[("Requester VPC", "RequesterVpcInfo.VpcId"), ("Accepter VPC", "AccepterVpcInfo.VpcId"), ("Accepter account", "AccepterVpcInfo.OwnerId")]),
    facts(["ec2", "vpn_connection"], ["State", "Type", "-", "-", "-"], &[]),
    facts(["ecr", "repository"], ["-", "-", "-", "createdAt", "-"], &[("Address", "repositoryUri"), ("Tags may change", "imageTagMutability"), ("Scan on push", "imageScanningConfiguration.scanOnPush")]),
    facts(["ecs", "cluster"], ["status", "-", "-", "-", "-"], &[("Services", "activeServicesCount"), ("Tasks", "runningTasksCount"), ("Pending", "pendingTasksCount"), ("Instances", "registeredContainerInstancesCount"), ("Capacity", "capacityProviders[]")]),
    facts(["ecs", "service"], ["status", "launchType", "-", "createdAt", "-"], &[("Desired", "desiredCount"), ("Task definition", "taskDefinition"), ("Running", "runningCount"), ("Cluster", "clusterArn")]),
    facts(["efs", "file_system"], ["LifeCycleState", "PerformanceMode", "-", "CreationTime", "-"], &[("Encrypted", "Encrypted"), ("Bytes", "SizeInBytes.Value"), ("Throughput", "ThroughputMode"), ("Mount targets", "NumberOfMountTargets")]),
    facts(["eks", "cluster"], ["status", "-", "version", "createdAt", "resourcesVpcConfig.endpointPublicAccess"], &[("Version", "version"), ("Public endpoint", "resourcesVpcConfig.endpointPublicAccess"), ("Platform", "platformVersion"), ("VPC", "resourcesVpcConfig.vpcId"), ("Endpoint", "endpoint")]),
    facts(["eks", "nodegroup"], ["status", "instanceTypes[]", "-", "createdAt", "-"], &[("Cluster", "clusterName"), ("Version", "version"), ("Desired", "scalingConfig.desiredSize"), ("Capacity", "capacityType"), ("Min", "scalingConfig.minSize"), ("Max", "scalingConfig.maxSize")]),
    facts(["elasticache", "cache_cluster"], ["CacheClusterStatus", "CacheNodeType", "-", "CacheClusterCreateTime", "-"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("Nodes", "NumCacheNodes"), ("Encrypted", "AtRestEncryptionEnabled")]),
    facts(["elasticache", "replication_group"], ["Status", "CacheNodeType", "-", "ReplicationGroupCreateTime", "-"], &[]),
    facts(["elasticbeanstalk", "environment"], ["Status", "Tier.Name", "-", "DateCreated", "-"], &[]),
    facts(["elb", "load_balancer"], ["-", "-", "-", "CreatedTime", "Scheme=internet-facing"], &[("Scheme", "Scheme"), ("DNS name", "DNSName"), ("VPC", "VPCId"), ("Instances", "#Instances"), ("Zones", "AvailabilityZones[]")]),
    facts(["elbv2", "listener"], ["-", "-", "-", "-", "-"], &[("Protocol", "Protocol"), ("Port", "Port"), ("Load balancer", "LoadBalancerArn")]),
    facts(["elbv2", "load_balancer"], ["State.Code", "Type", "-", "CreatedTime", "Scheme=internet-facing"], &[("Scheme", "Scheme"), ("DNS name", "DNSName"), ("VPC", "VpcId"), ("Zones", "AvailabilityZones[].ZoneName"), ("Security groups", "SecurityGroups[]")]),
    facts(["elbv2", "target_group"], ["-", "TargetType", "-", "-", "-"], &[("Protocol", "Protocol"), ("Port", "Port"), ("VPC", "VpcId"), ("Load balancers", "#LoadBalancerArns"), ("Health check", "HealthCheckPath")]),
    facts(["events", "event_bus"], ["-", "-", "-", "CreationTime", "-"], &[]),
    facts(["glue", "database"], ["-", "-", "-", "CreateTime", "-"], &[]),
    facts(["glue", "job"], ["-", "WorkerType", "-", "CreatedOn", "-"], &[]),
    facts(["iam", "access_key"], ["Status", "-", "-", "CreateDate", "-"], &[("User", "UserName")]),
    facts(["iam", "group"], ["-", "-", "-", "CreateDate", "-"], &[("Path", "Path")]),
    facts(["iam", "policy"], ["-", "-", "-", "CreateDate", "-"], &[("Path", "Path"), ("Attached", "AttachmentCount"), ("Attachable", "IsAttachable"), ("Version", "DefaultVersionId"), ("Updated", "UpdateDate")]),
    facts(["iam", "role"], ["-", "-", "-", "CreateDate", "-"], &[("Path", "Path"), ("Description", "Description"), ("Last used", "RoleLastUsed.LastUsedDate"), ("Longest session", "MaxSessionDuration")]),
    facts(["iam", "server_certificate"], ["-", "-", "-", "UploadDate", "-"], &[]),
    facts(["iam", "user"], ["-", "-", "-", "CreateDate", "-"], &[("Path", "Path"), ("Password last used", "PasswordLastUsed")]),
    facts(["kafka", "cluster"], ["State", "ClusterType", "-", "CreationTime", "-"], &[]),
    facts(["kinesis", "stream"], ["StreamStatus", "StreamModeDetails.StreamMode", "-", "StreamCreationTimestamp", "-"], &[]),
    facts(["kms", "key"], ["KeyState", "KeySpec", "-", "CreationDate", "-"], &[("Usage", "KeyUsage"), ("Manager", "KeyManager"), ("Description", "Description")]),
    facts(["lambda", "event_source_mapping"], ["State", "-", "-", "-", "-"], &[]),
    facts(["lambda", "function"], ["State", "PackageType", "MemorySize", "-", "-"], &[("Runtime", "Runtime"), ("Role", "Role"), ("Modified", "LastModified"), ("MB", "MemorySize"), ("Timeout", "Timeout"), ("Code bytes", "CodeSize"), ("Architecture", "Architectures[]"), ("Handler", "Handler"), ("VPC", "VpcConfig.VpcId")]),
    facts(["logs", "log_group"], ["-", "logGroupClass", "storedBytes", "creationTime", "-"], &[("Days kept", "retentionInDays"), ("Bytes", "storedBytes"), ("KMS key", "kmsKeyId")]),
    facts(["neptune", "db_cluster"], ["Status", "Engine", "-", "ClusterCreateTime", "-"], &[]),
    facts(["neptune", "db_instance"], ["DBInstanceStatus", "DBInstanceClass", "-", "InstanceCreateTime", "PubliclyAccessible"], &[]),
    facts(["opensearch", "domain"], ["DomainProcessingStatus", "ClusterConfig.InstanceType", "-", "-", "-"], &[]),
    facts(["organizations", "account"], ["Status", "-", "-", "-", "-"], &[("Joined", "JoinedMethod"), ("Joined at", "JoinedTimestamp")]),
    facts(["ram", "resource_share"], ["status", "-", "-", "creationTime", "allowExternalPrincipals"], &[]),
    facts(["rds", "db_cluster"], ["Status", "DBClusterInstanceClass", "-", "ClusterCreateTime", "PubliclyAccessible"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("Encrypted", "StorageEncrypted"), ("Members", "#DBClusterMembers"), ("Multi-AZ", "MultiAZ"), ("Endpoint", "Endpoint")]),
    facts(["rds", "db_cluster_snapshot"], ["Status", "SnapshotType", "-", "SnapshotCreateTime", "-"], &[]),
    facts(["rds", "db_instance"], ["DBInstanceStatus", "DBInstanceClass", "-", "InstanceCreateTime", "PubliclyAccessible"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("Public", "PubliclyAccessible"), ("Encrypted", "StorageEncrypted"), ("GiB", "AllocatedStorage"), ("Multi-AZ", "MultiAZ"), ("Endpoint", "Endpoint.Address"), ("Zone", "AvailabilityZone"), ("Cluster", "DBClusterIdentifier"), ("Authority", "CACertificateIdentifier")]),
    facts(["rds", "db_parameter_group"], ["-", "DBParameterGroupFamily", "-", "-", "-"], &[]),
    facts(["rds", "db_snapshot"], ["Status", "SnapshotType", "AllocatedStorage", "SnapshotCreateTime", "-"], &[("Instance", "DBInstanceIdentifier"), ("Encrypted", "Encrypted")]),
    facts(["redshift", "cluster"], ["ClusterStatus", "NodeType", "-", "ClusterCreateTime", "PubliclyAccessible"], &[("Nodes", "NumberOfNodes"), ("Public", "PubliclyAccessible"), ("Encrypted", "Encrypted"), ("Endpoint", "Endpoint.Address"), ("VPC", "VpcId")]),
    facts(["route53", "hosted_zone"], ["-", "-", "ResourceRecordSetCount", "-", "!Config.PrivateZone"], &[("Private", "Config.PrivateZone"), ("Records", "ResourceRecordSetCount"), ("Comment", "Config.Comment")]),
    facts(["route53", "resource_record_set"], ["-", "Type", "-", "-", "-"], &[("Values", "ResourceRecords[].Value"), ("Alias", "AliasTarget.DNSName")]),
    facts(["s3", "bucket"], ["-", "-", "-", "CreationDate", "-"], &[("Region", "BucketRegion")]),
    facts(["s3control", "access_point"], ["-", "-", "-", "-", "NetworkOrigin=Internet"], &[]),
    facts(["secretsmanager", "secret"], ["-", "-", "-", "CreatedDate", "-"], &[("Rotated", "RotationEnabled"), ("Description", "Description"), ("Last rotated", "LastRotatedDate"), ("Last read", "LastAccessedDate")]),
    facts(["sns", "subscription"], ["-", "Protocol", "-", "-", "-"], &[("Endpoint", "Endpoint"), ("Topic", "TopicArn")]),
    facts(["sns", "topic"], ["-", "-", "-", "-", "-"], &[]),
    facts(["sqs", "queue"], ["-", "-", "-", "-", "-"], &[]),
    facts(["ssm", "document"], ["-", "DocumentType", "-", "CreatedDate", "-"], &[]),
    facts(["ssm", "instance_information"], ["PingStatus", "ResourceType", "-", "RegistrationDate", "-"], &[("Platform", "PlatformName"), ("Version", "PlatformVersion"), ("Agent", "AgentVersion"), ("IP", "IPAddress"), ("Last ping", "LastPingDateTime")]),
    facts(["stepfunctions", "state_machine"], ["status", "type", "-", "creationDate", "-"], &[]),
];

#[cfg(test)]
mod tests;
