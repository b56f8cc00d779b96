//! Dependencies point down only: the table of the architecture, checked against the code's own
//! `use crate::` lines.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex_lite::Regex;

use crate::sandbox::{root, rust_files};

/// Each module, and the modules it may use. What is not listed may not be used.
const MAY_USE: &[(&str, &[&str])] = &[
    ("names", &[]),
    ("arn", &["names"]),
    ("error", &[]),
    ("util", &[]),
    ("aws_error", &["error", "util"]),
    ("model", &["arn", "names", "util"]),
    ("aws", &["arn", "aws_error", "error", "model", "names", "util"]),
    ("plan", &["arn", "aws", "error", "model", "names", "util"]),
    ("simulator", &["arn", "aws", "error", "model", "names", "plan", "util"]),
    ("run", &["aws", "aws_error", "model", "names", "plan", "util"]),
    ("engine", &["arn", "aws", "aws_error", "error", "model", "names", "plan", "run", "util"]),
    ("reports", &["arn", "aws", "error", "model", "names", "plan", "run", "util"]),
    (
        "app",
        &[
            "arn",
            "aws",
            "aws_error",
            "engine",
            "error",
            "model",
            "names",
            "plan",
            "reports",
            "run",
            "simulator",
            "util",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "arn",
            "aws",
            "engine",
            "error",
            "model",
            "names",
            "plan",
            "reports",
            "run",
            "simulator",
            "util",
        ],
    ),
];

#[test]
fn dependencies_point_down_only() {
    let source = root().join("src");
    let mut violations = Vec::new();
    for file in rust_files(&source) {
        let module = module_of(&source, &file);
        if matches!(&*module, "lib" | "main" | "alias") {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            violations.push(format!("the module {module} has no row in the table"));
            continue;
        };
        for used in used_modules(&product_code(&file)) {
            if used != module && !allowed.contains(&used.as_str()) {
                violations.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn the_table_itself_has_no_cycle() {
    for (index, (module, allowed)) in MAY_USE.iter().enumerate() {
        let below: BTreeSet<&str> = MAY_USE[..index].iter().map(|(name, _)| *name).collect();
        for used in *allowed {
            assert!(
                below.contains(used),
                "{module} may use {used}, which does not stand above it in the table"
            );
        }
    }
}

/// What is done in one place: the place, and how code looks that does it again.
const ONE_PLACE: &[(&str, &str)] = &[
    // An ARN is parsed by `Arn`.
    ("arn.rs", r"splitn\([56], ':'\)|split\(':'\)(\.nth|;)|strip_prefix\(.arn:.\)"),
    // The chain of an error's causes is searched by `find_cause`, and its end found by `innermost`.
    ("error.rs", r"= \w+\.source\(\)[; ]|\| *\(?\*?\w+\)?\.source\(\)"),
];

#[test]
fn one_place_takes_arns_and_error_chains_apart() {
    let source = root().join("src");
    for (place, again) in ONE_PLACE {
        let again = Regex::new(again).expect("a pattern");
        let (mut here, mut elsewhere) = (0, Vec::new());
        for file in rust_files(&source) {
            let code = product_code(&file);
            let hits = again.find_iter(&code).map(|hit| format!("{}: {}", file.display(), hit.as_str()));
            if file == source.join(place) { here += hits.count() } else { elsewhere.extend(hits) }
        }
        assert!(here > 0, "the pattern finds nothing in {place}");
        assert!(elsewhere.is_empty(), "{place} does this already:\n{}", elsewhere.join("\n"));
    }
}

/// The folder for what differs between operating systems.
const SYSTEM: &str = "util/system";

/// A command in a profile: Windows has one text for all arguments, which its shell splits.
const SHELL: &str = "aws/credentials/credential_process.rs";

#[test]
fn only_one_folder_differs_between_systems() {
    let source = root().join("src");
    let differs = Regex::new(r"std::os::|rustix::|signal_hook|cfg!?\(.*\b(unix|windows|target_os)\b")
        .expect("a pattern");
    let (mut here, mut elsewhere) = (0, Vec::new());
    for file in rust_files(&source).filter(|file| *file != source.join(SHELL)) {
        let code = product_code(&file);
        let hits = differs.find_iter(&code).map(|hit| format!("{}: {}", file.display(), hit.as_str()));
        if file.starts_with(source.join(SYSTEM)) { here += hits.count() } else { elsewhere.extend(hits) }
    }
    assert!(here > 10, "only {here} places were found in {SYSTEM}");
    assert!(elsewhere.is_empty(), "{SYSTEM} is the place for:\n{}", elsewhere.join("\n"));
}

/// The first folder below `src`, or the name of a file that stands there itself.
fn module_of(source: &Path, file: &Path) -> String {
    let below = file.strip_prefix(source).expect("a file of the source folder");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// A file without its unit tests, which may use whatever they need.
fn product_code(file: &Path) -> String {
    let name = file.file_name().expect("a name").to_string_lossy();
    if matches!(&*name, "tests.rs" | "fake.rs" | "samples.rs") {
        return String::new();
    }
    let text = fs::read_to_string(file).expect("readable source");
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// The modules behind `crate::` in code; what stands in comments counts as well, so that a link
/// in the documentation does not point upwards either.
fn used_modules(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (position, _) in text.match_indices("crate::") {
        let rest = &text[position + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            used.extend(group.split(',').map(name_at_start).filter(|name| !name.is_empty()));
        } else {
            used.insert(name_at_start(rest));
        }
    }
    used
}

fn name_at_start(text: &str) -> String {
    text.trim_start().chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect()
}
