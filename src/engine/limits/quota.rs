//! AWS's request quotas, as far as they are published: the initial rate of a key.

use serde::Serialize;

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
const API_GATEWAY: &str = "apigateway/latest/developerguide/limits.html";
const KINESIS: &str = "streams/latest/dev/service-sizes-and-limits.html";
const LAMBDA: &str = "lambda/latest/dg/gettingstarted-limits.html";
const QUOTAS_PAGE: &str = "servicequotas/latest/userguide/reference_limits.html";

/// The quotas, sorted by service; the first row that lists the operation applies. Sources are pages
/// below docs.aws.amazon.com, or start with "not published".
///
/// EC2 has a token bucket per operation. Its lower quotas for five operations that are called without pagination
/// do not apply, since the client always paginates.
pub const QUOTAS: &[RequestQuota] = &[
    each("account", &["GetAlternateContact", "GetContactInformation"], 10, 15, ACCOUNT),
    each("account", &["GetAccountInformation", "GetPrimaryEmail"], 3, 3, ACCOUNT),
    each("account", &[], 5, 5, ACCOUNT),
    shared("apigateway", &[], 10, 40, API_GATEWAY),
    shared("apigatewayv2", &[], 10, 40, API_GATEWAY),
    shared("cloudtrail", &["LookupEvents"], 2, 2, "awscloudtrail/latest/APIReference/API_LookupEvents.html"),
    each("ec2", &[], 20, 100, "ec2/latest/devguide/ec2-api-throttling.html"),
    shared("iam", &[], 20, 40, "not published; other tools use 15 to 40"),
    each("kinesis", &["DescribeStream"], 10, 10, KINESIS),
    each("kinesis", &["DescribeStreamConsumer", "DescribeStreamSummary"], 20, 20, KINESIS),
    each("kinesis", &["DescribeLimits"], 1, 1, KINESIS),
    each("kinesis", &[], 5, 5, KINESIS),
    shared("lambda", &["GetFunction"], 100, 100, LAMBDA),
    shared("lambda", &["GetPolicy"], 15, 15, LAMBDA),
    shared("lambda", &[], 15, 15, LAMBDA),
    shared("organizations", &[], 5, 10, "not published; known to be low"),
    shared("route53", &[], 5, 5, "Route53/latest/DeveloperGuide/DNSLimitations.html"),
    shared("s3", &[], 200, 400, "not published for buckets; objects have thousands"),
    each("service-quotas", &["ListAWSDefaultServiceQuotas", "ListServiceQuotas"], 10, 20, QUOTAS_PAGE),
    each("service-quotas", &[], 5, 10, QUOTAS_PAGE),
    each(
        "sns",
        &["ListSubscriptions", "ListSubscriptionsByTopic", "ListTopics"],
        30,
        30,
        "sns/latest/api/API_ListTopics.html",
    ),
    shared("sso", &[], 20, 20, "singlesignon/latest/userguide/limits.html"),
    shared("sts", &[], 600, 600, "IAM/latest/UserGuide/reference_iam-quotas.html"),
    each("wafv2", &[], 5, 5, "waf/latest/developerguide/limits.html"),
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

/// Returns the quota that applies to an operation.
#[must_use]
pub fn quota_of(service: &str, operation: &str) -> &'static RequestQuota {
    let holds = |quota: &&RequestQuota| {
        quota.service == service && (quota.operations.is_empty() || quota.operations.contains(&operation))
    };
    QUOTAS.iter().find(holds).unwrap_or(&DEFAULT_QUOTA)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_QUOTA, QUOTAS, QuotaShare, quota_of};
    use crate::model::catalog::Catalog;

    #[test]
    fn the_first_row_that_names_an_operation_counts() {
        for (service, operation, rate, share) in [
            ("ec2", "DescribeInstances", 20, QuotaShare::Operation),
            ("lambda", "GetFunction", 100, QuotaShare::Service),
            ("lambda", "ListFunctions", 15, QuotaShare::Service),
            ("account", "ListRegions", 5, QuotaShare::Operation),
            ("account", "GetPrimaryEmail", 3, QuotaShare::Operation),
            ("sns", "ListTopics", 30, QuotaShare::Operation),
            ("sns", "GetTopicAttributes", DEFAULT_QUOTA.rate, QuotaShare::Service),
            ("cloudtrail", "DescribeTrails", DEFAULT_QUOTA.rate, QuotaShare::Service),
            ("no-such-service", "ListAnything", DEFAULT_QUOTA.rate, QuotaShare::Service),
        ] {
            let quota = quota_of(service, operation);
            assert_eq!((quota.rate, quota.share), (rate, share), "{service} {operation}");
        }
    }

    #[test]
    fn every_row_is_about_operations_that_exist_and_can_be_reached() {
        assert!(QUOTAS.is_sorted_by_key(|quota| quota.service));
        let catalog = Catalog::embedded().expect("the embedded catalog");
        for (index, quota) in QUOTAS.iter().enumerate() {
            assert!(quota.rate > 0 && quota.burst >= 1, "{quota:?}");
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
