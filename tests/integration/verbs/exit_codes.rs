//! How a run ends when something is refused, and which hint its user gets.

use serde_json::{Value, json};

use crate::sandbox::{Finished, Moto, Sandbox, Tree};
use crate::verbs::organization_scan::REGIONS;

/// A sandbox with the access key of one of the guarded organization's users.
fn sandbox_of(user: &str) -> Sandbox {
    let moto = Moto::guarded();
    let key = &moto.organization.users[user];
    Sandbox::new().aws(&moto.endpoint, &key.access_key_id, &key.secret_access_key)
}

#[track_caller]
fn scan_organization(sandbox: &Sandbox) -> Finished {
    let regions = REGIONS.join(",");
    sandbox.run(["-s", "spec.json", "--organization-scan", "-r", &regions, "-o", "output"])
}

/// The account of the guarded organization with this name.
fn account(name: &str) -> String {
    let accounts = &Moto::guarded().organization.accounts;
    accounts.iter().find(|account| account.name == name).expect("an account of that name").id.clone()
}

fn instances_and_volumes() -> Value {
    json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "ec2", "function": "describe_volumes"},
    ])
}

#[test]
fn without_credentials_it_says_how_to_get_some() {
    let sandbox = Sandbox::new().spec(&instances_and_volumes()).env("AWS_REGION", "us-east-1");
    let run = scan_organization(&sandbox);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("credentials").stderr_contains("aws configure");
}

#[test]
fn a_caller_who_may_not_list_accounts_learns_what_is_needed() {
    let sandbox = sandbox_of("outsider").spec(&instances_and_volumes());
    let run = scan_organization(&sandbox);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("organizations:ListAccounts").stderr_contains("management account");
    run.stderr_contains("user/outsider");
}

/// An account whose role cannot be assumed is in the ledger, and the other accounts are complete.
#[test]
fn unassumable_role_is_in_ledger_and_others_complete() {
    let sandbox = sandbox_of("inventory")
        .spec(&json!([{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"}]));
    let run = scan_organization(&sandbox);
    run.expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let locked = account("Locked");
    for region in REGIONS {
        let tables = tree.result(&account("Open"), region, "dynamodb");
        assert_eq!(tables, json!({"list_tables": ["orders", "customers"]}));
        let lines = tree.ledger_lines(&locked, region, "dynamodb", "list_tables");
        let [line] = lines[..] else { panic!("expected one line on {locked} in {region}: {lines:?}") };
        assert_eq!(line["status"], "denied", "{line}");
        let hint = line["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("sts:AssumeRole") || hint.contains("trust policy"), "{line}");
    }
    let summary = format!("{}{}", run.stdout, run.stderr);
    assert!(summary.contains(&locked), "the summary does not name {locked}\n{}", run.report());
    assert!(!tree.result_files().iter().any(|file| file.starts_with(&locked)), "results of a locked account");
}

#[test]
fn a_denied_call_is_not_an_empty_one() {
    let sandbox = sandbox_of("inventory").spec(&instances_and_volumes());
    scan_organization(&sandbox).expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let partial = account("Partial");
    let found = tree.result(&partial, "us-east-1", "ec2");
    assert!(found.get("describe_volumes").is_none(), "a denied call has a result: {found}");
    assert_eq!(found["describe_instances"]["Reservations"], json!([]));
    let lines = tree.ledger_lines(&partial, "us-east-1", "ec2", "describe_volumes");
    let [line] = lines[..] else { panic!("expected one line: {lines:?}") };
    assert_eq!(line["status"], "denied", "{line}");
    assert!(line["message"].as_str().is_some_and(|text| text.contains("ec2:DescribeVolumes")), "{line}");
}

#[test]
fn no_secret_is_written_anywhere() {
    let sandbox = sandbox_of("inventory").spec(&instances_and_volumes());
    let regions = REGIONS.join(",");
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", &regions, "-o", "output", "-l", "debug"];
    let run = sandbox.run(arguments);
    run.expect_exit(4);
    let secret = Moto::guarded().organization.users["inventory"].secret_access_key.as_str();
    assert!(!run.report().contains(secret), "a secret on the terminal");
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    for (path, text) in tree.texts() {
        assert!(!text.contains(secret), "a secret in {}", path.display());
    }
}

#[test]
fn a_summary_that_cannot_be_written_is_no_success() {
    let sandbox = Sandbox::new();
    for command in [
        "demo -s rds -o output --run-name run --summary json",
        "query output/run --tables",
        "schema",
        "services",
        "--version",
        "--help",
        "report --help",
    ] {
        let run = sandbox.shell(&format!("scan {command} > /dev/full"));
        run.expect_exit(1).stderr_contains("cannot write to standard output: No space left on device");
    }
    sandbox.shell("scan services | head -n 1").expect_exit(0);
    sandbox.shell("scan --help | head -n 1").expect_exit(0);
}
