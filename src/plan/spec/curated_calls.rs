//! Corrections to what a call without parameters returns, where that is not the account's own inventory.
//!
//! The models only list the required parameters of an operation. They do not show that an operation returns all
//! public images unless it is restricted to the account's own, that it buys something, or (often) that one of two
//! optional parameters has to be set. These tables do. They were made by reading the documentation of every
//! operation without required parameters in botocore 1.44.8; each row gives its reason.

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
    matches!(parameter, "AccountId" | "accountId" | "AwsAccountId" | "awsAccountId")
}

#[cfg(test)]
mod tests {
    use super::super::omitted_calls::omission;
    use super::{CALLED_IN, CALLED_WITH};
    use crate::model::catalog::Catalog;

    /// A row for an operation that no longer exists could hide a mistyped name.
    #[test]
    fn every_row_names_a_function_of_the_catalog_and_its_reason() {
        let catalog = Catalog::embedded().expect("a catalog");
        let called = CALLED_WITH.iter().map(|(service, function, _, reason)| (*service, *function, *reason));
        let called = called
            .chain(CALLED_IN.iter().map(|(service, function, _, _, reason)| (*service, *function, *reason)));
        for (name, function, reason) in called {
            let service = catalog.service(name).expect("loads").unwrap_or_else(|| panic!("{name}"));
            assert!(service.operation(function).is_some(), "{name} {function}");
            assert!(!reason.is_empty(), "{name} {function}");
            assert_eq!(omission(name, function), None, "{name} {function}");
        }
        assert!(CALLED_IN.is_sorted_by_key(|(service, function, ..)| (*service, *function)));
        assert!(CALLED_WITH.is_sorted_by_key(|(service, function, _, _)| (*service, *function)));
    }
}
