//! Role sessions may do what the plan needs and nothing else, and are opened according to the options.

use std::fs;

use aws_auto_inventory::plan::spec::BUILT_IN;
use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::{Ledger, Sandbox, Simulated};

/// The management account and one member.
fn two_accounts() -> Simulated {
    Simulated::new(World::sized(2, 2, Amounts::default()))
}

#[track_caller]
fn scan(sandbox: &Sandbox, spec: &str, options: &[&str], exit: i32) -> Ledger {
    let _ = fs::remove_dir_all(sandbox.path("output"));
    let arguments = ["-s", spec, "--organization-scan", "-o", "output"];
    sandbox.run(arguments.iter().chain(options)).expect_exit(exit);
    Ledger::read(&run_in(&sandbox.path("output")))
}

#[test]
fn the_policy_of_each_sample_suffices_for_all_of_its_calls() {
    let simulated = two_accounts();
    let sandbox = simulated.sandbox();
    for spec in BUILT_IN {
        let ledger = scan(&sandbox, spec.name, &[], 0);
        let denied = ledger.with(&json!({"denied_by": "session_policy"}));
        assert!(denied.is_empty(), "{}: {denied:#?}", spec.name);
        assert!(!ledger.0.is_empty(), "{}", spec.name);
    }
    for session in simulated.sessions() {
        let document = session.document.expect("every session has a policy");
        assert!(session.managed.is_empty() && document.contains("Allow"), "{document}");
    }
}

/// A plan that is too large for a session policy is scanned with read-only access.
#[test]
fn oversized_session_policy_becomes_read_only_access() {
    let simulated = two_accounts();
    let sandbox = simulated.sandbox();
    sandbox.run(["spec", "ec2", "iam", "glue", "sagemaker", "-o", "spec.json"]).expect_exit(0);
    let spec: Vec<Value> =
        serde_json::from_slice(&fs::read(sandbox.path("spec.json")).expect("a spec")).expect("JSON");
    assert!(spec.len() > 150, "{}", spec.len());
    let ledger = scan(&sandbox, "spec.json", &["-r", "us-east-1"], 0);
    assert!(ledger.with(&json!({"status": "denied"})).is_empty());
    let sessions = simulated.sessions();
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    assert_eq!(sessions[0].managed, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    let document = sessions[0].document.as_deref().expect("a document");
    assert!(document.contains("Deny") && !document.contains("Allow"), "{document}");
    assert!(document.contains("secretsmanager:*") && document.contains("ec2:GetP*"), "{document}");
}

/// A call that the session policy does not allow is denied by it, and the hint names what helps.
#[test]
fn call_outside_session_policy_is_denied_with_hint() {
    let simulated = two_accounts();
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["ec2:DescribeInstances"], "Resource": "*"},
    ]});
    let sandbox = simulated.sandbox().file("narrow.json", &format!("{policy:#}")).spec(&json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "ec2", "function": "describe_volumes"},
    ]));
    let options = ["--session-policy", "narrow.json", "-r", "us-east-1"];
    let ledger = scan(&sandbox, "spec.json", &options, 4);
    let denied = ledger.with(&json!({"status": "denied"}));
    let [line] = denied[..] else { panic!("{denied:#?}") };
    assert_eq!(
        (&line["function"], &line["denied_by"]),
        (&json!("describe_volumes"), &json!("session_policy"))
    );
    let message = line["message"].as_str().expect("a message");
    assert!(message.contains("because no session policy allows the ec2:DescribeVolumes action"), "{message}");
    let hint = line["hint"].as_str().expect("a hint");
    assert!(hint.contains("--session-policy") && hint.contains("scan policy"), "{hint}");
    assert_eq!(simulated.sessions()[0].document, Some(policy.to_string()), "sent without white space");
}

/// Every option of the role reaches STS, and a resumed run uses them again.
#[test]
fn role_options_reach_sts_and_are_used_by_resume() {
    let simulated = two_accounts();
    let policy = json!({"Statement": [{"Effect": "Allow", "Action": ["sqs:*"], "Resource": "*"}]});
    let sandbox = simulated
        .sandbox()
        .file("policy.json", &policy.to_string())
        .spec(&json!([{"service": "ec2", "function": "describe_volumes"}]));
    let options = [
        "-r",
        "us-east-1",
        "--session-policy",
        "policy.json",
        "--session-tag",
        "team=audit",
        "--session-tag",
        "run=7",
        "--source-identity",
        "alice",
        "--external-id",
        "x-1",
        "--role-session-name",
        "nightly",
        "--duration",
        "2h",
        "--role-path",
        "/audit/",
    ];
    scan(&sandbox, "spec.json", &options, 4);
    let asked = simulated.sessions();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let session = &asked[0];
    assert_eq!(session.document, Some(policy.to_string()));
    assert_eq!(session.session_name, "nightly");
    assert_eq!(
        session.tags,
        [("run", "7"), ("team", "audit")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    );
    assert_eq!(session.source_identity.as_deref(), Some("alice"));
    assert_eq!(session.external_id.as_deref(), Some("x-1"));
    assert_eq!(session.duration.as_deref(), Some("7200"));

    // The policy's file is not read again.
    fs::remove_file(sandbox.path("policy.json")).expect("a file");
    let before = assumed(&simulated);
    let folder = run_in(&sandbox.path("output"));
    sandbox.run(["resume", "--retry-failed", &folder.display().to_string()]).expect_exit(4);
    assert!(assumed(&simulated) > before, "the resumed run opened no session");
    assert_eq!(simulated.sessions(), asked, "the resumed run opened another session");
}

/// How many sessions were opened.
fn assumed(simulated: &Simulated) -> u64 {
    let requests = simulated.requests().into_iter();
    requests.filter(|((_, _, _, operation), _)| operation == "AssumeRole").map(|(_, count)| count).sum()
}

#[test]
fn without_a_session_policy_a_session_may_do_what_its_role_may() {
    let simulated = two_accounts();
    let sandbox = simulated.sandbox();
    scan(&sandbox, "s3_buckets", &["--session-policy", "none"], 0);
    assert_eq!(simulated.sessions()[0].document, None);
    let managed = "arn:aws:iam::aws:policy/SecurityAudit";
    scan(&sandbox, "s3_buckets", &["--session-policy", managed], 0);
    assert!(simulated.sessions().iter().any(|session| session.managed == [managed]));
}

/// A role setting that AWS would refuse is an error before anything is sent.
#[test]
fn invalid_role_setting_is_error_before_sending() {
    let simulated = two_accounts();
    let sandbox = simulated.sandbox().file("bad.json", "{}");
    for (options, expected) in [
        (["--duration", "5m"], "invalid duration of a role session: 300 seconds"),
        (["--duration", "soon"], "900, 45m, 2h"),
        (["--session-tag", "team"], "key=value"),
        (["--session-tag", "aws:x=1"], "session tag: `aws:x`"),
        (["--external-id", "a b"], "external ID"),
        (["--source-identity", "x"], "source identity"),
        (["--role-session-name", "x"], "session name"),
        (["--role-path", "audit"], "invalid role path"),
        (["--role-arn-template", "arn:aws:iam::1:role/x"], "template of a role ARN"),
        (["--via-role", "Hub"], "invalid role ARN"),
        (["--session-policy", "missing.json"], "cannot read missing.json"),
        (["--session-policy", "bad.json"], "has no `Statement`"),
        (["--session-policy", "arn:aws:s3:::x"], "not the ARN of a managed policy"),
    ] {
        let arguments = ["-s", "s3_buckets", "--organization-scan", "-o", "output"];
        let run = sandbox.run(arguments.iter().chain(&options));
        run.expect_exit(2).stderr_contains(expected).stderr_is_one_paragraph();
    }
    assert_eq!(simulated.requests().len(), 0, "something was sent");
}
