//! The history of many nights, against what really happened in a simulated organization: accounts join, leave, get
//! other names and lose their role; resources come, go and change; a service is denied; one night is killed, and one
//! has no credentials.

mod failures;
mod truth;

use std::fs;

use serde_json::{Value, json};

use super::nights::night;
use crate::sandbox::Sandbox;
use truth::{Nights, SPEC};

/// The number of nights.
const NIGHTS: u32 = 30;

#[track_caller]
fn query(sandbox: &Sandbox, store: &str, sql: &str) -> Vec<Value> {
    let run = sandbox.run(["query", store, sql, "--format", "json"]);
    run.expect_exit(0);
    serde_json::from_str(&run.stdout).expect("a list")
}

#[track_caller]
fn lines(found: &[Value]) -> Vec<String> {
    found.iter().map(|row| row["line"].as_str().expect("a text").to_owned()).collect()
}

/// Everything in a history that is compared with the truth, one line each.
#[track_caller]
fn recorded(sandbox: &Sandbox, store: &str) -> Vec<String> {
    let of = "account || ' ' || region || ' ' || id";
    let spans = format!(
        "SELECT {of} || ' ' || spans.state || ' ' || first_run || '-' || coalesce(last_run, '')
             || coalesce(' after ' || after_run, '') || coalesce(' ' || cause, '') AS line
         FROM spans JOIN resources USING (resource) ORDER BY line"
    );
    let changes = format!(
        "SELECT {of} || ' ' || path || ' ' || old || '->' || new || ' ' || run || ' after ' || after_run AS line
         FROM changes JOIN resources USING (resource) ORDER BY line"
    );
    let accounts =
        "SELECT account || ' ' || name || ' ' || first_run || '-' || coalesce(last_run, '') AS line
         FROM accounts ORDER BY line";
    [&*spans, &changes, accounts].into_iter().flat_map(|sql| lines(&query(sandbox, store, sql))).collect()
}

#[test]
fn history_of_many_nights_is_what_happened() {
    let mut nights = Nights::new(0x5ca1_ab1e);
    for _ in 0..NIGHTS {
        nights.pass();
    }
    let sandbox = nights.sandbox();
    let run = sandbox.run(["history", "--json"]);
    run.expect_exit(0);
    let overview: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(overview["runs"].as_array().expect("a list").len(), nights.finished());
    let (found, expected) = (recorded(sandbox, "output/history.db"), nights.expected());
    let wrong = found.iter().filter(|line| !expected.contains(line));
    let missing = expected.iter().filter(|line| !found.contains(line));
    assert_eq!(
        (wrong.collect::<Vec<_>>(), missing.collect::<Vec<_>>()),
        (Vec::new(), Vec::new()),
        "{}",
        nights.log()
    );
    assert_eq!(found.len(), expected.len());
    // The nights had all of it.
    for state in ["present", "absent", "unknown"] {
        assert!(found.iter().any(|line| line.contains(state)), "no {state}");
    }
    for cause in ["account_not_found", "account_not_entered", "denied"] {
        assert!(found.iter().any(|line| line.contains(cause)), "no {cause}");
    }
    // All at once, from the runs that are still there, it is the same history.
    sandbox.run(["history", "add", "--store", "again.db"]).expect_exit(0);
    assert_eq!(recorded(sandbox, "again.db"), found);
}

#[test]
fn history_is_a_file_of_its_owner_that_needs_no_runs() {
    let sandbox = Sandbox::new();
    sandbox.run(["history"]).expect_exit(2).stderr_contains("there is no history output/history.db");
    night(&sandbox, "monday", &[]);
    night(&sandbox, "tuesday", &[]);
    let added = sandbox.run(["history", "add"]);
    added.expect_exit(0).stdout_contains("Added output/monday: ").stdout_contains("history.db has 2 runs");
    let again = sandbox.run(["history", "add", "output/latest"]);
    again.expect_exit(0).stdout_contains("output/tuesday is in the history already");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(sandbox.path("output/history.db")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for name in ["monday", "tuesday", "latest"] {
        let path = sandbox.path("output").join(name);
        fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)).expect("removes");
    }
    let queues = query(
        &sandbox,
        "output/history.db",
        "SELECT id, arn FROM resources WHERE service = 'sqs' AND kind = 'queue' LIMIT 1",
    );
    let life = sandbox.run(["history", queues[0]["id"].as_str().expect("an ID"), "--json"]);
    life.expect_exit(0);
    let life: Value = serde_json::from_str(&life.stdout).expect("JSON");
    assert_eq!(life["events"][0]["event"], "first_seen");
    assert_eq!(
        (&life["events"][0]["run"], life["events"].as_array().map(Vec::len)),
        (&json!("monday"), Some(1))
    );
    sandbox.run(["history"]).expect_exit(0).stdout_contains("tuesday").stdout_contains("AWS::SQS::Queue");
    let run = sandbox.run(["history", "nowhere"]);
    run.expect_exit(2).stderr_contains("has seen a resource `nowhere`").stderr_is_one_paragraph();
}

#[test]
fn run_that_does_not_belong_into_history_is_rejected() {
    let sandbox = Sandbox::new().spec(&serde_json::from_str(SPEC).expect("a spec"));
    night(&sandbox, "monday", &[]);
    night(&sandbox, "tuesday", &[]);
    sandbox.run(["history", "add", "output/tuesday"]).expect_exit(0);
    let older = sandbox.run(["history", "add", "output/monday"]);
    older.expect_exit(2).stderr_contains("it started before tuesday").stderr_is_one_paragraph();
    // Without names, the others are added.
    night(&sandbox, "wednesday", &[]);
    let rest = sandbox.run(["history", "add"]);
    rest.expect_exit(0).stderr_contains("skipped output/monday").stdout_contains("Added output/wednesday");
    fs::write(sandbox.path("output/history.db"), "no database").expect("writes");
    let other = sandbox.run(["history"]);
    other.expect_exit(2).stderr_contains("is no history").stderr_is_one_paragraph();
}
