//! Several names of roles, and files of accounts with separate roles and regions.

use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, Simulated, Tree};

const SHOP: &str = "310055471926";
const STAGING: &str = "416620593301";

/// The role that exists in the accounts of the simulated company.
const ROLE: &str = "OrganizationAccountAccessRole";

fn company() -> (Simulated, Sandbox) {
    let aws = Simulated::new(World::demo());
    let spec = json!([{"service": "ec2", "function": "describe_vpcs"}]);
    let sandbox = aws.sandbox().spec(&spec);
    (aws, sandbox)
}

/// Account, region and status of each line of the ledger.
fn lines(sandbox: &Sandbox) -> Vec<String> {
    let tree = Tree::open(&sandbox.path("output"), "");
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let line = |line| [word(line, "account"), word(line, "region"), word(line, "status")].join(" ");
    let mut lines: Vec<String> = tree.ledger.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn second_role_is_assumed_where_the_first_is_missing() {
    let (aws, sandbox) = company();
    let roles = ["--role-name", "AWSControlTowerExecution", "--role-name", ROLE];
    let scan = ["-s", "spec.json", "-r", "eu-west-1", "--accounts", SHOP, STAGING];
    sandbox.run([&scan[..], &roles].concat()).expect_exit(0);
    assert_eq!(lines(&sandbox), [format!("{SHOP} eu-west-1 ok"), format!("{STAGING} eu-west-1 ok")]);
    assert_eq!(attempts(&aws), 4, "both roles in each account");
    let manifest = std::fs::read_to_string(sandbox.path("output/latest/manifest.json")).expect("reads");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["settings"]["role_name"], "AWSControlTowerExecution");
    assert_eq!(manifest["settings"]["role"]["fallback_names"], json!([ROLE]));
    assert_eq!(manifest["totals"]["accounts_by_access"], json!({format!("role {ROLE}"): 2}));
}

/// `AssumeRole` requests so far, denied ones included.
fn attempts(aws: &Simulated) -> u64 {
    let requests = aws.requests().into_iter();
    requests.filter(|((.., operation), _)| operation == "AssumeRole").map(|(_, count)| count).sum()
}

#[test]
fn resume_takes_the_role_that_was_assumed() {
    let (aws, sandbox) = company();
    let roles = ["--role-name", "AWSControlTowerExecution", "--role-name", ROLE];
    let scan = ["-s", "spec.json", "-r", "eu-west-1", "--accounts", SHOP, "--run-name", "run"];
    sandbox.run([&scan[..], &roles].concat()).expect_exit(0);
    assert_eq!(attempts(&aws), 2);
    let tree = Tree::open(&sandbox.path("output"), "run");
    let arn = format!("arn:aws:iam::{SHOP}:role/{ROLE}");
    assert_eq!(tree.accounts[0]["access"], json!({"role": arn}));
    std::fs::remove_file(tree.result_path(SHOP, "eu-west-1", "ec2")).expect("removes");
    sandbox.run(["resume", "output/run"]).expect_exit(0);
    assert_eq!(attempts(&aws), 3, "the role that is missing is not tried again");
}

#[test]
fn account_without_any_of_the_roles_names_them() {
    let (_aws, sandbox) = company();
    let scan = [
        "-s",
        "spec.json",
        "-r",
        "eu-west-1",
        "--accounts",
        SHOP,
        "--role-name",
        "One",
        "--role-name",
        "Two",
    ];
    sandbox.run(scan).expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "");
    let expected = format!("cannot assume arn:aws:iam::{SHOP}:role/One or arn:aws:iam::{SHOP}:role/Two: ");
    let reason = tree.accounts[0]["no_access"].as_str().unwrap_or_default();
    assert!(reason.starts_with(&expected), "{reason}");
}

#[test]
fn accounts_file_sets_roles_and_regions() {
    let (_aws, sandbox) = company();
    let table = format!("id,role_name,regions,team\n{SHOP},{ROLE},eu-*,shop\n{STAGING},,,shop\n");
    let sandbox = sandbox.file("accounts.csv", &table);
    let scan =
        ["-s", "spec.json", "--accounts-file", "accounts.csv", "-r", "us-east-1", "--role-name", "None"];
    let run = sandbox.run(scan);
    run.expect_exit(4)
        .stderr_contains("--accounts-file accounts.csv: the column `team` is unknown and not used");
    let expected = [
        format!("{SHOP} eu-central-1 ok"),
        format!("{SHOP} eu-west-1 ok"),
        format!("{STAGING} us-east-1 denied"),
    ];
    assert_eq!(lines(&sandbox), expected);
}

#[test]
fn resume_keeps_the_settings_of_accounts() {
    let (_aws, sandbox) = company();
    let table = format!("id,role_name,regions\n{SHOP},{ROLE},eu-*\n");
    let sandbox = sandbox.file("accounts.csv", &table);
    let scan =
        ["-s", "spec.json", "--organization-scan", "--accounts-file", "accounts.csv", "--role-name", "None"];
    sandbox.run([&scan[..], &["--run-name", "run"]].concat()).expect_exit(0);
    let lost = Tree::open(&sandbox.path("output"), "run").result_path(SHOP, "eu-west-1", "ec2");
    std::fs::remove_file(&lost).expect("removes");
    std::fs::remove_file(sandbox.path("accounts.csv")).expect("removes");
    sandbox.run(["resume", "output/run"]).expect_exit(0);
    assert!(lost.exists());
    assert_eq!(lines(&sandbox).len(), 2);
    let again = [
        "-s",
        "spec.json",
        "--accounts-file",
        "output/run/accounts.json",
        "--dry-run",
        "--role-name",
        "None",
    ];
    sandbox.run(again).expect_exit(0);
}

#[test]
fn policy_allows_all_roles() {
    let (_aws, sandbox) = company();
    let run = sandbox.run([
        "policy",
        "-s",
        "spec.json",
        "--management",
        "--role-name",
        "One",
        "--role-name",
        "Two",
    ]);
    run.expect_exit(0);
    let policy: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let enter = statements.iter().find(|statement| statement["Sid"] == "EnterAccounts").expect("a statement");
    assert_eq!(enter["Resource"], json!(["arn:aws:iam::*:role/One", "arn:aws:iam::*:role/Two"]));
}

#[test]
fn policy_allows_roles_of_the_accounts_file() {
    let (_aws, sandbox) = company();
    let file = "id,role_name,role_arn,via_role\n111111111111,,,\n222222222222,Audit Reader,,\n\
                333333333333,,arn:aws:iam::333333333333:role/Own,\n\
                444444444444,Spoke,,arn:aws:iam::999999999999:role/Hub\n";
    let sandbox = sandbox.file("accounts.csv", file);
    let arguments = ["policy", "-s", "spec.json", "--management", "--accounts-file", "accounts.csv"];
    let run = sandbox.run(arguments);
    run.expect_exit(0);
    let policy: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let enter = statements.iter().find(|statement| statement["Sid"] == "EnterAccounts").expect("a statement");
    let expected = [
        "arn:aws:iam::*:role/Audit",
        "arn:aws:iam::*:role/OrganizationAccountAccessRole",
        "arn:aws:iam::*:role/Reader",
        "arn:aws:iam::333333333333:role/Own",
        "arn:aws:iam::999999999999:role/Hub",
    ];
    assert_eq!(enter["Resource"], json!(expected));
    let hub =
        "arn:aws:iam::999999999999:role/Hub needs sts:AssumeRole on arn:aws:iam::444444444444:role/Spoke";
    run.stderr_contains(hub);
}

#[test]
fn invalid_setting_of_an_account_is_an_error_before_sending() {
    let (aws, sandbox) = company();
    for (column, value, expected) in [
        ("role_name", "a/b", "line 2: invalid role name: `a/b`"),
        ("role_arn", "arn:aws:iam::416620593301:role/x", "belongs to another account"),
        ("regions", "eu_west_1", "line 2: `eu_west_1` is not a valid region name"),
        ("regions", "eu-wset-1", "`eu-wset-1` is not an AWS region; did you mean `eu-west-1`"),
        ("via_role", "Hub", "line 2: invalid role ARN: `Hub`"),
    ] {
        let file = format!("id,{column}\n{SHOP},{value}\n");
        std::fs::write(sandbox.path("accounts.csv"), file).expect("writes");
        let run = sandbox.run(["-s", "spec.json", "--accounts-file", "accounts.csv"]);
        run.expect_exit(2).stderr_contains(expected).stderr_is_for_people();
    }
    assert!(aws.requests().is_empty());
}
