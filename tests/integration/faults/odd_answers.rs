//! Answers that differ a little from the model, and answers that are nothing of the kind: over real
//! HTTP, through the client.

use std::io::Write as _;

use aws_auto_inventory::aws::client::{CallError, CallErrorKind};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::sandbox::{Caller, Loopback, Reply};

/// The answer of a proxy that wants a password or has no connection.
const WEB_PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Blocked</body></html>";

/// A function of each protocol, and a whole answer of it.
const CALLS: [(&str, &str, &str); 5] = [
    ("dynamodb", "list_tables", r#"{"TableNames": ["orders"]}"#),
    ("lambda", "list_functions", r#"{"Functions": [{"FunctionName": "ship"}]}"#),
    ("s3", "list_buckets", "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"),
    ("sns", "list_topics", "<ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>"),
    ("ec2", "describe_vpcs", "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"),
];

async fn answer(service: &str, function: &str, reply: Reply) -> Value {
    let aws = Loopback::answering([reply]);
    Caller::of(&aws).members(service, function, json!({})).await
}

/// The error of a call.
async fn refusal(service: &str, function: &str, reply: Reply) -> CallError {
    let aws = Loopback::answering([reply]);
    let page = Caller::of(&aws).page(service, function, json!({})).await;
    page.expect_err(&format!("{service} {function} has been answered"))
}

fn with_id(reply: Reply) -> Reply {
    reply.header("x-amzn-requestid", "request-1")
}

#[tokio::test]
async fn one_odd_value_never_loses_a_page() {
    for (service, function, body, expected) in [
        // awsJson hands scalars through as they come.
        (
            "dynamodb",
            "list_tables",
            r#"{"TableNames": ["a", 7, null, true], "LastEvaluatedTableName": 5, "New": {"x": [1]}}"#,
            json!({"TableNames": ["a", 7, null, true], "LastEvaluatedTableName": 5}),
        ),
        // A list that is null is absent, as is a structure.
        ("dynamodb", "list_tables", r#"{"TableNames": null}"#, json!({})),
        ("dynamodb", "list_tables", r#"{"TableNames": "orders"}"#, json!({"TableNames": "orders"})),
        // Members of structures: numbers in texts, unknown values of an enumeration, too large numbers.
        (
            "lambda",
            "list_functions",
            r#"{"Functions": [{"Timeout": "30", "Runtime": "cobol85", "MemorySize": 1e3, "CodeSize": 18446744073709551615}]}"#,
            json!({"Functions": [
                {"Runtime": "cobol85", "CodeSize": 18_446_744_073_709_551_615_u64, "Timeout": 30, "MemorySize": 1000}
            ]}),
        ),
        // Numbers that JSON has no form for are read as Python does.
        (
            "lambda",
            "list_functions",
            r#"{"Functions": [{"Timeout": NaN, "MemorySize": -Infinity, "CodeSize": 1e999}]}"#,
            json!({"Functions": [{"CodeSize": "Infinity", "Timeout": "NaN", "MemorySize": "-Infinity"}]}),
        ),
        (
            "ec2",
            "describe_vpcs",
            "<R><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>maybe</isDefault><state>new</state><x><y/></x></item></vpcSet></R>",
            json!({"Vpcs": [{"IsDefault": false, "VpcId": "vpc-1", "State": "new"}]}),
        ),
        // With a mark of its byte order, which Windows likes.
        ("ec2", "describe_vpcs", "\u{feff}<?xml version='1.0'?><R><vpcSet/></R>", json!({"Vpcs": []})),
        ("dynamodb", "list_tables", "\u{feff}{\"TableNames\": []}", json!({"TableNames": []})),
    ] {
        let found = answer(service, function, Reply::ok(body)).await;
        assert_eq!(found, expected, "{service} {function}: {body}");
    }
}

#[tokio::test]
async fn a_date_that_no_clock_shows_ends_nothing() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT", "soon", ""] {
        for status in [429, 500, 503] {
            let aws = Loopback::answering([
                Reply::new(status).header("date", date).body("{}"),
                Reply::ok(r#"{"TableNames": ["orders"]}"#).header("date", date),
            ]);
            let found = Caller::of(&aws).members("dynamodb", "list_tables", json!({})).await;
            assert_eq!(found, json!({"TableNames": ["orders"]}), "{status} {date}");
        }
    }
}

#[tokio::test]
async fn a_member_of_a_union_that_nobody_knows_is_named() {
    let aws = Loopback::answering([Reply::ok(
        r#"{"policyStoreId": "p", "policyId": "i", "policyType": "NEW",
        "definition": {"newer": {"a": 1}}}"#,
    )]);
    let parameters = json!({"policyStoreId": "p", "policyId": "i"});
    let found = Caller::of(&aws).members("verifiedpermissions", "get_policy", parameters).await;
    let expected = json!({"policyStoreId": "p", "policyId": "i", "policyType": "NEW",
        "definition": {"SDK_UNKNOWN_MEMBER": {"name": "newer"}}});
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_web_page_in_place_of_an_answer_is_told_and_not_quoted() {
    for (service, function, _) in CALLS {
        let error = refusal(service, function, with_id(Reply::ok(WEB_PAGE))).await;
        assert_eq!((error.kind, error.status), (CallErrorKind::Answer, Some(200)), "{service}: {error}");
        assert_eq!(error.request_id.as_deref(), Some("request-1"));
        assert!(!error.message.contains("Sign in"), "{service}: {error}");
        assert!(error.message.contains(&format!("{} bytes", WEB_PAGE.len())), "{service}: {error}");
        assert_eq!(error.attempts, 1, "{service}: the page came whole, and would come again");

        let error = refusal(service, function, Reply::new(502).body(WEB_PAGE)).await;
        assert_eq!((error.kind, error.status), (CallErrorKind::Service, Some(502)), "{service}: {error}");
        assert!(error.message.contains("Bad Gateway") && !error.message.contains("Sign in"), "{error}");
        assert!(error.attempts > 1, "{service}: a bad gateway may be better the next time");
    }
}

#[tokio::test]
async fn an_answer_cut_short_is_told_by_its_length_and_not_quoted() {
    for (service, function, whole) in CALLS {
        for length in [1, whole.len() / 2, whole.len() - 1] {
            let error = refusal(service, function, with_id(Reply::ok(&whole[..length]))).await;
            assert_eq!(error.kind, CallErrorKind::Answer, "{service}: {error}");
            assert!(length < 20 || !error.message.contains(&whole[..20]), "{service}: {error}");
            let told = if length == 1 { "(1 byte ".to_owned() } else { format!("({length} bytes ") };
            assert!(error.message.contains(&told), "{service}: {error}");
            assert_eq!(error.attempts, 1, "{service}: {error}");
            assert_eq!(error.request_id.as_deref(), Some("request-1"));
        }
    }
}

#[tokio::test]
async fn an_answer_in_another_format_is_an_error() {
    for (service, function, _) in CALLS {
        let (_, _, other) = CALLS[if matches!(service, "dynamodb" | "lambda") { 4 } else { 0 }];
        let error = refusal(service, function, with_id(Reply::ok(other))).await;
        assert_eq!(error.kind, CallErrorKind::Answer, "{service}: {error}");
    }
}

#[tokio::test]
async fn the_content_type_is_nothing_to_rely_on() {
    for (service, function, whole) in CALLS {
        let expected = answer(service, function, Reply::ok(whole)).await;
        for content_type in ["text/html", "application/octet-stream", "", "application/json; charset=ascii"] {
            let found =
                answer(service, function, Reply::ok(whole).header("content-type", content_type)).await;
            assert_eq!(found, expected, "{service}, {content_type}");
        }
    }
}

#[tokio::test]
async fn nothing_at_all_is_an_error_unless_aws_has_said_it() {
    for (service, function, _) in CALLS {
        let error = refusal(service, function, Reply::ok("")).await;
        assert_eq!((error.kind, error.status), (CallErrorKind::Answer, Some(200)), "{service}: {error}");
    }
    let cut_off = refusal("dynamodb", "list_tables", with_id(Reply::ok(""))).await;
    assert!(cut_off.message.contains("its body is empty"), "{cut_off}");
    // As boto3 reads it: with AWS's request id, an empty body of a REST service is an empty answer.
    assert_eq!(answer("lambda", "list_functions", with_id(Reply::ok(""))).await, json!({}));
}

#[tokio::test]
async fn compressed_answers_are_read_though_nobody_asked_for_them() {
    for (service, function, whole) in CALLS {
        let expected = answer(service, function, Reply::ok(whole)).await;
        let compressed = gzip(whole.as_bytes());
        let reply = Reply::ok(compressed.clone()).header("content-encoding", "gzip");
        assert_eq!(answer(service, function, reply).await, expected, "{service}");

        let half = Reply::ok(&compressed[..compressed.len() / 2]).header("content-encoding", "gzip");
        let error = refusal(service, function, with_id(half)).await;
        assert_eq!(error.kind, CallErrorKind::Answer, "{service}: {error}");
        assert!(error.message.contains("compressed body is damaged"), "{service}: {error}");
    }
}

#[tokio::test]
async fn a_compressed_refusal_is_read_too() {
    let body = gzip(br#"{"__type": "AccessDeniedException", "message": "no"}"#);
    let error =
        refusal("dynamodb", "list_tables", Reply::new(400).body(body).header("content-encoding", "gzip"))
            .await;
    assert_eq!((error.code.as_deref(), error.message.as_str()), (Some("AccessDeniedException"), "no"));
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).expect("writes");
    encoder.finish().expect("writes")
}
