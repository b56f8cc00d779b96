//! Profiles: several accounts side by side, keys in a file, and no secret anywhere.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::{Value, json};

use crate::sandbox::{Finished, Loopback, Reply, Sandbox, Simulated, Tree};

const SHOP: &str = "310055471926";
const NETWORK: &str = "205518740093";

fn role(account: &str) -> Value {
    json!({"RoleArn": format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole"),
           "RoleSessionName": "aws_inventory_session"})
}

/// A profile in AWS Inventory's form, with the simulated administrator's keys.
fn profile(name: &str, session: &Value) -> Value {
    let key = Simulator::credentials();
    json!({"name": name, "aws_access_key_id": key.access_key_id(),
           "aws_secret_access_key": key.secret_access_key(), "aws_session_token": session,
           "aws_region": "us-east-1"})
}

/// A sandbox in front of the simulated company that has no credentials but those in `profiles.json`.
fn sandbox(aws: &Simulated, profiles: &Value) -> Sandbox {
    let sandbox = Sandbox::new()
        .env("AWS_ENDPOINT_URL", aws.url())
        .spec(&json!([{"service": "iam", "function": "list_account_aliases"}]))
        .file("profiles.json", &profiles.to_string());
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(sandbox.path("profiles.json"), private).expect("permissions");
    sandbox
}

fn scan(sandbox: &Sandbox, arguments: &[&str]) -> Finished {
    sandbox.run([&["-s", "spec.json", "--profiles-file", "profiles.json"], arguments].concat())
}

fn scanned(sandbox: &Sandbox) -> BTreeSet<String> {
    let tree = Tree::open(&sandbox.path("output"), "2");
    assert!(tree.ledger.iter().all(|line| line["status"] == "ok"), "{:?}", tree.ledger);
    tree.account_ids()
}

/// The accounts of several profiles are scanned side by side, with their own credentials.
#[test]
fn profiles_are_scanned_with_own_credentials() {
    let aws = Simulated::new(World::demo());
    let profiles = json!([profile("shop", &role(SHOP)), profile("network", &role(NETWORK))]);
    let sandbox = sandbox(&aws, &profiles);
    let run = scan(&sandbox, &[]);
    run.expect_exit(0).stdout_contains(&format!("in account {SHOP}"));
    run.stdout_contains(&format!("in account {NETWORK}"));
    assert_eq!(run.stderr, "");
    assert_eq!(scanned(&sandbox), BTreeSet::from([SHOP.to_owned(), NETWORK.to_owned()]));
    let sessions: u64 = aws
        .requests()
        .into_iter()
        .filter(|((_, _, _, operation), _)| operation == "AssumeRole")
        .map(|(_, count)| count)
        .sum();
    assert_eq!(sessions, 2, "a role beside those of the profiles was assumed");
    let settings = &Tree::open(&sandbox.path("output"), "2").manifest["settings"];
    assert_eq!(settings["profiles"], json!(["shop", "network"]));
    assert_eq!(settings["profiles_file"], "profiles.json");
    assert_eq!(settings["role_name"], Value::Null);
}

#[test]
fn a_resumed_run_takes_the_profiles_that_it_began_with() {
    let aws = Simulated::new(World::demo());
    let profiles = json!({"shop": profile("", &role(SHOP)), "network": profile("", &role(NETWORK))});
    let sandbox = sandbox(&aws, &profiles);
    scan(&sandbox, &[]).expect_exit(0);
    let folder =
        std::fs::read_dir(sandbox.path("output")).expect("results").next().expect("a run").expect("a run");
    let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).expect("a manifest");
    let killed = manifest.replace("\"finished\"", "\"running\"");
    std::fs::write(folder.path().join("manifest.json"), killed).expect("a manifest");
    std::fs::write(folder.path().join("ledger.ndjson"), "").expect("a ledger");
    let run = folder.path().display().to_string();
    let one = sandbox.run(["resume", &run, "--profiles-file", "profiles.json", "--profile", "shop"]);
    one.expect_exit(3).stderr_contains(&format!("scans account {NETWORK}, but none of these profiles"));
    let without = sandbox.run(["resume", &run]);
    without.expect_exit(2).stderr_contains("add --profiles-file profiles.json, if the file is yours");
    sandbox.run(["resume", &run, "--profiles-file", "profiles.json"]).expect_exit(0);
    assert_eq!(scanned(&sandbox), BTreeSet::from([SHOP.to_owned(), NETWORK.to_owned()]));
}

#[test]
fn one_profile_of_a_file_starts_an_organization_scan() {
    let aws = Simulated::new(World::demo());
    let sandbox = sandbox(&aws, &json!([profile("admin", &Value::Null), profile("shop", &role(SHOP))]));
    let run = scan(&sandbox, &["--profile", "admin", "--organization-scan", "--accounts", SHOP, NETWORK]);
    run.expect_exit(0).stdout_contains("user/inventory-admin");
    let run = scan(&sandbox, &["--profile", "admn"]);
    run.expect_exit(2).stderr_contains("no profile `admn` in profiles.json; did you mean `admin`?");
    let run = scan(&sandbox, &["--organization-scan"]);
    run.expect_exit(2).stderr_contains("several profiles (admin, shop): --organization-scan needs");
}

#[test]
fn two_profiles_of_one_account_are_a_mistake() {
    let aws = Simulated::new(World::demo());
    let sandbox = sandbox(&aws, &json!([profile("a", &role(SHOP)), profile("b", &role(SHOP))]));
    let run = scan(&sandbox, &[]);
    run.expect_exit(2).stderr_contains(&format!("`a` and `b` belong to the same account: {SHOP}"));
    assert!(!sandbox.path("output").exists());
}

#[test]
fn shared_configuration_profiles_are_scanned_together() {
    let aws = Simulated::new(World::demo());
    let key = Simulator::credentials();
    let of_role = |name: &str, account: &str| {
        format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::{account}:role/OrganizationAccountAccessRole\n\
             role_session_name = me\nsource_profile = base\nregion = us-east-1\n"
        )
    };
    let configuration = format!(
        "[profile base]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = us-east-1\n{}{}",
        key.access_key_id(),
        key.secret_access_key(),
        of_role("shop", SHOP),
        of_role("network", NETWORK)
    );
    let sandbox = Sandbox::new().file("config", &configuration);
    let file = sandbox.path("config").display().to_string();
    let sandbox = sandbox
        .env("AWS_CONFIG_FILE", file)
        .env("AWS_ENDPOINT_URL", aws.url())
        .spec(&json!([{"service": "iam", "function": "list_account_aliases"}]));
    sandbox.run(["-s", "spec.json", "--profile", "shop", "--profile", "network"]).expect_exit(0);
    assert_eq!(scanned(&sandbox), BTreeSet::from([SHOP.to_owned(), NETWORK.to_owned()]));
    sandbox.run(["-s", "spec.json", "--profile", "shop", "--profile", "shop"]).expect_exit(2);
}

#[test]
fn a_file_that_others_can_read_brings_a_warning() {
    let aws = Simulated::new(World::demo());
    let sandbox = sandbox(&aws, &json!(profile("admin", &Value::Null)));
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(sandbox.path("profiles.json"), open).expect("permissions");
    let run = scan(&sandbox, &[]);
    run.expect_exit(0).stderr_contains("other users of this machine can read the keys in profiles.json");
    run.stderr_contains("chmod 600 profiles.json");
}

/// A role that the keys may not assume is reported with the name of the profile.
#[test]
fn role_refusing_keys_is_reported_with_profile() {
    let aws = Simulated::new(World::demo());
    // Its trust policy has no principal.
    let sandbox = sandbox(&aws, &json!(profile("startup", &role("515230977148"))));
    let run = scan(&sandbox, &[]);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("the profile `startup` of profiles.json provides no AWS credentials");
    run.stderr_contains("sts:AssumeRole");
}

const KEY: &str = "AKIAVERYSECRETKEY001";
const SECRET: &str = "secret+of+the+file/0000000000000000000000";
const TOKEN: &str = "token-of-the-file-0000000000000000000000";
const SESSION_SECRET: &str = "secret+of+the+session/00000000000000000";
const SESSION_TOKEN: &str = "token-of-the-session-0000000000000000000";

/// What STS answers, and then something that is no answer, for every request.
fn sts(with_role: bool) -> Loopback {
    let session = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAOFTHESESSION0001</AccessKeyId>\
         <SecretAccessKey>{SESSION_SECRET}</SecretAccessKey><SessionToken>{SESSION_TOKEN}</SessionToken>\
         <Expiration>2126-11-22T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::{SHOP}:\
         assumed-role/Audit/x</Arn><AssumedRoleId>AROAX:x</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>\
         </AssumeRoleResponse>"
    );
    let caller = format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::{SHOP}:assumed-role/Audit/x</Arn>\
         <UserId>AROAX:x</UserId><Account>{SHOP}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    let replies = [session, caller].into_iter().skip(usize::from(!with_role)).map(Reply::ok);
    Loopback::answering(replies.chain([Reply::new(403).body("<Error><Code>AccessDenied</Code></Error>")]))
}

/// Runs with everything logged, and ends the test when a secret is in anything that it leaves or prints.
#[track_caller]
fn expect_no_secret(session: &Value, used: &str) {
    let sts = sts(session.is_object());
    let profile =
        json!({"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "aws_session_token": session});
    let sandbox = Sandbox::new()
        .env("AWS_ENDPOINT_URL", format!("http://{}", sts.address()))
        .spec(&json!([{"service": "iam", "function": "list_users"}, {"service": "sqs", "function": "list_queues"}]))
        .file("profiles.json", &profile.to_string());
    let run = scan(&sandbox, &["-l", "trace", "-r", "us-east-1", "--max-retries", "0"]);
    run.expect_exit(4);
    let sent = format!("{:?}", sts.received());
    assert!(sent.contains(used), "{used} was not used: {sent}");
    let tree = Tree::open(&sandbox.path("output"), "2");
    let mut texts: Vec<String> = tree.texts().into_iter().map(|(_, text)| text).collect();
    assert!(
        texts.iter().any(|text| text.contains("TRACE") || text.contains("DEBUG")),
        "the log holds no details"
    );
    texts.push(run.report());
    for secret in [KEY, SECRET, TOKEN, SESSION_SECRET, SESSION_TOKEN] {
        for text in &texts {
            assert!(!text.contains(secret), "{secret} is in\n{text}");
        }
    }
}

/// No key and no token is in logs, ledger, results, manifest or errors.
#[test]
fn profile_secrets_are_in_no_output_of_run() {
    expect_no_secret(&json!(TOKEN), TOKEN);
    let role = json!({"RoleArn": format!("arn:aws:iam::{SHOP}:role/Audit"), "RoleSessionName": "me"});
    expect_no_secret(&role, SESSION_TOKEN);
}

#[test]
fn errors_about_the_file_and_its_keys_hold_no_secret() {
    let refusal = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    let sts = Loopback::answering([Reply::new(403).body(refusal)]);
    let good = json!({"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "aws_session_token": TOKEN});
    for (text, code) in [
        (good.to_string(), 3),
        (json!([KEY, SECRET]).to_string(), 2),
        (json!({"aws_access_key_id": KEY, "aws_secret_access_key": [SECRET]}).to_string(), 2),
        (format!("aws_secret_access_key = {SECRET}"), 2),
    ] {
        let sandbox = Sandbox::new()
            .env("AWS_ENDPOINT_URL", format!("http://{}", sts.address()))
            .spec(&json!([{"service": "iam", "function": "list_users"}]))
            .file("profiles.json", &text);
        let run = scan(&sandbox, &["-l", "trace"]);
        run.expect_exit(code).stderr_is_for_people().stderr_contains("profiles.json");
        for secret in [KEY, SECRET, TOKEN] {
            assert!(!run.report().contains(secret), "{}", run.report());
        }
    }
}
