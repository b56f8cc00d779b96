//! The page with the trends of a history, looked at in a browser.

use std::fs;

use serde_json::{Value, json};

use super::browser::Browser;
use super::run::{Run, WIDE};

/// The rows of the table below a heading, with the name of the curve as the last cell.
#[track_caller]
fn rows(page: &mut Browser, heading: &str) -> Vec<Vec<String>> {
    let script = format!(
        "(() => {{
            const heading = [...document.querySelectorAll('h2')].find((one) => one.innerText === '{heading}');
            return [...heading.nextElementSibling.rows].map((row) => [...row.cells].map((cell) =>
                cell.querySelector('svg')?.getAttribute('aria-label') ?? cell.innerText));
        }})()"
    );
    serde_json::from_value(page.value(&script)).expect("rows of texts")
}

#[test]
fn trends_of_history_are_seen_without_script() {
    let run = Run::of_demo(&["-s", "sqs"]);
    let again = ["demo", "-s", "sqs", "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", "later"];
    run.sandbox.run(again).expect_exit(0);
    let later = Run { folder: run.sandbox.path("output/later"), ..run };
    let (path, mut file) = queues(&later);
    let urls = file["list_queues"].as_array_mut().expect("queues");
    urls.pop();
    fs::write(path, file.to_string()).expect("writes");
    let sandbox = &later.sandbox;
    sandbox
        .run(["history", "add"])
        .expect_exit(0)
        .stdout_contains("0 added, 1 removed, 0 changed, 0 unknown");
    sandbox.run(["history", "--html", "trends.html"]).expect_exit(0).stdout_contains("trends.html");
    sandbox.run(["history", "--html", "trends.html"]).expect_exit(2).stderr_contains("--force");
    sandbox.run(["history", "--html", "trends.html", "--force"]).expect_exit(0);
    let overview: Value = serde_json::from_str(&sandbox.run(["history", "--json"]).stdout).expect("JSON");
    let counts = [0, 1].map(|run| overview["runs"][run]["resources"].as_u64().expect("a number"));
    assert_eq!(counts[0], counts[1] + 1);
    let mut page = Browser::open(&sandbox.path("trends.html"), WIDE);
    let [first, last] = counts.map(|count| count.to_string());
    let curve = format!("{first}, {last}");
    let types = rows(&mut page, "By type");
    assert_eq!(types[1], ["AWS::SQS::Queue", &first, &last, &last, &first, &curve]);
    assert_eq!(rows(&mut page, "Runs")[2][2..], [&last, "0", "1", "0", "0"]);
    let accounts = rows(&mut page, "By account");
    let changed = accounts.iter().skip(1).filter(|row| row[1] != row[2]).count();
    assert_eq!(changed, 1, "{accounts:?}");
    let stroke = page.value("getComputedStyle(document.querySelector('polyline')).stroke");
    assert_ne!(stroke, json!("none"));
    page.expect_no_fault();
}

/// The report has the tables of the page of the history, in a view that is there only if a history is named.
#[test]
fn trends_of_history_are_a_view_of_report() {
    let run = Run::of_demo(&["-s", "sqs"]);
    let again = ["demo", "-s", "sqs", "-r", "eu-central-1", "-o", "output", "--run-name", "later"];
    run.sandbox.run(["history", "add"]).expect_exit(0);
    run.sandbox.run(again).expect_exit(0);
    let report = ["report", "output/later", "--trends", "output/history.db", "-o", "with.html"];
    run.sandbox.run(report).expect_exit(0).stderr_contains(
        "output/history.db does not have output/later; run `scan history add output/later --store output/history.db`",
    );
    run.sandbox.run(["history", "add"]).expect_exit(0);
    let again = run.sandbox.run([&report[..], &["--force"]].concat());
    again.expect_exit(0);
    assert!(!again.stderr.contains("does not have"), "{}", again.stderr);
    run.sandbox.run(["history", "--html", "trends.html"]).expect_exit(0);
    let mut trends = Browser::open(&run.sandbox.path("trends.html"), WIDE);
    let mut page = Browser::open(&run.sandbox.path("with.html"), WIDE);
    page.click("link", "Trends");
    page.wait_for("By account");
    for heading in ["Runs", "By type", "By account"] {
        let expected = rows(&mut trends, heading);
        assert!(expected.len() > 1);
        assert_eq!(rows(&mut page, heading), expected);
    }
    let stroke = page.value("getComputedStyle(document.querySelector('#trends-tables polyline')).stroke");
    assert_ne!(stroke, json!("none"));
    page.expect_no_fault();
    let mut page = run.page("#trends");
    assert!(!page.names("link").contains(&"Trends".to_owned()));
    assert!(!page.text().contains("By account"));
    page.expect_no_fault();
}

/// A history that cannot be read is an error before anything is written.
#[test]
fn report_needs_the_history_that_is_named() {
    let run = Run::of_demo(&["-s", "sqs"]);
    fs::write(run.sandbox.path("notes.db"), "no database").expect("writes");
    for (file, message) in [("none.db", "scan history add"), ("notes.db", "name another file with --trends")]
    {
        let report = run.sandbox.run(["report", "output/run", "--trends", file]);
        report.expect_exit(2).stderr_contains(message).stderr_is_one_paragraph();
    }
    assert!(!run.sandbox.path("output/run.html").exists());
}

/// The result file with queues of an account, and its content.
#[track_caller]
fn queues(run: &Run) -> (std::path::PathBuf, Value) {
    let mut folders = vec![run.folder.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "sqs.json") {
                let file: Value =
                    serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
                if file["list_queues"][0].is_string() {
                    return (path, file);
                }
            }
        }
    }
    panic!("no queue in {}", run.folder.display())
}
