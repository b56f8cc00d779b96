//! Run folders that somebody else has made: what they name leads nowhere, and what they hold is data.

use std::fs;
use std::path::Path;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::{Listener, Sandbox, Simulated};

/// Names that would lead a request to another host if they stood for a region.
const NO_REGIONS: [&str; 6] =
    ["evil.example/#", "a@169.254.169.254/", "us-east-1\r\nx: y", "us-east-1.evil.example", "", "aws-global"];

/// A finished run of one call, in `output`.
fn finished_run() -> (Simulated, Sandbox) {
    let amounts = Amounts { queues: 1, ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 1, amounts));
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    sandbox.run(["-s", "spec.json", "-r", "us-east-1"]).expect_exit(0);
    (aws, sandbox)
}

/// Changes the manifest of the run as if its plan were not done.
fn change_manifest(sandbox: &Sandbox, change: impl FnOnce(&mut Value)) {
    let path = run_in(&sandbox.path("output")).join("manifest.json");
    let mut manifest: Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
    manifest["state"] = json!("interrupted");
    change(&mut manifest);
    fs::write(path, manifest.to_string()).expect("a manifest");
}

fn forget_ledger(run: &Path) {
    fs::write(run.join("ledger.ndjson"), "").expect("a ledger");
}

#[test]
fn a_region_of_a_manifest_that_is_none_is_refused_before_anything_is_sent() {
    let (_aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    forget_ledger(&run);
    let key = Simulator::credentials();
    for name in NO_REGIONS {
        for member in ["regions", "exclude_regions"] {
            change_manifest(&sandbox, |manifest| manifest["settings"][member] = json!([name]));
            // All traffic would come here, whichever host it is for.
            let proxy = Listener::new();
            let resumer = Sandbox::new()
                .env("HTTPS_PROXY", proxy.url())
                .env("HTTP_PROXY", proxy.url())
                .env("AWS_REGION", "us-east-1")
                .env("AWS_ACCESS_KEY_ID", key.access_key_id())
                .env("AWS_SECRET_ACCESS_KEY", key.secret_access_key());
            let resumed = resumer.run(["resume", run.to_str().expect("a path")]);
            resumed.expect_exit(2).stderr_is_one_paragraph();
            resumed
                .stderr_contains("manifest.json is damaged")
                .stderr_contains("is not the name of a region");
            assert_eq!(proxy.connections(), 0, "{member} {name:?}");
            change_manifest(&sandbox, |manifest| {
                manifest["settings"]["regions"] = json!(["us-east-1"]);
                manifest["settings"]["exclude_regions"] = json!([]);
            });
        }
    }
}

#[test]
fn a_region_of_a_manifests_spec_that_is_none_is_refused_as_well() {
    let (aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    forget_ledger(&run);
    let sent = aws.requests();
    for name in NO_REGIONS {
        change_manifest(&sandbox, |manifest| {
            manifest["spec"]["document"] =
                json!([{"service": "sqs", "function": "list_queues", "regions": [name]}]);
        });
        let resumed = sandbox.run(["resume", run.to_str().expect("a path")]);
        resumed.expect_exit(2).stderr_contains("looks like `eu-central-1`");
    }
    assert_eq!(aws.requests(), sent);
}

#[test]
fn a_region_of_a_ledger_that_is_none_is_asked_nowhere() {
    let (aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    let line = fs::read_to_string(run.join("ledger.ndjson")).expect("a ledger");
    for name in NO_REGIONS {
        let mut record: Value = serde_json::from_str(line.trim()).expect("a line of JSON");
        record["region"] = json!(name);
        fs::write(run.join("ledger.ndjson"), format!("{record}\n")).expect("a ledger");
        change_manifest(&sandbox, |_| {});
        sandbox.run(["resume", run.to_str().expect("a path")]).expect_exit(0);
        let asked = aws.requests();
        let regions: Vec<&str> = asked.keys().map(|(_, region, ..)| region.as_str()).collect();
        assert!(regions.iter().all(|region| *region == "us-east-1"), "{regions:?}");
    }
}
