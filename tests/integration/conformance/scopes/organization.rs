//! What answers for the organization, and entries that name their accounts.

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::names::AccountId;
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::{RunOutcome, Sandbox, Simulated, Tree};

/// The management account of the demonstration, and a member.
const MANAGEMENT: &str = "104205104205";

/// A member of the demonstration that is active.
fn member(world: &World) -> AccountId {
    let mut members = world.accounts().iter().filter(|account| account.id.as_str() != MANAGEMENT);
    members.next().expect("a member").id.clone()
}

fn open(sandbox: &Sandbox) -> Tree {
    Tree::open(&sandbox.path("output"), "")
}

/// How many lines of each account have which status.
fn statuses(tree: &Tree) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for line in &tree.ledger {
        let key = (line["account"].as_str().unwrap_or_default(), line["status"].as_str().unwrap_or_default());
        *counts.entry((key.0.to_owned(), key.1.to_owned())).or_default() += 1;
    }
    counts
}

/// The accounts that were called for an operation.
fn asked(aws: &Simulated, operation: &str) -> Vec<String> {
    let requests = aws.requests().into_iter();
    requests.filter(|((_, _, _, its), _)| its == operation).map(|((account, ..), _)| account).collect()
}

#[test]
fn the_organization_is_read_once_and_its_members_are_no_gap() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox();
    sandbox.run(["-s", "each/organizations", "--organization-scan"]).expect_exit(0);
    let tree = open(&sandbox);
    let statuses = statuses(&tree);
    let with = |status: &str| -> BTreeSet<&str> {
        statuses.keys().filter(|key| key.1 == status).map(|key| &*key.0).collect()
    };
    let called = BTreeSet::from([MANAGEMENT]);
    assert_eq!((with("ok"), with("empty")), (called.clone(), called), "lowest units have no others below");
    assert_eq!(with("skipped").len(), 13, "every account that is scanned has its lines: {statuses:?}");
    assert_eq!(statuses.len(), 2 + 13, "{statuses:?}");
    assert!(aws.sessions().is_empty(), "no account is entered for nothing");
    let line = tree.ledger.iter().find(|line| line["status"] == "skipped").expect("a line");
    assert_eq!(
        line["message"],
        format!(
            "it returns organization-wide data and is only called in the management account {MANAGEMENT}"
        )
    );
    assert_eq!(tree.manifest["management_account"], MANAGEMENT);
}

#[test]
fn without_the_management_account_one_line_says_so() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "organizations", "function": "list_create_account_status"},
        {"service": "iam", "function": "list_account_aliases"}]);
    let sandbox = aws.sandbox().spec(&spec);
    let run = sandbox.run(["-s", "spec.json", "--organization-scan", "--skip-management"]);
    assert!(asked(&aws, "ListCreateAccountStatus").is_empty(), "{}", run.report());
    let tree = open(&sandbox);
    let lines: Vec<&Value> =
        tree.ledger.iter().filter(|line| line["function"] == "list_create_account_status").collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["account"], &lines[0]["status"]), (&json!("*"), &json!("skipped")));
    let hint = lines[0]["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("--include-management"), "{hint}");
    let nothing = sandbox.run(["-s", "each/organizations", "--organization-scan", "--skip-management"]);
    nothing.expect_exit(2).stderr_contains("nothing is left to call").stderr_contains("--include-management");
}

#[test]
fn an_entry_is_called_in_the_accounts_that_it_names() {
    let mut world = World::demo();
    let security = member(&world);
    world.delegated_administrators.push(security.clone());
    let aws = Simulated::new(world);
    for (accounts, expected) in [
        (json!("management"), MANAGEMENT),
        (json!("delegated:guardduty.amazonaws.com"), security.as_str()),
        (json!([security]), security.as_str()),
    ] {
        let spec = json!([
            {"service": "iam", "function": "list_account_aliases", "accounts": accounts}]);
        let sandbox = aws.sandbox().spec(&spec);
        sandbox.run(["-s", "spec.json", "--organization-scan"]).expect_exit(0);
        let tree = open(&sandbox);
        let called: Vec<&Value> = tree
            .ledger
            .iter()
            .filter(|line| line["status"] != "skipped")
            .map(|line| &line["account"])
            .collect();
        assert_eq!(called, [&json!(expected)], "{accounts}");
        assert_eq!(tree.ledger.len(), 14);
    }
}

#[test]
fn an_account_that_the_organization_does_not_have_is_an_error() {
    let aws = Simulated::new(World::demo());
    let spec = json!([{"service": "iam", "function": "list_account_aliases", "accounts": ["104205104206"]}]);
    let sandbox = aws.sandbox().spec(&spec);
    sandbox
        .run(["-s", "spec.json", "--organization-scan"])
        .expect_exit(2)
        .stderr_contains("account 104205104206 is not in the organization")
        .stderr_contains("did you mean `104205104205`");
}

#[test]
fn delegated_administrators_that_cannot_be_listed_are_told_once() {
    let aws = Simulated::new(World::demo());
    aws.fault(|site: &Site<'_>| {
        let denied = site.operation == "ListDelegatedAdministrators";
        denied.then(|| Behaviour::Refuse(SimulatedError::new(400, "AccessDeniedException", "no")))
    });
    let named = json!([{"service": "iam", "function": "list_account_aliases",
        "accounts": "delegated:guardduty.amazonaws.com"}]);
    let sandbox = aws.sandbox().spec(&named);
    sandbox
        .run(["-s", "spec.json", "--organization-scan"])
        .expect_exit(3)
        .stderr_contains("cannot list the delegated administrators of guardduty.amazonaws.com")
        .stderr_contains("allow organizations:ListDelegatedAdministrators");
    // What only they may call is tried with the caller's credentials, and the rest is scanned.
    let implied = json!([{"service": "guardduty", "function": "get_organization_statistics"},
        {"service": "securityhub", "function": "list_configuration_policies"}]);
    let sandbox = aws.sandbox().spec(&implied);
    let run = sandbox.run(["-s", "spec.json", "--organization-scan", "-r", "eu-west-1"]);
    run.expect_exit(0).stdout_contains("Cannot list the delegated administrators");
    assert_eq!(run.stdout.matches("Cannot list the delegated administrators").count(), 1, "{}", run.report());
    assert_eq!(asked(&aws, "GetOrganizationStatistics"), [MANAGEMENT]);
}

#[test]
fn a_plan_says_what_is_called_in_some_accounts_only() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox();
    let arguments = ["plan", "-s", "each/organizations", "--organization-scan"];
    let run = sandbox.run([arguments.as_slice(), &["--json"]].concat());
    run.expect_exit(0);
    let plan: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&plan["calls"]["total"], &plan["calls"]["per_account"]), (&json!(26), &json!(0)));
    assert_eq!((&plan["requests"]["calls"], &plan["requests"]["sessions"]), (&json!(2), &json!(0)));
    assert_eq!(plan["limited"][0]["accounts"], json!([MANAGEMENT]));
    sandbox.run(arguments).expect_exit(0).stdout_contains("organizations list_roots, in 1 of 14 accounts");
}

#[test]
fn a_members_role_needs_nothing_for_the_organization() {
    let sandbox = Sandbox::new().spec(&json!([
        {"service": "organizations", "function": "list_roots"},
        {"service": "guardduty", "function": "get_organization_statistics"},
        {"service": "sqs", "function": "list_queues"}]));
    let run = sandbox.run(["policy", "-s", "spec.json", "-r", "eu-west-1"]);
    run.expect_exit(0).stderr_contains("organizations:ListRoots");
    assert!(!run.stdout.contains("organizations:"), "{}", run.stdout);
    assert!(run.stdout.contains("sqs:ListQueues"), "{}", run.stdout);
    assert!(run.stdout.contains("guardduty:GetOrganizationStatistics"), "the administrator is a member");
    let run = sandbox.run(["policy", "-s", "spec.json", "-r", "eu-west-1", "--management"]);
    run.expect_exit(0).stdout_contains("organizations:ListRoots");
    run.stdout_contains("organizations:ListDelegatedAdministrators");
    sandbox.run(["policy", "-s", "each/organizations"]).expect_exit(2).stderr_contains("--management");
}

#[test]
fn sessions_may_do_what_is_called_in_their_accounts() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "organizations", "function": "list_roots"},
        {"service": "iam", "function": "list_account_aliases"}]);
    let sandbox = aws.sandbox().spec(&spec);
    sandbox.run(["-s", "spec.json", "--organization-scan"]);
    let sessions = aws.sessions();
    let policy = sessions.iter().find_map(|session| session.document.clone()).expect("a session policy");
    assert!(policy.contains("iam:ListAccountAliases") && !policy.contains("organizations:"), "{policy}");
}

#[test]
fn shards_leave_together_what_one_process_leaves() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "organizations", "function": "list_roots"},
        {"service": "guardduty", "function": "list_organization_admin_accounts", "accounts": "management"},
        {"service": "sts", "function": "get_caller_identity", "each": [
            {"over": ".Account", "service": "s3control", "function": "list_access_points",
             "parameters": {"AccountId": "{.}"}}]}]);
    let sandbox = aws.sandbox().spec(&spec);
    let scan = ["-s", "spec.json", "--organization-scan", "-r", "eu-west-1", "us-east-1"];
    sandbox.run([scan.as_slice(), &["--output-dir", "whole"]].concat());
    for shard in ["1/3", "2/3", "3/3"] {
        let more = ["--run-name", "together", "--shard", shard, "--output-dir", "output"];
        sandbox.run([scan.as_slice(), &more].concat());
    }
    sandbox.run(["merge", "output/together", "-o", "merged"]).expect_exit(0);
    let whole = run_in(&sandbox.path("whole"));
    RunOutcome::read(&sandbox.path("merged")).expect_same(&RunOutcome::read(&whole));
    sandbox.run(["resume", "merged"]).stdout_contains("no calls remain");
}
