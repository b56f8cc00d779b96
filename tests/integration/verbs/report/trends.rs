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
