//! `docs/coverage.md`: which operations the built-in specs call, and why the rest is not called.
//!
//! `UPDATE_COVERAGE=1` writes the page.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use serde_json::Value;

use super::{CATALOG, HISTORY, functions};
use crate::model::catalog::{Function, OperationClass, Service};
use crate::plan::spec::deep::{DeepScan, everything};
use crate::plan::spec::full_spec;

/// The variable that updates the page.
const UPDATE: &str = "UPDATE_COVERAGE";

const INTRODUCTION: &str = "\
# Coverage

The operations that the built-in specs call, of all read operations in the catalog: `all` calls those that need no
identifier, `deep` also those whose parameters come from the responses of other calls. `deep` follows configuration and
state, and records of the past with `--deep=history`. This page is generated from the catalog.

An operation belongs to one class:

| Class | Meaning | Called by |
|---|---|---|
| configuration | resources and their settings | `deep` |
| state | status, health, compliance | `deep` |
| history | events, executions, jobs, versions that are not in use | `--deep=history` |
| measurement | metrics, usage, costs | - |
| offers | what AWS offers to every account, and prices | - |
| search | the results of a query | - |
| data | the content of resources, in any number, and everything that scans never call | - |
| deprecated | operations with a successor | - |

What is called for each item of a list is at most as close to an inventory as the list: the tags of each execution are
history.

## Services

The number of read operations in the catalog, the number that each spec calls, and the classes of those that
`--deep=history` does not call.
";

const REASONS: &str = "
## Configuration and state that is not called

The operations of these two classes that `--deep=history` does not call, with the reason.
";

const OTHERS: &str = "
## Other classes

The operations that `--deep=history` does not call because of their class, or of the class of the list whose items they
need.
";

/// The operations that a spec calls.
type CalledFunctions = HashSet<(String, String)>;

fn called(text: &str) -> CalledFunctions {
    let spec: Value = serde_json::from_str(text).expect("JSON");
    let mut called = HashSet::new();
    functions(spec["calls"].as_array().expect("calls"), "", &mut called);
    called
}

struct Specs {
    all: CalledFunctions,
    deep: CalledFunctions,
    history: CalledFunctions,
}

fn page() -> String {
    let specs = Specs {
        all: called(&full_spec::everything(&CATALOG).expect("a catalog in order")),
        deep: called(&everything(&CATALOG, DeepScan::CONFIGURATION).expect("a catalog in order")),
        history: called(&everything(&CATALOG, HISTORY).expect("a catalog in order")),
    };
    let (mut rows, mut reasons, mut others) = (String::new(), String::new(), String::new());
    let mut sums = [0; 4];
    for entry in CATALOG.entries() {
        let service = CATALOG.service(&entry.name).expect("loads").expect("exists");
        let all: Vec<Function> = Function::all(&service).collect();
        let of = |called: &CalledFunctions| all.iter().filter(|function| is_called(called, function)).count();
        let counts = [all.len(), of(&specs.all), of(&specs.deep), of(&specs.history)];
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        let rest: Vec<&Function> =
            all.iter().filter(|function| !is_called(&specs.history, function)).collect();
        row(&mut rows, &entry.name, counts, &classes(&rest));
        let missing = missing(&service, &rest);
        if !missing.is_empty() {
            let _ = write!(reasons, "\n- `{}`\n{missing}", entry.name);
        }
        let by_class = by_class(&rest);
        if !by_class.is_empty() {
            let _ = write!(others, "\n- `{}`\n{by_class}", entry.name);
        }
    }
    let mut page = INTRODUCTION.to_owned();
    page += "\n| Service | Operations | `all` | `deep` | `--deep=history` | Not called |\n|---|---|---|---|---|---|\n";
    row(&mut page, "all services", sums, "");
    page += &rows;
    page += REASONS;
    page += &reasons;
    page += OTHERS;
    page += &others;
    page
}

fn is_called(called: &CalledFunctions, function: &Function) -> bool {
    called.contains(&(function.service().name.to_string(), function.name().to_owned()))
}

fn row(page: &mut String, name: &str, [operations, all, deep, history]: [usize; 4], rest: &str) {
    let _ = writeln!(page, "| {name} | {operations} | {all} | {deep} | {history} | {rest} |");
}

/// Returns the classes of operations with their numbers: `3 data, 1 search`.
fn classes(functions: &[&Function]) -> String {
    let mut counts = BTreeMap::new();
    for function in functions {
        *counts.entry(function.class().class).or_insert(0) += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(class, count)| format!("{count} {}", class.name())).collect();
    counts.join(", ")
}

/// Returns the operations of other classes, by class.
fn by_class(functions: &[&Function]) -> String {
    let mut classes: BTreeMap<OperationClass, Vec<String>> = BTreeMap::new();
    for function in functions {
        let class = function.class().class;
        if class > OperationClass::State {
            classes.entry(class).or_default().push(format!("`{}`", function.name()));
        }
    }
    classes.iter().fold(String::new(), |mut text, (class, names)| {
        let _ = writeln!(text, "  - {}: {}", class.name(), names.join(", "));
        text
    })
}

/// Returns the operations that are configuration or state and not called, by reason.
fn missing(service: &Service, functions: &[&Function]) -> String {
    let sources = CATALOG.sources(service).expect("a catalog in order");
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for function in functions.iter().filter(|function| function.class().class <= OperationClass::State) {
        let sources = sources.of(function.name());
        let reason = match sources.and_then(|sources| sources.missing.as_ref()) {
            _ if function.operation().deprecated => "deprecated".to_owned(),
            Some(missing) => missing.to_string(),
            None if sources
                .is_some_and(|sources| sources.sources.iter().any(|source| source.parent.is_some())) =>
            {
                "below a call that is not followed".to_owned()
            }
            None => "excluded from `all`: an identifier is needed, or each request is billed".to_owned(),
        };
        by_reason.entry(reason).or_default().push(function.name());
    }
    by_reason.iter().fold(String::new(), |mut text, (reason, names)| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "  - {}: {reason}", names.join(", "));
        text
    })
}

#[test]
fn coverage_page_is_that_of_the_catalog() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coverage.md");
    let page = page();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(path, &page).expect("writes");
    }
    let stored = std::fs::read_to_string(path).expect("a page");
    let differing = stored.lines().zip(page.lines()).find(|(stored, page)| stored != page);
    assert!(stored == page, "run the test with UPDATE_COVERAGE=1; it differs at {differing:?}");
}
