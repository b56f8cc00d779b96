//! Tests that requests of the client are parsed to the members that they were built from.

use bytes::Bytes;
use serde_json::{Value, json};

use super::SimulatedRequest;
use crate::model::catalog::Catalog;
use crate::model::protocol::encode_request;
use crate::simulator::routes::Routes;
use crate::simulator::routes::template::UriTemplate;

/// Returns the members of a request with these parameters, as the simulator parses it.
fn round_trip(service: &str, function: &str, parameters: &Value) -> Value {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let service = catalog.service(service).expect("loads").expect("exists");
    let operation = service.operation(function).expect("exists");
    let sent =
        encode_request(&service, operation, parameters.as_object().expect("parameters")).expect("fits");
    let mut message = http::Request::builder().method(&*sent.method).uri(&sent.path_and_query);
    for (name, value) in sent.headers {
        message = message.header(name, value);
    }
    let (parts, ()) = message.body(()).expect("a request").into_parts();
    let request = SimulatedRequest::new(parts, Bytes::from(sent.body));
    Value::Object(request.members(&service, operation, &UriTemplate::parse(&operation.request_uri)))
}

#[test]
fn every_protocol_reads_back_what_was_asked() {
    for (service, function, parameters) in [
        (
            "ec2",
            "describe_instances",
            json!({
                "Filters": [{"Name": "instance-state-name", "Values": ["running", "a+b & c"]}],
                "MaxResults": 50,
                "DryRun": false
            }),
        ),
        ("elbv2", "describe_target_groups", json!({"Names": ["one", "two"], "PageSize": 3})),
        ("dynamodb", "list_tables", json!({"Limit": 2, "ExclusiveStartTableName": "orders"})),
        ("lambda", "list_functions", json!({"MaxItems": 7, "FunctionVersion": "ALL"})),
        ("lambda", "get_function", json!({"FunctionName": "a/b c"})),
        ("eks", "describe_cluster", json!({"name": "platform"})),
        ("s3", "list_buckets", json!({"MaxBuckets": 10, "ContinuationToken": "to/ken="})),
        ("s3", "list_objects_v2", json!({"Bucket": "bucket", "Prefix": "a b"})),
        ("route53", "list_hosted_zones", json!({"Marker": "Z1", "MaxItems": "5"})),
        (
            "route53",
            "list_tags_for_resources",
            json!({"ResourceType": "hostedzone", "ResourceIds": ["Z1", "Z2 <&>"]}),
        ),
        ("securityhub", "get_findings", json!({"SortCriteria": [{"Field": "Id"}], "MaxResults": 5})),
    ] {
        assert_eq!(round_trip(service, function, &parameters), parameters, "{service} {function}");
    }
}

#[test]
fn a_bucket_in_the_host_is_a_bucket_in_the_path() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let routes = Routes::build(&catalog).expect("routes");
    let message = http::Request::builder()
        .uri("/?location")
        .header("host", "my.bucket.s3.eu-west-1.amazonaws.com")
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature={}",
                "0".repeat(64)
            ),
        );
    let (parts, ()) = message.body(()).expect("a request").into_parts();
    let request = SimulatedRequest::new(parts, Bytes::new());
    let route = routes.find(&request.head(&request.authorization().expect("well-formed"))).expect("a route");
    assert_eq!(&*routes.route(route).function, "get_bucket_location");
    let service = catalog.service("s3").expect("loads").expect("exists");
    let operation = service.operation("get_bucket_location").expect("exists");
    let members = request.members(&service, operation, &routes.route(route).template);
    assert_eq!(Value::Object(members), json!({"Bucket": "my.bucket"}));
}
