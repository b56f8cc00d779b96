//! The comparison with witnesses on the page.

use super::browser::Browser;
use super::run::Run;

/// A page of a run that was compared with all witnesses.
fn page(run: &Run) -> Browser {
    let with = "resource-explorer,config,tagging,bill";
    run.sandbox.run(["reconcile", "output/run", "--with", with, "-q"]).expect_exit(4);
    run.page("#witnesses")
}

/// The texts of the rows of the differences.
fn rows(page: &mut Browser) -> Vec<String> {
    let script = "[...document.querySelectorAll('#witness-table tbody tr')].map(row => row.innerText)";
    let rows = page.value(script);
    rows.as_array().expect("rows").iter().map(|row| row.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn witnesses_and_differences_are_shown() {
    let run = Run::of_demo(&[]);
    let mut page = page(&run);
    page.wait_for("Agreement by type");
    let seen = page.text();
    for expected in [
        "How do we know?",
        "in both",
        "AWS Config",
        "Resource Explorer",
        "Not set up in 1 account: 431175926608",
        "Account 515230977148: ",
        "AWS::Lambda::Function",
        "function:shop-forgotten",
        "not matched with a service: Amazon Elastic Container Service",
    ] {
        assert!(seen.contains(expected), "{expected:?} is not in\n{seen}");
    }
    assert!(rows(&mut page)[0].starts_with("missing"), "the most important are first");
    page.expect_no_fault();
}

#[test]
fn differences_are_searched_and_filtered() {
    let run = Run::of_demo(&[]);
    let mut page = page(&run);
    page.wait_for("Agreement by type");
    page.choose("Class", "newer");
    page.wait_until("document.querySelectorAll('#witness-table tbody tr').length === 1");
    assert!(rows(&mut page)[0].contains("function:shop-fresh"));
    page.choose("Class", "All");
    page.click("searchbox", "Search");
    page.type_text("statemachine");
    page.wait_until("document.querySelectorAll('#witness-table tbody tr').length === 2");
    assert!(rows(&mut page).iter().all(|row| row.contains("list_state_machines")));
    assert_eq!(page.focus(), ("searchbox".to_owned(), "Search".to_owned()));
    page.expect_no_fault();
}

#[test]
fn overview_leads_to_missing_resources() {
    let run = Run::of_demo(&[]);
    let mut page = page(&run);
    page.go("#overview");
    page.wait_for("1 resource missing: reported by a witness");
    page.click("link", "See which");
    page.wait_until("document.querySelectorAll('#witness-table tbody tr').length === 2");
    assert!(rows(&mut page).iter().all(|row| row.contains("shop-forgotten")));
    page.expect_no_fault();
}

/// The page of a run that was not compared names the command.
#[test]
fn run_without_witnesses_names_command() {
    let run = Run::of_demo(&["-s", "lambda"]);
    let mut page = run.page("#witnesses");
    page.wait_for("scan reconcile");
    page.expect_no_fault();
}
