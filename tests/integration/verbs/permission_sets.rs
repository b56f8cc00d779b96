//! Scans as a user of IAM Identity Center: accounts, permission sets, tokens, and no secret anywhere.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aws_auto_inventory::names::AccountId;
use aws_auto_inventory::simulator::world::{Amounts, AssignedAccounts, SimulatedPermissionSet};
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Simulator, Site, World};
use serde_json::{Value, json};

use crate::faults::crash::run_of;
use crate::sandbox::outcome::run_in;
use crate::sandbox::sign_in::{CORP, LATER};
use crate::sandbox::simulated::is_call;
use crate::sandbox::{Finished, Ledger, RunOutcome, Sandbox, Simulated, Tree, files_below};

const PAYMENTS: &str = "327714509938";
const STARTUP: &str = "515230977148";
const MANAGEMENT: &str = "104205104205";
const BOTH: &str = "ReadOnlyAccess,SecurityAudit";

fn scan(sandbox: &Sandbox, sets: &str, arguments: &[&str]) -> Finished {
    let fixed = ["-s", "spec.json", "-r", "eu-central-1", "--sso-permission-set", sets];
    sandbox.run([fixed.as_slice(), arguments].concat())
}

fn small(accounts: usize) -> World {
    World::sized(accounts, 2, Amounts { queues: 2, ..Amounts::default() })
}

fn rejected() -> Behaviour {
    let message = "Session token not found or invalid";
    Behaviour::Refuse(SimulatedError::new(401, "UnauthorizedException", message))
}

#[track_caller]
fn listed<'tree>(tree: &'tree Tree, id: &str) -> &'tree Value {
    tree.accounts.iter().find(|account| account["id"] == id).expect("an account of this ID")
}

#[test]
fn accounts_are_scanned_with_first_assigned_permission_set() {
    let aws = Simulated::new(World::demo());
    let sandbox = Sandbox::signed_in(&aws);
    let run = scan(&sandbox, BOTH, &[]);
    run.expect_exit(4).stdout_contains("Found 14 accounts assigned to the user, 14 of them to scan");
    run.stdout_contains("AWSReservedSSO_ReadOnlyAccess_");
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    assert_eq!(listed(&tree, MANAGEMENT)["access"], json!({"permission_set": "ReadOnlyAccess"}));
    assert_eq!(listed(&tree, PAYMENTS)["access"], json!({"permission_set": "SecurityAudit"}));
    assert_eq!(listed(&tree, PAYMENTS)["name"], "payments-production");
    let operations: BTreeSet<String> = aws
        .requests()
        .into_keys()
        .map(|(_, _, service, operation)| format!("{service}:{operation}"))
        .collect();
    assert!(!operations.contains("sts:AssumeRole"), "{operations:?}");
    assert!(!operations.iter().any(|operation| operation.starts_with("organizations:")), "{operations:?}");
    let settings = &tree.manifest["settings"];
    let kept = json!({"names": ["ReadOnlyAccess", "SecurityAudit"], "sso_session": "corp"});
    assert_eq!(settings["permission_sets"], kept);
    assert_eq!(settings["role_name"], Value::Null);
}

#[test]
fn account_without_assignment_is_a_gap_with_a_reason() {
    let aws = Simulated::new(World::demo());
    let sandbox = Sandbox::signed_in(&aws);
    scan(&sandbox, BOTH, &[]).expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let startup = listed(&tree, STARTUP);
    assert_eq!(startup["outcome"], "not_entered");
    assert_eq!(startup["access"], Value::Null);
    let reason = startup["no_access"].as_str().expect("a reason");
    assert!(reason.contains("permission set ReadOnlyAccess or SecurityAudit"), "{reason}");
    assert!(reason.contains("ForbiddenException: No access"), "{reason}");
    let denied: Vec<&Value> = tree.ledger.iter().filter(|line| line["status"] == "denied").collect();
    assert_eq!(denied.len(), 2, "{denied:?}");
    for line in denied {
        assert_eq!((&line["account"], &line["inferred_from"]), (&json!(STARTUP), &json!("session")));
        let hint = line["hint"].as_str().expect("a hint");
        assert!(hint.contains("assign the permission set"), "{hint}");
        assert!(hint.contains("--sso-permission-set: Billing"), "{hint}");
        assert!(!hint.contains("aws sso login"), "{hint}");
    }
}

#[test]
fn accounts_are_chosen_by_id_name_and_unit() {
    let aws = Simulated::new(World::demo());
    let sandbox = Sandbox::signed_in(&aws);
    let scanned = |output: &str, arguments: &[&str]| {
        scan(&sandbox, BOTH, &[&["-o", output], arguments].concat()).expect_exit(0);
        Tree::open(&sandbox.path(output), "organization-").account_ids()
    };
    assert_eq!(scanned("some", &["--accounts", PAYMENTS]), BTreeSet::from([PAYMENTS.to_owned()]));
    assert_eq!(scanned("others", &["--exclude-accounts", STARTUP]).len(), 13);
    assert_eq!(scanned("unit", &["--ou", "Workloads/Production"]).len(), 4);
    assert!(!scanned("members", &["--skip-management", "--exclude-accounts", STARTUP]).contains(MANAGEMENT));
    let run = scan(&sandbox, BOTH, &["--accounts", "999999999999"]);
    run.expect_exit(2).stderr_contains("no permission set is assigned to the user in account 999999999999");
}

/// Organizations is read in the management account; a user without access to it gets an error before the scan.
#[test]
fn filter_by_unit_without_management_account_is_an_error() {
    let mut world = World::demo();
    let assigned = AssignedAccounts::Only(vec![AccountId::new(PAYMENTS)]);
    world.permission_sets = vec![SimulatedPermissionSet { name: "SecurityAudit".to_owned(), assigned }];
    let aws = Simulated::new(world);
    let sandbox = Sandbox::signed_in(&aws);
    let run = scan(&sandbox, "SecurityAudit", &["--ou", "Workloads"]);
    run.expect_exit(3).stderr_contains("AccessDenied");
    assert!(!sandbox.path("output").exists(), "a run was started");
}

#[test]
fn throttled_portal_is_retried_and_no_account_is_lost() {
    let aws = Simulated::new(small(30));
    let sandbox = Sandbox::signed_in(&aws);
    aws.fault(|site: &Site<'_>| {
        let throttled = SimulatedError::new(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
        (site.service == "sso" && site.count <= 2).then_some(Behaviour::Refuse(throttled))
    });
    scan(&sandbox, "ReadOnlyAccess", &["--retry-delay", "0.01"]).expect_exit(0);
    assert_eq!(Tree::open(&sandbox.path("output"), "organization-").account_ids().len(), 30);
}

#[test]
fn token_that_ends_stops_run_and_resume_completes() {
    // More accounts than are scanned at once, so that some are opened after others have finished.
    let aws = Simulated::new(small(100));
    let sandbox = Sandbox::signed_in(&aws);
    scan(&sandbox, "ReadOnlyAccess", &["-o", "undisturbed"]).expect_exit(0);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));
    let (calls, is_signed_out) = (AtomicU64::new(0), Arc::new(AtomicBool::new(true)));
    let signed_out = Arc::clone(&is_signed_out);
    aws.fault(move |site: &Site<'_>| {
        if is_call(site) {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        let is_over = calls.load(Ordering::Relaxed) >= 60 && signed_out.load(Ordering::Relaxed);
        (is_over && site.service == "sso").then(rejected)
    });
    let run = scan(&sandbox, "ReadOnlyAccess", &[]);
    run.expect_exit(3).stderr_contains("AWS rejects the token of the SSO session `corp`");
    run.stderr_contains("aws sso login --sso-session corp")
        .stderr_contains("scan resume output/organization-");
    let ledger = Ledger::read(run_of(&sandbox).as_ref());
    assert!(!ledger.0.is_empty(), "the run stopped before its first call");
    assert!(ledger.0.iter().all(|line| line["status"] == "ok"), "an account without a session has lines");
    is_signed_out.store(false, Ordering::Relaxed);
    let resumed = sandbox.run(["resume", &run_of(&sandbox)]);
    resumed.expect_exit(0).stderr_contains("--sso-permission-set ReadOnlyAccess");
    RunOutcome::read(run_of(&sandbox).as_ref()).without_attempts().expect_same(&expected.without_attempts());
}

#[test]
fn missing_or_expired_token_names_the_command() {
    let aws = Simulated::new(small(2));
    let missing =
        Sandbox::with_config(&aws, CORP).spec(&json!([{"service": "iam", "function": "list_users"}]));
    let run = scan(&missing, "ReadOnlyAccess", &[]);
    run.expect_exit(3).stderr_contains("no valid token of the SSO session `corp`");
    run.stderr_contains("aws sso login --sso-session corp");
    let expired = Sandbox::signed_in(&aws).token("corp", "an-expired-token", "2020-01-01T00:00:00Z");
    let run = scan(&expired, "ReadOnlyAccess", &[]);
    run.expect_exit(3).stderr_contains("expired").stderr_contains("aws sso login --sso-session corp");
    let revoked = Sandbox::signed_in(&aws).token("corp", "a-token-that-was-revoked", LATER);
    let run = scan(&revoked, "ReadOnlyAccess", &[]);
    run.expect_exit(3)
        .stderr_contains("UnauthorizedException")
        .stderr_contains("aws sso login --sso-session corp");
    assert!(!revoked.path("output").exists(), "a run was started");
}

/// The token is found where botocore stores it, under the name of a session or under the URL of an older profile.
#[test]
fn token_is_found_where_botocore_stores_it() {
    let aws = Simulated::new(small(2));
    let token = Simulator::bearer_token();
    let older = "[profile old]\nsso_start_url = https://blue-heron.example/start\nsso_region = us-east-1\n";
    for (config, session, arguments) in [
        (
            "[sso-session lab]\nsso_region = us-east-1\nsso_start_url = https://lab.example/start\n",
            "lab",
            [].as_slice(),
        ),
        (older, "", &["--profile", "old"]),
    ] {
        let sandbox =
            Sandbox::with_config(&aws, config).spec(&json!([{"service": "iam", "function": "list_users"}]));
        let sandbox = sandbox.token(session, token.token(), LATER);
        scan(&sandbox, "ReadOnlyAccess", arguments).expect_exit(0);
    }
}

/// The user is signed in: to sign in again would change nothing.
#[test]
fn profile_without_an_assignment_is_not_told_to_sign_in() {
    let aws = Simulated::new(small(2));
    let profile = "[profile work]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = Nope\n";
    let sandbox = Sandbox::with_config(&aws, &format!("{CORP}{profile}"));
    let sandbox = sandbox.spec(&json!([{"service": "iam", "function": "list_users"}]));
    let sandbox = sandbox.token("corp", Simulator::bearer_token().token(), LATER);
    let run = sandbox.run(["-s", "spec.json", "--profile", "work"]);
    run.expect_exit(3).stderr_contains("ForbiddenException: No access").stderr_contains("sso_role_name");
    run.stderr_is_for_people();
    assert!(!run.stderr.contains("aws sso login"), "{}", run.stderr);
}

#[test]
fn several_sessions_need_a_choice() {
    let aws = Simulated::new(small(2));
    let lab = "[sso-session lab]\nsso_region = us-east-1\nsso_start_url = https://lab.example/start\n";
    let config = format!("{CORP}{lab}[profile work]\nsso_session = corp\n");
    let token = Simulator::bearer_token();
    let sandbox =
        Sandbox::with_config(&aws, &config).spec(&json!([{"service": "iam", "function": "list_users"}]));
    let sandbox = sandbox.token("corp", token.token(), LATER);
    let run = scan(&sandbox, "ReadOnlyAccess", &[]);
    run.expect_exit(2).stderr_contains("several SSO sessions: corp, lab").stderr_contains("--sso-session");
    scan(&sandbox, "ReadOnlyAccess", &["--profile", "work", "-o", "profile"]).expect_exit(0);
    let sandbox = sandbox.env("SCAN_SSO_SESSION", "corp").env("SCAN_SSO_PERMISSION_SET", "ReadOnlyAccess");
    sandbox.run(["-s", "spec.json", "-o", "environment"]).expect_exit(0);
}

#[test]
fn unassigned_permission_set_is_an_error_with_those_assigned() {
    let aws = Simulated::new(World::demo());
    let run = scan(&Sandbox::signed_in(&aws), "PowerUser", &["--accounts", MANAGEMENT]);
    run.expect_exit(3)
        .stderr_contains("the permission set PowerUser is assigned to the user in none of 1 account");
    run.stderr_contains("--sso-permission-set: ReadOnlyAccess, Billing");
}

#[test]
fn check_shows_permission_sets_and_their_policies() {
    let aws = Simulated::new(World::demo());
    let sandbox = Sandbox::signed_in(&aws);
    let check = ["check", "-s", "spec.json", "--sso-permission-set", BOTH];
    let run = sandbox.run(check);
    run.expect_exit(4).stdout_contains("without a session policy");
    run.stdout_contains("policies in account 104205104205: arn:aws:iam::aws:policy/ReadOnlyAccess");
    run.stdout_contains("permission set ReadOnlyAccess or SecurityAudit is not assigned in 515230977148");
    run.stdout_contains("Not ready: 13 of 14 accounts passed");
    let run = sandbox.run([&check[..], &["--json"]].concat());
    let findings: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(findings["permission_sets"]["names"], json!(["ReadOnlyAccess", "SecurityAudit"]));
    let payments =
        findings["accounts"].as_array().expect("accounts").iter().find(|its| its["id"] == PAYMENTS);
    assert_eq!(payments.expect("the account")["permission_set"], "SecurityAudit");
}

#[test]
fn plan_counts_requests_of_the_portal() {
    let aws = Simulated::new(small(120));
    let run =
        Sandbox::signed_in(&aws).run(["plan", "-s", "spec.json", "--sso-permission-set", "ReadOnlyAccess"]);
    run.expect_exit(0).stdout_contains("120  sso GetRoleCredentials, one per account");
    run.stdout_contains("2  sso ListAccounts, to list the accounts");
    run.stdout_contains("limited by the IAM Identity Center quota");
}

#[test]
fn policy_of_permission_set_is_one_document_without_a_role() {
    let sandbox = Sandbox::new();
    let policy = vec!["policy", "-s", "iam", "-s", "ec2", "-r", "us-east-1", "--permission-set"];
    let run = sandbox.run(&policy);
    run.expect_exit(0);
    let document: Value = serde_json::from_str(&run.stdout).expect("one policy");
    let actions = document["Statement"][0]["Action"].as_array().expect("actions");
    assert!(actions.contains(&json!("iam:ListUsers")) && actions.contains(&json!("ec2:DescribeInstances")));
    let run = sandbox.run([policy, vec!["--role-name", "Audit"]].concat());
    run.expect_exit(2).stderr_contains("--role-name: with --permission-set, no role is assumed");
}

#[test]
fn no_token_and_no_key_is_in_output_or_files() {
    let aws = Simulated::new(World::demo());
    let sandbox = Sandbox::signed_in(&aws);
    let token = Simulator::bearer_token();
    // A server that quotes the token in its error.
    let message = format!("the token {} has no such account", token.token());
    aws.fault(move |site: &Site<'_>| {
        let quotes = site.operation == "GetRoleCredentials" && site.account.as_str() == PAYMENTS;
        quotes.then(|| Behaviour::Refuse(SimulatedError::new(400, "InvalidRequestException", &*message)))
    });
    let run = scan(&sandbox, BOTH, &["-l", "trace"]);
    run.expect_exit(4);
    let key = Simulator::credentials();
    let secrets = [token.token(), key.secret_access_key()];
    let mut texts = vec![("the terminal".to_owned(), format!("{}{}", run.stdout, run.stderr))];
    for file in files_below(&sandbox.path("output")) {
        let text = String::from_utf8_lossy(&fs::read(&file).expect("a file")).into_owned();
        texts.push((file.display().to_string(), text));
    }
    assert!(
        texts.iter().any(|(_, text)| text.contains("[redacted] has no such account")),
        "nothing quoted it"
    );
    for (place, text) in &texts {
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "a secret is in {place}");
    }
}

#[test]
fn demonstration_shows_permission_sets_without_a_sign_in() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(["demo", "--sso", "-s", "iam"]);
    run.expect_exit(0).stdout_contains("signed in to IAM Identity Center");
    assert!(!sandbox.path(".aws").exists(), "the home folder was written to");
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    assert_eq!(listed(&tree, PAYMENTS)["access"], json!({"permission_set": "SecurityAudit"}));
    sandbox.run(["demo", "--sso", "--dry-run", "-s", "iam"]).expect_exit(0);
}
