//! AWS's request quotas, as far as they are published: the initial rate of a key.

use serde::Serialize;

use crate::model::catalog::Function;

/// The request quota of an account in one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RequestQuota {
    /// The service name in boto3.
    pub service: &'static str,
    /// The operations that the quota applies to; empty means all that are not in another row.
    pub operations: &'static [&'static str],
    /// Whether the operations share the quota.
    pub share: QuotaShare,
    /// Requests per second.
    pub rate: u32,
    /// The burst: requests that may be sent immediately while the bucket is full.
    pub burst: u32,
    /// The page on which AWS publishes the quota, or the basis of the assumed values.
    pub source: &'static str,
}

/// How operations share a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaShare {
    /// All operations of the row share the quota.
    Service,
    /// Each operation has its own quota.
    Operation,
}

const fn shared(
    service: &'static str,
    operations: &'static [&'static str],
    rate: u32,
    burst: u32,
    source: &'static str,
) -> RequestQuota {
    RequestQuota { service, operations, share: QuotaShare::Service, rate, burst, source }
}

const fn each(
    service: &'static str,
    operations: &'static [&'static str],
    rate: u32,
    burst: u32,
    source: &'static str,
) -> RequestQuota {
    RequestQuota { share: QuotaShare::Operation, ..shared(service, operations, rate, burst, source) }
}

/// The quota of all operations that are not in [`QUOTAS`]. It is higher than the sustained rate of most services;
/// the first throttled request corrects it.
pub const DEFAULT_QUOTA: RequestQuota = shared("", &[], 50, 100, "not published");

const ACCOUNT: &str = "accounts/latest/reference/quotas.html";
const ACM: &str = "acm/latest/userguide/acm-limits.html";
const API_GATEWAY: &str = "apigateway/latest/developerguide/limits.html";
const ATHENA: &str = "athena/latest/ug/service-limits.html";
const CLOUDWATCH: &str = "general/latest/gr/cw_region.html";
const ECS: &str = "AmazonECS/latest/APIReference/request-throttling.html";
const KINESIS: &str = "streams/latest/dev/service-sizes-and-limits.html";
const LAMBDA: &str = "lambda/latest/dg/gettingstarted-limits.html";
const ORGANIZATIONS: &str = "organizations/latest/userguide/orgs_reference_limits.html";
const QUOTAS_PAGE: &str = "servicequotas/latest/userguide/reference_limits.html";
const STEP_FUNCTIONS: &str = "step-functions/latest/dg/service-quotas.html";
const WAF: &str = "waf/latest/developerguide/limits.html";
const WAF_CLASSIC: &str = "waf/latest/developerguide/classic-limits.html";

/// The source of quotas that botocore's models state.
const OPERATION: &str = "documentation of the operation in botocore";

/// The lists of AWS WAF Classic.
const WAF_LISTS: &[&str] = &[
    "ListActivatedRulesInRuleGroup",
    "ListByteMatchSets",
    "ListGeoMatchSets",
    "ListIPSets",
    "ListLoggingConfigurations",
    "ListRateBasedRules",
    "ListRegexMatchSets",
    "ListRegexPatternSets",
    "ListRuleGroups",
    "ListRules",
    "ListSizeConstraintSets",
    "ListSqlInjectionMatchSets",
    "ListSubscribedRuleGroups",
    "ListTagsForResource",
    "ListWebACLs",
    "ListXssMatchSets",
];

/// The quotas, sorted by service; the first row that lists the operation applies. Sources are pages
/// below docs.aws.amazon.com, or start with "not published". Quotas that the model of an operation states are not in
/// the table; they precede the rows for all operations of a service.
///
/// EC2 has a token bucket per operation. Its lower quotas for five operations that are called without pagination
/// do not apply, since the client always paginates. Step Functions has higher quotas in three regions.
pub const QUOTAS: &[RequestQuota] = &[
    each("account", &["GetAlternateContact", "GetContactInformation"], 10, 15, ACCOUNT),
    each("account", &["GetAccountInformation", "GetPrimaryEmail"], 3, 3, ACCOUNT),
    each("account", &[], 5, 5, ACCOUNT),
    each("acm", &["DescribeCertificate", "GetCertificate", "ListTagsForCertificate"], 10, 10, ACM),
    each("acm", &["GetAccountConfiguration"], 1, 1, ACM),
    each("acm", &["ListCertificates"], 8, 8, ACM),
    // Five requests every two seconds.
    each("apigateway", &["GetResources"], 2, 5, API_GATEWAY),
    shared("apigateway", &[], 10, 40, API_GATEWAY),
    shared("apigatewayv2", &[], 10, 40, API_GATEWAY),
    each("athena", &["BatchGetNamedQuery", "ListNamedQueries", "ListQueryExecutions"], 5, 10, ATHENA),
    each("athena", &["BatchGetQueryExecution"], 20, 40, ATHENA),
    each("athena", &["GetNamedQuery"], 5, 20, ATHENA),
    each("athena", &["GetQueryExecution", "GetQueryResults"], 100, 200, ATHENA),
    shared("cloudfront", &[], 5, 10, "not published; another tool uses these"),
    shared("cloudtrail", &[], 10, 10, "awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"),
    each(
        "cloudwatch",
        &["DescribeAlarmContributors", "DescribeAlarms", "DescribeAlarmsForMetric"],
        9,
        9,
        CLOUDWATCH,
    ),
    each(
        "cloudwatch",
        &["DescribeAlarmHistory", "DescribeInsightRules", "GetAlarmMuteRule", "GetInsightRuleReport"],
        20,
        20,
        CLOUDWATCH,
    ),
    each(
        "cloudwatch",
        &[
            "DescribeAnomalyDetectors",
            "GetDashboard",
            "GetMetricStream",
            "ListDashboards",
            "ListMetricStreams",
            "ListTagsForResource",
        ],
        10,
        10,
        CLOUDWATCH,
    ),
    each("cloudwatch", &["GetMetricData"], 500, 500, CLOUDWATCH),
    each("cloudwatch", &["GetMetricStatistics"], 400, 400, CLOUDWATCH),
    each("cloudwatch", &["ListAlarmMuteRules"], 50, 50, CLOUDWATCH),
    each("cloudwatch", &["ListMetrics"], 25, 25, CLOUDWATCH),
    // Once a minute.
    each("dynamodb", &["DescribeLimits"], 1, 1, "amazondynamodb/latest/APIReference/API_DescribeLimits.html"),
    each("ec2", &[], 20, 100, "ec2/latest/devguide/ec2-api-throttling.html"),
    shared("ecs", &["DescribeCapacityProviders"], 20, 50, ECS),
    shared("ecs", &["DescribeClusters", "ListClusters"], 20, 50, ECS),
    shared(
        "ecs",
        &[
            "DescribeContainerInstances",
            "DescribeTasks",
            "ListAttributes",
            "ListContainerInstances",
            "ListTasks",
        ],
        20,
        100,
        ECS,
    ),
    shared("ecs", &["DescribeServiceDeployments", "ListServiceDeployments"], 20, 50, ECS),
    shared("ecs", &["DescribeServiceRevisions"], 20, 50, ECS),
    shared("ecs", &["DescribeServices", "ListServices"], 20, 100, ECS),
    shared(
        "ecs",
        &["DescribeTaskDefinition", "ListTaskDefinitionFamilies", "ListTaskDefinitions"],
        20,
        50,
        ECS,
    ),
    shared("ecs", &["GetTaskProtection"], 80, 200, ECS),
    shared("ecs", &["ListAccountSettings"], 20, 50, ECS),
    shared("ecs", &["ListServicesByNamespace"], 1, 10, ECS),
    shared("ecs", &["ListTagsForResource"], 20, 50, ECS),
    shared("iam", &[], 20, 40, "not published; other tools use 15 to 40"),
    each("kinesis", &["DescribeStreamConsumer"], 20, 20, KINESIS),
    each("kinesis", &["ListShards"], 1000, 1000, KINESIS),
    each("kinesis", &[], 5, 5, KINESIS),
    shared("lambda", &["GetFunction"], 100, 100, LAMBDA),
    shared("lambda", &["GetPolicy"], 15, 15, LAMBDA),
    shared("lambda", &[], 15, 15, LAMBDA),
    shared("mq", &[], 15, 100, "amazon-mq/latest/developer-guide/amazon-mq-limits.html"),
    each("organizations", &["DescribeAccount"], 20, 30, ORGANIZATIONS),
    each(
        "organizations",
        &["DescribeCreateAccountStatus", "DescribeOrganizationalUnit", "DescribePolicy"],
        2,
        2,
        ORGANIZATIONS,
    ),
    each("organizations", &["DescribeHandshake", "DescribeOrganization", "ListRoots"], 1, 2, ORGANIZATIONS),
    each(
        "organizations",
        &["ListAWSServiceAccessForOrganization", "ListDelegatedServicesForAccount"],
        1,
        3,
        ORGANIZATIONS,
    ),
    each("organizations", &["ListAccounts"], 8, 12, ORGANIZATIONS),
    each("organizations", &["ListChildren"], 6, 10, ORGANIZATIONS),
    each("organizations", &["ListTagsForResource"], 10, 15, ORGANIZATIONS),
    each(
        "organizations",
        &[
            "ListAccountsForParent",
            "ListCreateAccountStatus",
            "ListDelegatedAdministrators",
            "ListHandshakesForAccount",
            "ListHandshakesForOrganization",
            "ListOrganizationalUnitsForParent",
            "ListParents",
            "ListPolicies",
            "ListPoliciesForTarget",
            "ListTargetsForPolicy",
        ],
        5,
        8,
        ORGANIZATIONS,
    ),
    shared("organizations", &[], 2, 2, "not published for its other operations; assumed like its lowest"),
    shared("route53", &[], 5, 5, "Route53/latest/DeveloperGuide/DNSLimitations.html"),
    shared("s3", &[], 200, 400, "not published for buckets; objects have thousands"),
    each("service-quotas", &["ListAWSDefaultServiceQuotas", "ListServiceQuotas"], 10, 20, QUOTAS_PAGE),
    each("service-quotas", &[], 5, 10, QUOTAS_PAGE),
    shared("sso", &[], 20, 20, "singlesignon/latest/userguide/limits.html"),
    each("stepfunctions", &["DescribeExecution"], 10, 250, STEP_FUNCTIONS),
    each("stepfunctions", &["DescribeStateMachine"], 20, 200, STEP_FUNCTIONS),
    each("stepfunctions", &["GetExecutionHistory"], 20, 400, STEP_FUNCTIONS),
    each("stepfunctions", &["ListActivities", "ListStateMachines"], 5, 100, STEP_FUNCTIONS),
    each("stepfunctions", &["ListExecutions"], 2, 100, STEP_FUNCTIONS),
    each("stepfunctions", &[], 1, 100, STEP_FUNCTIONS),
    shared("sts", &[], 600, 600, "IAM/latest/UserGuide/reference_iam-quotas.html"),
    each("waf", WAF_LISTS, 5, 5, WAF_CLASSIC),
    each("waf", &[], 1, 1, WAF_CLASSIC),
    each("waf-regional", WAF_LISTS, 5, 5, WAF_CLASSIC),
    each("waf-regional", &[], 1, 1, WAF_CLASSIC),
    each("wafv2", &["GetWebACLForResource", "ListResourcesForWebACL"], 1, 1, WAF),
    each("wafv2", &[], 5, 5, WAF),
];

impl RequestQuota {
    /// Returns the quota of an account that has been granted `factor` times as much.
    #[must_use]
    pub(in crate::engine) fn times(self, factor: u32) -> Self {
        let Self { rate, burst, .. } = self;
        Self { rate: rate.saturating_mul(factor), burst: burst.saturating_mul(factor), ..self }
    }

    /// Returns the key of the rate limit of `operation` in one account and region: the service, the operations of
    /// the row, or the operation itself.
    #[must_use]
    pub fn key(&self, service: &str, operation: &str) -> String {
        match self.share {
            QuotaShare::Service if self.operations.is_empty() => service.to_owned(),
            QuotaShare::Service => format!("{service} {}", self.operations.join("+")),
            QuotaShare::Operation => format!("{service} {operation}"),
        }
    }
}

/// Returns the quota that applies to a function: the row that lists it, the rate that its model states, or the row for
/// all operations of its service.
#[must_use]
pub fn quota_of(function: &Function) -> RequestQuota {
    let row = listed_quota(&function.service().name, &function.operation().name);
    match function.operation().stated_rate {
        Some(rate) if row.operations.is_empty() => {
            let rate = rate.get().into();
            each("", &[], rate, rate, OPERATION)
        }
        _ => *row,
    }
}

/// Returns the row of the table for an operation.
#[must_use]
pub(in crate::engine) fn listed_quota(service: &str, operation: &str) -> &'static RequestQuota {
    let holds = |quota: &&RequestQuota| {
        quota.service == service && (quota.operations.is_empty() || quota.operations.contains(&operation))
    };
    QUOTAS.iter().find(holds).unwrap_or(&DEFAULT_QUOTA)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;
    use std::sync::Arc;

    use super::{DEFAULT_QUOTA, QUOTAS, QuotaShare, quota_of};
    use crate::model::catalog::{Catalog, Function, Service};

    fn function(service: &str, operation: &str) -> Function {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        let service = catalog.service(service).expect("a readable catalog").expect("a service");
        let mut functions = Function::all(&service);
        functions.find(|function| &*function.operation().name == operation).expect("an operation")
    }

    #[test]
    fn the_first_row_that_names_an_operation_counts() {
        for (service, operation, rate, share) in [
            ("ec2", "DescribeInstances", 20, QuotaShare::Operation),
            ("lambda", "GetFunction", 100, QuotaShare::Service),
            ("lambda", "ListFunctions", 15, QuotaShare::Service),
            ("account", "ListRegions", 5, QuotaShare::Operation),
            ("acm", "ListCertificates", 8, QuotaShare::Operation),
            ("ecs", "ListTasks", 20, QuotaShare::Service),
            ("organizations", "ListAccounts", 8, QuotaShare::Operation),
            ("organizations", "DescribeEffectivePolicy", 2, QuotaShare::Service),
            ("account", "GetPrimaryEmail", 3, QuotaShare::Operation),
            ("cloudtrail", "DescribeTrails", 10, QuotaShare::Service),
            // Stated in botocore's models.
            ("cloudtrail", "LookupEvents", 2, QuotaShare::Operation),
            ("logs", "DescribeLogStreams", 25, QuotaShare::Operation),
            ("ses", "ListIdentities", 1, QuotaShare::Operation),
            ("sns", "ListTopics", 30, QuotaShare::Operation),
            ("waf", "ListWebACLs", 5, QuotaShare::Operation),
            ("waf", "GetWebACL", 1, QuotaShare::Operation),
            ("sqs", "ListQueues", DEFAULT_QUOTA.rate, QuotaShare::Service),
        ] {
            let quota = quota_of(&function(service, operation));
            assert_eq!((quota.rate, quota.share), (rate, share), "{service} {operation}");
        }
    }

    /// A rate that the model states applies where the table has no row for the operation.
    #[test]
    fn stated_rate_precedes_the_rows_of_whole_services() {
        let quota = |service: &str, operation: &str| {
            let known = function(service, operation);
            let mut service = Service::clone(known.service());
            let index = service.operations.iter().position(|other| other.name == known.operation().name);
            service.operations[index.expect("an operation")].stated_rate = NonZeroU16::new(7);
            quota_of(&Function::find(&Arc::new(service), known.name()).expect("the function"))
        };
        for (service, operation) in [("sqs", "ListQueues"), ("ec2", "DescribeVpcs"), ("iam", "ListRoles")] {
            let stated = quota(service, operation);
            assert_eq!((stated.rate, stated.burst, stated.share), (7, 7, QuotaShare::Operation), "{service}");
            assert_eq!(stated.key(service, operation), format!("{service} {operation}"));
        }
        assert_eq!(quota("lambda", "GetFunction").rate, 100);
    }

    #[test]
    fn every_row_has_a_source_and_operations_that_exist() {
        assert!(QUOTAS.is_sorted_by_key(|quota| quota.service));
        let catalog = Catalog::embedded().expect("the embedded catalog");
        for (index, quota) in QUOTAS.iter().enumerate() {
            assert!(quota.rate > 0 && quota.burst >= 1, "{quota:?}");
            let has_source = quota.source.contains(".html") || quota.source.starts_with("not published");
            assert!(has_source, "{quota:?} has no source");
            let service = catalog.service(quota.service).expect("a readable catalog").expect("a service");
            for operation in quota.operations {
                let exists = service.operations.iter().any(|known| &*known.name == *operation);
                assert!(exists, "{} has no {operation}", quota.service);
            }
            let earlier = QUOTAS[..index].iter().filter(|earlier| earlier.service == quota.service);
            for earlier in earlier {
                assert!(!earlier.operations.is_empty(), "{quota:?} is after a row for all operations");
            }
        }
    }
}
