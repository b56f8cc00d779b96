//! How long the page takes: the figures of `docs/performance.md`. `SCAN_TEST_PAGE` names the page.

use std::path::Path;

use serde_json::{Value, json};

use super::browser::Browser;
use super::run::WIDE;

/// Milliseconds from a change of the page to the moment when a condition holds.
fn timed(page: &mut Browser, change: &str, condition: &str) -> f64 {
    let script = format!(
        "new Promise((resolve) => {{
            const began = performance.now();
            const look = () => ({condition}) ? resolve(performance.now() - began) : setTimeout(look, 1);
            {change};
            setTimeout(look);
        }})"
    );
    page.value(&script).as_f64().expect("a time")
}

#[test]
#[ignore = "measures the page that SCAN_TEST_PAGE names"]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn figures_of_a_page() {
    let path = std::env::var("SCAN_TEST_PAGE").expect("SCAN_TEST_PAGE names a page");
    let mut page = Browser::open(Path::new(&path), WIDE);
    let bytes = std::fs::metadata(&path).expect("a page").len();
    println!("{bytes} bytes");
    let loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd";
    page.wait_until(&format!("{loaded} > 0"));
    println!("{} ms to open", page.value(loaded));
    page.value(
        "window.longest = 0;
         new PerformanceObserver((list) => {
             for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
         }).observe({ type: 'longtask' })",
    );
    let all = "!document.getElementById('count').textContent.includes(' of ') && table.rows.length > 0";
    let some = "document.getElementById('count').textContent.includes(' of ')";
    let show = "showResources({})";
    println!("{} ms to read all resources", timed(&mut page, show, all));
    for (what, change, condition, back) in [
        ("to search", "change({ q: 'a1 -b2' })", some, "change({ q: '' })"),
        ("to search again", "change({ q: 'b2' })", some, "change({ q: '' })"),
        (
            "to sort by name",
            "change({ sort: 'Name:up' })",
            "document.querySelector('[aria-sort=ascending]')",
            "",
        ),
        (
            "to search all of the JSON",
            "change({ q: 'no-such-text', deep: '1' })",
            "/^0 of/.test(document.getElementById('count').textContent)",
            "",
        ),
    ] {
        println!("{} ms {what}", timed(&mut page, change, condition));
        if !back.is_empty() {
            timed(&mut page, back, all);
        }
    }
    let heap = page.ask("Runtime.getHeapUsage", &json!({}));
    println!("{} bytes of memory for the script", heap["usedSize"]);
    let longest: Value = page.value("longest");
    println!("{longest} ms at most without listening");
    page.expect_no_fault();
}
