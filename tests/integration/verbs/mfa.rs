//! Users who sign in with the code of an MFA device.

use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, Simulated, Tree, on_terminal};

const SHOP: &str = "310055471926";
const DEVICE: &str = "arn:aws:iam::104205104205:mfa/inventory-admin";
const SCAN: [&str; 6] = ["-s", "spec.json", "-r", "eu-west-1", "--accounts", SHOP];

/// A company whose roles require MFA.
fn company() -> (Simulated, Sandbox) {
    let mut world = World::demo();
    world.requires_mfa = true;
    let aws = Simulated::new(world);
    let sandbox = aws.sandbox().spec(&spec());
    (aws, sandbox)
}

fn spec() -> Value {
    json!([{"service": "ec2", "function": "describe_vpcs"}])
}

#[test]
fn role_that_requires_mfa_is_assumed_from_the_session_of_a_user() {
    let (_aws, sandbox) = company();
    sandbox.run([&SCAN[..], &["-o", "denied"]].concat()).expect_exit(4);
    let options = ["--mfa-serial", DEVICE, "--mfa-code", "123456", "--run-name", "run"];
    sandbox.run([&SCAN[..], &options].concat()).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "run");
    assert_eq!(tree.ledger_lines(SHOP, "eu-west-1", "ec2", "describe_vpcs")[0]["status"], "ok");
    for (path, text) in tree.texts() {
        assert!(!text.contains("123456"), "{} has the code", path.display());
    }
    std::fs::remove_file(tree.result_path(SHOP, "eu-west-1", "ec2")).expect("removes");
    sandbox.run([&["resume", "output/run"][..], &options[..4]].concat()).expect_exit(0);
}

#[test]
fn profile_with_a_device_needs_a_code_or_a_terminal() {
    let (aws, sandbox) = company();
    let role = format!("arn:aws:iam::{SHOP}:role/OrganizationAccountAccessRole");
    let config = format!(
        "[profile shop]\nrole_arn = {role}\nsource_profile = me\nmfa_serial = {DEVICE}\n\
         [profile me]\naws_access_key_id = AKIASIMULATEDEXAMPLE\naws_secret_access_key = secret\n"
    );
    let sandbox = sandbox.file("config", &config);
    let path = sandbox.path("config");
    let sandbox = sandbox.env("AWS_CONFIG_FILE", path.to_string_lossy());
    let scan = ["-s", "spec.json", "-r", "eu-west-1", "--profile", "shop"];
    let run = sandbox.run(scan);
    run.expect_exit(3).stderr_contains(DEVICE).stderr_contains("--mfa-code").stderr_is_for_people();
    assert!(aws.requests().is_empty());
    sandbox.run([&scan[..], &["--mfa-code", "123456"]].concat()).expect_exit(0);
    let accounts = Tree::open(&sandbox.path("output"), "").account_ids();
    assert!(accounts.iter().eq([SHOP]));
}

/// The code is entered after the question, and the roles of the accounts are assumed from the one session.
#[test]
fn code_is_entered_on_terminal() {
    let (aws, sandbox) = company();
    let command = [&SCAN[..], &["--mfa-serial", DEVICE, "--run-name", "run"]].concat().join(" ");
    let run = on_terminal(&sandbox.env("TYPED", "123456"), 100, &command);
    assert_eq!(run.code, 0, "{}", run.shown);
    assert!(run.shown.contains(&format!("Code of the MFA device {DEVICE}: ")), "{}", run.shown);
    let run = on_terminal(&aws.sandbox().spec(&spec()).env("TYPED", "12345"), 100, &command);
    assert_eq!(run.code, 3, "{}", run.shown);
    assert!(run.shown.contains("has six digits"), "{}", run.shown);
}

#[test]
fn rejected_code_ends_the_scan_with_the_right_hint() {
    let (_aws, sandbox) = company();
    for (serial, code, expected) in [
        (DEVICE, "000000", "run again with the next code of the device"),
        ("arn:aws:iam::104205104205:mfa/someone", "123456", "aws iam list-mfa-devices"),
    ] {
        let options = ["--mfa-serial", serial, "--mfa-code", code];
        let run = sandbox.run([&SCAN[..], &options].concat());
        run.expect_exit(3).stderr_contains(expected).stderr_is_for_people();
    }
}

#[test]
fn invalid_mfa_options_are_errors_before_sending() {
    let (aws, sandbox) = company();
    for (options, expected) in [
        (&["--mfa-serial", "alice"][..], "--mfa-serial: `alice` is not an MFA device"),
        (&["--mfa-serial", DEVICE, "--mfa-code", "12345"], "six digits"),
        (&["--mfa-code", "123456"], "no MFA device is known"),
        (&["--mfa-serial", DEVICE, "--profile", "a", "--profile", "b"], "several profiles are given"),
        (&["--mfa-serial", DEVICE, "--sso-permission-set", "Audit"], "with --sso-permission-set"),
    ] {
        sandbox.run([&["-s", "spec.json"], options].concat()).expect_exit(2).stderr_contains(expected);
    }
    assert!(aws.requests().is_empty());
}
