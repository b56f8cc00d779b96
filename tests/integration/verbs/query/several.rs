//! Several runs in one query.

use serde_json::Value;

use super::{Demo, lines};

#[test]
fn query_of_several_runs_has_the_rows_of_each() {
    let demo = Demo::small();
    let more = ["demo", "-s", "sqs", "-r", "eu-central-1", "-o", "others", "--run-name", "night"];
    demo.sandbox.run(more).expect_exit(0);
    demo.sandbox.run(["export", "others/night", "--format", "sqlite", "-o", "night.sqlite"]).expect_exit(0);
    let count = "SELECT run, count(*) AS number FROM resources GROUP BY run ORDER BY run";
    let count_of = |run: &str| {
        let found =
            demo.sandbox.run(["query", run, "SELECT count(*) AS number FROM resources", "--format", "json"]);
        found.expect_exit(0);
        serde_json::from_str::<Value>(&found.stdout).expect("JSON")[0]["number"].as_u64().expect("a number")
    };
    let run = demo.sandbox.run(["query", "output/run", "others/night", count, "--format", "ndjson"]);
    run.expect_exit(0);
    let found: Vec<(String, u64)> = lines(&run)
        .iter()
        .map(|row| {
            (row["run"].as_str().expect("a name").to_owned(), row["number"].as_u64().expect("a number"))
        })
        .collect();
    let expected = [("night", count_of("others/night")), ("run", count_of("output/run"))];
    assert_eq!(found, expected.map(|(run, number)| (run.to_owned(), number)));
    // A filter gets the resources of all, too, and a file is a run as well.
    let jq = ["query", "output/run", "night.sqlite", "--jq", ".run"];
    let run = demo.sandbox.run(jq);
    run.expect_exit(0);
    let of_file = run.stdout.lines().filter(|line| *line == "\"night.sqlite\"").count() as u64;
    assert_eq!((of_file, run.stdout.lines().count() as u64), (expected[0].1, expected[0].1 + expected[1].1));
    let tables = demo.sandbox.run(["query", "output/run", "others/night", "--tables", "--format", "csv"]);
    tables.expect_exit(0).stdout_contains("sqs_queue,run").stdout_contains("rds_db_instance,run");
    let wrong = demo.sandbox.run(["query", "output/run", "others/night", "SELECT * FROM sqs_queu"]);
    wrong.expect_exit(2).stderr_contains("did you mean `sqs_queue`?").stderr_is_one_paragraph();
}
