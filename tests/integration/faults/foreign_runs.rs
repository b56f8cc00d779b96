//! Run folders from elsewhere: what they name leads nowhere, and what they hold is data.

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

/// A manifest with an invalid region is refused before anything is sent.
#[test]
fn manifest_with_invalid_region_is_refused_before_sending() {
    let (_aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    forget_ledger(&run);
    let key = Simulator::credentials();
    for name in NO_REGIONS {
        for member in ["regions", "exclude_regions"] {
            change_manifest(&sandbox, |manifest| manifest["settings"][member] = json!([name]));
            // All traffic would come here, whichever host it is for.
            let proxy = Listener::new();
            let victim = Sandbox::new()
                .env("HTTPS_PROXY", proxy.url())
                .env("HTTP_PROXY", proxy.url())
                .env("AWS_REGION", "us-east-1")
                .env("AWS_ACCESS_KEY_ID", key.access_key_id())
                .env("AWS_SECRET_ACCESS_KEY", key.secret_access_key());
            let resumed = victim.run(["resume", run.to_str().expect("a path")]);
            resumed.expect_exit(2).stderr_is_one_paragraph();
            resumed.stderr_contains("manifest.json is damaged").stderr_contains("is not a valid region name");
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

/// Replaces a file of a folder by a pipe without a writer.
fn pipe(path: &Path) {
    fs::remove_file(path).expect("a file");
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}

#[test]
fn a_pipe_in_a_run_is_waited_for_by_no_verb() {
    for file in ["manifest.json", "accounts.json", "ledger.ndjson"] {
        let (_aws, sandbox) = finished_run();
        let run = run_in(&sandbox.path("output"));
        pipe(&run.join(file));
        let run = run.to_str().expect("a path");
        let other = sandbox.path("other");
        let other = other.to_str().expect("a path");
        for arguments in [
            vec!["report", run],
            vec!["query", run, "select 1"],
            vec!["query", run, "--jq", "."],
            vec!["export", run, "--format", "ndjson"],
            vec!["diff", run, run],
            vec!["resume", run],
            vec!["merge", run, "-o", other],
        ] {
            let outcome = sandbox.run(&arguments);
            outcome.expect_exit(2);
            // A whole run is no shard, whatever its lists are.
            let expected = if arguments[0] == "merge" && file != "manifest.json" {
                "is not a shard"
            } else {
                "is not a regular file"
            };
            outcome.stderr_contains(expected);
        }
    }
}

#[test]
fn a_pipe_for_a_log_a_lock_or_a_result_is_waited_for_neither() {
    for file in ["scan.log", "scan.lock", "result"] {
        let (_aws, sandbox) = finished_run();
        let run = run_in(&sandbox.path("output"));
        change_manifest(&sandbox, |_| {});
        let path = match file {
            "result" => {
                let mut account =
                    fs::read_dir(&run).expect("a folder").map(|entry| entry.expect("an entry").path());
                let account = account.find(|path| path.is_dir()).expect("an account");
                account.join("us-east-1/sqs.json")
            }
            name => run.join(name),
        };
        if !path.exists() {
            fs::write(&path, "").expect("a file");
        }
        pipe(&path);
        let run = run.to_str().expect("a path");
        let resumed = sandbox.run(["resume", run]);
        if file == "result" {
            // It is no result, and is scanned again.
            resumed.expect_exit(0);
            assert!(path.is_file());
        } else {
            resumed.stderr_contains(&format!("{file} is not a regular file"));
        }
    }
}

#[test]
fn a_pipe_in_another_run_holds_no_scan_up() {
    let (_aws, sandbox) = finished_run();
    let old = run_in(&sandbox.path("output"));
    pipe(&old.join("manifest.json"));
    let stale = sandbox.path("output/2020-01-01T00-00-00Z");
    fs::rename(&old, &stale).expect("renames");
    fs::remove_file(sandbox.path("output/latest")).expect("a link");
    std::os::unix::fs::symlink("2020-01-01T00-00-00Z", sandbox.path("output/latest")).expect("links");
    let scan = sandbox.run(["-s", "spec.json", "-r", "us-east-1", "--keep", "1"]);
    scan.expect_exit(0);
    assert!(stale.exists(), "what cannot be read is not removed");
}

#[test]
fn shards_that_are_links_or_hold_links_are_not_followed() {
    let amounts = Amounts { queues: 1, ..Amounts::default() };
    let aws = Simulated::new(World::sized(4, 1, amounts));
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    for shard in ["1/2", "2/2"] {
        let scan = [
            "-s",
            "spec.json",
            "-r",
            "us-east-1",
            "--organization-scan",
            "--shard",
            shard,
            "--run-name",
            "x",
        ];
        sandbox.run(scan).expect_exit(0);
    }
    let (run, elsewhere) = (sandbox.path("output/x"), sandbox.path("elsewhere"));
    let merge = |to: &str| sandbox.run(["merge", run.to_str().expect("a path"), "-o", to]);
    merge("whole").expect_exit(0);
    // The list of accounts leads to a file outside the run.
    let list = run.join("shard-1-of-2/accounts.json");
    fs::rename(&list, sandbox.path("secret.json")).expect("renames");
    std::os::unix::fs::symlink(sandbox.path("secret.json"), &list).expect("links");
    merge("linked").expect_exit(1).stderr_contains("accounts.json is a symbolic link, which is not followed");
    fs::remove_file(&list).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", &list).expect("links");
    merge("endless").expect_exit(1).stderr_contains("accounts.json is a symbolic link");
    fs::remove_file(&list).expect("a link");
    fs::rename(sandbox.path("secret.json"), &list).expect("renames");
    // A whole shard is elsewhere.
    fs::rename(run.join("shard-2-of-2"), &elsewhere).expect("renames");
    std::os::unix::fs::symlink(&elsewhere, run.join("shard-2-of-2")).expect("links");
    merge("elsewhere").expect_exit(2).stderr_contains("1 of 2 shards are missing: 2");
}

/// A file that a manifest names is not read unless it is given again.
#[test]
fn resume_reads_manifest_profiles_only_if_given_again() {
    let (_aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    forget_ledger(&run);
    for file in ["/dev/zero", "/etc/passwd", "profiles.json"] {
        change_manifest(&sandbox, |manifest| {
            manifest["settings"]["profiles_file"] = json!(file);
            manifest["settings"]["profiles"] = json!(["a", "b"]);
        });
        let resumed = sandbox.run(["resume", run.to_str().expect("a path")]);
        resumed.expect_exit(2).stderr_contains("which is not read automatically");
        resumed.stderr_contains(&format!("--profiles-file {file}"));
        assert!(!resumed.stderr.contains("JSON"), "{}", resumed.stderr);
    }
}

/// The settings that a resumed run takes from the manifest are reported before anything is sent.
#[test]
fn resume_reports_manifest_settings_before_sending() {
    let (_aws, sandbox) = finished_run();
    let run = run_in(&sandbox.path("output"));
    forget_ledger(&run);
    change_manifest(&sandbox, |_| {});
    let plain = sandbox.run(["resume", run.to_str().expect("a path")]);
    plain.expect_exit(0);
    assert!(!plain.stderr.contains("Options taken from the manifest"), "{}", plain.stderr);
    forget_ledger(&run);
    change_manifest(&sandbox, |manifest| {
        let settings = &mut manifest["settings"];
        settings["redact"] = json!(false);
        settings["allow"] = json!(["logs:get_log_events"]);
        settings["role_name"] = json!("Evil");
        settings["role"]["session_policy"] = json!("none");
        settings["role"]["external_id"] = json!("xyz");
    });
    let resumed = sandbox.run(["resume", run.to_str().expect("a path"), "--quiet"]);
    resumed.stderr_contains(
        "Options taken from the manifest:\n  --no-redact\n  --allow \
         logs:get_log_events\n  --role-name Evil\n  --session-policy none\n  --external-id xyz\n",
    );
}
