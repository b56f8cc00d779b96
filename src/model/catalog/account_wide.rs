//! The table of functions that are called once per account although their endpoints are regional.
//!
//! Two kinds of rows: functions that return the same from every region, and services whose API is in one region
//! only. `tests/integration/conformance/scopes/survey.rs` compares the second kind with botocore's `endpoints.json`, and checks the
//! documentation of all operations for the first.

use super::function::Function;
use crate::names::RegionName;

/// A row of the table.
#[derive(Debug)]
pub struct AccountWide {
    /// The service, by boto3's name.
    pub service: &'static str,
    /// The operation; `*` means all of the service.
    pub operation: &'static str,
    /// The region to call in the `aws` partition where it is not the partition's global region.
    pub home: Option<RegionName>,
    /// The reason why it is account-wide, and its documentation.
    pub source: &'static str,
}

const fn row(service: &'static str, operation: &'static str, source: &'static str) -> AccountWide {
    AccountWide { service, operation, home: None, source }
}

const fn at(
    service: &'static str,
    operation: &'static str,
    home: &'static str,
    source: &'static str,
) -> AccountWide {
    AccountWide { service, operation, home: Some(RegionName::new(home)), source }
}

/// The sources shared by several rows.
const SWITCH: &str = "a static context parameter selects the control plane (botocore: arc-region-switch)";
const ONE_REGION: &str = "one region in endpoints.json";
const GATEWAYS: &str = "Direct Connect gateways are global and visible in any region (directconnect API reference, \
    CreateDirectConnectGateway)";
const DISTRIBUTIONS: &str = "domain and distribution APIs are in us-east-1 only (botocore: lightsail, \
    InvalidInputException)";
const MULTI_REGION: &str = "always routed to us-west-2 (botocore: s3control, operation documentation)";
const RESOLVER: &str = "a global service that is called in us-east-2 (botocore: route53globalresolver, operation \
    documentation)";
const TAG_POLICIES: &str = "us-east-1 only (botocore: resourcegroupstaggingapi, operation documentation)";
const GROUPS: &str = "groups are a global resource and all regions' are returned (botocore: synthetics, operation \
    documentation)";

const DASHBOARDS: &str = "dashboards are global (botocore: cloudwatch, operation documentation)";

/// The table, sorted by service.
pub const ACCOUNT_WIDE: &[AccountWide] = &[
    row("arc-region-switch", "GetPlan", SWITCH),
    row("arc-region-switch", "ListPlans", SWITCH),
    row("arc-region-switch", "ListRoute53HealthChecks", SWITCH),
    row("arc-region-switch", "ListTagsForResource", SWITCH),
    at(
        "chatbot",
        "*",
        "us-west-2",
        "a global service with its endpoint in us-west-2 (IAM user guide, \
         reference_policies_examples_aws_deny-requested-region)",
    ),
    row(
        "cloudfront-keyvaluestore",
        "*",
        "the endpoint comes from the store's ARN and has no region (botocore: endpoint-rule-set-1.json)",
    ),
    row("cloudhsm", "*", ONE_REGION),
    row(
        "cloudtrail",
        "ListTrails",
        "the account's trails with their home regions (botocore: cloudtrail, ListTrailsResponse)",
    ),
    row("cloudwatch", "GetDashboard", DASHBOARDS),
    row("cloudwatch", "ListDashboards", DASHBOARDS),
    row("cost-optimization-hub", "*", ONE_REGION),
    row("cur", "*", ONE_REGION),
    at("devicefarm", "*", "us-west-2", ONE_REGION),
    row("directconnect", "DescribeDirectConnectGatewayAssociationProposals", GATEWAYS),
    row("directconnect", "DescribeDirectConnectGatewayAssociations", GATEWAYS),
    row("directconnect", "DescribeDirectConnectGatewayAttachments", GATEWAYS),
    row("directconnect", "DescribeDirectConnectGateways", GATEWAYS),
    row("ec2", "DescribeRegions", "the regions of the account (botocore: ec2, operation documentation)"),
    row("ecr-public", "*", "public registries belong to the account"),
    at(
        "globalaccelerator",
        "*",
        "us-west-2",
        "accelerators are global; their API is in one region \
         (docs.aws.amazon.com/general/latest/gr/global_accelerator.html)",
    ),
    row("health", "*", "one active endpoint serves the partition"),
    row("lightsail", "GetDistributionBundles", DISTRIBUTIONS),
    row("lightsail", "GetDistributionLatestCacheReset", DISTRIBUTIONS),
    row("lightsail", "GetDistributionMetricData", DISTRIBUTIONS),
    row("lightsail", "GetDistributions", DISTRIBUTIONS),
    row("lightsail", "GetDomain", DISTRIBUTIONS),
    row("lightsail", "GetDomains", DISTRIBUTIONS),
    row("managedblockchain-query", "*", ONE_REGION),
    row("marketplace-agreement", "*", ONE_REGION),
    row("marketplace-catalog", "*", ONE_REGION),
    row("marketplace-entitlement", "*", ONE_REGION),
    row("mturk", "*", ONE_REGION),
    row("nova-act", "*", ONE_REGION),
    row("pricing", "*", "price lists are the same from every endpoint"),
    row(
        "resource-explorer-2",
        "GetAccountLevelServiceConfiguration",
        "the account's service access (botocore: resource-explorer-2, operation documentation)",
    ),
    row(
        "resource-explorer-2",
        "ListIndexes",
        "the indexes of all regions (botocore: resource-explorer-2, operation documentation)",
    ),
    row(
        "resource-explorer-2",
        "ListIndexesForMembers",
        "a member's indexes in all regions (botocore: resource-explorer-2, operation documentation)",
    ),
    row("resourcegroupstaggingapi", "DescribeReportCreation", TAG_POLICIES),
    row("resourcegroupstaggingapi", "GetComplianceSummary", TAG_POLICIES),
    at(
        "route53-recovery-readiness",
        "*",
        "us-west-2",
        "a global feature whose resources are in us-west-2 (r53recovery developer guide, \
         introduction-regions-readiness)",
    ),
    row("route53domains", "*", "domains are global; their API is in one region"),
    at("route53globalresolver", "*", "us-east-2", RESOLVER),
    at("s3control", "DescribeMultiRegionAccessPointOperation", "us-west-2", MULTI_REGION),
    at("s3control", "GetMultiRegionAccessPoint", "us-west-2", MULTI_REGION),
    at("s3control", "GetMultiRegionAccessPointPolicy", "us-west-2", MULTI_REGION),
    at("s3control", "GetMultiRegionAccessPointPolicyStatus", "us-west-2", MULTI_REGION),
    at(
        "s3control",
        "GetMultiRegionAccessPointRoutes",
        "us-west-2",
        "five regions return the same (botocore: s3control, operation documentation)",
    ),
    row(
        "s3control",
        "GetPublicAccessBlock",
        "the configuration of the account (botocore: s3control, operation documentation)",
    ),
    at("s3control", "ListMultiRegionAccessPoints", "us-west-2", MULTI_REGION),
    at("sagemaker-geospatial", "*", "us-west-2", ONE_REGION),
    row("sts", "GetAccessKeyInfo", "an access key belongs to an account"),
    row("sts", "GetCallerIdentity", "an identity belongs to an account"),
    row(
        "support-app",
        "*",
        "Slack workspaces and channels are configured for the account (botocore: support-app, service documentation)",
    ),
    row("synthetics", "GetGroup", GROUPS),
    row("synthetics", "ListGroupResources", GROUPS),
    row("synthetics", "ListGroups", GROUPS),
    row(
        "trustedadvisor",
        "*",
        "global recommendations, no need to call it in each region (botocore: trustedadvisor, operation documentation)",
    ),
];

/// Returns the row of a function, if it has one.
pub(super) fn account_wide(function: &Function) -> Option<&'static AccountWide> {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let first = ACCOUNT_WIDE.partition_point(|row| row.service < service);
    ACCOUNT_WIDE[first..]
        .iter()
        .take_while(|row| row.service == service)
        .find(|row| row.operation == "*" || row.operation == operation)
}

#[cfg(test)]
mod tests {
    use super::ACCOUNT_WIDE;
    use crate::model::catalog::Catalog;

    #[test]
    fn every_row_names_something_and_says_why() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        assert!(ACCOUNT_WIDE.is_sorted_by_key(|row| (row.service, row.operation)));
        for row in ACCOUNT_WIDE {
            let service = catalog.service(row.service).expect("loads").expect(row.service);
            let is_there = |name: &str| service.operations.iter().any(|operation| &*operation.name == name);
            assert!(row.operation == "*" || is_there(row.operation), "{} {}", row.service, row.operation);
            assert!(!service.global, "{}: the endpoint rules already imply it", row.service);
            assert!(!row.source.is_empty());
        }
    }
}
