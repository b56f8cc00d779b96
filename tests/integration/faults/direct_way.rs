//! First attempts that the client sends itself, beside the same attempts through the SDK's orchestrator: the same
//! requests on the wire, the same pages, the same errors, the same number of attempts.

use serde_json::{Value, json};

use crate::sandbox::{Caller, Loopback, Received, Reply, Sandbox};

/// How the program sends first attempts.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// Without the SDK's orchestrator, as by default.
    Direct,
    /// Through it.
    Sdk,
}

impl Way {
    /// A sandbox in which the program sends them so.
    pub(super) fn sandbox(self) -> Sandbox {
        match self {
            Self::Direct => Sandbox::new(),
            Self::Sdk => Sandbox::new().env("SCAN_DIRECT_REQUESTS", "off"),
        }
    }
}

/// A function of each protocol, its parameters, and a good response.
const CALLS: [(&str, &str, &str, &str); 5] = [
    ("dynamodb", "list_tables", "{}", r#"{"TableNames": ["orders"]}"#),
    ("lambda", "list_functions", "{}", r#"{"Functions": [{"FunctionName": "ship"}]}"#),
    (
        "s3",
        "list_buckets",
        r#"{"Prefix": "a b/ü"}"#,
        "<R><Buckets><Bucket><Name>a</Name></Bucket></Buckets></R>",
    ),
    ("sns", "list_topics", "{}", "<R><ListTopicsResult><Topics/></ListTopicsResult></R>"),
    (
        "ec2",
        "describe_vpcs",
        r#"{"VpcIds": ["vpc-1"]}"#,
        "<R><vpcSet><item><vpcId>v</vpcId></item></vpcSet></R>",
    ),
];

/// Headers whose values differ between any two requests.
const DIFFERENT: [&str; 4] = ["authorization", "x-amz-date", "amz-sdk-invocation-id", "host"];

fn error(status: u16, code: &str) -> Reply {
    let body = format!(r#"{{"__type": "{code}", "message": "no", "Code": "{code}"}}"#);
    Reply::new(status).header("x-amzn-errortype", code).header("x-amzn-requestid", "request-1").body(body)
}

fn xml_error(status: u16, code: &str) -> Reply {
    let body =
        format!("<E><Error><Code>{code}</Code><Message>no</Message></Error><RequestId>r</RequestId></E>");
    Reply::new(status).body(body)
}

/// What a call came to, and what was sent for it.
async fn outcome(caller: &Caller, aws: &Loopback, call: (&str, &str, &str, &str)) -> (Value, Vec<Received>) {
    let (service, function, parameters, _) = call;
    let before = aws.received().len();
    let parameters = serde_json::from_str(parameters).expect("JSON");
    let found = match caller.page(service, function, parameters).await {
        Ok(page) => json!({"page": page.members, "attempts": page.attempts, "id": page.request_id}),
        Err(error) => json!({
            "error": format!("{error}"), "kind": format!("{:?}", error.kind), "attempts": error.attempts,
            "status": error.status, "code": error.code, "id": error.request_id,
        }),
    };
    (found, aws.received().split_off(before))
}

/// The parts of a request that both ways have in common.
fn comparable(request: &Received) -> Value {
    let headers = request.headers().filter(|(name, _)| !DIFFERENT.contains(name)).collect::<Vec<_>>();
    json!([request.method, request.target, request.body, headers])
}

/// All responses, each as the response to a first attempt; further attempts get a good one.
fn replies(good: &str) -> Vec<Vec<Reply>> {
    let good = || Reply::ok(good).header("x-amzn-requestid", "request-2");
    let long_ago = "Sat, 01 Jan 2000 00:00:00 GMT";
    vec![
        vec![good()],
        vec![error(400, "ThrottlingException"), good()],
        vec![xml_error(400, "Throttling"), xml_error(503, "SlowDown"), good()],
        vec![error(403, "AccessDeniedException")],
        vec![xml_error(403, "AccessDenied")],
        vec![error(400, "ValidationException")],
        vec![error(500, "InternalFailure"), Reply::new(502), good()],
        vec![Reply::new(503), Reply::new(503), Reply::new(503)],
        vec![error(403, "RequestTimeTooSkewed").header("date", long_ago), good()],
        vec![Reply::new(301).header("x-amz-bucket-region", "eu-west-1"), good()],
        vec![Reply::ok("<html>")],
        vec![Reply::ok("")],
        vec![Reply::hang_up(), good()],
        vec![Reply::hang_up(), Reply::hang_up(), Reply::hang_up()],
        vec![good().cut(), good()],
        vec![good().cut(), good().cut(), good().cut()],
        vec![Reply::ok("").header("content-encoding", "gzip").body("not gzip")],
        vec![good().header("x-amz-crc32", "1"), good()],
    ]
}

#[tokio::test]
async fn direct_attempt_equals_that_of_orchestrator() {
    for call in CALLS {
        for (position, replies) in replies(call.3).into_iter().enumerate() {
            let place = format!("{} {}, responses {position}", call.0, call.1);
            // The first request of a client goes through the orchestrator in either case.
            let replies = || [vec![Reply::ok(call.3)], replies.clone()].concat();
            let (direct, orchestrated) = (Loopback::answering(replies()), Loopback::answering(replies()));
            let (mine, theirs) = (Caller::of(&direct), Caller::of_sdk(&orchestrated));
            for (caller, aws) in [(&mine, &direct), (&theirs, &orchestrated)] {
                outcome(caller, aws, call).await;
            }
            let (mine, sent) = outcome(&mine, &direct, call).await;
            let (theirs, expected) = outcome(&theirs, &orchestrated, call).await;
            assert_eq!(mine, theirs, "{place}");
            let [sent, expected] =
                [sent, expected].map(|sent| sent.iter().map(comparable).collect::<Vec<_>>());
            assert_eq!(sent, expected, "{place}");
        }
    }
}
