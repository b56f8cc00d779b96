//! The calls of a plan that are billed per request.

use serde::{Deserialize, Serialize};

use super::expected_regions::ExpectedRegions;
use super::prices::{PRICES, RequestPrice};
use super::requests::requests_of;
use super::time::real;
use crate::model::catalog::Function;
use crate::names::{FunctionName, ServiceName};
use crate::plan::Plan;

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

/// Returns the cost of the requests, rounded to a tenth of the lowest price to hide floating-point errors.
fn cost(requests: u64, usd: f64) -> f64 {
    (real(requests) * usd * 100_000_000.0).round() / 100_000_000.0
}

fn price_of(service: &str, operation: &str) -> Option<&'static RequestPrice> {
    PRICES.iter().find(|price| {
        price.service == service && (price.operations.is_empty() || price.operations.contains(&operation))
    })
}

#[cfg(test)]
mod tests {
    use super::{cost, price_of};

    #[test]
    fn cost_explorer_costs_a_cent_and_a_list_of_instances_nothing() {
        assert_eq!(price_of("ce", "GetTags").and_then(|price| price.usd), Some(0.01));
        assert!(price_of("ec2", "DescribeInstances").is_none());
        assert!((cost(3, 0.01) - 0.03).abs() < f64::EPSILON);
    }

    #[test]
    fn lists_of_buckets_cost_more_than_their_details() {
        let usd = |operation| price_of("s3", operation).and_then(|price| price.usd).expect("a price");
        assert!((cost(1_000, usd("ListBuckets")) - 0.005).abs() < f64::EPSILON);
        assert!((cost(1_000, usd("GetBucketPolicy")) - 0.0004).abs() < f64::EPSILON);
    }
}
