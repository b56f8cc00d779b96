//! Tests of faults with the real client, in every protocol.

use serde_json::{Value, json};

use super::{SHOP, SimulatorSandbox};
use crate::aws::client::{CallError, CallErrorKind, HostOf};
use crate::names::Region;
use crate::simulator::{Scenario, Simulator, World, configuration};

/// One function of each protocol: JSON, REST-JSON, Query, EC2, and the REST-XML of S3 and of others.
const CALLS: [(&str, &str, &str); 6] = [
    ("dynamodb", "list_tables", "TableNames"),
    ("eks", "list_clusters", "clusters"),
    ("cloudformation", "describe_stacks", "Stacks"),
    ("ec2", "describe_vpcs", "Vpcs"),
    ("s3", "list_buckets", "Buckets"),
    ("route53", "list_hosted_zones", "HostedZones"),
];

async fn sandbox(rules: Value) -> SimulatorSandbox {
    let scenario = Scenario::parse(&json!({"rules": rules}).to_string(), "test").expect("a scenario");
    SimulatorSandbox::with(
        Simulator::setup(World::demo()).faults(scenario).start().await.expect("a simulator"),
    )
}

/// Starts a simulator in which every call of role sessions meets the fault.
async fn under(fault: Value) -> SimulatorSandbox {
    sandbox(json!([{"match": {"services": "!sts"}, "fault": fault}])).await
}

async fn error(sandbox: &SimulatorSandbox, call: (&str, &str, &str)) -> CallError {
    let client = sandbox.member(SHOP).await;
    sandbox.list(&client, "eu-central-1", call).await.expect_err(&format!("{call:?} succeeded"))
}

/// Returns the error code of each protocol.
async fn codes(fault: Value) -> Vec<(String, u16)> {
    let sandbox = under(fault).await;
    let mut codes = Vec::new();
    for call in CALLS {
        let error = error(&sandbox, call).await;
        assert_eq!(error.kind, CallErrorKind::Service, "{call:?}: {error}");
        codes.push((error.code.unwrap_or_default(), error.status.unwrap_or_default()));
    }
    codes
}

fn pairs(expected: [(&str, u16); 6]) -> Vec<(String, u16)> {
    expected.map(|(code, status)| (code.to_owned(), status)).into()
}

#[tokio::test]
async fn every_protocol_throttles_in_its_own_words() {
    // The first request passes; the bucket fills so slowly that the next one is throttled.
    let sandbox = under(json!({"throttle": {"rate": 0.001, "per": "operation"}})).await;
    let client = sandbox.member(SHOP).await;
    let mut found = Vec::new();
    for call in CALLS.into_iter().chain([
        ("lambda", "list_functions", "Functions"),
        ("sns", "list_topics", "Topics"),
        ("sqs", "list_queues", "QueueUrls"),
        ("ecs", "list_clusters", "clusterArns"),
    ]) {
        // If a list has two pages, the second one is throttled already.
        let _ = sandbox.list(&client, "eu-central-1", call).await;
        let error = sandbox.list(&client, "eu-central-1", call).await.expect_err("too many requests");
        found.push((call.0, error.code.unwrap_or_default(), error.status.unwrap_or_default()));
    }
    let expected = [
        ("dynamodb", "ThrottlingException", 400),
        ("eks", "ThrottlingException", 429),
        ("cloudformation", "Throttling", 400),
        ("ec2", "RequestLimitExceeded", 503),
        ("s3", "SlowDown", 503),
        ("route53", "Throttling", 400),
        ("lambda", "TooManyRequestsException", 429),
        ("sns", "Throttling", 400),
        ("sqs", "RequestThrottled", 403),
        ("ecs", "ThrottlingException", 400),
    ];
    assert_eq!(found, expected.map(|(service, code, status)| (service, code.to_owned(), status)));
}

#[tokio::test]
async fn every_protocol_has_its_own_codes_for_the_other_refusals() {
    assert_eq!(
        codes(json!("region_disabled")).await,
        pairs([
            ("UnrecognizedClientException", 400),
            ("UnrecognizedClientException", 403),
            ("InvalidClientTokenId", 403),
            ("AuthFailure", 401),
            ("InvalidAccessKeyId", 403),
            ("InvalidClientTokenId", 403),
        ])
    );
    assert_eq!(
        codes(json!({"expired_token": {"of": "role"}})).await,
        pairs([
            ("ExpiredTokenException", 400),
            ("ExpiredTokenException", 403),
            ("ExpiredToken", 403),
            ("RequestExpired", 400),
            ("ExpiredToken", 400),
            ("ExpiredToken", 403),
        ])
    );
    assert_eq!(
        codes(json!("not_available")).await,
        pairs([
            ("UnknownOperationException", 400),
            ("UnknownOperationException", 404),
            ("InvalidAction", 400),
            ("UnsupportedOperation", 400),
            ("MethodNotAllowed", 405),
            ("MethodNotAllowed", 405),
        ])
    );
    let own = json!({"error": {"status": 503, "code": "Unavailable", "message": "later"}});
    assert_eq!(codes(own).await, pairs([("Unavailable", 503); 6]));
}

#[tokio::test]
async fn a_denial_says_in_awss_words_what_refuses() {
    let role = "arn:aws:sts::310055471926:assumed-role/OrganizationAccountAccessRole/tests";
    let implicit = |policy| format!("because no {policy} allows the dynamodb:ListTables action");
    for (deny, why) in [
        (json!({"by": "iam"}), implicit("identity-based policy")),
        (json!({"by": "scp"}), "with an explicit deny in a service control policy".to_owned()),
        (json!({"by": "scp", "explicit": false}), implicit("service control policy")),
        (json!({"by": "session_policy"}), implicit("session policy")),
        (json!({"by": "boundary"}), implicit("permissions boundary")),
        (json!({"by": "resource_policy"}), implicit("resource-based policy")),
        (
            json!({"by": "iam", "explicit": true}),
            "with an explicit deny in an identity-based policy".to_owned(),
        ),
    ] {
        let error = error(&under(json!({ "deny": deny })).await, CALLS[0]).await;
        assert_eq!(
            error.message,
            format!("User: {role} is not authorized to perform: dynamodb:ListTables {why}")
        );
    }
    let error = error(&under(json!({"deny": {"by": "iam"}})).await, CALLS[3]).await;
    assert_eq!(error.code.as_deref(), Some("UnauthorizedOperation"));
    assert!(error.message.starts_with("You are not authorized to perform this operation. User: "), "{error}");
}

#[tokio::test]
async fn faults_of_the_network_are_no_answers() {
    for (fault, kind, text) in [
        (json!("refuse_connection"), CallErrorKind::Connection, "refused"),
        (json!("dns_failure"), CallErrorKind::Connection, "lookup"),
        (json!("tls_failure"), CallErrorKind::Connection, "TLS"),
        (json!({"reset": {"at": "start"}}), CallErrorKind::Connection, "reset"),
        (json!("reset"), CallErrorKind::Connection, "reset"),
        (json!("half_close"), CallErrorKind::Connection, "end of file"),
        (json!({"half_close": {"at": "start"}}), CallErrorKind::Connection, "connection"),
        (json!("truncate"), CallErrorKind::Answer, "is not the"),
        (json!({"truncate": {"keep": 1}}), CallErrorKind::Answer, "is not the"),
        (json!("garbage"), CallErrorKind::Answer, "of text/html)"),
        (json!({"garbage": {"body": "binary"}}), CallErrorKind::Answer, "is not the"),
        (json!({"garbage": {"body": "empty"}}), CallErrorKind::Answer, "body"),
        (json!({"garbage": {"status": 502}}), CallErrorKind::Service, "Bad Gateway"),
        (
            json!({"redirect": {"location": "https://portal.invalid/"}}),
            CallErrorKind::Service,
            "of text/html)",
        ),
    ] {
        let sandbox = under(fault.clone()).await;
        for call in [CALLS[0], CALLS[3]] {
            let error = error(&sandbox, call).await;
            assert_eq!(error.kind, kind, "{fault} {call:?}: {error}");
            assert!(error.message.contains(text), "{fault} {call:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_that_of_the_service() {
    let error = error(&under(json!("dns_failure")).await, CALLS[0]).await;
    let missing = error.missing_host.as_ref().expect("a host");
    assert_eq!((&*missing.name, missing.of), ("127.0.0.1", HostOf::Service));
}

#[tokio::test]
async fn a_client_that_knows_no_detours_sees_its_connection_reset() {
    let scenario = json!({"rules": [{"match": {"services": "!sts"}, "fault": "refuse_connection"}]});
    let scenario = Scenario::parse(&scenario.to_string(), "test").expect("a scenario");
    let simulator = Simulator::setup(World::demo()).faults(scenario).start().await.expect("a simulator");
    let region = Region::new("eu-central-1");
    let config = configuration::sdk_config(&simulator.url(), Simulator::credentials(), &region, None);
    let sandbox = SimulatorSandbox::configured(simulator, config.expect("a configuration"));
    let error = error(&sandbox, CALLS[0]).await;
    assert_eq!(error.kind, CallErrorKind::Connection);
    assert!(error.message.contains("reset"), "{error}");
}

/// Faults that only delay a response leave it complete.
#[tokio::test]
async fn slow_answers_are_complete() {
    let quiet = SimulatorSandbox::demo().await;
    let member = quiet.member(SHOP).await;
    for fault in [
        json!({"delay": {"milliseconds": 5, "jitter": 5}}),
        json!({"drip": {"bytes_per_second": 100_000}}),
        json!({"empty_pages": {"count": 3}}),
    ] {
        let sandbox = under(fault.clone()).await;
        let client = sandbox.member(SHOP).await;
        for call in CALLS {
            let (expected, pages) = quiet.list(&member, "eu-central-1", call).await.expect("pages");
            let (found, more) = sandbox.list(&client, "eu-central-1", call).await.expect("pages");
            assert_eq!(found, expected, "{fault} {call:?}");
            let empty = if fault.get("empty_pages").is_some() { 3 } else { 0 };
            assert_eq!(more, pages + empty, "{fault} {call:?}");
        }
    }
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_one_ends_in_an_error() {
    let sandbox = under(json!("repeat_token")).await;
    for call in CALLS {
        let error = error(&sandbox, call).await;
        assert_eq!(error.kind, CallErrorKind::Pagination, "{call:?}: {error}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_told_and_s3_tolerates_more_of_it() {
    let skewed = |seconds: i64| under(json!({"clock_skew": {"seconds": seconds}}));
    let sandbox = skewed(3600).await;
    let mut codes = Vec::new();
    for call in CALLS {
        codes.push(error(&sandbox, call).await.code.unwrap_or_default());
    }
    assert_eq!(
        codes,
        [
            "InvalidSignatureException",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
        ]
    );
    let sandbox = skewed(-600).await;
    assert!(error(&sandbox, CALLS[0]).await.message.starts_with("Signature not yet current: "));
    let client = sandbox.member(SHOP).await;
    assert!(sandbox.list(&client, "eu-central-1", CALLS[4]).await.is_ok(), "S3 allows ten minutes");
}

#[tokio::test]
async fn a_bucket_list_that_is_elsewhere_is_asked_there() {
    let redirect = json!([{
        "match": {"services": "s3", "regions": "eu-central-1"},
        "fault": {"redirect": {"region": "eu-west-1"}}
    }]);
    let sandbox = sandbox(redirect).await;
    let client = sandbox.member(SHOP).await;
    let (buckets, _) = sandbox.list(&client, "eu-central-1", CALLS[4]).await.expect("buckets");
    assert_eq!(buckets.len(), 17);
}

#[tokio::test]
async fn a_vanished_account_can_neither_be_asked_nor_entered() {
    let sandbox = sandbox(json!([{"match": {"accounts": SHOP}, "fault": {"vanish": {"after": 2}}}])).await;
    let client = sandbox.member(SHOP).await;
    assert!(sandbox.list(&client, "eu-central-1", CALLS[3]).await.is_ok());
    let error = sandbox.list(&client, "eu-central-1", CALLS[2]).await.expect_err("a closed account");
    assert_eq!(error.code.as_deref(), Some("InvalidClientTokenId"));
    let (code, message) =
        sandbox.assume(SHOP, "OrganizationAccountAccessRole").await.expect_err("a closed account");
    assert_eq!(code, "AccessDenied");
    assert!(message.contains("is not authorized to perform: sts:AssumeRole on resource: "), "{message}");
}

#[tokio::test]
async fn base_credentials_and_account_sessions_expire_apart() {
    let sandbox = sandbox(json!([{"fault": {"expired_token": {"of": "base"}}}])).await;
    let (code, _) = sandbox.assume(SHOP, "OrganizationAccountAccessRole").await.expect_err("expired");
    assert_eq!(code, "ExpiredToken");
}
