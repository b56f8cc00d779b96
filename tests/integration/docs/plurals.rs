//! Numbers and their nouns go through one function (`src/util/plural.rs`): a text that writes the noun itself
//! prints "1 calls" one day.

use std::fs;

use regex_lite::Regex;

use crate::sandbox::{files_below, root};

/// What the program counts, in the plural.
const NOUNS: &str = "accounts|actions|arguments|attempts|buckets|bytes|calls|causes|changes|characters|entries|\
                     failures|functions|items|keys|kinds|letters|lines|others|pages|places|regions|requests|\
                     resources|retries|rows|seconds|services|sessions|shards|values";

/// What may stand between a number and its noun.
const BETWEEN: &str = "(?:(?:different|further|more|other|planned|sensitive) )?";

/// What writes a noun itself, and why that is right.
const REVIEWED: &[(&str, &str, &str)] = &[
    ("src/aws/credentials/role_settings.rs", "{seconds} seconds", "one is reported as too few"),
    ("src/aws/credentials/role_settings.rs", "{} letters", "the longest that AWS allows"),
    ("src/run/merge/error.rs", "{count} shards", "where some are missing, there are several"),
    (
        "src/reports/html/assets/script/main.js",
        "${number(table.rows.length)} resources",
        "more than fit on paper",
    ),
    ("src/aws/http/download.rs", "{} seconds", "a limit of several"),
    ("src/plan/spec/validate.rs", "{count} entries", "one has a sentence of its own"),
];

#[test]
fn numbers_and_nouns_go_through_one_function() {
    let root = root();
    let rust = Regex::new(&format!(r"\{{[a-z_0-9.]*\}} {BETWEEN}(?:{NOUNS})\b")).expect("a pattern");
    let script = Regex::new(&format!(r"\$\{{number\([^}}]*\)\}} {BETWEEN}(?:{NOUNS})\b")).expect("a pattern");
    let mut found = Vec::new();
    for file in files_below(&root.join("src")) {
        let extension = file.extension().and_then(|extension| extension.to_str());
        let pattern = match extension {
            Some("rs") => &rust,
            Some("js") => &script,
            _ => continue,
        };
        let name = file.strip_prefix(root).expect("a file of the checkout").display().to_string();
        let is_test =
            name.ends_with("tests.rs") || name.contains("/tests/") || name.starts_with("src/simulator/");
        let text = fs::read_to_string(&file).expect("readable source");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !is_test && !line.trim_start().starts_with("//"));
        for line in lines {
            let hits = pattern.find_iter(line).map(|hit| hit.as_str());
            let hits = hits.filter(|hit| !is_reviewed(&name, hit));
            found.extend(hits.map(|hit| format!("{name}: {hit}")));
        }
    }
    assert!(
        found.is_empty(),
        "say these with crate::util::plural, or review them here:\n{}",
        found.join("\n")
    );
}

#[test]
fn every_reviewed_text_is_there() {
    let root = root();
    for (file, text, reason) in REVIEWED {
        let source = fs::read_to_string(root.join(file)).expect("readable source");
        assert!(source.contains(text), "{file} does not write {text:?} any more ({reason})");
    }
}

fn is_reviewed(file: &str, hit: &str) -> bool {
    REVIEWED.iter().any(|(reviewed, text, _)| *reviewed == file && hit.contains(text))
}
