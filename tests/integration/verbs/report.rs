//! The page of `scan report`, looked at in a browser: what is seen, what is pressed, what is never done.

mod browser;
mod contrast;
mod figures;
mod identity;
mod keys;
mod large;
mod links;
mod odd_names;
mod overview;
mod run;
mod saving;
mod screenshots;
mod seen;
mod several;
mod strangers;
mod surroundings;
mod tables;
mod trends;
mod uses;
mod witnesses;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use run::Run;

#[test]
fn a_page_stands_beside_its_run_and_replaces_nothing() {
    let run = Run::of_demo(&["-s", "rds"]);
    let report = || run.sandbox.run(["report", "output/run/"]);
    report().expect_exit(0).stdout_contains("resources: output/run.html").stderr_contains("denied or failed");
    let path = run.sandbox.path("output/run.html");
    assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
    report().expect_exit(2).stderr_contains("already exists").stderr_is_one_paragraph();
    run.sandbox
        .run(["report", "output/run", "-o", "nowhere/page.html"])
        .expect_exit(1)
        .stderr_contains("nowhere");
    let beside = fs::read_dir(run.sandbox.path("output")).expect("lists");
    let names = beside.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let unfinished: Vec<String> = names.filter(|name| name.contains(".part")).collect();
    assert!(unfinished.is_empty(), "{unfinished:?}");
}

#[test]
fn a_run_that_cannot_be_read_has_no_page() {
    let run = Run::of_demo(&["-s", "s3"]);
    run.sandbox.run(["report", "output"]).expect_exit(2).stderr_contains("manifest.json");
    let (path, _) = run.file_with("s3.json", "list_buckets");
    fs::write(path, "{\"list_buckets\": [").expect("writes");
    let report = run.sandbox.run(["report", "output/run", "-o", "page.html"]);
    report.expect_exit(2).stderr_contains("s3.json").stderr_is_one_paragraph();
    assert!(!run.sandbox.path("page.html").exists());
}

#[test]
fn the_same_run_makes_the_same_page() {
    let run = Run::of_demo(&["-s", "s3"]);
    let page = |name: &str| {
        run.sandbox.run(["report", "output/run", "-o", name]).expect_exit(0);
        fs::read(run.sandbox.path(name)).expect("a page")
    };
    assert!(page("one.html") == page("other.html"), "two pages of one run differ");
}
