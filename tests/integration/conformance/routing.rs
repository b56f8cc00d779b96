//! The hosts and signing names of requests, where endpoint rules and model do not decide them
//! alone: redirects, discovered endpoints, host prefixes, tokens.

use std::time::{Duration, SystemTime};

use aws_auto_inventory::aws::client::CallErrorKind;
use aws_smithy_async::test_util::ManualTimeSource;
use aws_smithy_async::time::SharedTimeSource;
use serde_json::json;

use crate::sandbox::{Caller, Loopback, Received, Reply};

const BUCKET_TAGS: &str = "<Tagging><TagSet></TagSet></Tagging>";

fn origins(received: &[Received]) -> Vec<&str> {
    received.iter().map(Received::origin).collect()
}

/// The region that the request's signature is for.
fn signed_for(request: &Received) -> &str {
    request.header("authorization").expect("a signature").split('/').nth(2).expect("a region")
}

#[tokio::test]
async fn a_bucket_of_another_region_is_asked_there_once() {
    let permanent = Reply::new(301).body("<Error><Code>PermanentRedirect</Code></Error>");
    let temporary = Reply::new(307).body("<Error><Code>TemporaryRedirect</Code></Error>");
    let malformed = Reply::new(400).body("<Error><Code>AuthorizationHeaderMalformed</Code></Error>");
    for reply in [permanent, temporary, malformed] {
        let redirect = reply.header("x-amz-bucket-region", "eu-west-1");
        let aws = Loopback::answering([redirect, Reply::ok(BUCKET_TAGS)]);
        let tags = Caller::of(&aws).members("s3", "get_bucket_tagging", json!({"Bucket": "logs"})).await;
        assert_eq!(tags, json!({"TagSet": []}));
        let received = aws.received();
        let expected = ["https://logs.s3.us-east-1.amazonaws.com", "https://logs.s3.eu-west-1.amazonaws.com"];
        assert_eq!(origins(&received), expected);
        assert_eq!((signed_for(&received[0]), signed_for(&received[1])), ("us-east-1", "eu-west-1"));
    }
}

#[tokio::test]
async fn a_redirect_without_a_body_is_followed() {
    let redirect = Reply::new(301).header("x-amz-bucket-region", "eu-west-1");
    let aws = Loopback::answering([redirect, Reply::new(200).header("x-amz-bucket-region", "eu-west-1")]);
    let bucket = Caller::of(&aws).members("s3", "head_bucket", json!({"Bucket": "logs"})).await;
    assert_eq!(bucket["BucketRegion"], json!("eu-west-1"));
    assert!(aws.received().iter().all(|request| request.method == "HEAD"));
}

#[tokio::test]
async fn a_region_that_only_the_body_names_is_followed() {
    let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
    let aws = Loopback::answering([Reply::new(400).body(body), Reply::ok(BUCKET_TAGS)]);
    Caller::of(&aws).members("s3", "get_bucket_tagging", json!({"Bucket": "logs"})).await;
    assert_eq!(signed_for(&aws.received()[1]), "eu-west-1");
}

#[tokio::test]
async fn a_redirect_in_a_circle_is_an_error() {
    let redirect = |region| Reply::new(301).header("x-amz-bucket-region", region);
    let aws = Loopback::answering([redirect("eu-west-1"), redirect("us-east-1")]);
    let outcome = Caller::of(&aws).page("s3", "head_bucket", json!({"Bucket": "logs"})).await;
    assert_eq!(outcome.expect_err("an error").status, Some(301));
    assert_eq!(aws.received().len(), 2);
}

fn endpoint(address: &str) -> Reply {
    let endpoint = json!({"Address": address, "CachePeriodInMinutes": 10});
    Reply::ok(json!({"Endpoints": [endpoint]}).to_string())
}

const NO_DATABASES: &str = r#"{"Databases": []}"#;

#[tokio::test]
async fn timestream_is_asked_where_it_says_until_that_expires() {
    let found = || Reply::ok(NO_DATABASES);
    let cells = [
        endpoint("ingest-cell1.timestream.us-east-1.amazonaws.com"),
        found(),
        found(),
        endpoint("ingest-cell2.timestream.us-east-1.amazonaws.com"),
        found(),
    ];
    let aws = Loopback::answering(cells);
    let time = ManualTimeSource::new(SystemTime::UNIX_EPOCH + Duration::from_hours(500_000));
    let caller = Caller::with_time(&aws, SharedTimeSource::new(time.clone()));
    caller.ask("timestream-write", "list_databases").await;
    caller.ask("timestream-write", "list_databases").await;
    time.advance(Duration::from_mins(10));
    caller.ask("timestream-write", "list_databases").await;
    let ingest = "https://ingest.timestream.us-east-1.amazonaws.com";
    let received = aws.received();
    assert_eq!(
        origins(&received),
        [
            ingest,
            "https://ingest-cell1.timestream.us-east-1.amazonaws.com",
            "https://ingest-cell1.timestream.us-east-1.amazonaws.com",
            ingest,
            "https://ingest-cell2.timestream.us-east-1.amazonaws.com"
        ]
    );
    assert!(received.iter().all(|request| signed_for(request) == "us-east-1"));
    assert_eq!(received[0].header("x-amz-target"), Some("Timestream_20181101.DescribeEndpoints"));
    assert_eq!(received[1].header("x-amz-target"), Some("Timestream_20181101.ListDatabases"));
}

#[tokio::test]
async fn an_endpoint_that_has_moved_is_discovered_anew() {
    let moved = Reply::new(421).body(r#"{"__type": "InvalidEndpointException"}"#);
    let aws = Loopback::answering([
        endpoint("ingest-cell1.timestream.us-east-1.amazonaws.com"),
        moved,
        endpoint("ingest-cell2.timestream.us-east-1.amazonaws.com"),
        Reply::ok(NO_DATABASES),
    ]);
    Caller::of(&aws).ask("timestream-write", "list_databases").await;
    assert_eq!(aws.received()[3].origin(), "https://ingest-cell2.timestream.us-east-1.amazonaws.com");
}

#[tokio::test]
async fn denied_endpoint_discovery_is_reported() {
    let denied = Reply::new(400).body(r#"{"__type": "AccessDeniedException", "message": "no"}"#);
    let aws = Loopback::answering([denied]);
    let outcome = Caller::of(&aws).page("timestream-query", "list_scheduled_queries", json!({})).await;
    let error = outcome.expect_err("an error");
    assert_eq!(error.code.as_deref(), Some("AccessDeniedException"));
    assert_eq!(error.message, "cannot discover the endpoint (timestream-query describe_endpoints): no");
}

#[tokio::test]
async fn a_configured_endpoint_is_used_and_none_discovered() {
    let aws = Loopback::answering([Reply::ok(NO_DATABASES)]);
    Caller::with_endpoint(&aws, "https://timestream.example.com")
        .ask("timestream-write", "list_databases")
        .await;
    assert_eq!(aws.only().origin(), "https://timestream.example.com");
}

#[tokio::test]
async fn discovery_that_is_optional_is_not_used() {
    let aws = Loopback::answering([Reply::ok(r#"{"TableNames": []}"#)]);
    Caller::of(&aws).ask("dynamodb", "list_tables").await;
    assert_eq!(aws.only().origin(), "https://dynamodb.us-east-1.amazonaws.com");
}

#[tokio::test]
async fn the_host_of_s3_control_begins_with_the_account() {
    let aws = Loopback::answering([Reply::ok("<ListAccessPointsResult></ListAccessPointsResult>")]);
    let parameters = json!({"AccountId": "123456789012"});
    Caller::of(&aws).members("s3control", "list_access_points", parameters).await;
    let request = aws.only();
    assert_eq!(request.origin(), "https://123456789012.s3-control.us-east-1.amazonaws.com");
    assert_eq!(request.header("x-amz-account-id"), Some("123456789012"));
}

#[tokio::test]
async fn a_prefix_of_the_operation_stands_before_the_host() {
    let aws = Loopback::answering([Reply::ok("{}")]);
    Caller::of(&aws).ask("deadline", "list_farms").await;
    assert_eq!(aws.only().origin(), "https://management.deadline.us-east-1.amazonaws.com");
}

#[tokio::test]
async fn an_operation_without_signature_sends_none() {
    let aws = Loopback::answering([Reply::ok(r#"{"accountList": []}"#)]);
    Caller::of(&aws).members("sso", "list_accounts", json!({"accessToken": "token"})).await;
    let request = aws.only();
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.header("x-amz-date"), None);
    assert_eq!(request.header("x-amz-sso_bearer_token"), Some("token"));
}

#[tokio::test]
async fn without_a_token_a_service_that_takes_one_is_not_asked() {
    let aws = Loopback::answering([Reply::ok("{}")]);
    let outcome = Caller::of(&aws).page("codecatalyst", "list_spaces", json!({})).await;
    let error = outcome.expect_err("an error");
    assert_eq!(error.kind, CallErrorKind::Credentials);
    assert!(error.message.contains("bearer token") && error.message.contains("aws sso login"), "{error}");
    assert!(aws.received().is_empty());
}
