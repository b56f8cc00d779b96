//! Mistakes that can be seen before anything is sent: each is explained, and costs no network call.

use serde_json::{Value, json};

use crate::sandbox::{Finished, Listener, Sandbox};

/// Runs the program where AWS is a listener that counts connections, and expects a refusal without any.
#[track_caller]
fn refused<'a>(sandbox: Sandbox, arguments: impl IntoIterator<Item = &'a str>) -> Finished {
    let listener = Listener::new();
    let sandbox = sandbox.aws(&listener.url(), "AKIAEXAMPLE", "example");
    let run = sandbox.run(arguments);
    let connections = listener.connections();
    run.expect_exit(2).stderr_is_for_people();
    assert_eq!(connections, 0, "AWS was called before the mistake was reported\n{}", run.report());
    run
}

/// Runs the program with a spec that has a mistake.
#[track_caller]
fn refused_spec(spec: &Value) -> Finished {
    let run = refused(Sandbox::new().spec(spec), ["-s", "spec.json", "-r", "us-east-1", "-o", "output"]);
    run.stderr_contains("spec.json").stderr_is_one_paragraph();
    run
}

#[test]
fn an_unknown_service_is_named_with_the_nearest_one() {
    let run = refused_spec(&json!([{"service": "dynamod", "function": "list_tables"}]));
    run.stderr_contains("`dynamod`").stderr_contains("`dynamodb`");
}

#[test]
fn an_unknown_function_is_named_with_the_nearest_one() {
    let run = refused_spec(&json!([{"service": "s3", "function": "list_bucket"}]));
    run.stderr_contains("`list_bucket`").stderr_contains("`list_buckets`");
}

#[test]
fn a_function_that_changes_something_is_refused() {
    let run = refused_spec(&json!([
        {"service": "s3", "function": "list_buckets"},
        {"service": "s3", "function": "delete_bucket", "parameters": {"Bucket": "logs"}},
    ]));
    run.stderr_contains("delete_bucket").stderr_contains("read");
}

#[test]
fn an_unknown_parameter_is_named_with_the_nearest_one() {
    let run = refused_spec(&json!([
        {"service": "ec2", "function": "describe_instances", "parameters": {"Filter": []}},
    ]));
    run.stderr_contains("Filter").stderr_contains("`Filters`");
}

#[test]
fn a_parameter_inside_a_parameter_is_named_by_its_path() {
    let run = refused_spec(&json!([
        {"service": "ec2", "function": "describe_instances", "parameters": {"Filters": [{"Nam": "vpc-id"}]}},
    ]));
    run.stderr_contains("Filters[0].Nam").stderr_contains("`Name`");
}

#[test]
fn a_parameter_of_the_wrong_type_is_told_what_it_should_be() {
    let run = refused_spec(&json!([
        {"service": "ec2", "function": "describe_instances", "parameters": {"Filters": "running"}},
    ]));
    run.stderr_contains("Filters").stderr_contains("list");
}

#[test]
fn an_unknown_result_key_is_named_with_the_nearest_one() {
    let run = refused_spec(&json!([
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservation"},
    ]));
    run.stderr_contains("`Reservation`").stderr_contains("`Reservations`");
}

#[test]
fn a_broken_filter_is_shown() {
    let run = refused_spec(&json!([
        {"service": "ec2", "function": "describe_instances", "result_key": ".Reservations[] | ["},
    ]));
    run.stderr_contains("entry 1").stderr_contains(".Reservations[] | [");
}

#[test]
fn broken_json_is_located() {
    let sandbox = Sandbox::new().file("spec.json", "[\n  {\"service\": \"s3\",\n]");
    let run = refused(sandbox, ["-s", "spec.json", "-r", "us-east-1"]);
    run.stderr_contains("spec.json:3:1");
}

#[test]
fn a_spec_that_asks_for_nothing_is_refused() {
    refused_spec(&json!([]));
    let refused = refused_spec(&json!([{"service": "sts", "function": "get_session_token"}]));
    refused.stderr_contains("get_session_token");
}

#[test]
fn an_unknown_region_is_named_with_the_nearest_one() {
    let spec = json!([{"service": "s3", "function": "list_buckets"}]);
    let run = refused(Sandbox::new().spec(&spec), ["-s", "spec.json", "-r", "us-est-1"]);
    run.stderr_contains("`us-est-1`").stderr_contains("`us-east-1`");
}

#[test]
fn a_missing_file_is_named() {
    let run = refused(Sandbox::new(), ["-s", "no-such-spec.json", "-r", "us-east-1"]);
    run.stderr_contains("no-such-spec.json");
}

#[test]
fn a_url_that_cannot_be_reached_is_named() {
    // A port that was free a moment ago, without a listener.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/spec.json", listener.local_addr().unwrap());
    drop(listener);
    let run = refused(Sandbox::new(), ["-s", &url, "-r", "us-east-1"]);
    run.stderr_contains(&url);
}

#[test]
fn a_plan_is_refused_for_the_same_mistakes_as_a_scan() {
    let spec = json!([{"service": "s3", "function": "list_bucket"}]);
    for verb in [["plan", "--json"].as_slice(), &["plan"], &["--dry-run"]] {
        let arguments = verb.iter().copied().chain(["-s", "spec.json", "-r", "us-east-1"]);
        let run = refused(Sandbox::new().spec(&spec), arguments);
        run.stderr_contains("`list_buckets`").stderr_is_one_paragraph();
        assert_eq!(run.stdout, "", "standard output may be read by a program");
    }
}

#[test]
fn a_plan_of_no_spec_is_told_what_to_type() {
    refused(Sandbox::new(), ["plan"]).stderr_contains("scan -s s3.json --organization-scan");
}

#[test]
fn an_unknown_option_is_named_with_the_nearest_one() {
    let run = refused(Sandbox::new(), ["--organisation-scan"]);
    run.stderr_contains("--organisation-scan").stderr_contains("--organization-scan");
}
