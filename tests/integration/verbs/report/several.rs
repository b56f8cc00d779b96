//! One page of several runs, looked at in a browser.

use std::fs;

use serde_json::{Value, json};

use super::browser::Browser;
use super::run::{Run, WIDE};
use super::seen::{column, grouped, resources, resources_in, text};

/// The folder of the second run. Its name is markup, and has to be escaped in addresses.
const NIGHT: &str = "others/night & <b>day";
/// Its name on the page.
const NAME: &str = "night & <b>day";

/// Two runs of one organization.
fn two_runs(first: &[&str], second: &[&str]) -> Run {
    let run = Run::of_demo(first);
    let night = ["demo", "-r", "eu-central-1", "-o", "others", "--run-name", "night"];
    run.sandbox.run([&night, second].concat()).expect_exit(0);
    fs::rename(run.sandbox.path("others/night"), run.sandbox.path(NIGHT)).expect("renames");
    run
}

/// Opens the page of both runs at a place.
#[track_caller]
fn page(run: &Run, place: &str) -> Browser {
    run.sandbox.run(["report", "output/run", NIGHT, "-o", "page.html"]).expect_exit(0);
    let mut browser = Browser::open(&run.sandbox.path("page.html"), WIDE);
    browser.go(place);
    browser
}

/// Overview and table have the sums of both runs, and after a choice those of one.
#[test]
fn chosen_run_limits_overview_and_table() {
    let run = two_runs(&["-s", "ec2"], &["-s", "ec2"]);
    let [first, second] = ["output/run", NIGHT].map(|folder| resources_in(&run, folder).len());
    let mut page = page(&run, "#overview");
    let all = grouped(first + second);
    page.wait_for(&format!("{all}\nresources"));
    let totals: Vec<[String; 2]> =
        page.rows().iter().skip(1).map(|row| [row[0].clone(), row[4].clone()]).collect();
    let expected = [("run", grouped(first)), (NAME, grouped(second)), ("All", all.clone())];
    assert_eq!(totals, expected.map(|(name, count)| [name.to_owned(), count]));
    page.click("button", &format!("ec2: {all} resources"));
    page.wait_for(&format!("{all} resources"));
    page.choose("Run", NAME);
    page.wait_for(&format!("{} resources", grouped(second)));
    assert!(!page.rows()[0].contains(&"Run".to_owned()), "the rows of one run need no column");
    page.click("link", "Overview");
    page.wait_for(&format!("{}\nresources", grouped(second)));
    let runs = page.value("document.querySelectorAll('#runs table').length");
    assert_eq!(runs, json!(0));
    page.choose("Run", "All");
    page.wait_for(&format!("{all}\nresources"));
    page.expect_no_fault();
}

/// An account that is in both runs has the name and the resources that each of them knows.
#[test]
fn account_of_two_runs_is_not_mixed() {
    let run = two_runs(&["-s", "ec2"], &["-s", "ec2"]);
    let night = Run { folder: run.sandbox.path(NIGHT), ..run };
    night.change("accounts.json", |accounts| {
        let accounts = accounts.as_array_mut().expect("accounts");
        let renamed = accounts.iter_mut().find(|account| account["name"] == "shop-production");
        renamed.expect("the account")["name"] = json!("shop-by-night");
    });
    let folder = |name: &str| night.folder.join(format!("310055471926-{name}"));
    fs::rename(folder("shop-production"), folder("shop-by-night")).expect("renames");
    let [in_run, in_night] = ["output/run", NIGHT].map(|folder| resources_in(&night, folder));
    let of = |resources: &[Value], name: &str| {
        resources.iter().filter(|resource| resource["account_name"] == name).count()
    };
    let (by_day, by_night) = (of(&in_run, "shop-production"), of(&in_night, "shop-by-night"));
    assert!(by_day > by_night && by_night > 0, "{by_day} {by_night}");
    let mut page = page(&night, "#overview");
    page.click("button", &format!("shop-by-night · {NAME}: {} resources", grouped(by_night)));
    page.wait_for(&format!("{} of {} resources", grouped(by_night), grouped(in_night.len())));
    assert!(column(&mut page, "Account").iter().all(|account| account == "shop-by-night"));
    page.go("#resources?kind=ec2/vpc");
    let networks = in_run.iter().chain(&in_night).filter(|resource| resource["kind"] == "vpc").count();
    assert!(networks < 100, "one page of the table has {networks} networks");
    page.wait_for(&format!("{networks} resources"));
    let pairs: Vec<(String, String)> =
        column(&mut page, "Run").into_iter().zip(column(&mut page, "Account")).collect();
    for (run, other) in [("run", "shop-by-night"), (NAME, "shop-production")] {
        assert!(pairs.iter().any(|pair| pair.0 == run), "no row of {run}: {pairs:?}");
        assert!(!pairs.iter().any(|pair| pair.0 == run && pair.1 == other), "{other} of {run}: {pairs:?}");
    }
    page.expect_no_fault();
}

/// The map has a row for an account in each run, and its fields lead to the resources of that run.
#[test]
fn map_has_accounts_of_each_run() {
    let run = two_runs(&["-s", "rds"], &["-s", "rds", "-s", "sqs"]);
    let mut page = page(&run, "#completeness");
    page.wait_for("sandbox-anna");
    let rows: Vec<String> = page.rows().into_iter().map(|row| row[0].clone()).collect();
    let of =
        |name: &str| rows.iter().filter(|row| row.starts_with("sandbox-anna") && row.ends_with(name)).count();
    assert_eq!([of("run"), of(NAME)], [1, 1], "{rows:?}");
    page.click("button", &format!("rds in sandbox-anna · {NAME}: 7 denied"));
    page.wait_for("Calls of rds in sandbox-anna: 7 denied. The resources of denied");
    let chosen = page.value("document.querySelector('#run-choice select').value");
    assert_eq!(chosen, json!(NAME));
    page.click("link", "Completeness");
    page.wait_until("document.querySelectorAll('#map .service').length === 2");
    page.choose("Run", "run");
    page.wait_until("document.querySelectorAll('#map .service').length === 1");
    page.expect_no_fault();
}

/// Gaps of both runs are listed with the name of their run.
#[test]
fn gaps_have_the_name_of_their_run() {
    let run = two_runs(&["-s", "rds"], &["-s", "rds"]);
    let mut page = page(&run, "#overview");
    page.wait_for("Gaps and causes");
    let script = "[...document.querySelectorAll('#failures summary .hint')].map((hint) => hint.textContent)";
    let names = page.value(script);
    let count = |name: &str| names.as_array().expect("names").iter().filter(|found| *found == name).count();
    assert!(count("run") > 0 && count("run") == count(NAME), "{names}");
    page.choose("Run", "run");
    page.wait_until(&format!("{script}.length === 0"));
    assert!(page.text().contains("Gaps and causes"));
    page.expect_no_fault();
}

/// A link leads to the resource of the same run.
#[test]
fn links_lead_to_resources_of_their_run() {
    let run = two_runs(&["-s", "ec2"], &["-s", "ec2"]);
    let in_night = resources_in(&run, NIGHT);
    let subnet = in_night
        .iter()
        .find(|resource| resource["kind"] == "subnet" && resource["used_by"].as_u64() > Some(2))
        .expect("a subnet in use");
    let vpc = in_night.iter().find(|resource| resource["id"] == subnet["raw"]["VpcId"]).expect("its network");
    let place = format!("#resources?run=night+%26+%3Cb%3Eday&kind=ec2/subnet&q={}", text(subnet, "id"));
    let mut page = page(&run, &place);
    page.wait_for("1 of ");
    page.click("button", text(subnet, "name"));
    page.wait_for("Used by");
    page.click("button", text(vpc, "name"));
    page.wait_for(&format!("Back to {}", text(subnet, "name")));
    let facts = page.value("document.querySelector('dialog dl').innerText");
    let facts = facts.as_str().expect("a text");
    assert!(facts.contains(NAME) && facts.contains(text(vpc, "id")), "{facts}");
    let shown = page.value("JSON.parse(document.querySelector('dialog pre').innerText)");
    assert_eq!(shown, vpc["raw"]);
    page.expect_no_fault();
}

/// Of two runs, one was compared with witnesses.
#[test]
fn witnesses_have_the_run_as_column() {
    let run = two_runs(&[], &["-s", "sqs"]);
    run.sandbox.run(["reconcile", "output/run", "--with", "config", "-q"]).expect_exit(4);
    let mut page = page(&run, "#witnesses");
    page.wait_for("Agreement by type");
    assert!(page.text().contains(&format!("Runs without a comparison: {NAME}.")));
    let cells =
        "[...document.querySelectorAll('#witness-table tbody td:first-child')].map((cell) => cell.innerText)";
    let cells = page.value(cells);
    let cells = cells.as_array().expect("cells");
    assert!(!cells.is_empty() && cells.iter().all(|cell| cell == "run"), "{cells:?}");
    page.choose("Run", NAME);
    page.wait_for("This run was not compared");
    assert!(!page.text().contains("Agreement by type"));
    page.choose("Run", "run");
    page.wait_for("Agreement by type");
    page.expect_no_fault();
}

/// What a report of several runs is called, and which runs it rejects.
#[test]
fn report_of_several_runs_has_each_run_once() {
    let run = Run::of_demo(&["-s", "sqs"]);
    let second = ["demo", "-s", "sqs", "-r", "eu-central-1", "-o", "others", "--run-name", "run"];
    run.sandbox.run(second).expect_exit(0);
    let count = resources(&run).len() + resources_in(&run, "others/run").len();
    run.sandbox
        .run(["report", "output/run", "others/run"])
        .expect_exit(0)
        .stdout_contains(&format!("{count} resources: output/runs.html"));
    let report = run.sandbox.run(["report", "output/run", "others/run"]);
    report.expect_exit(2).stderr_contains("--force").stderr_is_one_paragraph();
    // Folders with one name have their paths as names.
    let mut page = Browser::open(&run.sandbox.path("output/runs.html"), WIDE);
    page.wait_for("others/run");
    for (first, second) in [("output/run", "output/latest"), ("others/run", "output/../others/run/")] {
        let report = run.sandbox.run(["report", first, second, "-o", "twice.html"]);
        report.expect_exit(2).stderr_contains("is named twice").stderr_is_one_paragraph();
    }
    run.sandbox.run(["report", "output/run", "output"]).expect_exit(2).stderr_contains("manifest.json");
    assert!(!run.sandbox.path("twice.html").exists());
}
