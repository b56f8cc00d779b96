//! Calls that cost money by themselves.
//!
//! Most reads of AWS are free. This table names those that are billed by the request; what a
//! service bills for what it holds is no matter of the inventory.

use serde::{Deserialize, Serialize};

use super::requests::{accounts_of, requests_of};
use super::time::real;
use crate::names::{FunctionName, Region, ServiceName};
use crate::plan::Plan;

/// Operations that AWS bills by the request.
struct Price {
    /// boto3's name of the service.
    service: &'static str,
    /// The operations; none means all.
    operations: &'static [&'static str],
    /// US dollars for each request, where one figure says it.
    usd: Option<f64>,
    /// What is billed, and where AWS says so.
    why: &'static str,
}

/// The table. Only what AWS's price pages say plainly is in it.
const PRICES: &[Price] = &[
    Price {
        service: "ce",
        operations: &[],
        usd: Some(0.01),
        why: "0.01 USD for each request, further pages too (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)",
    },
    Price {
        service: "cloudwatch",
        operations: &["GetMetricData"],
        usd: None,
        why: "billed by the metrics that are asked for (aws.amazon.com/cloudwatch/pricing)",
    },
    Price {
        service: "cloudwatch",
        operations: &["GetMetricStatistics", "ListMetrics"],
        usd: None,
        why: "counts against the billed API requests (aws.amazon.com/cloudwatch/pricing)",
    },
    Price {
        service: "geo-places",
        operations: &[],
        usd: None,
        why: "each request is billed by its kind (aws.amazon.com/location/pricing)",
    },
    Price {
        service: "location",
        operations: &[],
        usd: None,
        why: "each request is billed by its kind (aws.amazon.com/location/pricing)",
    },
];

/// A call that costs money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The smallest number of requests, in all accounts; none for a child call, since nobody knows
    /// the number of items.
    pub requests: u64,
    /// What these cost at least, in US dollars, where one figure says it.
    pub usd: Option<f64>,
    /// What is billed, and where AWS says so.
    pub why: String,
}

/// The calls of a plan that cost money, in the order of the spec.
pub(super) fn paid(plan: &Plan, regions: &[Region]) -> Vec<Paid> {
    let mut paid = Vec::new();
    for call in &plan.calls {
        for (index, (_, function)) in call.functions().enumerate() {
            let service = &*function.service().name;
            let Some(price) = price_of(service, &function.operation().name) else { continue };
            let per_account = if index == 0 { requests_of(call, regions) } else { 0 };
            let requests = per_account * accounts_of(plan, call, index);
            paid.push(Paid {
                service: ServiceName::new(service),
                function: FunctionName::new(function.name()),
                requests,
                usd: price.usd.map(|usd| cost(requests, usd)),
                why: price.why.to_owned(),
            });
        }
    }
    paid
}

/// What requests cost, in whole cents' hundredths, so that no rounding error shows.
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
