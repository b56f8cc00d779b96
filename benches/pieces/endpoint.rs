//! From a service's rules to the endpoint of a request.

use std::hint::black_box;
use std::sync::Arc;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::names::{AccountId, RegionName};
use criterion::Criterion;
use serde_json::json;

use crate::sample::find;

/// Short rules, and the longest there are.
pub(crate) fn resolution(criterion: &mut Criterion) {
    let partitions = Partitions::parse(Catalog::embedded().unwrap().partitions()).unwrap();
    let resolver = EndpointResolver::new(Arc::new(partitions), EndpointSettings::default());
    let (region, account) = (RegionName::new("eu-central-1").region(), AccountId::new("123456789012"));
    for (service, function, parameters) in
        [("ec2", "describe_instances", json!({})), ("s3", "get_bucket_policy", json!({"Bucket": "orders"}))]
    {
        let function = find(service, function);
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        criterion.bench_function(&format!("endpoint/{service}"), |bencher| {
            bencher.iter(|| {
                let (service, operation) = (function.service(), function.operation());
                resolver.resolve(service, operation, black_box(&parameters), &region, Some(&account)).unwrap()
            });
        });
    }
}
