//! Paper, themes, narrow windows, unfinished runs, and the way back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::browser::Browser;
use super::run::Run;
use super::seen::{grouped, resources};

/// On paper there are no buttons for filters, and more rows than on the screen.
#[test]
fn print_hides_buttons_and_shows_more_rows() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    assert!(resources.len() > 1000, "{}", resources.len());
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    assert_eq!(page.rows().len(), 101);
    page.media("print", "dark");
    page.value("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(page.rows().len(), 1001);
    let seen = page.text();
    assert!(seen.contains(&format!("The first 1,000 of {} resources.", grouped(resources.len()))));
    for control in ["Theme:", "Search the full JSON", "Columns", "Page 1 of"] {
        assert!(!seen.contains(control), "{control} is on paper");
    }
    let background = page.value("getComputedStyle(document.body).backgroundColor");
    assert_eq!(background, "rgb(255, 255, 255)", "paper is white whatever the theme");
    page.value("dispatchEvent(new Event('afterprint'))");
    assert_eq!(page.rows().len(), 101);
    page.media("", "light");
    let paper = page.ask("Page.printToPDF", &json!({"printBackground": true, "landscape": true}));
    let paper = STANDARD.decode(paper["data"].as_str().expect("a document")).expect("base64");
    let pages = paper.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page\n")).count();
    assert!(paper.starts_with(b"%PDF") && pages > 3, "{pages} pages");
    page.expect_no_fault();
}

#[test]
fn the_theme_is_the_systems_until_somebody_chooses_one() {
    let run = Run::of_demo(&["-s", "rds"]);
    let mut page = run.page("");
    let is_dark = |page: &mut Browser| {
        let colour = page.value("getComputedStyle(document.body).backgroundColor");
        colour == "rgb(13, 17, 25)"
    };
    page.media("screen", "light");
    assert!(!is_dark(&mut page));
    page.media("screen", "dark");
    assert!(is_dark(&mut page));
    page.click("button", "Theme: system");
    assert!(!is_dark(&mut page), "chosen: light");
    page.media("screen", "light");
    page.click("button", "Theme: light");
    assert!(is_dark(&mut page), "chosen: dark");
    page.go("");
    assert!(is_dark(&mut page), "what was chosen is kept");
    page.expect_no_fault();
}

#[test]
fn a_narrow_window_needs_no_scrolling_from_side_to_side() {
    let run = Run::of_demo(&[]);
    let mut page = run.full_page("");
    page.resize([400, 800]);
    for (place, ready) in [
        ("#overview", "Gaps and causes"),
        ("#completeness", "sandbox-anna"),
        ("#resources?kind=ec2/instance", "Private IP"),
        ("#witnesses", "Agreement by type"),
        ("#trends", "By account"),
    ] {
        page.go(place);
        page.wait_for(ready);
        assert_eq!(page.value("document.documentElement.scrollWidth"), json!(400), "{place}");
    }
    page.expect_no_fault();
}

#[test]
fn a_run_that_did_not_finish_says_so_first() {
    let run = Run::of_demo(&["-s", "rds"]);
    run.change("manifest.json", |manifest| manifest["state"] = json!("interrupted"));
    let mut page = run.page("");
    let seen = page.text();
    assert!(seen.contains("This run did not finish."), "{seen}");
    assert!(seen.contains("130: interrupted"), "{seen}");
    page.expect_no_fault();
}

#[test]
fn back_goes_back_to_what_was_shown_before() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let mut page = run.page("#overview");
    page.click("link", "Resources");
    page.wait_for(" resources\n");
    page.wait_until("document.querySelector('#filters select') !== null");
    page.choose("Region", &page_option(&run, "us-east-1"));
    page.wait_for(" of ");
    page.value("history.back()");
    page.wait_until("document.querySelector('#count').textContent.indexOf(' of ') === -1");
    page.value("history.back()");
    page.wait_for("About this run");
    page.expect_no_fault();
}

/// The option of a region, with its count.
fn page_option(run: &Run, region: &str) -> String {
    let count = resources(run).iter().filter(|resource| resource["region"] == region).count();
    format!("{region} ({count})")
}
