//! Gaps that the user accepts: counted apart, with a reason, and no cause for an exit code.

use std::fs;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::sandbox::{Finished, Ledger, Sandbox, Simulated};

/// Long after and long before every run.
const FUTURE: &str = "2999-12-31";
const PAST: &str = "2001-01-31";

/// Three accounts, in which SQS denies its list.
struct Night {
    aws: Simulated,
    sandbox: Sandbox,
}

impl Night {
    fn new() -> Self {
        let aws = Simulated::new(World::sized(3, 1, Amounts::default()));
        let sandbox = aws.sandbox().spec(&calls());
        let night = Self { aws, sandbox };
        night.deny(|site| site.service == "sqs");
        night
    }

    /// Denies the calls of some services from now on.
    fn deny(&self, is_denied: fn(&Site<'_>) -> bool) {
        let refusal = || SimulatedError::new(403, "AccessDeniedException", "not authorized");
        self.aws.fault(move |site: &Site<'_>| is_denied(site).then(|| Behaviour::Refuse(refusal())));
    }

    /// Writes a file of accepted gaps.
    #[track_caller]
    fn accept(&self, entries: &Value) {
        fs::write(self.sandbox.path("gaps.json"), entries.to_string()).expect("writes");
    }

    fn scan(&self, name: &str, more: &[&str]) -> Finished {
        let scan = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1", "--run-name", name];
        self.sandbox.run([&scan, more].concat())
    }

    #[track_caller]
    fn json(&self, path: &str) -> Value {
        let text = fs::read_to_string(self.sandbox.path(path)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }
}

fn calls() -> Value {
    json!([
        {"service": "sqs", "function": "list_queues"},
        {"service": "sns", "function": "list_topics"},
    ])
}

const ACCEPTED: [&str; 2] = ["--accepted-gaps", "gaps.json"];

#[test]
fn accepted_gaps_are_counted_apart_and_the_exit_code_is_zero() {
    let night = Night::new();
    night.scan("before", &[]).expect_exit(4);
    night.accept(
        &json!([{"service": "sqs", "status": "denied", "reason": "no queues here", "until": FUTURE}]),
    );
    let run = night.scan("run", &ACCEPTED);
    run.expect_exit(0)
        .stdout_contains(
            "Accepted: 3 of 6 calls\n  3 calls: no queues here (service sqs, denied), until 2999-12-31",
        )
        .stdout_contains("Exit code 0: complete, except for accepted gaps");
    assert!(!run.stdout.contains("Not complete"), "{}", run.stdout);
    let quiet = night.scan("quiet", &[&ACCEPTED[..], &["--quiet"]].concat());
    quiet.expect_exit(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let summary = night.scan("summary", &[&ACCEPTED[..], &["--summary", "json"]].concat());
    let summary: Value = serde_json::from_str(&summary.stdout).expect("one document of JSON");
    assert_eq!((&summary["incomplete"], &summary["accepted"][0]["calls"]), (&json!(0), &json!(3)));
    assert_eq!(summary["accepted"][0]["entry"], "gaps.json: entry 1");
    assert!(summary["failures"].as_array().is_some_and(Vec::is_empty), "{summary}");
    let markdown = night.scan("markdown", &[&ACCEPTED[..], &["--summary", "markdown"]].concat());
    markdown.stdout_contains("### Accepted: 3 of 6 calls\n\n- 3 calls");
    // The ledger has what happened.
    let denied = json!({"service": "sqs", "status": "denied"});
    assert_eq!(Ledger::read(&night.sandbox.path("output/run")).with(&denied).len(), 3);
    let manifest = night.json("output/run/manifest.json");
    assert_eq!((&manifest["totals"]["incomplete"], &manifest["totals"]["accepted"]), (&json!(0), &json!(3)));
}

/// What was accepted is kept with the run, so the file is not needed again.
#[test]
fn exports_and_reports_show_accepted_gaps_apart() {
    let night = Night::new();
    night.accept(&json!([{"service": "sqs", "reason": "no queues here", "until": FUTURE}]));
    night.scan("run", &ACCEPTED).expect_exit(0);
    fs::remove_file(night.sandbox.path("gaps.json")).expect("removes");
    let csv = night.sandbox.run(["export", "output/run", "--format", "csv"]);
    csv.expect_exit(0);
    assert!(!csv.stderr.contains("warning"), "{}", csv.stderr);
    let missing = fs::read_to_string(night.sandbox.path("output/run-csv/missing.csv")).expect("a table");
    let mut lines = missing.lines();
    let header = lines.next().unwrap_or_default();
    assert!(header.ends_with("hint,accepted,accepted_until"), "{header}");
    assert!(missing.trim_end().ends_with(",no queues here,2999-12-31"), "{missing}");
    let query = "SELECT accepted, sum(calls) AS calls FROM missing GROUP BY accepted";
    let query = night.sandbox.run(["query", "output/run", query, "--format", "json"]);
    query.expect_exit(0).stdout_contains("\"no queues here\"").stdout_contains("\"calls\":3");
    night.sandbox.run(["report", "output/run"]).expect_exit(0);
    let page = fs::read_to_string(night.sandbox.path("output/run.html")).expect("a page");
    assert!(page.contains("3 calls: no queues here (service sqs), until 2999-12-31"), "no accepted gap");
    assert!(page.contains("complete, except for accepted gaps"), "another exit code");
    let runs = night.sandbox.run(["runs"]);
    runs.expect_exit(0).stdout_contains("0 + 3 accepted");
}

#[test]
fn entries_that_expired_or_match_nothing_are_warned_of() {
    let night = Night::new();
    night.accept(&json!([
        {"service": "sqs", "reason": "was known", "until": PAST},
        {"service": "s3", "reason": "never"},
        {"service": "sqs", "account": "100000000001", "reason": "one account"},
    ]));
    let run = night.scan("run", &ACCEPTED);
    run.expect_exit(4)
        .stderr_contains("warning: gaps.json: entry 1 (service sqs) expired on 2001-01-31")
        .stderr_contains("warning: gaps.json: entry 2 (service s3) matches no gap of this run")
        .stdout_contains("Not complete: 2 of 6 calls")
        .stdout_contains("Accepted: 1 of 6 calls");
    assert!(!run.stderr.contains("entry 3"), "{}", run.stderr);
    // One shard does not see the gaps of the others.
    let shard = night.scan("shards", &[&ACCEPTED[..], &["--shard", "1/2"]].concat());
    assert!(!shard.stderr.contains("matches no gap"), "{}", shard.stderr);
}

#[test]
fn wrong_file_ends_the_scan_before_it_starts() {
    let night = Night::new();
    for (entries, text) in [
        (json!([{"service": "sqs"}]), "gaps.json: entry 1: `reason` is missing"),
        (json!([{"servce": "sqs", "reason": "x", "account": "*"}]), "did you mean `service`?"),
        (json!({"service": "sqs"}), "accepted gaps must be a list"),
    ] {
        night.accept(&entries);
        night.scan("run", &ACCEPTED).expect_exit(2).stderr_contains(text).stderr_is_for_people();
    }
    let run = night.scan("run", &["--accepted-gaps", "nowhere.json"]);
    run.expect_exit(2).stderr_contains("--accepted-gaps: cannot read nowhere.json").stderr_is_one_paragraph();
    assert!(night.aws.requests().is_empty(), "{:?}", night.aws.requests());
}

#[test]
fn gaps_are_accepted_by_a_spec_and_in_a_resumed_run() {
    let night = Night::new();
    let spec =
        json!({"calls": calls(), "accepted_gaps": [{"function": "list_q*", "reason": "no queues here"}]});
    fs::write(night.sandbox.path("spec.json"), spec.to_string()).expect("writes");
    night.scan("run", &[]).expect_exit(0).stdout_contains("3 calls: no queues here (function list_q*)");
    let manifest = night.json("output/run/manifest.json");
    assert_eq!(manifest["accepted_gaps"][0]["entry"], "spec.json: accepted gap 1");
    // Without the last lines of its ledger, the run is one that was killed.
    let ledger = night.sandbox.path("output/run/ledger.ndjson");
    let text = fs::read_to_string(&ledger).expect("a ledger");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("100000000002")).collect();
    fs::write(&ledger, kept.join("\n") + "\n").expect("writes");
    let manifest = night.sandbox.path("output/run/manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, text.replace("\"state\": \"finished\"", "\"state\": \"running\"")).expect("writes");
    let resume = night.sandbox.run(["resume", "output/run"]);
    resume.expect_exit(0).stdout_contains("Accepted: 3 of 6 calls");
    let nothing_left = night.sandbox.run(["resume", "output/run"]);
    nothing_left.expect_exit(0).stdout_contains("no calls remain");
}

#[test]
fn accept_writes_a_file_that_the_next_scan_accepts() {
    let night = Night::new();
    night.deny(|site| {
        site.service == "sqs" || site.service == "sns" && site.account.as_str() == "100000000001"
    });
    night.scan("run", &[]).expect_exit(4);
    let written = night.sandbox.run(["accept", "-o", "gaps.json"]);
    written
        .expect_exit(0)
        .stdout_contains("3 entries: gaps.json")
        .stderr_contains("fill in `reason` in 3 entries");
    night.scan("empty", &ACCEPTED).expect_exit(2).stderr_contains("`reason` is empty");
    night.sandbox.run(["accept", "-o", "gaps.json"]).expect_exit(2).stderr_contains("--force");
    let accept =
        ["accept", "output/run", "--reason", "known", "--until", FUTURE, "-o", "gaps.json", "--force"];
    night.sandbox.run(accept).expect_exit(0);
    let entries = night.json("gaps.json");
    assert_eq!(entries[0]["function"], json!(["list_queues"]));
    assert_eq!(entries[0]["account"], json!(["100000000001", "100000000002"]));
    assert!(
        entries[0]["comment"].as_str().is_some_and(|text| text.contains("2 calls in 2 accounts")),
        "{entries}"
    );
    let next = night.scan("next", &ACCEPTED);
    next.expect_exit(0).stdout_contains("Accepted: 4 of 6 calls");
    // The entries of a run that accepts gaps stay as they are.
    let again = night.sandbox.run(["accept", "output/next"]);
    let again: Value = serde_json::from_str(&again.stdout).expect("a list");
    let without_comments = |list: &Value| -> Vec<Value> {
        let entries = list.as_array().expect("a list").iter().cloned();
        entries
            .map(|mut entry| {
                entry["comment"].take();
                entry
            })
            .collect()
    };
    assert_eq!(without_comments(&again), without_comments(&entries));
    let until = night.sandbox.run(["accept", "--until", "31.12.2999"]);
    until.expect_exit(2).stderr_contains("not a date such as 2027-03-31");
}

#[test]
fn comparison_fails_only_for_new_unknown_results() {
    let night = Night::new();
    for name in ["monday", "tuesday"] {
        night.scan(name, &[]).expect_exit(4);
    }
    let diff = |old: &str, new: &str| {
        let [old, new] = [old, new].map(|name| format!("output/{name}"));
        night.sandbox.run(["diff", &old, &new, "--fail-on", "unknown"])
    };
    diff("monday", "tuesday").expect_exit(0).stdout_contains("in both runs");
    night.deny(|site| {
        site.service == "sqs" || site.service == "sns" && site.account.as_str() == "100000000001"
    });
    night.scan("wednesday", &[]).expect_exit(4);
    diff("tuesday", "wednesday").expect_exit(5);
    night.accept(&json!([{"service": "sns", "account": "100000000001", "reason": "new, and known"}]));
    night.scan("thursday", &ACCEPTED).expect_exit(4);
    diff("tuesday", "thursday").expect_exit(0).stdout_contains("accepted in the new run");
    night.deny(|_| false);
    night.scan("friday", &[]).expect_exit(0);
    diff("tuesday", "friday").expect_exit(5);
}
