//! The progress bar of verbs that read a finished run.

use crate::sandbox::{Sandbox, on_terminal};

/// A sandbox with a run of the demonstration, on a terminal that can redraw.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new().env("TERM", "xterm-256color").env("NO_COLOR", "1");
    let run = ["demo", "-s", "sqs", "-r", "eu-central-1", "-o", "output", "--run-name", "run"];
    sandbox.run(run).expect_exit(0);
    sandbox
}

/// What a command prints: on standard error, which is a terminal, and on standard output, which is none.
fn printed(sandbox: &Sandbox, command: &str) -> [String; 2] {
    let run = on_terminal(sandbox, 100, command);
    assert_eq!(run.code, 0, "{}", run.shown);
    [run.shown, run.stdout]
}

#[test]
fn export_and_report_show_bar_on_terminal() {
    let sandbox = sandbox();
    for command in
        ["export output/run --format ndjson", "export output/run -f ndjson -o -", "report output/run"]
    {
        let [shown, stdout] = printed(&sandbox, command);
        assert!(shown.contains(" resources  ") && shown.contains("% of "), "{command}: {shown:?}");
        assert!(shown.ends_with("\r\u{1b}[2K"), "{command}: nothing stays: {shown:?}");
        assert!(!stdout.contains('\u{1b}') && !stdout.contains("% of "), "{command}: {stdout:?}");
    }
}

/// Only the first query reads the run.
#[test]
fn first_query_shows_bar_on_terminal() {
    let sandbox = sandbox();
    let query = "query output/run 'SELECT count(*) AS number FROM resources'";
    let [shown, first] = printed(&sandbox, query);
    assert!(shown.contains(" resources  ") && shown.contains("% of "), "{shown:?}");
    let [shown, second] = printed(&sandbox, query);
    assert!(!shown.contains("% of "), "{shown:?}");
    assert_eq!(first, second);
}

/// A plan has no number of steps, but shows that it is made.
#[test]
fn plan_shows_that_it_works() {
    let sandbox = sandbox();
    let plan = "demo --dry-run -s sqs -r eu-central-1";
    let [shown, stdout] = printed(&sandbox, plan);
    assert!(shown.contains("Planning") && shown.ends_with("\r\u{1b}[2K"), "{shown:?}");
    assert!(stdout.contains("Plan for") && !stdout.contains('\u{1b}'), "{stdout:?}");
    let [shown, _] = printed(&sandbox, &format!("--no-progress {plan}"));
    assert!(!shown.contains("Planning"), "{shown:?}");
}

#[test]
fn quiet_and_pipes_have_no_bar() {
    let sandbox = sandbox();
    let [shown, _] = printed(&sandbox, "export output/run --format csv --quiet");
    assert!(!shown.contains("% of ") && !shown.contains('\u{1b}'), "{shown:?}");
    let [shown, _] = printed(&sandbox, "--no-progress report output/run --force");
    assert!(!shown.contains("% of ") && !shown.contains('\u{1b}'), "{shown:?}");
    let [shown, _] = printed(&sandbox, "report output/run -q --force");
    assert!(!shown.contains("% of ") && !shown.contains('\u{1b}'), "{shown:?}");
    let piped = sandbox.run(["export", "output/run", "-f", "ndjson"]);
    piped.expect_exit(0);
    assert!(!piped.stderr.contains("% of ") && !piped.stderr.contains('\u{1b}'), "{}", piped.stderr);
}
