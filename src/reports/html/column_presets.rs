//! The most useful fields of a resource: a row for each reviewed kind. Kinds without a row have the fields
//! that the rules in `columns` find.
//!
//! A field is a path of members, `State.Name`; `[]` after a member takes each entry of a list, and `#` before
//! a path counts the entries. All members are from botocore's models.

/// The fields of one kind of resource.
#[derive(Debug)]
pub(super) struct ColumnPreset {
    pub(super) service: &'static str,
    pub(super) kind: &'static str,
    /// Paths of state, type and creation time; empty if the rules in `columns` find them.
    pub(super) state: &'static str,
    pub(super) type_of: &'static str,
    pub(super) created: &'static str,
    /// The other columns: title and field.
    pub(super) others: &'static [(&'static str, &'static str)],
}

/// Returns the row of a kind of resource.
pub(super) fn reviewed(service: &str, kind: &str) -> Option<&'static ColumnPreset> {
    REVIEWED.iter().find(|row| row.service == service && row.kind == kind)
}

const fn row(
    service: &'static str,
    kind: &'static str,
    [state, type_of, created]: [&'static str; 3],
    others: &'static [(&'static str, &'static str)],
) -> ColumnPreset {
    ColumnPreset { service, kind, state, type_of, created, others }
}

/// By service, then kind.
#[rustfmt::skip]
pub(super) const REVIEWED: &[ColumnPreset] = &[
    row("acm", "certificate", ["Status", "Type", "CreatedAt"], &[("Expires", "NotAfter"), ("Key", "KeyAlgorithm"), ("In use", "InUse"), ("Renewal", "RenewalEligibility")]),
    row("apigateway", "rest_api", ["", "endpointConfiguration.types[]", "createdDate"], &[("Description", "description"), ("Version", "version")]),
    row("autoscaling", "auto_scaling_group", ["Status", "", "CreatedTime"], &[("Min", "MinSize"), ("Desired", "DesiredCapacity"), ("Max", "MaxSize"), ("Instances", "#Instances"), ("Template", "LaunchTemplate.LaunchTemplateName"), ("Zones", "AvailabilityZones[]")]),
    row("cloudformation", "stack", ["StackStatus", "", "CreationTime"], &[("Updated", "LastUpdatedTime"), ("Drift", "DriftInformation.StackDriftStatus"), ("Description", "Description")]),
    row("cloudfront", "distribution", ["Status", "", "LastModifiedTime"], &[("Domain", "DomainName"), ("Aliases", "Aliases.Items[]"), ("Enabled", "Enabled"), ("Origins", "Origins.Items[].DomainName"), ("Comment", "Comment")]),
    row("cloudtrail", "trail", ["", "", ""], &[("Bucket", "S3BucketName"), ("Multi-region", "IsMultiRegionTrail"), ("Organization", "IsOrganizationTrail"), ("Validation", "LogFileValidationEnabled"), ("KMS key", "KmsKeyId")]),
    row("cloudwatch", "metric_alarm", ["StateValue", "", "StateUpdatedTimestamp"], &[("Namespace", "Namespace"), ("Metric", "MetricName"), ("Actions", "ActionsEnabled")]),
    row("dynamodb", "table", ["TableStatus", "TableClassSummary.TableClass", "CreationDateTime"], &[("Billing", "BillingModeSummary.BillingMode"), ("Items", "ItemCount"), ("Bytes", "TableSizeBytes"), ("Encryption", "SSEDescription.SSEType"), ("Protected", "DeletionProtectionEnabled")]),
    row("ec2", "address", ["", "Domain", ""], &[("Public IP", "PublicIp"), ("Private IP", "PrivateIpAddress"), ("Instance", "InstanceId"), ("Interface", "NetworkInterfaceId")]),
    row("ec2", "image", ["State", "ImageType", "CreationDate"], &[("Architecture", "Architecture"), ("Platform", "PlatformDetails"), ("Public", "Public"), ("Root device", "RootDeviceType"), ("Description", "Description")]),
    row("ec2", "instance", ["State.Name", "InstanceType", "LaunchTime"], &[("Private IP", "PrivateIpAddress"), ("Public IP", "PublicIpAddress"), ("Zone", "Placement.AvailabilityZone"), ("VPC", "VpcId"), ("Subnet", "SubnetId"), ("Security groups", "SecurityGroups[].GroupName"), ("Image", "ImageId"), ("Key", "KeyName"), ("Platform", "PlatformDetails"), ("Profile", "IamInstanceProfile.Arn")]),
    row("ec2", "internet_gateway", ["Attachments[].State", "", ""], &[("VPC", "Attachments[].VpcId")]),
    row("ec2", "key_pair", ["", "KeyType", "CreateTime"], &[("Fingerprint", "KeyFingerprint")]),
    row("ec2", "launch_template", ["", "", "CreateTime"], &[("Default version", "DefaultVersionNumber"), ("Latest version", "LatestVersionNumber"), ("Created by", "CreatedBy")]),
    row("ec2", "nat_gateway", ["State", "ConnectivityType", "CreateTime"], &[("VPC", "VpcId"), ("Subnet", "SubnetId"), ("Public IP", "NatGatewayAddresses[].PublicIp")]),
    row("ec2", "network_acl", ["", "", ""], &[("VPC", "VpcId"), ("Default", "IsDefault"), ("Entries", "#Entries")]),
    row("ec2", "network_interface", ["Status", "InterfaceType", ""], &[("Private IP", "PrivateIpAddress"), ("Public IP", "Association.PublicIp"), ("Instance", "Attachment.InstanceId"), ("VPC", "VpcId"), ("Subnet", "SubnetId"), ("Description", "Description")]),
    row("ec2", "route_table", ["", "", ""], &[("VPC", "VpcId"), ("Routes", "#Routes"), ("Subnets", "Associations[].SubnetId")]),
    row("ec2", "security_group", ["", "", ""], &[("VPC", "VpcId"), ("Rules in", "#IpPermissions"), ("Rules out", "#IpPermissionsEgress"), ("Description", "Description")]),
    row("ec2", "security_group_rule", ["", "", ""], &[("Group", "GroupId"), ("Out", "IsEgress"), ("Protocol", "IpProtocol"), ("From port", "FromPort"), ("To port", "ToPort"), ("IPv4", "CidrIpv4"), ("IPv6", "CidrIpv6"), ("Other group", "ReferencedGroupInfo.GroupId"), ("Description", "Description")]),
    row("ec2", "snapshot", ["State", "StorageTier", "StartTime"], &[("GiB", "VolumeSize"), ("Encrypted", "Encrypted"), ("Volume", "VolumeId"), ("Description", "Description")]),
    row("ec2", "subnet", ["State", "", ""], &[("IPv4 range", "CidrBlock"), ("VPC", "VpcId"), ("Zone", "AvailabilityZone"), ("Free addresses", "AvailableIpAddressCount"), ("Public IPs", "MapPublicIpOnLaunch")]),
    row("ec2", "transit_gateway", ["State", "", "CreationTime"], &[("Owner", "OwnerId"), ("Description", "Description")]),
    row("ec2", "volume", ["State", "VolumeType", "CreateTime"], &[("GiB", "Size"), ("IOPS", "Iops"), ("Encrypted", "Encrypted"), ("Attached to", "Attachments[].InstanceId"), ("Zone", "AvailabilityZone"), ("Snapshot", "SnapshotId")]),
    row("ec2", "vpc", ["State", "", ""], &[("IPv4 range", "CidrBlock"), ("Default", "IsDefault"), ("Tenancy", "InstanceTenancy")]),
    row("ec2", "vpc_endpoint", ["State", "VpcEndpointType", "CreationTimestamp"], &[("Service", "ServiceName"), ("VPC", "VpcId")]),
    row("ec2", "vpc_peering_connection", ["Status.Code", "", ""], &[("Requester VPC", "RequesterVpcInfo.VpcId"), ("Accepter VPC", "AccepterVpcInfo.VpcId"), ("Accepter account", "AccepterVpcInfo.OwnerId")]),
    row("ecr", "repository", ["", "", "createdAt"], &[("Address", "repositoryUri"), ("Tags may change", "imageTagMutability"), ("Scan on push", "imageScanningConfiguration.scanOnPush")]),
    row("ecs", "cluster", ["status", "", ""], &[("Services", "activeServicesCount"), ("Tasks", "runningTasksCount"), ("Pending", "pendingTasksCount"), ("Instances", "registeredContainerInstancesCount"), ("Capacity", "capacityProviders[]")]),
    row("ecs", "service", ["status", "launchType", "createdAt"], &[("Desired", "desiredCount"), ("Running", "runningCount"), ("Task definition", "taskDefinition"), ("Cluster", "clusterArn")]),
    row("efs", "file_system", ["LifeCycleState", "PerformanceMode", "CreationTime"], &[("Bytes", "SizeInBytes.Value"), ("Encrypted", "Encrypted"), ("Throughput", "ThroughputMode"), ("Mount targets", "NumberOfMountTargets")]),
    row("eks", "cluster", ["status", "", "createdAt"], &[("Version", "version"), ("Platform", "platformVersion"), ("VPC", "resourcesVpcConfig.vpcId"), ("Public endpoint", "resourcesVpcConfig.endpointPublicAccess"), ("Endpoint", "endpoint")]),
    row("eks", "nodegroup", ["status", "instanceTypes[]", "createdAt"], &[("Cluster", "clusterName"), ("Version", "version"), ("Capacity", "capacityType"), ("Min", "scalingConfig.minSize"), ("Desired", "scalingConfig.desiredSize"), ("Max", "scalingConfig.maxSize")]),
    row("elasticache", "cache_cluster", ["CacheClusterStatus", "CacheNodeType", "CacheClusterCreateTime"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("Nodes", "NumCacheNodes"), ("Encrypted", "AtRestEncryptionEnabled")]),
    row("elb", "load_balancer", ["", "Scheme", "CreatedTime"], &[("DNS name", "DNSName"), ("VPC", "VPCId"), ("Instances", "#Instances"), ("Zones", "AvailabilityZones[]")]),
    row("elbv2", "load_balancer", ["State.Code", "Type", "CreatedTime"], &[("Scheme", "Scheme"), ("DNS name", "DNSName"), ("VPC", "VpcId"), ("Zones", "AvailabilityZones[].ZoneName"), ("Security groups", "SecurityGroups[]")]),
    row("elbv2", "target_group", ["", "TargetType", ""], &[("Protocol", "Protocol"), ("Port", "Port"), ("VPC", "VpcId"), ("Load balancers", "#LoadBalancerArns"), ("Health check", "HealthCheckPath")]),
    row("iam", "group", ["", "", "CreateDate"], &[("Path", "Path")]),
    row("iam", "policy", ["", "", "CreateDate"], &[("Attached", "AttachmentCount"), ("Attachable", "IsAttachable"), ("Version", "DefaultVersionId"), ("Updated", "UpdateDate"), ("Path", "Path")]),
    row("iam", "role", ["", "", "CreateDate"], &[("Last used", "RoleLastUsed.LastUsedDate"), ("Longest session", "MaxSessionDuration"), ("Path", "Path"), ("Description", "Description")]),
    row("iam", "user", ["", "", "CreateDate"], &[("Password last used", "PasswordLastUsed"), ("Path", "Path")]),
    row("kms", "key", ["KeyState", "KeySpec", "CreationDate"], &[("Manager", "KeyManager"), ("Usage", "KeyUsage"), ("Description", "Description")]),
    row("lambda", "function", ["State", "PackageType", "LastModified"], &[("Runtime", "Runtime"), ("MB", "MemorySize"), ("Timeout", "Timeout"), ("Code bytes", "CodeSize"), ("Architecture", "Architectures[]"), ("Handler", "Handler"), ("VPC", "VpcConfig.VpcId"), ("Role", "Role")]),
    row("logs", "log_group", ["", "logGroupClass", ""], &[("Days kept", "retentionInDays"), ("Bytes", "storedBytes"), ("KMS key", "kmsKeyId")]),
    row("rds", "db_cluster", ["Status", "DBClusterInstanceClass", "ClusterCreateTime"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("Members", "#DBClusterMembers"), ("Multi-AZ", "MultiAZ"), ("Encrypted", "StorageEncrypted"), ("Endpoint", "Endpoint")]),
    row("rds", "db_instance", ["DBInstanceStatus", "DBInstanceClass", "InstanceCreateTime"], &[("Engine", "Engine"), ("Version", "EngineVersion"), ("GiB", "AllocatedStorage"), ("Multi-AZ", "MultiAZ"), ("Encrypted", "StorageEncrypted"), ("Public", "PubliclyAccessible"), ("Endpoint", "Endpoint.Address"), ("Zone", "AvailabilityZone"), ("Cluster", "DBClusterIdentifier"), ("Authority", "CACertificateIdentifier")]),
    row("redshift", "cluster", ["ClusterStatus", "NodeType", "ClusterCreateTime"], &[("Nodes", "NumberOfNodes"), ("Encrypted", "Encrypted"), ("Public", "PubliclyAccessible"), ("Endpoint", "Endpoint.Address"), ("VPC", "VpcId")]),
    row("route53", "hosted_zone", ["", "", ""], &[("Private", "Config.PrivateZone"), ("Records", "ResourceRecordSetCount"), ("Comment", "Config.Comment")]),
    row("s3", "bucket", ["", "", "CreationDate"], &[]),
    row("secretsmanager", "secret", ["", "", "CreatedDate"], &[("Rotated", "RotationEnabled"), ("Last rotated", "LastRotatedDate"), ("Last read", "LastAccessedDate"), ("Description", "Description")]),
    row("ssm", "instance_information", ["PingStatus", "ResourceType", "RegistrationDate"], &[("Platform", "PlatformName"), ("Version", "PlatformVersion"), ("Agent", "AgentVersion"), ("IP", "IPAddress"), ("Last ping", "LastPingDateTime")]),
    row("stepfunctions", "state_machine", ["", "type", "creationDate"], &[]),
];
