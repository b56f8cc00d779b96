//! What the program prints, word for word: help, summaries, plans, checks and error messages.
//!
//! Each change of a word shows in a snapshot of `tests/integration/verbs/snapshots`, where it is reviewed. After a
//! intended change, `INSTA_UPDATE=always tests/run --test integration -- wording` writes them again.

use std::fmt::Write as _;

use aws_auto_inventory::simulator::World;
use insta::assert_snapshot;
use serde_json::json;

use crate::sandbox::{Finished, Sandbox, Simulated};

/// All verbs, and the verbs below them.
const VERBS: [&str; 30] = [
    "",
    "demo",
    "check",
    "plan",
    "policy",
    "resume",
    "accept",
    "runs",
    "merge",
    "export",
    "diff",
    "query",
    "history",
    "history add",
    "links",
    "mcp",
    "reconcile",
    "report",
    "services",
    "spec",
    "schema",
    "catalog",
    "catalog build",
    "catalog update",
    "catalog list",
    "catalog use",
    "catalog diff",
    "config",
    "completions",
    "man",
];

#[test]
fn help_of_each_verb() {
    let sandbox = Sandbox::new();
    for form in ["-h", "--help"] {
        for verb in VERBS {
            let arguments: Vec<&str> = verb.split_whitespace().chain([form]).collect();
            let run = sandbox.run(&arguments);
            run.expect_exit(0);
            let name = if verb.is_empty() { "scan".to_owned() } else { verb.replace(' ', "-") };
            let size = if form == "-h" { "short" } else { "long" };
            assert_wording(&format!("help-{name}-{size}"), &run.stdout);
        }
    }
}

#[test]
fn summary_of_the_demo_organization() {
    let run = Sandbox::new().run(["demo"]);
    run.expect_exit(0);
    assert_wording("demo-summary", &run.stdout);
}

#[test]
fn summary_of_a_run_with_gaps() {
    let scenario = json!({"rules": [
        {"match": {"services": "s3"}, "fault": {"deny": {"by": "iam"}}},
        {"match": {"services": "sns", "regions": "eu-west-1"}, "fault": {"deny": {"by": "scp"}}},
        {"match": {"services": "sqs", "accounts": "100000000002"}, "fault": {"error": {"status": 500}}},
        {"match": {"services": "sts", "operations": "AssumeRole", "accounts": "100000000003"},
         "fault": {"deny": {"by": "iam"}}},
    ]});
    let spec = json!([
        {"service": "s3", "function": "list_buckets"},
        {"service": "sns", "function": "list_topics"},
        {"service": "sqs", "function": "list_queues"},
    ]);
    let sandbox = Sandbox::new().spec(&spec).file("gaps.json", &scenario.to_string());
    let retries = ["--max-retries", "1", "--retry-delay", "0.01"];
    // The example of a cause is the first call that failed, in whatever account; members' ARNs look alike.
    let scan = [
        "demo",
        "-s",
        "spec.json",
        "--size",
        "4",
        "--skip-management",
        "-r",
        "eu-west-1",
        "--scenario",
        "gaps.json",
    ];
    let run = sandbox.run(scan.iter().chain(&retries));
    assert_wording("gaps-summary", &run.stdout);
    let run = sandbox.run(scan.iter().chain(&retries).chain(&["--quiet"]));
    assert_wording("gaps-quiet", &run.stderr);
}

#[test]
fn plan_of_the_demo_organization() {
    let run = Sandbox::new().run(["demo", "--dry-run"]);
    run.expect_exit(0);
    assert_wording("demo-plan", &run.stdout);
}

#[test]
fn check_of_the_demo_organization() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "rds", "function": "describe_db_instances"},
        {"service": "sns", "function": "list_topics"},
    ]);
    let sandbox = aws.sandbox().spec(&spec);
    let check = ["check", "-s", "spec.json", "--organization-scan", "-r", "eu-west-1"];
    let run = sandbox.run(check);
    assert_wording("demo-check", &format!("{}{}", run.stdout, run.stderr));
    let run = sandbox.run(check.iter().chain(&["--json"]));
    assert_wording("demo-check-json", &run.stdout);
}

#[test]
fn error_messages_with_their_hints() {
    let spec = json!([{"service": "sns", "function": "list_topics"}]).to_string();
    let entry = |entry: serde_json::Value| json!([entry]).to_string();
    let specs = [
        ("good.json", spec),
        ("empty.json", "[]".to_owned()),
        ("broken.json", "[{\"service\": \"s3\",\n  \"function\" \"list_buckets\"}]".to_owned()),
        ("text.json", "buckets".to_owned()),
        ("service.json", entry(json!({"service": "dynamod", "function": "list_tables"}))),
        ("function.json", entry(json!({"service": "s3", "function": "list_bucket"}))),
        ("writes.json", entry(json!({"service": "s3", "function": "delete_bucket"}))),
        ("secret.json", entry(json!({"service": "secretsmanager", "function": "get_secret_value"}))),
        (
            "bulk.json",
            entry(json!({"service": "logs", "function": "get_log_events",
            "parameters": {"logStreamName": "a"}})),
        ),
        ("key.json", entry(json!({"service": "s3", "function": "list_buckets", "result_keys": "Buckets"}))),
        (
            "parameter.json",
            entry(json!({"service": "ec2", "function": "describe_instances",
            "parameters": {"Filter": []}})),
        ),
        (
            "inner.json",
            entry(json!({"service": "ec2", "function": "describe_instances",
            "parameters": {"Filters": [{"Nam": "vpc-id"}]}})),
        ),
        (
            "type.json",
            entry(json!({"service": "ec2", "function": "describe_instances",
            "parameters": {"MaxResults": "ten"}})),
        ),
        ("missing.json", entry(json!({"service": "s3", "function": "get_bucket_policy"}))),
        ("filter.json", entry(json!({"service": "s3", "function": "list_buckets", "filter": ".Buckets["}))),
        (
            "result_key.json",
            entry(json!({"service": "s3", "function": "list_buckets",
            "result_key": "Bucket"})),
        ),
        ("scenario.json", json!({"rules": [{"fault": "explode"}]}).to_string()),
        ("accounts.txt", "12345\n".to_owned()),
        ("a.txt", "a".to_owned()),
    ];
    let lines: [&[&str]; 46] = [
        &[],
        &["-s", "good.json", "--organisation-scan"],
        &["-s", "no-such.json"],
        &["-s", "empty.json"],
        &["-s", "broken.json"],
        &["-s", "text.json"],
        &["-s", "service.json"],
        &["-s", "function.json"],
        &["-s", "writes.json"],
        &["-s", "secret.json"],
        &["-s", "bulk.json"],
        &["-s", "key.json"],
        &["-s", "parameter.json"],
        &["-s", "inner.json"],
        &["-s", "type.json"],
        &["-s", "missing.json"],
        &["-s", "filter.json"],
        &["-s", "result_key.json"],
        &["-s", "good.json", "-r", "us-est-1"],
        &["-s", "good.json", "-r", "us-east-1", "--exclude-regions", "us-east-1"],
        &["-s", "good.json", "--concurrency", "0"],
        &["-s", "good.json", "--concurrency", "many"],
        &["-s", "good.json", "--retry-delay", "-1"],
        &["-s", "good.json", "--log-level", "loud"],
        &["-s", "good.json", "--accounts", "12345"],
        &["-s", "good.json", "--accounts-file", "accounts.txt"],
        &["-s", "good.json", "--organization-scan", "--role-name", "a b"],
        &["-s", "good.json", "--organization-scan", "--duration", "5m"],
        &["-s", "good.json", "--organization-scan", "--session-policy", "missing.json"],
        &["-s", "good.json", "--profile", "nobody"],
        &["-s", "good.json", "--ou", "ou-1"],
        &["-s", "good.json", "--keep", "0"],
        &["-s", "good.json", "--redact", "Buckets"],
        &["-s", "good.json", "--shard", "3/2", "--organization-scan"],
        &["-s", "good.json", "-o", "s3://"],
        &["-s", "good.json", "--catalog", "a.txt"],
        &["demo", "--scenario", "scenario.json"],
        &["demo", "--size", "0"],
        &["resume", "no-such-run"],
        &["resume", "."],
        &["merge", "no-such-run", "-o", "merged"],
        &["export", ".", "--format", "ndjson", "-o", "x.ndjson"],
        &["export", ".", "--format", "pdf", "-o", "x.pdf"],
        &["diff", "a", "b"],
        &["query", ".", "select 1"],
        &["services", "s33"],
    ];
    let sandbox = specs.iter().fold(Sandbox::new(), |sandbox, (name, text)| sandbox.file(name, text));
    // Nothing listens there: what gets as far as AWS fails at once.
    let sandbox = sandbox.aws("http://127.0.0.1:9", "AKIAIOSFODNN7EXAMPLE", "example");
    let mut all = String::new();
    for arguments in lines {
        let run = sandbox.run(arguments);
        let _ = write!(all, "$ scan {}\n{}\n", arguments.join(" "), said(&run));
    }
    assert_wording("errors", &all);
}

/// The exit code, and what stands on standard error.
fn said(run: &Finished) -> String {
    format!("exit code {}\n{}", run.code().unwrap_or(-1), run.stderr)
}

/// Compares a text with a snapshot, without what differs from run to run.
fn assert_wording(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    for (pattern, with) in [
        (r"http://127\.0\.0\.1:\d{4,}", "http://127.0.0.1:<port>"),
        (r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-2)?", "<start>"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<request id>"),
        (r"\(\d+ requests\) in [0-9.]+ (ms|s|min)", "(<count> requests) in <time>"),
        // The example is the first that came.
        (r"(for example \S+ in )\d{12}( .*:)\d{12}(:assumed-role)", "$1<account>$2<account>$3"),
        (r"the first in .*; see", "the first in <place>; see"),
        (r"/[^ ]*/\.tmp[A-Za-z0-9]+", "<folder>"),
    ] {
        settings.add_filter(pattern, with);
    }
    settings.bind(|| assert_snapshot!(name, text));
}
