//! What is seen on the page, and what should be.

use serde_json::Value;

use super::browser::Browser;
use super::run::Run;

/// The resources of a run, as the export has them.
pub(super) fn resources(run: &Run) -> Vec<Value> {
    resources_in(run, "output/run")
}

/// The resources of a run in this folder, as the export has them.
pub(super) fn resources_in(run: &Run, folder: &str) -> Vec<Value> {
    let export = run.sandbox.run(["export", folder, "-f", "ndjson", "-o", "-"]);
    export.expect_exit(0);
    export.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

pub(super) fn text<'value>(value: &'value Value, member: &str) -> &'value str {
    value[member].as_str().unwrap_or_default()
}

/// A number as the page writes it.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

/// The cells of a column, without the header.
pub(super) fn column(page: &mut Browser, title: &str) -> Vec<String> {
    let rows = page.rows();
    let index = rows[0].iter().position(|name| name == title);
    let index = index.unwrap_or_else(|| panic!("no column {title:?} in {:?}", rows[0]));
    rows.into_iter().skip(1).map(|row| row[index].clone()).collect()
}
