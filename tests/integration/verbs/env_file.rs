//! `.env` of the current folder: what is taken from it, what is not, and what is reported of it.

use std::collections::BTreeSet;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::json;

use crate::sandbox::{Listener, Sandbox, Simulated};

/// A sandbox with a profile of its folder whose credentials come from a program that leaves a trace.
fn with_a_program_for_credentials(settings: &str) -> Sandbox {
    let program = "#!/bin/sh\ntouch executed\necho '{\"Version\": 1, \"AccessKeyId\": \"AKIAX\", \"SecretAccessKey\": \"x\"}'\n";
    let sandbox = Sandbox::new()
        .env("AWS_REGION", "us-east-1")
        .spec(&json!([{"service": "sqs", "function": "list_queues"}]))
        .file("program", program)
        .file("cfg", "[default]\ncredential_process = sh program\n")
        .file(".env", settings);
    assert!(!sandbox.path("executed").exists());
    sandbox
}

#[test]
fn a_file_of_the_folder_runs_no_program() {
    let sandbox = with_a_program_for_credentials("AWS_CONFIG_FILE=cfg\n");
    let plan = sandbox.run(["plan", "-s", "spec.json"]);
    plan.expect_exit(3).stderr_contains("Read .env; ignored without --trust-env-file: AWS_CONFIG_FILE");
    assert!(!sandbox.path("executed").exists());
}

#[test]
fn a_file_that_is_trusted_may_do_everything() {
    let aws = Listener::new();
    let settings = format!("AWS_CONFIG_FILE=cfg\nAWS_ENDPOINT_URL={}\n", aws.url());
    let sandbox = with_a_program_for_credentials(&settings);
    let plan = sandbox.run(["plan", "-s", "spec.json", "--trust-env-file"]);
    plan.expect_exit(3).stderr_contains("Read .env: AWS_CONFIG_FILE, AWS_ENDPOINT_URL\n");
    assert!(sandbox.path("executed").exists());
    assert!(aws.connections() > 0);
}

#[test]
fn a_file_of_the_folder_redirects_no_request() {
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "HTTPS_PROXY", "all_proxy", "HTTP_PROXY"] {
        let elsewhere = Listener::new();
        let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
        let sandbox = aws
            .sandbox()
            .spec(&json!([{"service": "sqs", "function": "list_queues"}]))
            .file(".env", &format!("{name}={}\n", elsewhere.url()));
        // What the environment has already wins, so that there is nothing to ignore.
        let notice = if name == "AWS_ENDPOINT_URL" { "Authenticated" } else { name };
        let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1"]);
        run.expect_exit(0);
        assert!(format!("{}{}", run.stdout, run.stderr).contains(notice), "{}", run.stderr);
        assert_eq!(elsewhere.connections(), 0, "{name}");
    }
}

#[test]
fn a_file_of_the_folder_replaces_no_catalog() {
    let sandbox = Sandbox::new().file(".env", "SCAN_CATALOG=evil.catalog\n").file("evil.catalog", "evil");
    let services = sandbox.run(["services", "sqs"]);
    services.expect_exit(0).stdout_contains("list_queues");
    services.stderr_contains("ignored without --trust-env-file: SCAN_CATALOG");
    sandbox.run(["services", "sqs", "--trust-env-file"]).expect_exit(2).stderr_contains("evil.catalog");
}

#[test]
fn keys_region_and_the_options_variables_are_taken_as_ever() {
    let aws = Simulated::new(World::sized(2, 1, Amounts { queues: 1, ..Amounts::default() }));
    let key = Simulator::credentials();
    let settings = format!(
        "AWS_ACCESS_KEY_ID={}\nAWS_SECRET_ACCESS_KEY={}\nAWS_REGION=us-east-1\nSCAN_RUN_NAME=weekly\nPORT=80\n",
        key.access_key_id(),
        key.secret_access_key()
    );
    let sandbox = Sandbox::new()
        .env("AWS_ENDPOINT_URL", aws.url())
        .spec(&json!([{"service": "sqs", "function": "list_queues"}]))
        .file(".env", &settings);
    let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1", "--organization-scan"]);
    run.expect_exit(0)
        .stderr_contains("Read .env: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, SCAN_RUN_NAME\n");
    assert!(!run.stderr.contains(key.secret_access_key()) && !run.stderr.contains(key.access_key_id()));
    assert!(sandbox.path("output/weekly/manifest.json").exists());
}

#[test]
fn for_cron_a_file_is_reported_only_where_it_wants_too_much() {
    let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    let quiet = ["-s", "spec.json", "-r", "us-east-1", "--quiet"];
    let sandbox = sandbox.file(".env", "ORG_ROLE_NAME=Audit\n");
    let run = sandbox.run(quiet);
    run.expect_exit(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let sandbox = sandbox.file(".env", "ORG_ROLE_NAME=Audit\nAWS_CA_BUNDLE=x.pem\n");
    sandbox
        .run(quiet)
        .expect_exit(0)
        .stderr_contains("ORG_ROLE_NAME; ignored without --trust-env-file: AWS_CA_");
}

#[test]
fn a_pipe_in_place_of_the_file_is_an_error_and_no_wait() {
    let sandbox = Sandbox::new();
    let run = sandbox.shell("mkfifo .env && scan services sqs");
    run.expect_exit(2).stderr_contains("cannot read .env: not a regular file");
}

#[test]
fn the_example_says_of_each_variable_whether_it_is_taken() {
    let example = include_str!("../../../.env.example");
    let (mut taken, mut marked) = (BTreeSet::new(), BTreeSet::new());
    for paragraph in example.split("\n\n") {
        let is_marked = paragraph.lines().any(|line| line.starts_with("# (*) "));
        for line in paragraph.lines() {
            let Some((name, _)) = line.strip_prefix("# ").and_then(|line| line.split_once('=')) else {
                continue;
            };
            if name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
                if is_marked { &mut marked } else { &mut taken }.insert(name.to_owned());
            }
        }
    }
    assert!(taken.len() > 12 && marked.len() > 12, "{taken:?} {marked:?}");
    for name in taken.iter().chain(&marked) {
        // What the sandbox sets itself would win.
        if matches!(name.as_str(), "AWS_EC2_METADATA_DISABLED") {
            continue;
        }
        let sandbox = Sandbox::new().file(".env", &format!("{name}=1\n"));
        let run = sandbox.run(["services", "sqs"]);
        let expected = if taken.contains(name) {
            format!("Read .env: {name}\n")
        } else {
            format!("Read .env; ignored without --trust-env-file: {name}\n")
        };
        run.expect_exit(0);
        assert_eq!(run.stderr, expected);
    }
}
