//! From parameters to a request.

use std::hint::black_box;

use aws_auto_inventory::model::protocol::encode_request;
use criterion::Criterion;
use serde_json::{Value, json};

use crate::sample::find;

/// A request of each family of protocols.
pub(crate) fn requests(criterion: &mut Criterion) {
    let filters = json!({"Filters": [{"Name": "instance-state-name", "Values": ["running", "stopped"]}]});
    for (service, function, parameters) in [
        ("ec2", "describe_instances", filters),
        ("dynamodb", "describe_table", json!({"TableName": "orders"})),
        ("lambda", "get_function_configuration", json!({"FunctionName": "orders", "Qualifier": "live"})),
        ("s3", "list_objects_v2", json!({"Bucket": "orders", "Prefix": "2026/"})),
    ] {
        let Value::Object(parameters) = parameters else { continue };
        let function = find(service, function);
        criterion.bench_function(&format!("encode/{service}"), |bencher| {
            bencher.iter(|| {
                encode_request(function.service(), function.operation(), black_box(&parameters)).unwrap()
            });
        });
    }
}
