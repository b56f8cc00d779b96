//! What `scan policy` prints is enough, and none of it is too much: moto enforces it.
//!
//! moto names an action by the name that signs the request and the operation, where AWS has other names
//! for some; the calls here are such as have the same in both. It checks neither session policies nor the
//! trust of roles in other accounts.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::{Finished, Ledger, Moto, Sandbox};

const REGION: &str = "us-east-1";
const ROLE: [&str; 4] = ["--role-name", "Reader", "--role-path", "/audit/"];

/// Calls, and the action that each needs.
const CALLS: [(&str, &str, &str); 9] = [
    ("dynamodb", "list_tables", "dynamodb:ListTables"),
    ("dynamodb", "describe_table", "dynamodb:DescribeTable"),
    ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
    ("ec2", "describe_volumes", "ec2:DescribeVolumes"),
    ("elbv2", "describe_load_balancers", "elasticloadbalancing:DescribeLoadBalancers"),
    ("iam", "list_roles", "iam:ListRoles"),
    ("kms", "list_keys", "kms:ListKeys"),
    ("sns", "list_topics", "sns:ListTopics"),
    ("sqs", "list_queues", "sqs:ListQueues"),
];

/// All of them; one is made for each item of another.
fn spec() -> Value {
    let mut calls: Vec<Value> = CALLS
        .iter()
        .filter(|(_, function, _)| *function != "describe_table")
        .map(|(service, function, _)| json!({"service": service, "function": function}))
        .collect();
    calls[0]["each"] = json!([
        {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}},
    ]);
    calls.into()
}

/// What `scan policy` prints with these arguments.
#[track_caller]
fn policy(arguments: &[&str]) -> Value {
    let run = Sandbox::new().spec(&spec()).run(["policy"].iter().chain(arguments));
    run.expect_exit(0);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// An organization whose roles and users have the printed policies, and others that lack an action each.
fn organization() -> &'static Moto {
    static PERMITTED: OnceLock<Moto> = OnceLock::new();
    PERMITTED.get_or_init(|| {
        let request = json!({
            "member": policy(&["-s", "spec.json", "-r", REGION]),
            "management": policy(&[&["-s", "spec.json", "-r", REGION, "--management"], &ROLE[..]].concat()),
            "trust": policy(&[&["--trust", "--principal", "111111111111"], &ROLE[..]].concat()),
        });
        Moto::seeded_with("permitted.py", &request)
    })
}

/// Scans the organization in the name of one of its users.
#[track_caller]
fn scan(user: &str) -> (Finished, Sandbox) {
    let moto = organization();
    let key = &moto.organization.users[user];
    let sandbox =
        Sandbox::new().spec(&spec()).aws(&moto.endpoint, &key.access_key_id, &key.secret_access_key);
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", REGION, "-o", "output"];
    let run = sandbox.run(arguments.iter().chain(&ROLE));
    (run, sandbox)
}

/// With the printed policies every call succeeds; without any one action, its call is denied.
#[test]
fn printed_policy_is_sufficient_and_minimal() {
    let (run, sandbox) = scan("inventory");
    // Of every role but that of one account an action is missing.
    run.expect_exit(4);
    let ledger = Ledger::read(&run_in(&sandbox.path("output")));
    let printed = policy(&["-s", "spec.json", "-r", REGION]);
    let actions = printed["Statement"][0]["Action"].as_array().expect("actions");
    let mut expected: Vec<&str> = CALLS.iter().map(|(_, _, action)| *action).collect();
    expected.sort_unstable();
    assert_eq!(*actions, expected);
    for account in &organization().organization.accounts {
        let denied = ledger.with(&json!({"account": account.id, "status": "denied"}));
        let Some((service, function, _)) = CALLS.iter().find(|(_, _, action)| *action == account.name) else {
            assert!(denied.is_empty(), "{}: {denied:#?}", account.name);
            continue;
        };
        // A call for each item has a line for the item beside its own.
        assert!(!denied.is_empty(), "{}", account.name);
        for line in denied {
            assert_eq!((&line["service"], &line["function"]), (&json!(service), &json!(function)));
            let hint = line["hint"].as_str().expect("a hint");
            assert!(hint.contains(&account.name), "the hint does not name the action: {hint}");
        }
    }
    let complete = organization().organization.accounts.iter().filter(|account| !account.name.contains(':'));
    for account in complete {
        for (service, function, _) in CALLS {
            // In the management account there is no table to describe.
            let call = json!({"account": account.id, "service": service, "function": function});
            let lines = ledger.with(&call);
            let is_answered = |line: &&&Value| matches!(line["status"].as_str(), Some("ok" | "empty"));
            assert!(lines.iter().all(|line| is_answered(&line)), "{lines:#?}");
        }
    }
}

#[test]
fn the_caller_needs_every_action_of_the_printed_policy() {
    let (run, _) = scan("organizations:ListAccounts");
    run.expect_exit(3).stderr_contains("organizations:ListAccounts");
    let (run, sandbox) = scan("sts:AssumeRole");
    run.expect_exit(4);
    let ledger = Ledger::read(&run_in(&sandbox.path("output")));
    let management = &organization().organization.management_account;
    for line in ledger.with(&json!({"status": "denied"})) {
        assert_ne!(line["account"], **management, "{line:#}");
        assert!(line["hint"].as_str().is_some_and(|hint| hint.contains("sts:AssumeRole")), "{line:#}");
    }
    assert!(!ledger.with(&json!({"account": management, "status": "empty"})).is_empty());
    // Only the organization's id is missing.
    let (run, _) = scan("organizations:DescribeOrganization");
    run.expect_exit(4).stdout_contains("11 of them to scan");
}

/// Without one of the optional actions, the detail that needs it is unknown, and a warning names the action.
#[test]
fn details_of_accounts_need_their_statement() {
    let (run, _) = scan("inventory");
    assert!(!run.stderr.contains("of the accounts are unknown"), "{}", run.report());
    for (action, detail) in [
        ("organizations:ListRoots", "organizational units"),
        ("organizations:ListOrganizationalUnitsForParent", "organizational units"),
        ("organizations:ListAccountsForParent", "organizational units"),
        ("organizations:ListTagsForResource", "tags"),
    ] {
        let (run, _) = scan(action);
        let warning = format!("the {detail} of the accounts are unknown; they need ");
        let line = run.stderr.lines().find(|line| line.contains(&warning));
        assert!(line.is_some_and(|line| line.contains(action)), "{action}: {}", run.report());
    }
}
