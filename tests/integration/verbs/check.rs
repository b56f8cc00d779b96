//! `scan check`: its output when all is well, and the four ways in which a setup goes wrong.

use aws_auto_inventory::names::AccountId;
use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Simulator, Site, World};
use serde_json::{Value, json};

use crate::sandbox::{Finished, Moto, Sandbox, Simulated};

const REGIONS: &str = "us-east-1,eu-central-1";

/// A sandbox with the access key of one of the guarded organization's users.
fn sandbox_of(user: &str) -> Sandbox {
    let moto = Moto::guarded();
    let key = &moto.organization.users[user];
    Sandbox::new().aws(&moto.endpoint, &key.access_key_id, &key.secret_access_key)
}

/// The account of the guarded organization with this name.
fn account(name: &str) -> &'static str {
    let accounts = &Moto::guarded().organization.accounts;
    &accounts.iter().find(|account| account.name == name).expect("an account of that name").id
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    let before = files(sandbox);
    let run = sandbox.run([&["check", "--organization-scan"], arguments].concat());
    assert_eq!(files(sandbox), before, "something was written");
    run
}

fn files(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path("")).expect("the sandbox");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[track_caller]
fn findings(run: &Finished) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{}", run.report()))
}

#[track_caller]
fn of_account<'findings>(findings: &'findings Value, id: &str) -> &'findings Value {
    let mut accounts = findings["accounts"].as_array().expect("accounts").iter();
    accounts.find(|account| account["id"] == id).unwrap_or_else(|| panic!("{id} is not in {findings}"))
}

/// The fixes that are about an account.
fn fixes<'findings>(findings: &'findings Value, id: &str) -> Vec<&'findings Value> {
    let fixes = findings["fixes"].as_array().expect("fixes").iter();
    fixes.filter(|fix| fix["accounts"].as_array().is_some_and(|ids| ids.contains(&json!(id)))).collect()
}

#[test]
fn a_setup_in_which_all_is_well_is_ready() {
    let aws = Simulated::new(World::sized(3, 2, Amounts::default()));
    let sandbox = aws.sandbox().spec(&json!([
        {"service": "sqs", "function": "list_queues"},
        {"service": "iam", "function": "list_users"},
        {"service": "iam", "function": "list_roles"},
    ]));
    let run = check(&sandbox, &["-s", "spec.json"]);
    run.expect_exit(0).stdout_contains("the caller's account is the management account");
    run.stdout_contains("Ready: all checks passed in all 3 accounts");
    let requests = aws.requests();
    let asked = |operation: &str| requests.keys().filter(|(.., asked)| asked == operation).count();
    // One call of each service, in each account.
    assert_eq!((asked("ListQueues"), asked("ListUsers"), asked("ListRoles")), (3, 3, 0));
    let findings = findings(&check(&sandbox, &["-s", "spec.json", "--json"]));
    assert_eq!(findings["ready"], true);
    assert_eq!(findings["caller_is"], "management_account");
    assert_eq!(findings["accounts"][1]["regions"], json!(["eu-central-1", "us-east-1"]));
    assert_eq!(findings["accounts"][1]["services"][0]["status"], "ok");
    assert_eq!(findings["fixes"], json!([]));
}

#[test]
fn without_a_spec_only_sessions_and_regions_are_tried() {
    let aws = Simulated::new(World::demo());
    let run = check(&aws.sandbox(), &["--ou", "Workloads/Production", "--json"]);
    run.expect_exit(0);
    let findings = findings(&run);
    assert_eq!(findings["accounts"].as_array().expect("accounts").len(), 4);
    assert_eq!(findings["not_checked"].as_array().expect("accounts").len(), 11);
    let services: Vec<String> = aws.requests().into_keys().map(|(_, _, service, _)| service).collect();
    let expected = ["sts", "organizations", "resourcegroupstaggingapi", "ec2"];
    assert!(services.iter().all(|service| expected.contains(&&**service)), "{services:?}");
}

/// Accounts that cannot be listed end the check, with the statement to add.
#[test]
fn check_without_account_list_prints_statement_to_add() {
    let run = check(&sandbox_of("outsider"), &[]);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("user/outsider is not allowed to list the accounts of the organization");
    run.stderr_contains(
        r#"{"Effect": "Allow", "Action": ["organizations:ListAccounts", "organizations:DescribeOrganization"], "Resource": "*"}"#,
    );
}

/// For a role that cannot be assumed, both halves of the permission are printed.
#[test]
fn check_prints_both_sides_of_missing_role_permission() {
    let run = check(&sandbox_of("inventory"), &["-r", REGIONS, "--json"]);
    run.expect_exit(4);
    let (findings, locked) = (findings(&run), account("Locked"));
    let found = of_account(&findings, locked);
    assert_eq!((&found["entered"], &found["refusal"]["code"]), (&json!(false), &json!("AccessDenied")));
    assert_eq!(of_account(&findings, account("Open"))["entered"], true);
    let role = format!("arn:aws:iam::{locked}:role/OrganizationAccountAccessRole");
    let caller = "arn:aws:iam::111111111111:user/inventory";
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "sts:AssumeRole"});
    let permission = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role});
    let fixes = fixes(&findings, locked);
    let [fix] = fixes[..] else { panic!("{fixes:?}") };
    let additions = json!([
        {"target": "trust_policy", "of": role, "statement": trust},
        {"target": "identity_policy", "of": caller, "statement": permission},
    ]);
    assert_eq!(fix["additions"], additions);
    let told = check(&sandbox_of("inventory"), &["-r", REGIONS]);
    told.stdout_contains("1. cannot assume role OrganizationAccountAccessRole in ");
    told.stdout_contains(&format!("Statement for the trust policy of {role}:\n     {trust}"));
    told.stdout_contains(&format!("Statement for the policies of {caller}:\n     {permission}"));
    told.stdout_contains("Not ready: 3 of 4 accounts passed");
}

/// A permission that is missing in a member account is printed as a statement.
#[test]
fn check_prints_statement_for_missing_permission() {
    let spec = json!([{"service": "ec2", "function": "describe_volumes"}, {"service": "sqs", "function": "list_queues"}]);
    let run = check(&sandbox_of("inventory").spec(&spec), &["-s", "spec.json", "-r", REGIONS, "--json"]);
    run.expect_exit(4);
    let (findings, partial) = (findings(&run), account("Partial"));
    let services = &of_account(&findings, partial)["services"];
    assert_eq!((&services[0]["status"], &services[0]["denied_by"]), (&json!("denied"), &json!("iam")));
    assert_eq!(services[1]["status"], "ok");
    let fixes = fixes(&findings, partial);
    let [fix] = fixes[..] else { panic!("{fixes:?}") };
    assert_eq!(fix["problem"], "ec2:DescribeVolumes is not allowed");
    let role = format!("arn:aws:iam::{partial}:role/OrganizationAccountAccessRole");
    let statement = json!({"Effect": "Allow", "Action": ["ec2:DescribeVolumes"], "Resource": "*"});
    let additions = json!([{"target": "identity_policy", "of": role, "statement": statement}]);
    assert_eq!(fix["additions"], additions);
}

/// A denial by a service control policy cannot be fixed with a permission.
#[test]
fn check_offers_no_permission_against_scp() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&json!([{"service": "rds", "function": "describe_db_instances"}]));
    let run = check(&sandbox, &["-s", "spec.json", "--accounts", "509984416235", "--json"]);
    run.expect_exit(4);
    let findings = findings(&run);
    let fix = &findings["fixes"][0];
    assert_eq!(
        (&fix["problem"], &fix["additions"]),
        (&json!("rds:DescribeDBInstances is not allowed"), &json!([]))
    );
    assert!(
        fix["advice"][0].as_str().is_some_and(|advice| advice.contains("service control policy")),
        "{fix}"
    );
}

/// Credentials that are missing or expired end the check, with what to do.
#[test]
fn check_without_valid_credentials_prints_fix() {
    let run = check(&Sandbox::new().env("AWS_REGION", "us-east-1"), &[]);
    run.expect_exit(3).stderr_contains("no AWS credentials found").stderr_contains("aws configure");
    let aws = Simulated::new(World::demo());
    aws.fault(|_: &Site<'_>| {
        let expired = "The security token included in the request is expired";
        Some(Behaviour::Refuse(SimulatedError::new(403, "ExpiredToken", expired)))
    });
    let run = check(&aws.sandbox(), &[]);
    run.expect_exit(3).stderr_contains("the AWS credentials have expired").stderr_contains("aws sso login");
}

#[test]
fn one_remedy_stands_for_all_accounts_that_lack_the_same() {
    let aws = Simulated::new(World::sized(40, 1, Amounts::default()));
    aws.fault(|site: &Site<'_>| {
        let message = "User: x is not authorized to perform: sqs:ListQueues because no identity-based policy \
                       allows the sqs:ListQueues action";
        let denied = || SimulatedError::new(403, "AccessDenied", message);
        (site.service == "sqs" && site.role_session).then(|| Behaviour::Refuse(denied()))
    });
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    let findings = findings(&check(&sandbox, &["-s", "spec.json", "--json"]));
    let fixes = findings["fixes"].as_array().expect("fixes");
    let [fix] = &fixes[..] else { panic!("{fixes:?}") };
    assert_eq!(fix["accounts"].as_array().expect("accounts").len(), 39);
    assert_eq!(fix["additions"][0]["of"], "arn:aws:iam::*:role/OrganizationAccountAccessRole");
    let told = check(&sandbox, &["-s", "spec.json"]);
    told.stdout_contains("and 19 more\n").stdout_contains("Not ready: 1 of 40 accounts passed");
}

/// A delegated administrator lists the organization and is not mistaken for its management account.
#[test]
fn check_accepts_delegated_administrator() {
    const AUDIT: &str = "118420336712";
    let mut world = World::demo();
    world.delegated_administrators.push(AccountId::new(AUDIT));
    let aws = Simulated::new(world);
    let key = Simulator::credentials();
    let role = format!("arn:aws:iam::{AUDIT}:role/OrganizationAccountAccessRole");
    let profile = json!({"aws_access_key_id": key.access_key_id(), "aws_secret_access_key": key.secret_access_key(),
                         "aws_session_token": {"RoleArn": role, "RoleSessionName": "me"}});
    let sandbox = Sandbox::new().env("AWS_ENDPOINT_URL", aws.url()).file("audit.json", &profile.to_string());
    let arguments = ["--profiles-file", "audit.json", "--ou", "Root/Security", "--json"];
    let run = check(&sandbox, &arguments);
    // The roles of the others trust the management account only.
    run.expect_exit(4);
    let findings = findings(&run);
    assert_eq!(findings["caller_is"], "delegated_administrator");
    assert_eq!(findings["management_account"], "104205104205");
    let own = of_account(&findings, AUDIT);
    assert_eq!((&own["role"], &own["entered"]), (&Value::Null, &json!(true)));
    let others = &fixes(&findings, "112233105501")[0]["additions"];
    let caller = format!("arn:aws:iam::{AUDIT}:role/OrganizationAccountAccessRole");
    assert_eq!(others[0]["statement"]["Principal"], json!({"AWS": caller}));
    // Another member may not list them.
    let other = profile.to_string().replace(AUDIT, "205518740093");
    let sandbox = sandbox.file("audit.json", &other);
    let run = check(&sandbox, &arguments);
    run.expect_exit(3).stderr_contains("account 205518740093, which is a member");
    run.stderr_contains("management account 104205104205").stderr_contains("delegated administrator");
}

#[test]
fn a_scan_of_the_callers_account_alone_is_checked_as_well() {
    let aws = Simulated::new(World::demo());
    let run = aws.sandbox().run(["check"]);
    run.expect_exit(0).stdout_contains("the caller's account is the management account");
    run.stdout_contains("Ready: all checks passed");
}
