//! Behavior of a few operations that no model describes: each row of the client's table, over real HTTP.

use aws_auto_inventory::aws::client::CallErrorKind;
use serde_json::{Value, json};

use crate::sandbox::{Caller, Loopback, Received, Reply};

/// The request that one call sends.
async fn request(service: &str, function: &str, parameters: Value, body: &str) -> Received {
    let aws = Loopback::answering([Reply::ok(body)]);
    Caller::of(&aws).members(service, function, parameters).await;
    aws.only()
}

/// What the client makes of an answer.
async fn answer(service: &str, function: &str, parameters: Value, reply: Reply) -> Value {
    let aws = Loopback::answering([reply]);
    Caller::of(&aws).members(service, function, parameters).await
}

#[tokio::test]
async fn api_gateway_is_asked_for_plain_json() {
    let request = request("apigateway", "get_rest_apis", json!({}), r#"{"item": []}"#).await;
    assert_eq!(request.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn a_template_in_json_becomes_an_object() {
    let body = r#"<GetTemplateResponse><GetTemplateResult>
        <TemplateBody>{"Resources": {}}</TemplateBody></GetTemplateResult></GetTemplateResponse>"#;
    let members =
        answer("cloudformation", "get_template", json!({"StackName": "web"}), Reply::ok(body)).await;
    assert_eq!(members, json!({"TemplateBody": {"Resources": {}}}));
}

#[tokio::test]
async fn a_search_travels_in_the_body() {
    let request = request("cloudsearchdomain", "search", json!({"query": "star"}), "{}").await;
    assert_eq!(request.method, "POST");
    assert!(request.body.contains("q=star") && !request.target.contains("star"), "{request:?}");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn endpoint_discovery_sends_api_version() {
    for (service, version) in
        [("dynamodb", "2012-08-10"), ("timestream-query", "2018-11-01"), ("timestream-write", "2018-11-01")]
    {
        let request = request(service, "describe_endpoints", json!({}), r#"{"Endpoints": []}"#).await;
        assert_eq!(request.header("x-amz-api-version"), Some(version), "{service}");
    }
}

#[tokio::test]
async fn the_output_of_a_console_is_readable() {
    let body = "<GetConsoleOutputResponse><output>aGVsbG8=</output></GetConsoleOutputResponse>";
    let members = answer("ec2", "get_console_output", json!({"InstanceId": "i-1"}), Reply::ok(body)).await;
    assert_eq!(members, json!({"Output": "hello"}));
}

#[tokio::test]
async fn glacier_is_told_the_version_and_takes_the_callers_account() {
    let request = request("glacier", "list_vaults", json!({}), r#"{"VaultList": []}"#).await;
    assert_eq!(request.header("x-amz-glacier-version"), Some("2012-06-01"));
    assert!(request.target.starts_with("/-/vaults"), "{}", request.target);
}

#[tokio::test]
async fn policy_documents_become_objects() {
    let body = "<GetRoleResponse><GetRoleResult><Role><RoleName>audit</RoleName>\
        <AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument>\
        </Role></GetRoleResult></GetRoleResponse>";
    let members = answer("iam", "get_role", json!({"RoleName": "audit"}), Reply::ok(body)).await;
    assert_eq!(members["Role"]["AssumeRolePolicyDocument"], json!({"Version": "2012-10-17"}));
}

#[tokio::test]
async fn ids_of_route_53_lose_their_prefix() {
    let parameters = json!({"HostedZoneId": "/hostedzone/Z1"});
    let body =
        "<ListResourceRecordSetsResponse><IsTruncated>false</IsTruncated></ListResourceRecordSetsResponse>";
    let request = request("route53", "list_resource_record_sets", parameters, body).await;
    assert!(request.target.starts_with("/2013-04-01/hostedzone/Z1/rrset"), "{}", request.target);
}

#[tokio::test]
async fn a_bucket_stands_in_the_host_and_not_in_the_path() {
    let parameters = json!({"Bucket": "logs", "Key": "2026/a b"});
    let request = request("s3", "head_object", parameters, "").await;
    assert_eq!(
        (request.origin(), &*request.target),
        ("https://logs.s3.us-east-1.amazonaws.com", "/2026/a%20b")
    );
}

#[tokio::test]
async fn the_oldest_region_of_s3_is_null() {
    let location = async |text: &str| {
        let body = format!("<LocationConstraint>{text}</LocationConstraint>");
        answer("s3", "get_bucket_location", json!({"Bucket": "logs"}), Reply::ok(body)).await
    };
    assert_eq!(location("eu-west-1").await, json!({"LocationConstraint": "eu-west-1"}));
    assert_eq!(location("").await, json!({"LocationConstraint": null}));
}

#[tokio::test]
async fn an_expiry_that_is_no_date_is_kept_as_text() {
    let expires = async |text: &str| {
        let reply = Reply::new(200).header("Expires", text);
        answer("s3", "head_object", json!({"Bucket": "logs", "Key": "a"}), reply).await
    };
    let date = expires("Thu, 01 Jan 2026 00:00:00 GMT").await;
    assert_eq!(date["Expires"], json!("2026-01-01T00:00:00+00:00"));
    assert_eq!(date["ExpiresString"], json!("Thu, 01 Jan 2026 00:00:00 GMT"));
    let text = expires("whenever").await;
    assert_eq!((text.get("Expires"), &text["ExpiresString"]), (None, &json!("whenever")));
}

#[tokio::test]
async fn keys_travel_encoded_and_arrive_decoded() {
    let body = "<ListBucketResult><EncodingType>url</EncodingType>\
        <Contents><Key>a%0Ab+c</Key></Contents></ListBucketResult>";
    let aws = Loopback::answering([Reply::ok(body)]);
    let members = Caller::of(&aws).members("s3", "list_objects_v2", json!({"Bucket": "logs"})).await;
    assert_eq!(members["Contents"], json!([{"Key": "a\nb c"}]));
    assert!(aws.only().target.contains("encoding-type=url"));
}

/// An error inside a successful response of S3 is an error, and worth a retry.
#[tokio::test]
async fn error_inside_s3_success_is_retried() {
    let error = "<Error><Code>InternalError</Code><Message>We failed late.</Message></Error>";
    let found = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>";
    let aws = Loopback::answering([Reply::ok(error), Reply::ok(found)]);
    let answer = Caller::of(&aws).page("s3", "list_buckets", json!({})).await.expect("an answer");
    assert_eq!((answer.attempts, &answer.members["Buckets"]), (2, &json!([])));

    let aws = Loopback::answering([Reply::ok(error)]);
    let error = Caller::of(&aws).page("s3", "list_buckets", json!({})).await.expect_err("an error");
    assert_eq!((error.kind, error.code.as_deref()), (CallErrorKind::Service, Some("InternalError")));
    assert_eq!(error.attempts, 3);
}

#[tokio::test]
async fn sqs_errors_have_the_codes_of_its_older_protocol() {
    let reply = Reply::new(400)
        .header("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender")
        .body(r#"{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"}"#);
    let aws = Loopback::answering([reply]);
    let parameters = json!({"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"});
    let outcome = Caller::of(&aws).page("sqs", "get_queue_attributes", parameters).await;
    let error = outcome.expect_err("an error");
    assert_eq!(error.code.as_deref(), Some("AWS.SimpleQueueService.NonExistentQueue"));
}
