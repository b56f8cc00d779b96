//! What a run shows its user: progress, summary, log.

use std::fs;

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox, on_terminal};

/// A demonstration of two services; the simulated organization denies some calls on purpose.
const DEMO: [&str; 8] = ["demo", "-s", "spec.json", "-r", "eu-central-1", "us-east-1", "--run-name", "run"];

fn sandbox() -> Sandbox {
    Sandbox::new().spec(&json!([
        {"service": "sqs", "function": "list_queues"},
        {"service": "ec2", "function": "describe_instances"},
    ]))
}

fn demo(sandbox: &Sandbox, more: &[&str]) -> Finished {
    let run = sandbox.run([&DEMO, more].concat());
    run.expect_exit(0);
    run
}

/// What the same looks like when standard error is a terminal.
fn demo_on_terminal(sandbox: &Sandbox, columns: u16, more: &[&str]) -> String {
    let run = on_terminal(sandbox, columns, &[&DEMO, more].concat().join(" "));
    assert_eq!(run.code, 0, "{}", run.shown);
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
    run.shown
}

/// A text without the sequences that move the cursor and colour.
fn plain(shown: &str) -> String {
    let mut pieces = shown.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let rest = piece.find(|c: char| c.is_ascii_alphabetic()).map_or("", |end| &piece[end + 1..]);
        text + rest
    })
}

#[test]
fn a_terminal_shows_a_bar_that_fits_into_it_and_goes_away() {
    for columns in [100_u16, 40] {
        let sandbox = sandbox().env("TERM", "xterm-256color");
        let shown = demo_on_terminal(&sandbox, columns, &[]);
        assert!(shown.contains("\u{1b}[36m"), "colours: {shown:?}");
        assert!(plain(&shown).contains(" calls"), "{shown:?}");
        for line in plain(&shown).split(['\r', '\n']) {
            assert!(line.chars().count() <= usize::from(columns), "{columns}: {line:?}");
        }
        assert!(shown.ends_with("\r\u{1b}[2K"), "nothing stays: {shown:?}");
    }
}

#[test]
fn no_color_disables_colours() {
    let sandbox = sandbox().env("TERM", "xterm-256color").env("NO_COLOR", "1");
    let shown = demo_on_terminal(&sandbox, 100, &[]);
    assert!(plain(&shown).contains(" calls"), "{shown:?}");
    assert!(!shown.contains("\u{1b}[36m"), "{shown:?}");
}

#[test]
fn a_dumb_terminal_gets_no_commands() {
    let sandbox = sandbox().env("TERM", "dumb");
    assert_eq!(demo_on_terminal(&sandbox, 80, &[]), "", "a run this short has no line");
}

#[test]
fn quiet_means_that_nothing_is_said_of_what_went_well() {
    let sandbox = Sandbox::new().spec(&json!([{"service": "sts", "function": "get_caller_identity"}]));
    let run = sandbox.run([&DEMO[..], &["--quiet", "--accounts", "104205104205"]].concat());
    run.expect_exit(0);
    assert_eq!((&*run.stdout, &*run.stderr), ("", ""));
}

#[test]
fn quiet_means_one_line_about_what_is_missing() {
    let run = demo(&sandbox(), &["--quiet"]);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    run.stderr_contains("Exit code 4: finished, but not complete; ")
        .stderr_contains(" calls were denied or failed; see output/run/ledger.ndjson");
}

#[test]
fn a_summary_in_json_is_all_that_is_on_standard_output() {
    let sandbox = sandbox();
    let run = demo(&sandbox, &["--summary", "json"]);
    let summary: Value = serde_json::from_str(&run.stdout).expect("JSON alone");
    let manifest: Value =
        serde_json::from_slice(&fs::read(sandbox.path("output/run/manifest.json")).expect("a manifest"))
            .expect("JSON");
    assert_eq!(summary["items"], manifest["totals"]["items"]);
    assert_eq!(summary["requests"], manifest["totals"]["requests"]);
    assert_eq!(summary["statuses"], manifest["totals"]["calls"]);
    assert_eq!((&summary["ending"], &summary["exit_code"]), (&json!("incomplete"), &json!(4)));
    let failed = summary["failures"].as_array().expect("a list").iter();
    assert_eq!(
        failed.map(|failed| failed["calls"].as_u64().expect("a number")).sum::<u64>(),
        summary["incomplete"]
    );
    run.stderr_contains("Authenticated as ");
}

#[test]
fn a_job_of_github_gets_the_summary_on_its_page() {
    let sandbox = sandbox().file("page.md", "before\n");
    let page = sandbox.path("page.md");
    let sandbox = sandbox.env("GITHUB_STEP_SUMMARY", page.to_str().expect("a path"));
    let markdown = demo(&sandbox, &["--summary", "markdown"]).stdout;
    let text = fs::read_to_string(&page).expect("the page");
    assert!(text.starts_with("before\n## ⚠️ AWS inventory: "), "{text}");
    let summary = text.strip_prefix("before\n").expect("what was there").trim_end();
    assert!(markdown.starts_with(summary), "{markdown}");
    assert!(text.contains("| ec2 | "), "{text}");
}

#[test]
fn a_page_that_is_not_there_ends_no_run() {
    let sandbox = sandbox().env("GITHUB_STEP_SUMMARY", "nowhere/page.md");
    demo(&sandbox, &[]).stderr_contains("cannot add the summary to nowhere/page.md");
}

#[test]
fn a_log_in_json_has_an_object_on_each_line() {
    let sandbox = sandbox();
    demo(&sandbox, &["--log-format", "json"]);
    let log = fs::read_to_string(sandbox.path("output/run/scan.log")).expect("a log");
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let entered: Vec<_> = events.iter().filter(|event| event["message"] == "account scan started").collect();
    assert!(!entered.is_empty(), "{log}");
    for event in entered {
        assert_eq!(event["level"], "INFO");
        assert!(event["timestamp"].is_string() && event["account"].is_string(), "{event}");
    }
}
