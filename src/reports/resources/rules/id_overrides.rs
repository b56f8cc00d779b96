//! Overrides for identities that neither names nor models determine.

/// The members with the identity of a kind of resource, if the rules would find others. An empty list leaves the
/// decision to the rules.
pub(super) struct IdOverride {
    pub(super) service: &'static str,
    pub(super) kind: &'static str,
    /// The members with the ID, the best first.
    pub(super) id: &'static [&'static str],
    /// The members with the ARN.
    pub(super) arn: &'static [&'static str],
    /// The members with the name.
    pub(super) name: &'static [&'static str],
}

/// Items that are not resources themselves but contain some: service, function, and the member with the
/// resources.
///
/// A reservation is the result of one request to run instances, and not a resource that users look for.
const LISTS_WITHIN_ITEMS: &[(&str, &str, &str)] = &[("ec2", "describe_instances", "Instances")];

/// By service, then kind.
const REVIEWED: &[IdOverride] = &[
    // Names that several resources of a region can have do not identify them; their ARN does.
    row("acm", "certificate").with_id(&["CertificateArn"]).named(&["DomainName"]),
    row("codeconnections", "connection").with_id(&["ConnectionArn"]),
    row("codeconnections", "host").with_id(&["HostArn"]),
    row("codestar-connections", "connection").with_id(&["ConnectionArn"]),
    row("codestar-connections", "host").with_id(&["HostArn"]),
    row("datasync", "task").with_id(&["TaskArn"]),
    row("devicefarm", "device_pool").with_id(&["arn"]),
    row("devicefarm", "project").with_id(&["arn"]),
    row("globalaccelerator", "accelerator").with_id(&["AcceleratorArn"]),
    row("globalaccelerator", "custom_routing_accelerator").with_id(&["AcceleratorArn"]),
    row("ivs", "channel").with_id(&["arn"]),
    row("ivs", "playback_key_pair").with_id(&["arn"]),
    row("ivs", "recording_configuration").with_id(&["arn"]),
    row("mediaconnect", "flow").with_id(&["FlowArn"]),
    row("ram", "resource_share").with_id(&["resourceShareArn"]),
    row("resiliencehub", "app").with_id(&["appArn"]),
    row("resiliencehub", "resiliency_policy").with_id(&["policyArn"]),
    // The members of these are not named after their kind.
    row("application-insights", "application").with_id(&["ResourceGroupName"]).named(&["ResourceGroupName"]),
    row("appstream", "directory_config").with_id(&["DirectoryName"]).named(&["DirectoryName"]),
    row("backup-gateway", "virtual_machine").with_arn(&["ResourceArn"]),
    row("chatbot", "chime_webhook_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("chatbot", "microsoft_teams_channel_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("chatbot", "slack_channel_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("connect", "instance_storage_config").with_id(&["AssociationId"]),
    row("connect", "security_key").with_id(&["AssociationId"]),
    row("cur", "report_definition").with_id(&["ReportName"]).named(&["ReportName"]),
    row("customer-profiles", "calculated_attribute_definition")
        .with_id(&["CalculatedAttributeName"])
        .named(&["CalculatedAttributeName"]),
    row("databrew", "dataset").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "job").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "project").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "recipe").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "ruleset").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "schedule").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("dms", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("docdb", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    // The ID of a table is random and not shown in the console; names are unique in a region.
    row("dynamodb", "table").with_id(&["TableName"]),
    // In EC2-Classic, an address had no allocation.
    row("ec2", "address").with_id(&["AllocationId", "PublicIp"]),
    row("ec2", "image_in_recycle_bin").with_id(&["ImageId"]).named(&["Name"]),
    row("ec2", "import_image_task").with_id(&["ImportTaskId"]),
    row("ec2", "import_snapshot_task").with_id(&["ImportTaskId"]),
    row("ec2", "key_pair").named(&["KeyName"]),
    row("ec2", "managed_prefix_list")
        .with_id(&["PrefixListId"])
        .with_arn(&["PrefixListArn"])
        .named(&["PrefixListName"]),
    row("ec2", "snapshot_in_recycle_bin").with_id(&["SnapshotId"]),
    row("ec2", "transit_gateway_connect").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "transit_gateway_peering_attachment").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "transit_gateway_vpc_attachment").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "volume_in_recycle_bin").with_id(&["VolumeId"]),
    row("ecr", "pull_through_cache_rule").with_id(&["ecrRepositoryPrefix"]),
    row("ecr", "repository_creation_template").with_id(&["prefix"]),
    row("elb", "load_balancer").with_id(&["LoadBalancerName"]).named(&["LoadBalancerName"]),
    row("entityresolution", "schema_mapping")
        .with_id(&["schemaName"])
        .with_arn(&["schemaArn"])
        .named(&["schemaName"]),
    row("es", "domain").with_id(&["DomainName"]).named(&["DomainName"]),
    row("fsx", "data_repository_association").with_id(&["AssociationId"]).with_arn(&["ResourceARN"]),
    row("fsx", "data_repository_task").with_id(&["TaskId"]).with_arn(&["ResourceARN"]),
    row("fsx", "file_cache").with_id(&["FileCacheId"]).with_arn(&["ResourceARN"]),
    row("fsx", "file_system").with_id(&["FileSystemId"]).with_arn(&["ResourceARN"]),
    row("fsx", "snapshot").with_id(&["SnapshotId"]).with_arn(&["ResourceARN"]).named(&["Name"]),
    row("fsx", "storage_virtual_machine")
        .with_id(&["StorageVirtualMachineId"])
        .with_arn(&["ResourceARN"])
        .named(&["Name"]),
    row("fsx", "volume").with_id(&["VolumeId"]).with_arn(&["ResourceARN"]).named(&["Name"]),
    row("glue", "catalog").with_id(&["CatalogId"]).with_arn(&["ResourceArn"]).named(&["Name"]),
    row("greengrassv2", "core_device").with_id(&["coreDeviceThingName"]).named(&["coreDeviceThingName"]),
    row("iam", "virtual_mfa_device").with_id(&["SerialNumber"]).with_arn(&["SerialNumber"]),
    row("iam", "mfa_device").with_id(&["SerialNumber"]).with_arn(&["SerialNumber"]),
    row("keyspaces", "keyspace")
        .with_id(&["keyspaceName"])
        .with_arn(&["resourceArn"])
        .named(&["keyspaceName"]),
    row("neptune", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("opensearch", "domain").with_id(&["DomainName"]).named(&["DomainName"]),
    row("rds", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("redshift", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("redshift-serverless", "endpoint_access")
        .with_id(&["endpointName"])
        .with_arn(&["endpointArn"])
        .named(&["endpointName"]),
    row("sagemaker", "data_quality_job_definition")
        .with_id(&["MonitoringJobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName"]),
    row("sagemaker", "model_bias_job_definition")
        .with_id(&["MonitoringJobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName"]),
    row("sagemaker", "model_explainability_job_definition")
        .with_id(&["MonitoringJobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName"]),
    row("sagemaker", "model_quality_job_definition")
        .with_id(&["MonitoringJobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName"]),
    row("securityhub", "automation_rule_v2").with_id(&["RuleId"]).with_arn(&["RuleArn"]).named(&["RuleName"]),
    row("securityhub", "connector_v2").with_id(&["ConnectorId"]).with_arn(&["ConnectorArn"]).named(&["Name"]),
    row("securityhub", "enabled_standard").with_arn(&["StandardsSubscriptionArn"]),
    row("servicecatalog", "record_history").with_id(&["RecordId"]),
    row("snow-device-management", "device").with_id(&["managedDeviceId"]).with_arn(&["managedDeviceArn"]),
    row("ssm", "instance_information").with_id(&["InstanceId"]).named(&["ComputerName"]),
    row("storagegateway", "tape_archive").with_id(&["TapeBarcode"]).with_arn(&["TapeARN"]),
];

const fn row(service: &'static str, kind: &'static str) -> IdOverride {
    IdOverride { service, kind, id: &[], arn: &[], name: &[] }
}

impl IdOverride {
    const fn with_id(self, id: &'static [&'static str]) -> Self {
        Self { id, ..self }
    }

    const fn with_arn(self, arn: &'static [&'static str]) -> Self {
        Self { arn, ..self }
    }

    const fn named(self, name: &'static [&'static str]) -> Self {
        Self { name, ..self }
    }
}

/// Returns the override of a kind of resource.
pub(super) fn reviewed(service: &str, kind: &str) -> Option<&'static IdOverride> {
    REVIEWED.iter().find(|row| row.service == service && row.kind == kind)
}

/// Returns the member with the resources in the items of a function's response.
pub(in crate::reports::resources) fn list_within_items(
    service: &str,
    function: &str,
) -> Option<&'static str> {
    let mut rows = LISTS_WITHIN_ITEMS.iter();
    rows.find(|(owner, name, _)| *owner == service && *name == function).map(|(_, _, member)| *member)
}

#[cfg(test)]
mod tests {
    use super::{LISTS_WITHIN_ITEMS, REVIEWED};
    use crate::model::catalog::{Catalog, Function, ShapeKind};
    use crate::reports::resources::rules::kind;

    #[test]
    fn every_row_names_members_that_there_are() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in REVIEWED {
            let service = catalog.service(row.service).expect("loads").expect("exists");
            let of_kind: Vec<_> = Function::all(&service)
                .filter(|function| kind::of_function(row.service, function.name()) == row.kind)
                .collect();
            assert!(!of_kind.is_empty(), "no function of {} returns {}", row.service, row.kind);
            for member in row.id.iter().chain(row.arn).chain(row.name) {
                let is_there = service.shapes.iter().any(|shape| {
                    matches!(&shape.kind, ShapeKind::Structure(structure) if structure.member(member).is_some())
                });
                assert!(is_there, "{}: {member}", row.service);
            }
        }
    }

    #[test]
    fn every_list_within_items_is_there() {
        let catalog = Catalog::embedded().expect("a catalog");
        for (service, function, member) in LISTS_WITHIN_ITEMS {
            let service = catalog.service(service).expect("loads").expect("exists");
            assert!(service.operation(function).is_some(), "{function}");
            let is_there = service.shapes.iter().any(|shape| {
                matches!(&shape.kind, ShapeKind::Structure(structure) if structure.member(member).is_some())
            });
            assert!(is_there, "{member}");
        }
    }
}
