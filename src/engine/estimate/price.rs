//! Calls that are billed per request.
//!
//! Most read operations of AWS are free. This table lists those that are billed per request; charges for the
//! resources of a service are not affected by an inventory.

use serde::{Deserialize, Serialize};

use super::expected_regions::ExpectedRegions;
use super::requests::requests_of;
use super::time::real;
use crate::model::catalog::Function;
use crate::names::{FunctionName, ServiceName};
use crate::plan::Plan;

/// Operations of a service that AWS bills per request.
struct Price {
    /// The service name in boto3.
    service: &'static str,
    /// The operations; empty means all.
    operations: &'static [&'static str],
    /// The price of a request in US dollars; `None` if there is no single price.
    usd: Option<f64>,
    /// What is billed, with the address of AWS's price page.
    why: &'static str,
}

/// The billed operations. The table contains only what AWS's price pages state explicitly.
const PRICES: &[Price] = &[
    Price {
        service: "ce",
        operations: &[],
        usd: Some(0.01),
        why: "0.01 USD per request, including further pages (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)",
    },
    Price {
        service: "cloudwatch",
        operations: &["GetMetricData"],
        usd: None,
        why: "billed per requested metric (aws.amazon.com/cloudwatch/pricing)",
    },
    Price {
        service: "cloudwatch",
        operations: &["GetMetricStatistics", "ListMetrics"],
        usd: None,
        why: "counts towards the billed API requests (aws.amazon.com/cloudwatch/pricing)",
    },
    Price {
        service: "geo-places",
        operations: &[],
        usd: None,
        why: "billed per request, by request type (aws.amazon.com/location/pricing)",
    },
    Price {
        service: "location",
        operations: &[],
        usd: None,
        why: "billed per request, by request type (aws.amazon.com/location/pricing)",
    },
];

/// A call that costs money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The minimum number of requests in all accounts; 0 for a child call, since the number of items is not known.
    pub requests: u64,
    /// The minimum cost of these requests in US dollars; `None` if there is no single price.
    pub usd: Option<f64>,
    /// What is billed, with the address of AWS's price page.
    pub why: String,
}

/// Returns the calls of a plan that cost money, in the order of the spec.
pub(super) fn paid(plan: &Plan, regions: &ExpectedRegions) -> Vec<Paid> {
    let mut paid = Vec::new();
    for call in &plan.calls {
        for (index, (_, function)) in call.functions().enumerate() {
            let service = &*function.service().name;
            if price_of(service, &function.operation().name).is_none() {
                continue;
            }
            let requests = if index == 0 { regions.sum(plan, call, 0, requests_of) } else { 0 };
            paid.extend(paid_requests(function, requests));
        }
    }
    paid
}

/// Returns the cost of requests of a function; `None` if they are free.
pub(super) fn paid_requests(function: &Function, requests: u64) -> Option<Paid> {
    let service = &*function.service().name;
    let price = price_of(service, &function.operation().name)?;
    Some(Paid {
        service: ServiceName::new(service),
        function: FunctionName::new(function.name()),
        requests,
        usd: price.usd.map(|usd| cost(requests, usd)),
        why: price.why.to_owned(),
    })
}

/// Returns the cost of the requests, rounded to 0.0001 USD to hide floating-point errors.
fn cost(requests: u64, usd: f64) -> f64 {
    (real(requests) * usd * 10_000.0).round() / 10_000.0
}

fn price_of(service: &str, operation: &str) -> Option<&'static Price> {
    PRICES.iter().find(|price| {
        price.service == service && (price.operations.is_empty() || price.operations.contains(&operation))
    })
}

#[cfg(test)]
mod tests {
    use super::{PRICES, cost, price_of};
    use crate::model::catalog::Catalog;

    /// Every row names operations that exist, and the page that states the price.
    #[test]
    fn price_rows_name_existing_operations_and_source() {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        assert!(PRICES.is_sorted_by_key(|price| price.service));
        for price in PRICES {
            let service = catalog.service(price.service).expect("a readable catalog").expect("a service");
            for operation in price.operations {
                let exists = service.operations.iter().any(|known| &*known.name == *operation);
                assert!(exists, "{} has no {operation}", price.service);
            }
            assert!(price.why.contains("(aws.amazon.com/"), "{}", price.why);
        }
    }

    #[test]
    fn cost_explorer_costs_a_cent_and_a_list_of_instances_nothing() {
        assert_eq!(price_of("ce", "GetTags").and_then(|price| price.usd), Some(0.01));
        assert!(price_of("ec2", "DescribeInstances").is_none());
        assert!((cost(3, 0.01) - 0.03).abs() < f64::EPSILON);
    }
}
