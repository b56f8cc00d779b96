//! `--expect-account`: a scan of another account is not started.

use aws_auto_inventory::simulator::World;
use serde_json::json;

use crate::sandbox::{Sandbox, Simulated, Tree};

const MANAGEMENT: &str = "104205104205";
const OTHER: &str = "310055471926";

fn sandbox(aws: &Simulated) -> Sandbox {
    aws.sandbox().spec(&json!([{"service": "iam", "function": "list_account_aliases"}]))
}

#[test]
fn scan_of_other_account_is_refused_before_it_starts() {
    let aws = Simulated::new(World::demo());
    for more in [&[][..], &["--organization-scan"]] {
        let run = sandbox(&aws).run([&["-s", "spec.json", "--expect-account", OTHER], more].concat());
        run.expect_exit(3).stderr_contains(&format!(", not to {OTHER}")).stderr_contains("--expect-account");
    }
    let run = sandbox(&aws).env("SCAN_EXPECT_ACCOUNT", OTHER).run(["check", "-s", "spec.json"]);
    run.expect_exit(3).stderr_contains(&format!(", not to {OTHER}"));
    let sent = aws.requests();
    let operations: Vec<_> = sent.iter().map(|((_, _, _, operation), _)| operation.as_str()).collect();
    assert!(
        !operations.is_empty() && operations.iter().all(|name| *name == "GetCallerIdentity"),
        "{operations:?}"
    );
}

#[test]
fn expected_account_is_scanned_and_kept_for_resume() {
    let aws = Simulated::new(World::demo());
    let sandbox = sandbox(&aws).env("SCAN_EXPECT_ACCOUNT", "");
    let expected = format!("{OTHER},{MANAGEMENT}");
    sandbox.run(["-s", "spec.json", "--expect-account", &expected]).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "2");
    assert_eq!(tree.manifest["settings"]["expected_accounts"], json!([OTHER, MANAGEMENT]));
    let folder = std::fs::read_dir(sandbox.path("output")).expect("results").next().expect("a run");
    let folder = folder.expect("a run").path();
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let killed = manifest
        .replace("\"finished\"", "\"running\"")
        .replace(&format!("\"{MANAGEMENT}\"\n"), "\"999999999999\"\n");
    std::fs::write(folder.join("manifest.json"), killed).expect("a manifest");
    std::fs::write(folder.join("ledger.ndjson"), "").expect("a ledger");
    let run = folder.display().to_string();
    let refused = sandbox.run(["resume", &run]);
    refused.expect_exit(3).stderr_contains(&format!(", not to {OTHER} or 999999999999"));
    sandbox.run(["resume", &run, "--expect-account", MANAGEMENT]).expect_exit(0);
}

#[test]
fn unusable_expected_account_is_rejected() {
    let run = Sandbox::new().run(["-s", "s3", "--expect-account", "production"]);
    run.expect_exit(2).stderr_contains("--expect-account: `production` is not an account ID");
    let run = Sandbox::new().run(["resume", "output/x", "--expect-account", "1"]);
    run.expect_exit(2).stderr_contains("--expect-account: `1` is not an account ID");
    let run =
        Sandbox::new().run(["-s", "s3", "--sso-permission-set", "ReadOnly", "--expect-account", MANAGEMENT]);
    run.expect_exit(2).stderr_contains("--sso-permission-set scans all accounts of the user");
}
