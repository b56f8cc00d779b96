//! Corrections to what a call without parameters returns, where that is not the account's own inventory.
//!
//! The models only list the required parameters of an operation. They do not show that an operation returns all
//! public images unless it is restricted to the account's own, that it buys something, or (often) that one of two
//! optional parameters has to be set. These tables do. They were made by reading the documentation of every
//! operation without required parameters in botocore 1.43.11; each row gives its reason.

use serde_json::Value;

/// Operations that are called with parameters: service, function, parameters as JSON, reason. A function with
/// several rows, here or in [`CALLED_IN`], is called once for each.
#[rustfmt::skip]
const CALLED_WITH: &[(&str, &str, &str, &str)] = &[
    ("appstream", "describe_images", r#"{"Type": "PRIVATE"}"#, "the default includes AWS's base images"),
    ("bedrock", "list_inference_profiles", r#"{"typeEquals": "APPLICATION"}"#, "the default includes AWS's profiles"),
    ("bedrock", "list_prompt_routers", r#"{"type": "custom"}"#, "the default includes AWS's routers"),
    ("bedrock-agentcore-control", "list_browsers", r#"{"type": "CUSTOM"}"#, "the default includes AWS's browsers"),
    ("bedrock-agentcore-control", "list_code_interpreters", r#"{"type": "CUSTOM"}"#, "the default includes AWS's interpreters"),
    ("bedrock-data-automation", "list_blueprints", r#"{"resourceOwner": "ACCOUNT"}"#, "the default includes AWS's blueprints"),
    ("bedrock-data-automation", "list_data_automation_projects", r#"{"resourceOwner": "ACCOUNT"}"#, "the default includes AWS's projects"),
    ("cloudformation", "list_types", r#"{"Visibility": "PRIVATE"}"#, "public types are every publisher's"),
    ("cloudfront", "list_cache_policies", r#"{"Type": "custom"}"#, "managed policies are AWS's"),
    ("cloudfront", "list_origin_request_policies", r#"{"Type": "custom"}"#, "managed policies are AWS's"),
    ("cloudfront", "list_response_headers_policies", r#"{"Type": "custom"}"#, "managed policies are AWS's"),
    ("codepipeline", "list_action_types", r#"{"actionOwnerFilter": "Custom"}"#, "the default includes the types of AWS and its partners"),
    ("cognito-identity", "list_identity_pools", r#"{"MaxResults": 60}"#, "the size of a page is required"),
    ("cognito-idp", "list_user_pools", r#"{"MaxResults": 60}"#, "the size of a page is required"),
    ("devicefarm", "list_devices", r#"{"filters": [{"attribute": "FLEET_TYPE", "operator": "EQUALS", "values": ["PRIVATE"]}]}"#, "public devices are for rent"),
    ("docdb", "describe_db_clusters", r#"{"Filters": [{"Name": "engine", "Values": ["docdb"]}]}"#, "the default includes the clusters of RDS and Neptune"),
    ("docdb", "describe_db_instances", r#"{"Filters": [{"Name": "engine", "Values": ["docdb"]}]}"#, "the default includes the instances of RDS and Neptune"),
    ("ec2", "describe_addresses_attribute", r#"{"Attribute": "domain-name"}"#, "the only attribute there is"),
    ("ec2", "describe_fpga_images", r#"{"Owners": ["self"]}"#, "the default includes public images"),
    ("ec2", "describe_images", r#"{"Owners": ["self"]}"#, "the default includes more than 100,000 public images"),
    ("ec2", "describe_launch_template_versions", r#"{"Versions": ["$Latest", "$Default"]}"#, "without a template only these can be requested"),
    ("ec2", "describe_snapshots", r#"{"OwnerIds": ["self"]}"#, "the default includes public snapshots"),
    ("ecs", "describe_capacity_providers", r#"{"include": ["TAGS"]}"#, "tags are excluded by default"),
    ("ecs", "describe_clusters", r#"{"include": ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]}"#, "all of these are excluded by default"),
    ("ecs", "describe_container_instances", r#"{"include": ["TAGS", "CONTAINER_INSTANCE_HEALTH"]}"#, "both are excluded by default"),
    ("ecs", "describe_services", r#"{"include": ["TAGS"]}"#, "tags are excluded by default"),
    ("ecs", "describe_task_definition", r#"{"include": ["TAGS"]}"#, "tags are excluded by default"),
    ("ecs", "describe_task_sets", r#"{"include": ["TAGS"]}"#, "tags are excluded by default"),
    ("ecs", "describe_tasks", r#"{"include": ["TAGS"]}"#, "tags are excluded by default"),
    ("elasticbeanstalk", "list_platform_versions", r#"{"Filters": [{"Type": "PlatformOwner", "Operator": "=", "Values": ["self"]}]}"#, "the default includes AWS's platforms"),
    ("fms", "list_apps_lists", r#"{"MaxResults": 100}"#, "the size of a page is required"),
    ("fms", "list_protocols_lists", r#"{"MaxResults": 100}"#, "the size of a page is required"),
    ("glacier", "list_vaults", r#"{"accountId": "-"}"#, "the caller's account is written as a hyphen"),
    ("glue", "get_catalogs", r#"{"IncludeRoot": true, "Recursive": true}"#, "the account's own catalog is excluded by default"),
    ("greengrassv2", "list_components", r#"{"scope": "PRIVATE"}"#, "public components are AWS's"),
    ("iam", "get_account_authorization_details", r#"{"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]}"#, "the default includes the documents of AWS's policies"),
    ("iam", "list_policies", r#"{"Scope": "Local"}"#, "the default includes more than 1,000 policies of AWS's"),
    ("imagebuilder", "list_components", r#"{"owner": "Self"}"#, "AWS and its partners offer many"),
    ("imagebuilder", "list_container_recipes", r#"{"owner": "Self"}"#, "AWS and its partners offer many"),
    ("imagebuilder", "list_image_recipes", r#"{"owner": "Self"}"#, "AWS and its partners offer many"),
    ("imagebuilder", "list_images", r#"{"owner": "Self"}"#, "AWS and its partners offer many"),
    ("imagebuilder", "list_workflows", r#"{"owner": "Self"}"#, "AWS and its partners offer many"),
    ("neptune", "describe_db_clusters", r#"{"Filters": [{"Name": "engine", "Values": ["neptune"]}]}"#, "the default includes the clusters of RDS and DocumentDB"),
    ("neptune", "describe_db_instances", r#"{"Filters": [{"Name": "engine", "Values": ["neptune"]}]}"#, "the default includes the instances of RDS and DocumentDB"),
    ("omics", "list_workflows", r#"{"type": "PRIVATE"}"#, "the default includes Ready2Run workflows"),
    ("organizations", "list_policies", r#"{"Filter": "AISERVICES_OPT_OUT_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "BACKUP_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "BEDROCK_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "CHATBOT_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "DECLARATIVE_POLICY_EC2"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "INSPECTOR_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "NETWORK_SECURITY_DIRECTOR_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "RESOURCE_CONTROL_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "S3_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "SECURITYHUB_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "SERVICE_CONTROL_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "TAG_POLICY"}"#, "the kind of policy is required"),
    ("organizations", "list_policies", r#"{"Filter": "UPGRADE_ROLLOUT_POLICY"}"#, "the kind of policy is required"),
    ("ram", "list_permissions", r#"{"permissionType": "CUSTOMER_MANAGED"}"#, "the default includes AWS's permissions"),
    ("sqs", "get_queue_attributes", r#"{"AttributeNames": ["All"]}"#, "without names, the response is empty"),
    ("ssm", "describe_patch_baselines", r#"{"Filters": [{"Key": "OWNER", "Values": ["Self"]}]}"#, "the default includes AWS's baselines"),
    ("ssm", "list_documents", r#"{"Filters": [{"Key": "Owner", "Values": ["Self"]}]}"#, "the default includes AWS's documents"),
    ("wafv2", "list_ip_sets", r#"{"Scope": "REGIONAL"}"#, "the scope is required"),
    ("wafv2", "list_ip_sets", r#"{"Scope": "CLOUDFRONT"}"#, "the scope is required"),
    ("wafv2", "list_logging_configurations", r#"{"Scope": "REGIONAL"}"#, "the scope is required"),
    ("wafv2", "list_logging_configurations", r#"{"Scope": "CLOUDFRONT"}"#, "the scope is required"),
    ("wafv2", "list_regex_pattern_sets", r#"{"Scope": "REGIONAL"}"#, "the scope is required"),
    ("wafv2", "list_regex_pattern_sets", r#"{"Scope": "CLOUDFRONT"}"#, "the scope is required"),
    ("wafv2", "list_rule_groups", r#"{"Scope": "REGIONAL"}"#, "the scope is required"),
    ("wafv2", "list_rule_groups", r#"{"Scope": "CLOUDFRONT"}"#, "the scope is required"),
    ("wafv2", "list_web_acls", r#"{"Scope": "REGIONAL"}"#, "the scope is required"),
    ("wafv2", "list_web_acls", r#"{"Scope": "CLOUDFRONT"}"#, "the scope is required"),
    ("wellarchitected", "list_lenses", r#"{"LensType": "CUSTOM_SELF"}"#, "the default includes AWS's lenses"),
];

/// Operations that are called with parameters in one region: service, function, parameters as JSON, region, reason.
#[rustfmt::skip]
const CALLED_IN: &[(&str, &str, &str, &str, &str)] = &[
    ("s3control", "list_multi_region_access_points", r#"{"AccountId": "{account}"}"#, "us-west-2", "access points of several regions are managed there"),
];

/// Values of parameters that are valid in one region: service, parameter, value, region. Source: botocore, wafv2,
/// documentation of `Scope`.
const VALID_IN: &[(&str, &str, &str, &str)] = &[("wafv2", "Scope", "CLOUDFRONT", "us-east-1")];

/// The reason why an operation is not in the spec `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Omission {
    /// The response is AWS's own catalogue, the same for every account.
    Catalogue,
    /// The response is an unbounded record of past events or findings.
    Records,
    /// AWS bills the call.
    Billed,
    /// An identifier has to be given, although the model requires none: without it the call always fails.
    Needs,
}

use Omission::{Billed, Catalogue, Needs, Records};

/// Omitted operations: service, reason for the omission, functions (`*` is all of the service), explanation.
#[rustfmt::skip]
const OMITTED: &[(&str, Omission, &[&str], &str)] = &[
    ("account", Needs, &["get_gov_cloud_account_information"], "a linked GovCloud account"),
    ("account", Needs, &["get_primary_email"], "a member account: the management account cannot name itself"),
    ("apigateway", Catalogue, &["get_sdk_types"], "languages that code can be generated in"),
    ("appflow", Catalogue, &["describe_connectors"], "connectors that AWS offers"),
    ("appstream", Needs, &["describe_application_fleet_associations", "describe_user_stack_associations", "get_export_image_task"], "an application, stack, user or task"),
    ("artifact", Catalogue, &["list_reports"], "reports that AWS offers"),
    ("athena", Catalogue, &["list_application_dpu_sizes", "list_engine_versions"], "sizes and versions"),
    ("athena", Records, &["list_query_executions"], "queries that ran"),
    ("autoscaling", Catalogue, &["describe_adjustment_types", "describe_auto_scaling_notification_types", "describe_lifecycle_hook_types", "describe_metric_collection_types", "describe_scaling_process_types", "describe_termination_policy_types"], "values that other calls accept"),
    ("autoscaling", Records, &["describe_scaling_activities"], "activities of six weeks"),
    ("backup", Catalogue, &["get_supported_resource_types", "list_backup_plan_templates"], "what can be backed up, and templates"),
    ("backup", Records, &["list_backup_jobs", "list_copy_jobs", "list_report_jobs", "list_restore_jobs", "list_scan_jobs"], "jobs that ran"),
    ("batch", Needs, &["list_jobs"], "a job queue"),
    ("bcm-data-exports", Catalogue, &["list_tables"], "tables that can be exported"),
    ("bedrock", Catalogue, &["list_foundation_models"], "models that AWS offers"),
    ("ce", Billed, &["*"], "0.01 USD for each request (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)"),
    ("chime", Catalogue, &["search_available_phone_numbers"], "phone numbers for sale"),
    ("chime", Needs, &["get_account", "get_account_settings", "get_retention_settings", "list_bots", "list_rooms", "list_users"], "an account of Chime, which has its own id"),
    ("chime-sdk-messaging", Catalogue, &["get_messaging_session_endpoint"], "an endpoint of AWS's"),
    ("chime-sdk-voice", Catalogue, &["list_available_voice_connector_regions", "search_available_phone_numbers"], "regions, and phone numbers for sale"),
    ("clouddirectory", Catalogue, &["list_managed_schema_arns"], "schemas of AWS's"),
    ("cloudformation", Needs, &["describe_events", "describe_publisher", "describe_stack_resources", "describe_type", "get_hook_result", "get_template", "get_template_summary", "list_type_registrations", "list_type_versions"], "a stack, publisher, type or hook"),
    ("cloudfront", Needs, &["get_realtime_log_config", "list_distribution_tenants_by_customization", "list_distributions_by_realtime_log_config"], "a configuration, certificate or ACL"),
    ("cloudhsmv2", Needs, &["get_resource_policy"], "a resource"),
    ("cloudtrail", Catalogue, &["list_public_keys"], "public keys of AWS's"),
    ("cloudtrail", Needs, &["describe_query", "get_event_configuration", "get_insight_selectors"], "a query, trail or event data store"),
    ("cloudtrail", Records, &["lookup_events"], "events of 90 days, at two requests per second"),
    ("cloudwatch", Billed, &["list_metrics"], "counts against the billed API requests, and brings every metric of two weeks"),
    ("cloudwatch", Records, &["describe_alarm_history"], "changes of alarms"),
    ("codebuild", Catalogue, &["list_curated_environment_images"], "images of AWS's"),
    ("codebuild", Needs, &["list_build_batches_for_project"], "a project"),
    ("codebuild", Records, &["list_build_batches", "list_builds", "list_reports"], "builds that ran"),
    ("codecatalyst", Needs, &["*"], "a person's token instead of an account's credentials"),
    ("codecommit", Needs, &["get_branch"], "a branch"),
    ("codedeploy", Records, &["list_deployments"], "deployments that ran"),
    ("codepipeline", Catalogue, &["list_rule_types"], "types of AWS's"),
    ("codestar-notifications", Catalogue, &["list_event_types"], "types of AWS's"),
    ("config", Needs, &["get_compliance_details_by_resource", "get_custom_rule_policy"], "a resource or rule"),
    ("controlcatalog", Catalogue, &["*"], "controls that AWS offers"),
    ("controltower", Catalogue, &["list_baselines"], "baselines that AWS offers"),
    ("customer-profiles", Catalogue, &["list_profile_object_type_templates", "list_recommender_recipes"], "templates of AWS's"),
    ("dax", Catalogue, &["describe_default_parameters"], "parameters and their defaults"),
    ("dax", Records, &["describe_events"], "events of two weeks"),
    ("deadline", Catalogue, &["list_available_metered_products"], "products for rent"),
    ("devicefarm", Catalogue, &["list_offering_promotions", "list_offerings"], "devices for rent"),
    ("devicefarm", Needs, &["get_test_grid_session"], "a session"),
    ("devops-guru", Needs, &["describe_feedback"], "an insight"),
    ("directconnect", Catalogue, &["describe_locations"], "locations of AWS's"),
    ("directconnect", Needs, &["describe_direct_connect_gateway_associations", "describe_direct_connect_gateway_attachments"], "a gateway"),
    ("dms", Catalogue, &["describe_endpoint_types", "describe_engine_versions", "describe_event_categories", "describe_orderable_replication_instances"], "types, versions and offers"),
    ("dms", Needs, &["describe_applicable_individual_assessments", "list_tags_for_resource"], "a task or resource"),
    ("dms", Records, &["describe_events"], "events of two weeks"),
    ("docdb", Catalogue, &["describe_certificates", "describe_db_engine_versions", "describe_event_categories"], "certificates, versions and categories"),
    ("docdb", Records, &["describe_events"], "events of two weeks"),
    ("dynamodb", Catalogue, &["describe_endpoints"], "an endpoint of AWS's"),
    ("ec2", Catalogue, &["describe_host_reservation_offerings", "describe_instance_type_offerings", "describe_instance_types", "describe_prefix_lists", "describe_reserved_instances_offerings", "describe_spot_price_history", "describe_vpc_endpoint_services", "get_vpn_connection_device_types"], "types, offers and prices"),
    ("ec2", Needs, &["get_aws_network_performance_data"], "two regions to measure between"),
    ("ecs", Needs, &["list_container_instances", "list_services", "list_tasks"], "a cluster, unless one has the name `default`"),
    ("eks", Catalogue, &["describe_addon_versions", "describe_cluster_versions", "list_access_policies"], "add-ons, versions and policies of AWS's"),
    ("elasticache", Catalogue, &["describe_cache_engine_versions", "describe_reserved_cache_nodes_offerings", "describe_service_updates"], "versions and offers"),
    ("elasticache", Needs, &["list_allowed_node_type_modifications"], "a cluster"),
    ("elasticache", Records, &["describe_events"], "events of two weeks"),
    ("elasticbeanstalk", Catalogue, &["describe_configuration_options", "list_available_solution_stacks", "list_platform_branches"], "platforms and options of AWS's"),
    ("elasticbeanstalk", Needs, &["describe_environment_health", "describe_environment_managed_action_history", "describe_environment_managed_actions", "describe_environment_resources", "describe_instances_health", "describe_platform_version"], "an environment or platform"),
    ("elasticbeanstalk", Records, &["describe_events"], "events of six weeks"),
    ("elb", Catalogue, &["describe_load_balancer_policies", "describe_load_balancer_policy_types"], "sample policies, unless a load balancer is named"),
    ("elbv2", Catalogue, &["describe_ssl_policies"], "policies of AWS's"),
    ("elbv2", Needs, &["describe_listeners", "describe_rules"], "a load balancer or listener"),
    ("emr", Catalogue, &["list_release_labels"], "releases"),
    ("emr", Needs, &["describe_release_label"], "a release"),
    ("entityresolution", Catalogue, &["list_provider_services"], "services for sale"),
    ("es", Catalogue, &["describe_reserved_elasticsearch_instance_offerings", "get_compatible_elasticsearch_versions", "list_elasticsearch_versions"], "versions and offers"),
    ("evs", Catalogue, &["get_versions"], "versions"),
    ("fis", Catalogue, &["list_actions", "list_target_resource_types"], "actions and types of AWS's"),
    ("gamelift", Catalogue, &["list_locations"], "locations of AWS's"),
    ("gamelift", Needs, &["describe_game_session_details", "describe_game_sessions", "describe_player_sessions", "search_game_sessions"], "a fleet or session"),
    ("geo-places", Billed, &["search_text"], "a search, billed for each request"),
    ("glue", Catalogue, &["list_connection_types"], "connections that AWS offers"),
    ("glue", Needs, &["get_dataflow_graph", "get_resource_policy", "get_schema_version", "list_entities", "query_schema_version_metadata"], "a script, policy, schema or connection"),
    ("grafana", Catalogue, &["list_versions"], "versions"),
    ("groundstation", Catalogue, &["list_ground_stations"], "antennas for rent"),
    ("health", Catalogue, &["describe_event_types"], "types of AWS's"),
    ("health", Needs, &["describe_affected_entities_for_organization", "describe_entity_aggregates"], "an event"),
    ("iam", Needs, &["get_credential_report"], "a report generated within the last four hours"),
    ("iam", Needs, &["get_login_profile", "get_user", "list_access_keys", "list_mfa_devices", "list_service_specific_credentials", "list_signing_certificates", "list_ssh_public_keys"], "a user: the session of a role is not one"),
    ("imagebuilder", Records, &["list_image_scan_findings"], "findings"),
    ("inspector", Catalogue, &["list_rules_packages"], "rules of AWS's"),
    ("inspector", Records, &["list_findings"], "findings"),
    ("inspector2", Needs, &["get_findings_report_status"], "a report"),
    ("inspector2", Needs, &["get_member"], "a member account"),
    ("inspector2", Records, &["list_findings"], "findings"),
    ("iot", Catalogue, &["list_managed_job_templates"], "templates of AWS's"),
    ("iot", Needs, &["get_effective_policies", "list_audit_findings", "list_command_executions", "list_detect_mitigation_actions_executions"], "a thing, task or time"),
    ("iotsitewise", Needs, &["describe_time_series", "get_asset_property_value", "get_asset_property_value_history", "list_access_policies"], "a time series, property or identity"),
    ("iotwireless", Billed, &["get_position_estimate"], "an estimate, billed for each request"),
    ("iotwireless", Catalogue, &["get_service_endpoint"], "an endpoint of AWS's"),
    ("iotwireless", Needs, &["get_metrics"], "a query"),
    ("kafka", Catalogue, &["get_compatible_kafka_versions", "list_kafka_versions"], "versions"),
    ("kinesis", Needs, &["describe_stream", "describe_stream_consumer", "describe_stream_summary", "list_shards", "list_tags_for_stream"], "a stream"),
    ("kinesis-video-archived-media", Needs, &["*"], "a stream and its endpoint"),
    ("kinesisvideo", Needs, &["describe_edge_configuration", "describe_image_generation_configuration", "describe_mapped_resource_configuration", "describe_media_storage_configuration", "describe_notification_configuration", "describe_signaling_channel", "describe_stream", "describe_stream_storage_configuration", "list_tags_for_stream"], "a stream or channel"),
    ("launch-wizard", Catalogue, &["list_workloads"], "workloads that AWS offers"),
    ("lightsail", Catalogue, &["get_blueprints", "get_bucket_bundles", "get_bundles", "get_container_api_metadata", "get_container_service_powers", "get_distribution_bundles", "get_load_balancer_tls_policies", "get_regions", "get_relational_database_blueprints", "get_relational_database_bundles"], "blueprints, bundles and regions"),
    ("logs", Catalogue, &["describe_configuration_templates"], "templates of AWS's"),
    ("logs", Needs, &["describe_log_streams", "get_log_group_fields"], "a log group"),
    ("logs", Records, &["describe_queries"], "queries that ran"),
    ("m2", Catalogue, &["list_engine_versions"], "versions"),
    ("macie2", Catalogue, &["list_managed_data_identifiers"], "identifiers of AWS's"),
    ("macie2", Records, &["list_findings"], "findings"),
    ("managedblockchain-query", Billed, &["*"], "queries of public chains"),
    ("marketplace-discovery", Catalogue, &["*"], "products for sale"),
    ("mediaconnect", Catalogue, &["list_offerings"], "offers"),
    ("mediaconvert", Catalogue, &["list_versions"], "versions"),
    ("medialive", Catalogue, &["list_offerings", "list_versions"], "offers and versions"),
    ("mediastore", Needs, &["describe_container"], "a container"),
    ("mediastore-data", Needs, &["*"], "the endpoint of a container"),
    ("memorydb", Catalogue, &["describe_engine_versions", "describe_reserved_nodes_offerings", "describe_service_updates"], "versions and offers"),
    ("memorydb", Records, &["describe_events"], "events of two weeks"),
    ("mq", Catalogue, &["describe_broker_engine_types", "describe_broker_instance_options"], "types and options"),
    ("mturk", Needs, &["list_bonus_payments"], "a task"),
    ("neptune", Catalogue, &["describe_db_engine_versions", "describe_event_categories"], "versions and categories"),
    ("neptune", Records, &["describe_events"], "events of two weeks"),
    ("neptunedata", Needs, &["*"], "the endpoint of a cluster"),
    ("network-firewall", Needs, &["describe_firewall", "describe_firewall_metadata", "describe_firewall_policy", "describe_logging_configuration", "describe_proxy", "describe_proxy_configuration", "describe_proxy_rule_group", "describe_rule_group", "describe_rule_group_metadata", "describe_rule_group_summary", "describe_tls_inspection_configuration", "list_analysis_reports"], "a firewall, policy, proxy or rule group"),
    ("odb", Catalogue, &["list_db_system_shapes", "list_gi_versions"], "shapes and versions"),
    ("opensearch", Catalogue, &["describe_reserved_instance_offerings", "get_compatible_versions", "list_versions"], "versions and offers"),
    ("organizations", Needs, &["describe_account", "list_delegated_services_for_account"], "a member account"),
    ("osis", Catalogue, &["list_pipeline_blueprints"], "blueprints of AWS's"),
    ("outposts", Catalogue, &["list_catalog_items"], "hardware for rent"),
    ("personalize", Catalogue, &["list_recipes"], "recipes of AWS's"),
    ("personalize-runtime", Billed, &["*"], "recommendations of a campaign"),
    ("pinpoint-sms-voice-v2", Catalogue, &["describe_registration_type_definitions", "list_notify_countries"], "types and countries"),
    ("polly", Catalogue, &["describe_voices"], "voices"),
    ("pricing", Catalogue, &["*"], "price lists"),
    ("qbusiness", Catalogue, &["list_plugin_type_metadata"], "plug-ins of AWS's"),
    ("quicksight", Records, &["list_asset_bundle_export_jobs", "list_asset_bundle_import_jobs"], "jobs that ran"),
    ("ram", Catalogue, &["list_resource_types"], "types that can be shared"),
    ("rds", Catalogue, &["describe_certificates", "describe_db_engine_versions", "describe_db_major_engine_versions", "describe_event_categories", "describe_reserved_db_instances_offerings", "describe_serverless_v2_platform_versions", "describe_source_regions"], "versions, offers and regions"),
    ("rds", Records, &["describe_events"], "events of two weeks"),
    ("redshift", Catalogue, &["describe_cluster_tracks", "describe_cluster_versions", "describe_event_categories", "describe_orderable_cluster_options", "describe_reserved_node_offerings"], "versions and offers"),
    ("redshift", Records, &["describe_events"], "events of two weeks"),
    ("redshift-data", Records, &["list_statements"], "statements that ran, in their wording"),
    ("redshift-serverless", Catalogue, &["list_reservation_offerings", "list_tracks"], "offers and versions"),
    ("redshift-serverless", Needs, &["get_snapshot"], "a snapshot"),
    ("resource-explorer-2", Catalogue, &["list_supported_resource_types"], "types that can be searched"),
    ("resource-explorer-2", Needs, &["batch_get_view"], "a view"),
    ("resource-groups", Needs, &["get_group", "get_group_configuration", "get_group_query", "list_group_resources"], "a group"),
    ("route53", Catalogue, &["get_checker_ip_ranges", "get_geo_location", "list_geo_locations"], "addresses and places"),
    ("route53-recovery-cluster", Needs, &["*"], "the endpoint of a cluster"),
    ("route53domains", Catalogue, &["list_prices"], "prices"),
    ("route53domains", Needs, &["get_contact_reachability_status"], "a domain"),
    ("s3control", Needs, &["list_regional_buckets"], "an Outpost"),
    ("s3control", Records, &["list_jobs"], "jobs of 90 days"),
    ("s3tables", Needs, &["get_table"], "a table"),
    ("s3vectors", Needs, &["get_index", "get_vector_bucket", "get_vector_bucket_policy", "list_indexes", "list_vectors"], "a bucket or index"),
    ("sagemaker", Catalogue, &["list_model_metadata", "search_training_plan_offerings"], "models and offers"),
    ("sagemaker", Needs, &["list_pipeline_execution_steps", "query_lineage"], "an execution or artifact"),
    ("sagemaker-geospatial", Catalogue, &["list_raster_data_collections"], "public data sets"),
    ("savingsplans", Catalogue, &["describe_savings_plans_offering_rates", "describe_savings_plans_offerings"], "offers, in the hundred thousands"),
    ("schemas", Needs, &["get_resource_policy"], "a registry"),
    ("securityhub", Catalogue, &["describe_products", "describe_products_v2", "describe_standards", "list_security_control_definitions"], "products and standards"),
    ("securityhub", Records, &["get_findings", "get_findings_v2"], "findings, in the millions"),
    ("service-quotas", Catalogue, &["list_services"], "services of AWS's"),
    ("servicecatalog", Needs, &["describe_product", "describe_product_as_admin", "describe_provisioned_product", "describe_provisioning_artifact", "describe_provisioning_parameters", "get_provisioned_product_outputs"], "a product"),
    ("shield", Needs, &["describe_protection"], "a protection"),
    ("signer", Catalogue, &["list_signing_platforms"], "platforms of AWS's"),
    ("snowball", Catalogue, &["list_long_term_pricing", "list_pickup_locations"], "prices and places"),
    ("ssm", Catalogue, &["describe_available_patches", "get_inventory_schema"], "patches and schemas"),
    ("ssm", Needs, &["describe_association"], "an association"),
    ("ssm", Records, &["describe_automation_executions", "list_command_invocations", "list_commands"], "commands that ran"),
    ("ssm-quicksetup", Catalogue, &["list_quick_setup_types"], "types of AWS's"),
    ("ssm-sap", Catalogue, &["list_configuration_check_definitions"], "checks of AWS's"),
    ("ssm-sap", Needs, &["get_application", "get_database"], "an application or database"),
    ("sso-admin", Catalogue, &["list_application_providers"], "applications for sale"),
    ("stepfunctions", Needs, &["list_executions"], "a state machine"),
    ("support", Catalogue, &["describe_services", "describe_severity_levels"], "values that other calls accept"),
    ("synthetics", Catalogue, &["describe_runtime_versions"], "versions"),
    ("taxsettings", Catalogue, &["get_tax_exemption_types"], "types"),
    ("timestream-query", Catalogue, &["describe_endpoints"], "an endpoint of AWS's"),
    ("timestream-write", Catalogue, &["describe_endpoints"], "an endpoint of AWS's"),
    ("transfer", Catalogue, &["list_security_policies"], "policies of AWS's"),
    ("translate", Catalogue, &["list_languages"], "languages"),
    ("trustedadvisor", Catalogue, &["list_checks"], "checks of AWS's"),
    ("uxc", Catalogue, &["list_services"], "services of AWS's"),
    ("vpc-lattice", Needs, &["list_service_network_resource_associations", "list_service_network_service_associations", "list_service_network_vpc_associations"], "a service or service network"),
    ("waf", Needs, &["list_activated_rules_in_rule_group"], "a rule group"),
    ("waf-regional", Needs, &["list_activated_rules_in_rule_group"], "a rule group"),
    ("wafv2", Needs, &["get_rule_group", "get_web_acl"], "a rule group or ACL"),
    ("wellarchitected", Catalogue, &["get_profile_template"], "a template of AWS's"),
    ("workdocs", Needs, &["describe_activities", "describe_users", "get_resources", "search_resources"], "an organization or user"),
    ("workspaces-instances", Catalogue, &["list_instance_types", "list_regions"], "types and regions"),
    ("xray", Needs, &["get_group"], "a group"),
    ("xray", Records, &["get_sampling_statistic_summaries"], "statistics"),
];

/// The parameters that a function is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CuratedCall {
    /// The parameters, as JSON text.
    pub(super) parameters: &'static str,
    /// The only region to call it in.
    pub(super) region: Option<&'static str>,
}

/// Returns the ways in which `function` is called; none if it is called without parameters.
pub(super) fn ways_to_call(service: &str, function: &str) -> impl Iterator<Item = CuratedCall> {
    let is_meant = move |name: &str, called: &str| (name, called) == (service, function);
    let everywhere = CALLED_WITH.iter().filter(move |(name, called, ..)| is_meant(name, called));
    let in_one = CALLED_IN.iter().filter(move |(name, called, ..)| is_meant(name, called));
    everywhere
        .map(|(service, _, parameters, _)| {
            let values = serde_json::from_str(parameters).unwrap_or_default();
            CuratedCall { parameters, region: only_region(service, &values) }
        })
        .chain(in_one.map(|(_, _, parameters, region, _)| CuratedCall { parameters, region: Some(region) }))
}

/// Returns the only region in which a call with these parameters is valid; `None` if it is valid in all.
pub(super) fn only_region(service: &str, parameters: &Value) -> Option<&'static str> {
    let is_given = |name: &str, value: &str| parameters[name] == value;
    let mut rows = VALID_IN.iter();
    let row = rows.find(|(called, name, value, _)| *called == service && is_given(name, value));
    row.map(|(.., region)| *region)
}

/// Returns whether a required parameter is the ID of the account whose resources are listed. Exceptions are among
/// the functions that are omitted.
pub(super) fn is_account_id(parameter: &str) -> bool {
    matches!(parameter, "AccountId" | "accountId" | "AwsAccountId")
}

/// Returns why `function` is not in the spec `all`; `None` if it is in it.
pub(super) fn omission(service: &str, function: &str) -> Option<Omission> {
    OMITTED
        .iter()
        .find(|(name, _, functions, _)| {
            *name == service && (*functions == ["*"] || functions.contains(&function))
        })
        .map(|(_, omission, _, _)| *omission)
}

#[cfg(test)]
mod tests {
    use super::{CALLED_IN, CALLED_WITH, OMITTED};
    use crate::model::catalog::Catalog;

    /// A row for an operation that no longer exists could hide a mistyped name.
    #[test]
    fn every_row_names_a_function_of_the_catalog_and_its_reason() {
        let catalog = Catalog::embedded().expect("a catalog");
        let called = CALLED_WITH.iter().map(|(service, function, _, reason)| (*service, *function, *reason));
        let called = called
            .chain(CALLED_IN.iter().map(|(service, function, _, _, reason)| (*service, *function, *reason)));
        let omitted = OMITTED.iter().flat_map(|(service, _, functions, reason)| {
            functions.iter().map(move |function| (*service, *function, *reason))
        });
        for (name, function, reason) in called.chain(omitted) {
            let service = catalog.service(name).expect("loads").unwrap_or_else(|| panic!("{name}"));
            assert!(function == "*" || service.operation(function).is_some(), "{name} {function}");
            assert!(!reason.is_empty(), "{name} {function}");
        }
    }

    #[test]
    fn tables_are_sorted_and_no_called_function_is_omitted() {
        assert!(CALLED_IN.is_sorted_by_key(|(service, function, ..)| (*service, *function)));
        assert!(CALLED_WITH.is_sorted_by_key(|(service, function, _, _)| (*service, *function)));
        assert!(OMITTED.is_sorted_by_key(|(service, _, functions, _)| (*service, functions[0] != "*")));
        let called = CALLED_WITH.iter().map(|(service, function, ..)| (service, function));
        for (service, function) in
            called.chain(CALLED_IN.iter().map(|(service, function, ..)| (service, function)))
        {
            assert_eq!(super::omission(service, function), None, "{service} {function}");
        }
    }
}
