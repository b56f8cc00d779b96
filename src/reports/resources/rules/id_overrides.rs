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
    row("apigateway", "gateway_response").with_id(&["responseType"]),
    row("application-insights", "application").with_id(&["ResourceGroupName"]).named(&["ResourceGroupName"]),
    row("applicationcostprofiler", "report_definition").with_id(&["reportId"]),
    row("appstream", "directory_config").with_id(&["DirectoryName"]).named(&["DirectoryName"]),
    row("backup-gateway", "virtual_machine").with_arn(&["ResourceArn"]),
    row("bedrock", "enforced_guardrails_configuration").with_id(&["configId"]),
    row("bedrock", "provisioned_model_throughput")
        .with_id(&["provisionedModelName"])
        .with_arn(&["provisionedModelArn"])
        .named(&["provisionedModelName"]),
    row("bedrock-runtime", "async_invoke").with_id(&["invocationArn"]).with_arn(&["invocationArn"]),
    row("ce", "cost_category_definition").with_id(&["CostCategoryArn"]).with_arn(&["CostCategoryArn"]),
    row("chatbot", "chime_webhook_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("chatbot", "microsoft_teams_channel_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("chatbot", "slack_channel_configuration")
        .with_arn(&["ChatConfigurationArn"])
        .named(&["ConfigurationName"]),
    row("chatbot", "slack_workspace").with_id(&["SlackTeamId"]).named(&["SlackTeamName"]),
    row("chime-sdk-media-pipelines", "media_capture_pipeline")
        .with_id(&["MediaPipelineId"])
        .with_arn(&["MediaPipelineArn"]),
    row("cloudformation", "stack_drift_detection_status").with_id(&["StackDriftDetectionId"]),
    row("cloudfront-keyvaluestore", "key_value_store").with_id(&["KvsARN"]).with_arn(&["KvsARN"]),
    row("cloudsearch", "analysis_scheme")
        .with_id(&["Options.AnalysisSchemeName"])
        .named(&["Options.AnalysisSchemeName"]),
    row("cloudsearch", "expression").with_id(&["Options.ExpressionName"]).named(&["Options.ExpressionName"]),
    row("cloudsearch", "index_field").with_id(&["Options.IndexFieldName"]).named(&["Options.IndexFieldName"]),
    row("cloudsearch", "suggester").with_id(&["Options.SuggesterName"]).named(&["Options.SuggesterName"]),
    row("codedeploy", "deployment_target").with_id(&[
        "instanceTarget.targetId",
        "lambdaTarget.targetId",
        "ecsTarget.targetId",
        "cloudFormationTarget.targetId",
    ]),
    row("codeguru-security", "scan").with_arn(&["scanNameArn"]),
    row("codestar-notifications", "target").with_id(&["TargetAddress"]),
    row("cognito-idp", "device").with_id(&["DeviceKey"]),
    row("cognito-idp", "user_pool_domain").with_id(&["Domain"]).named(&["Domain"]),
    row("connect", "evaluation_form_version").with_arn(&["EvaluationFormArn"]),
    row("connect", "instance_storage_config").with_id(&["AssociationId"]),
    row("connect", "security_key").with_id(&["AssociationId"]),
    row("cur", "report_definition").with_id(&["ReportName"]).named(&["ReportName"]),
    row("customer-profiles", "calculated_attribute_definition")
        .with_id(&["CalculatedAttributeName"])
        .named(&["CalculatedAttributeName"]),
    row("customer-profiles", "domain_layout")
        .with_id(&["LayoutDefinitionName"])
        .named(&["LayoutDefinitionName"]),
    row("customer-profiles", "integration").with_id(&["Uri"]),
    row("databrew", "dataset").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "job").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "project").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "recipe").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "ruleset").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("databrew", "schedule").with_id(&["Name"]).with_arn(&["ResourceArn"]),
    row("datasync", "location_azure_blob").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_efs").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_fsx_lustre").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_fsx_ontap").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_fsx_open_zfs").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_fsx_windows").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_hdfs").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_nfs").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_object_storage").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_s3").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("datasync", "location_smb").with_id(&["LocationArn"]).with_arn(&["LocationArn"]),
    row("deadline", "session_action").with_id(&["sessionActionId"]),
    row("discovery", "export_configuration").with_id(&["exportId"]),
    row("discovery", "export_task").with_id(&["exportId"]),
    row("dms", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("dms", "fleet_advisor_collector").with_id(&["CollectorReferencedId"]),
    row("dms", "replication")
        .with_id(&["ReplicationConfigIdentifier"])
        .with_arn(&["ReplicationConfigArn"])
        .named(&["ReplicationConfigIdentifier"]),
    row("docdb", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("ds", "conditional_forwarder").with_id(&["RemoteDomainName"]),
    row("ds-data", "group").with_id(&["SID"]).named(&["SAMAccountName"]),
    row("ds-data", "user").with_id(&["SID"]).named(&["SAMAccountName"]),
    // The ID of a table is random and not shown in the console; names are unique in a region.
    row("dynamodb", "table").with_id(&["TableName"]),
    // In EC2-Classic, an address had no allocation.
    row("ec2", "address").with_id(&["AllocationId", "PublicIp"]),
    row("ec2", "bundle_task").with_id(&["BundleId"]),
    row("ec2", "byoip_cidr").with_id(&["Cidr"]),
    row("ec2", "elastic_gpus").with_id(&["ElasticGpuId"]),
    row("ec2", "image_in_recycle_bin").with_id(&["ImageId"]).named(&["Name"]),
    row("ec2", "import_image_task").with_id(&["ImportTaskId"]),
    row("ec2", "import_snapshot_task").with_id(&["ImportTaskId"]),
    row("ec2", "ipam_byoasn").with_id(&["Asn"]),
    row("ec2", "key_pair").named(&["KeyName"]),
    row("ec2", "managed_prefix_list")
        .with_id(&["PrefixListId"])
        .with_arn(&["PrefixListArn"])
        .named(&["PrefixListName"]),
    row("ec2", "moving_address").with_id(&["PublicIp"]),
    row("ec2", "snapshot_in_recycle_bin").with_id(&["SnapshotId"]),
    row("ec2", "subnet_ipv4_cidr_reservation").with_id(&["SubnetCidrReservationId"]),
    row("ec2", "subnet_ipv6_cidr_reservation").with_id(&["SubnetCidrReservationId"]),
    row("ec2", "transit_gateway_connect").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "transit_gateway_peering_attachment").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "transit_gateway_vpc_attachment").with_id(&["TransitGatewayAttachmentId"]),
    row("ec2", "volume_in_recycle_bin").with_id(&["VolumeId"]),
    row("ec2", "vpc_endpoint_service_configuration").with_id(&["ServiceId"]).named(&["ServiceName"]),
    row("ecr", "image").with_id(&["imageDigest", "imageId.imageDigest"]),
    row("ecr", "pull_through_cache_rule").with_id(&["ecrRepositoryPrefix"]),
    row("ecr", "repository_creation_template").with_id(&["prefix"]),
    row("ecr-public", "image").with_id(&["imageDigest"]),
    row("elasticache", "reserved_cache_node").with_arn(&["ReservationARN"]),
    row("elasticbeanstalk", "platform_version").with_id(&["PlatformArn"]).with_arn(&["PlatformArn"]),
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
    row("gamelift", "fleet_attribute").with_id(&["FleetId"]).with_arn(&["FleetArn"]),
    row("globalaccelerator", "byoip_cidr").with_id(&["Cidr"]),
    row("glue", "catalog").with_id(&["CatalogId"]).with_arn(&["ResourceArn"]).named(&["Name"]),
    row("glue", "classifier")
        .with_id(&["GrokClassifier.Name", "XMLClassifier.Name", "JsonClassifier.Name", "CsvClassifier.Name"])
        .named(&["GrokClassifier.Name", "XMLClassifier.Name", "JsonClassifier.Name", "CsvClassifier.Name"]),
    row("greengrassv2", "core_device").with_id(&["coreDeviceThingName"]).named(&["coreDeviceThingName"]),
    row("iam", "mfa_device").with_id(&["SerialNumber"]).with_arn(&["SerialNumber"]),
    row("iam", "virtual_mfa_device").with_id(&["SerialNumber"]).with_arn(&["SerialNumber"]),
    row("inspector2", "cis_scan_configuration").named(&["scanName"]),
    row("iotthingsgraph", "system_instance").with_id(&["id", "summary.id"]).with_arn(&["arn", "summary.arn"]),
    row("keyspaces", "keyspace")
        .with_id(&["keyspaceName"])
        .with_arn(&["resourceArn"])
        .named(&["keyspaceName"]),
    row("lakeformation", "lf_tag").with_id(&["TagKey"]).named(&["TagKey"]),
    row("lightsail", "container_image").with_id(&["image"]),
    row("logs", "import_task").with_id(&["importId"]),
    row("neptune", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("notifications", "notification_hub").with_id(&["notificationHubRegion"]),
    row("opensearch", "domain").with_id(&["DomainName"]).named(&["DomainName"]),
    row("osis", "pipeline_endpoint_connection").with_id(&["EndpointId"]),
    row("pinpoint-email", "dedicated_ip").with_id(&["Ip"]),
    row("pinpoint-sms-voice-v2", "keyword").with_id(&["Keyword"]),
    row("pinpoint-sms-voice-v2", "opted_out_number").with_id(&["OptedOutNumber"]),
    row("rds", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("redshift", "event_subscription").with_id(&["CustSubscriptionId"]).named(&["CustSubscriptionId"]),
    row("redshift-serverless", "endpoint_access")
        .with_id(&["endpointName"])
        .with_arn(&["endpointArn"])
        .named(&["endpointName"]),
    row("route53", "cidr_block").with_id(&["CidrBlock"]),
    row("route53-recovery-control-config", "safety_rule")
        .with_id(&[
            "ASSERTION.SafetyRuleArn",
            "GATING.SafetyRuleArn",
            "AssertionRule.SafetyRuleArn",
            "GatingRule.SafetyRuleArn",
        ])
        .with_arn(&[
            "ASSERTION.SafetyRuleArn",
            "GATING.SafetyRuleArn",
            "AssertionRule.SafetyRuleArn",
            "GatingRule.SafetyRuleArn",
        ])
        .named(&["ASSERTION.Name", "GATING.Name", "AssertionRule.Name", "GatingRule.Name"]),
    row("route53resolver", "resolver_endpoint_ip_address").with_id(&["IpId"]),
    row("sagemaker", "data_quality_job_definition")
        .with_id(&["MonitoringJobDefinitionName", "JobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn", "JobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName", "JobDefinitionName"]),
    row("sagemaker", "model_bias_job_definition")
        .with_id(&["MonitoringJobDefinitionName", "JobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn", "JobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName", "JobDefinitionName"]),
    row("sagemaker", "model_explainability_job_definition")
        .with_id(&["MonitoringJobDefinitionName", "JobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn", "JobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName", "JobDefinitionName"]),
    row("sagemaker", "model_quality_job_definition")
        .with_id(&["MonitoringJobDefinitionName", "JobDefinitionName"])
        .with_arn(&["MonitoringJobDefinitionArn", "JobDefinitionArn"])
        .named(&["MonitoringJobDefinitionName", "JobDefinitionName"]),
    row("securityhub", "automation_rule_v2").with_id(&["RuleId"]).with_arn(&["RuleArn"]).named(&["RuleName"]),
    row("securityhub", "connector_v2").with_id(&["ConnectorId"]).with_arn(&["ConnectorArn"]).named(&["Name"]),
    row("securityhub", "enabled_standard").with_arn(&["StandardsSubscriptionArn"]),
    row("servicecatalog", "product")
        .with_id(&["ProductId", "ProductViewSummary.ProductId"])
        .with_arn(&["ProductARN"])
        .named(&["Name", "ProductViewSummary.Name"]),
    row("servicecatalog", "record_history").with_id(&["RecordId"]),
    row("ses", "receipt_rule_set").with_id(&["Name", "Metadata.Name"]).named(&["Name", "Metadata.Name"]),
    row("sesv2", "contact").with_id(&["EmailAddress"]),
    row("sesv2", "dedicated_ip").with_id(&["Ip"]),
    row("sesv2", "suppressed_destination").with_id(&["EmailAddress"]),
    row("signer", "profile_permission").with_id(&["statementId"]),
    row("snow-device-management", "device").with_id(&["managedDeviceId"]).with_arn(&["managedDeviceArn"]),
    row("snowball", "pickup_location").with_id(&["AddressId"]),
    row("sns", "origination_number").with_id(&["PhoneNumber"]),
    row("sns", "sms_sandbox_phone_number").with_id(&["PhoneNumber"]),
    row("socialmessaging", "whatsapp_message_template").with_id(&["metaTemplateId"]),
    row("ssm", "instance_information").with_id(&["InstanceId"]).named(&["ComputerName"]),
    row("ssm", "instance_property").with_id(&["InstanceId"]).named(&["Name"]),
    row("stepfunctions", "state_machine_for_execution")
        .with_id(&["stateMachineArn"])
        .with_arn(&["stateMachineArn"]),
    row("storagegateway", "tape_archive").with_id(&["TapeBarcode"]).with_arn(&["TapeARN"]),
    row("storagegateway", "tape_recovery_point").with_id(&["TapeARN"]).with_arn(&["TapeARN"]),
    row("storagegateway", "volume_recovery_point").with_id(&["VolumeARN"]).with_arn(&["VolumeARN"]),
    row("support-app", "slack_channel_configuration").with_id(&["channelId"]).named(&["channelName"]),
    row("support-app", "slack_workspace_configuration").with_id(&["teamId"]).named(&["teamName"]),
    row("transfer", "access").with_id(&["ExternalId"]),
    row("trustedadvisor", "organization_recommendation_account").with_arn(&["accountRecommendationArn"]),
    row("voice-id", "fraudster").with_id(&["GeneratedFraudsterId"]),
    row("voice-id", "speaker").with_id(&["GeneratedSpeakerId"]).named(&["CustomerSpeakerId"]),
    row("wickr", "device").with_id(&["appId"]),
    row("workmail", "availability_configuration").with_id(&["DomainName"]),
    row("workspaces-web", "trust_store_certificate").with_id(&["thumbprint"]),
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
    use crate::reports::resources::call::ReportedCall;
    use crate::reports::resources::rules::kind;

    #[test]
    fn every_row_names_members_that_there_are() {
        let catalog = Catalog::embedded().expect("a catalog");
        for row in REVIEWED {
            let service = catalog.service(row.service).expect("loads").expect("exists");
            let is_of_kind = |function: Function| {
                let call = ReportedCall::of_answer(&function);
                kind::of_function(row.service, function.name()) == row.kind
                    || call.kinds().any(|kind| kind == row.kind)
            };
            let is_returned = Function::all(&service).any(is_of_kind);
            assert!(is_returned, "no function of {} returns {}", row.service, row.kind);
            let paths = row.id.iter().chain(row.arn).chain(row.name);
            for member in paths.flat_map(|path| path.split('.')) {
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
