//! The prices of operations that AWS bills per request.
//!
//! Most read operations of AWS are free, and charges for the resources of a service are not affected by an inventory.
//! Prices are those of US East (N. Virginia), without discounts and without a free tier.

/// The price of a service's operations.
pub(super) struct RequestPrice {
    /// The service name in boto3.
    pub(super) service: &'static str,
    /// The operations; empty means all that are not in another row.
    pub(super) operations: &'static [&'static str],
    /// The price of a request in US dollars; `None` if there is no single price.
    pub(super) usd: Option<f64>,
    /// What is billed, with the address of AWS's price page.
    pub(super) why: &'static str,
}

/// The billed operations, sorted by service; the first row that lists an operation applies. The table contains only
/// what AWS's price pages state.
pub(super) const PRICES: &[RequestPrice] = &[
    RequestPrice {
        service: "ce",
        operations: &[],
        usd: Some(0.01),
        why: "0.01 USD per request, including further pages (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)",
    },
    RequestPrice {
        service: "cloudwatch",
        operations: &["GetInsightRuleReport", "GetMetricData", "GetMetricWidgetImage"],
        usd: None,
        why: "billed per requested metric (aws.amazon.com/cloudwatch/pricing)",
    },
    RequestPrice {
        service: "cloudwatch",
        operations: &["GetDashboard", "GetMetricStatistics", "ListDashboards", "ListMetrics"],
        usd: Some(0.000_01),
        why: "0.01 USD per 1,000 requests, after a free million a month (aws.amazon.com/cloudwatch/pricing)",
    },
    RequestPrice {
        service: "geo-places",
        operations: &[],
        usd: None,
        why: "billed per request, by request type (aws.amazon.com/location/pricing)",
    },
    RequestPrice {
        service: "glue",
        operations: &[
            "GetDatabase",
            "GetDatabases",
            "GetPartition",
            "GetPartitions",
            "GetTable",
            "GetTables",
            "GetTableVersion",
            "GetTableVersions",
            "SearchTables",
        ],
        usd: Some(0.000_001),
        why: "1.00 USD per million requests to the Data Catalog, after a free million a month (aws.amazon.com/glue/pricing)",
    },
    RequestPrice {
        service: "iot",
        operations: &["DescribeThing", "ListThings"],
        usd: None,
        why: "counts as a request to the registry (aws.amazon.com/iot-core/pricing)",
    },
    RequestPrice {
        service: "iotwireless",
        operations: &["GetPositionEstimate"],
        usd: None,
        why: "billed per request, by the kind of the solver (aws.amazon.com/iot-core/pricing)",
    },
    RequestPrice {
        service: "kms",
        operations: &[],
        usd: Some(0.000_003),
        why: "0.03 USD per 10,000 requests, after 20,000 free ones a month (aws.amazon.com/kms/pricing)",
    },
    RequestPrice {
        service: "location",
        operations: &[],
        usd: None,
        why: "billed per request, by request type (aws.amazon.com/location/pricing)",
    },
    RequestPrice {
        service: "managedblockchain-query",
        operations: &[],
        usd: None,
        why: "billed per request, by the size of its response (aws.amazon.com/managed-blockchain/pricing)",
    },
    RequestPrice {
        service: "personalize-runtime",
        operations: &[],
        usd: None,
        why: "billed per recommendation (aws.amazon.com/personalize/pricing)",
    },
    RequestPrice {
        service: "s3",
        operations: &[
            "ListBuckets",
            "ListDirectoryBuckets",
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
        ],
        usd: Some(0.000_005),
        why: "0.005 USD per 1,000 LIST requests (aws.amazon.com/s3/pricing)",
    },
    RequestPrice {
        service: "s3",
        operations: &[],
        usd: Some(0.000_000_4),
        why: "0.0004 USD per 1,000 requests (aws.amazon.com/s3/pricing)",
    },
    RequestPrice {
        service: "secretsmanager",
        operations: &[],
        usd: Some(0.000_005),
        why: "0.05 USD per 10,000 requests (aws.amazon.com/secrets-manager/pricing)",
    },
    RequestPrice {
        service: "sns",
        operations: &[],
        usd: Some(0.000_000_5),
        why: "0.50 USD per million requests, after a free million a month (aws.amazon.com/sns/pricing)",
    },
    RequestPrice {
        service: "sqs",
        operations: &[],
        usd: Some(0.000_000_4),
        why: "0.40 USD per million requests, after a free million a month (aws.amazon.com/sqs/pricing)",
    },
];

#[cfg(test)]
mod tests {
    use super::PRICES;
    use crate::model::catalog::{Catalog, Function};
    use crate::plan::spec::is_billed;

    /// Every row names operations that exist, and the page that states the price.
    #[test]
    fn price_rows_name_existing_operations_and_source() {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        assert!(PRICES.is_sorted_by_key(|price| price.service));
        for (index, price) in PRICES.iter().enumerate() {
            let service = catalog.service(price.service).expect("a readable catalog").expect("a service");
            for operation in price.operations {
                let exists = service.operations.iter().any(|known| &*known.name == *operation);
                assert!(exists, "{} has no {operation}", price.service);
            }
            let mut earlier = PRICES[..index].iter().filter(|earlier| earlier.service == price.service);
            assert!(earlier.all(|earlier| !earlier.operations.is_empty()), "{}", price.service);
            assert!(price.why.contains("(aws.amazon.com/"), "{}", price.why);
        }
    }

    /// Functions that the spec `all` omits because they are billed have a price.
    #[test]
    fn omitted_billed_functions_have_prices() {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        for entry in catalog.entries() {
            let service = catalog.service(&entry.name).expect("a readable catalog").expect("a service");
            for function in Function::all(&service).filter(is_billed) {
                let operation = &function.operation().name;
                let is_priced = PRICES.iter().any(|price| {
                    *price.service == *entry.name
                        && (price.operations.is_empty() || price.operations.contains(&&**operation))
                });
                assert!(is_priced, "{function} has no price");
            }
        }
    }
}
