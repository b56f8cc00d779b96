//! Filters beside the real jq: every filter of `tests/jq/filters.json` on its inputs, value by value.
//!
//! Where jq has values and the program an error, the file has the row of the table in
//! `docs/queries.md`; no filter has other values than jq.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use aws_auto_inventory::plan::spec::JqFilter;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::jq::{self, values};

/// The version that filters are compared with.
const VERSION: &str = "jq-1.6";
/// So many filters go to one process: jq spends most of its time on its own definitions.
const BATCH: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    every_filter_on_every_input: Vec<Group>,
    filters_with_their_input: Vec<(String, Value)>,
    refused_by_both: Vec<String>,
    #[serde(rename = "newer_than_1.6")]
    newer: Vec<(String, Value, Vec<Value>)>,
    differences: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(rename = "about")]
    _about: String,
    inputs: Vec<Value>,
    filters: Vec<String>,
}

/// What jq gives values for and the program does not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    row: String,
    filter: String,
    inputs: Vec<Value>,
}

/// A filter and its input, which is compared as text.
type Case = (String, String);

/// The outputs, or that there is an error.
type Result = std::result::Result<Vec<Value>, ()>;

fn filters() -> Comparison {
    serde_json::from_str(include_str!("../../jq/filters.json")).expect("tests/jq/filters.json")
}

impl Comparison {
    fn cases(&self) -> BTreeSet<Case> {
        let mut cases = BTreeSet::new();
        for group in &self.every_filter_on_every_input {
            for filter in &group.filters {
                cases.extend(group.inputs.iter().map(|input| (filter.clone(), input.to_string())));
            }
        }
        cases.extend(
            self.filters_with_their_input.iter().map(|(filter, input)| (filter.clone(), input.to_string())),
        );
        cases
    }

    fn differences(&self) -> BTreeMap<Case, &str> {
        let rows = self.differences.iter().flat_map(|difference| {
            let case = |input: &Value| ((difference.filter.clone(), input.to_string()), &*difference.row);
            difference.inputs.iter().map(case)
        });
        rows.collect()
    }
}

fn ours((filter, input): &Case) -> Result {
    let input = serde_json::from_str(input).expect("an input");
    JqFilter::compile(filter).map_err(drop)?.run(&input, &Value::Null).map_err(drop)
}

/// What jq has for one filter by itself.
fn theirs((filter, input): &Case) -> Result {
    let output = jq::jq(filter, &serde_json::from_str(input).expect("an input"));
    if output.status.success() { Ok(values(&output)) } else { Err(()) }
}

/// What jq has for many filters, one after the other in one program.
fn theirs_at_once(cases: &[&Case]) -> Vec<Result> {
    let inputs = cases.iter().map(|(_, input)| serde_json::from_str(input).expect("an input"));
    let inputs = Value::Array(inputs.collect());
    let programs = cases.iter().enumerate().map(|(index, (filter, _))| {
        format!("($inputs[{index}] | try {{values: [({filter}\n)]}} catch {{error: true}})")
    });
    let program = format!(". as $inputs | {}", programs.collect::<Vec<_>>().join(",\n"));
    let output = jq::jq(&program, &inputs);
    // A failed assertion ends jq, and with it all filters of the program.
    if output.status.code().is_none() {
        return cases.iter().map(|case| theirs(case)).collect();
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let results = values(&output);
    assert_eq!(results.len(), cases.len(), "{errors}");
    let result = |mut result: Value| match result["values"].take() {
        Value::Array(values) => Ok(values),
        _ => Err(()),
    };
    results.into_iter().map(result).collect()
}

/// Whether two values are the same: numbers as doubles, and members in their order.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
        }
        _ => one == other,
    }
}

fn agree(ours: &Result, theirs: &Result) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Err(()), Err(())) => true,
        _ => false,
    }
}

/// Compares the cases in as many threads as there are processors, and describes those that disagree.
fn disagreements(
    cases: &[&Case],
    theirs: impl Fn(&[&Case]) -> Vec<Result> + Sync,
    batch: usize,
) -> Vec<String> {
    let batches: Vec<&[&Case]> = cases.chunks(batch).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = batches.len().div_ceil(threads).max(1);
    let compare = |batches: &[&[&Case]]| {
        let mut found = Vec::new();
        for batch in batches {
            for (case, theirs) in batch.iter().zip(theirs(batch)) {
                let ours = ours(case);
                if !agree(&ours, &theirs) {
                    found.push(format!("{} on {}: {ours:?}, jq {theirs:?}", case.0, case.1));
                }
            }
        }
        found
    };
    thread::scope(|scope| {
        let threads: Vec<_> = batches.chunks(share).map(|share| scope.spawn(|| compare(share))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    })
}

#[test]
fn the_jq_to_compare_with_is_there() {
    let version = jq::version();
    assert_eq!(version, VERSION, "name a jq of that version in SCAN_TEST_JQ");
}

#[test]
fn filters_give_what_jq_gives() {
    let filters = filters();
    let differences = filters.differences();
    let cases = filters.cases();
    let equal: Vec<&Case> = cases.iter().filter(|case| !differences.contains_key(*case)).collect();
    assert!(equal.len() > 5_000, "{}", equal.len());
    // `$__loc__` is the line of the whole program that a filter is in.
    let (alone, together) =
        equal.into_iter().partition::<Vec<_>, _>(|(filter, _)| filter.contains("__loc__"));
    let mut wrong = disagreements(&together, theirs_at_once, BATCH);
    wrong.extend(disagreements(&alone, |cases| cases.iter().map(|case| theirs(case)).collect(), BATCH));
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn each_difference_is_an_error_and_no_other_value() {
    let filters = filters();
    let differences = filters.differences();
    let cases = filters.cases();
    for case in differences.keys() {
        assert!(cases.contains(case), "{case:?} is a difference and no case");
        assert_eq!(ours(case), Err(()), "{case:?} is an error no more");
        assert!(theirs(case).is_ok(), "{case:?} is no difference any more: jq has an error as well");
    }
}

#[test]
fn no_error_of_a_difference_is_caught_and_becomes_a_value() {
    for (case, row) in filters().differences() {
        let (filter, input) = &case;
        // What is wrong with the text is known before it runs, and what ends a text cannot be put into
        // another one.
        if JqFilter::compile(filter).is_err() {
            continue;
        }
        for around in ["try ({}\n) catch \"caught\"", "[({}\n)?]", "(({}\n)? // \"other\")"] {
            let caught = (around.replace("{}", filter), input.clone());
            assert_eq!(ours(&caught), Err(()), "{row}: {}", caught.0);
        }
    }
}

#[test]
fn jq_difference_table_matches_documentation() {
    let page = include_str!("../../../docs/queries.md");
    let table = page.split("## Where filters differ from jq").nth(1).expect("the section");
    let table = table.split("\n## ").next().expect("the section");
    let row = |line: &str| {
        let row = line.strip_prefix("| ")?.replace("\\|", "\u{0}");
        Some(row.split(" | ").next()?.replace('\u{0}', "|"))
    };
    let heads = ["What", "---"];
    let documented: BTreeSet<String> =
        table.lines().filter_map(row).filter(|row| !heads.contains(&row.as_str())).collect();
    let tested: BTreeSet<String> =
        filters().differences.into_iter().map(|difference| difference.row).collect();
    assert_eq!(documented, tested);
}

#[test]
fn filter_refused_by_jq_is_refused_on_parse() {
    for filter in filters().refused_by_both {
        assert!(JqFilter::compile(&filter).is_err(), "{filter}");
        assert_eq!(theirs(&(filter.clone(), "null".to_owned())), Err(()), "{filter}");
    }
}

/// These outputs are those of jq 1.8.
#[test]
fn filters_newer_than_jq_1_6_work() {
    for (filter, input, outputs) in filters().newer {
        let case = (filter, input.to_string());
        assert!(agree(&ours(&case), &Ok(outputs)), "{case:?}: {:?}", ours(&case));
        assert_eq!(theirs(&case), Err(()), "{case:?} is not newer");
    }
}

#[test]
fn every_function_of_jq_is_compared_or_left_out() {
    let text = include_str!("../../jq/filters.json");
    let known = jq::evaluate("[builtins[] | split(\"/\")[0]] | unique | .[]", &Value::Null);
    assert!(known.len() > 150, "{}", known.len());
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: BTreeSet<&str> = text.split(|letter| !is_word(letter)).collect();
    let missing: Vec<&str> =
        known.iter().filter_map(Value::as_str).filter(|name| !words.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

/// jq 1.6 makes doubles of all numbers. Here, as in later versions, an integer keeps its digits until
/// something is calculated with it.
#[test]
fn integers_beyond_2_to_the_53_keep_their_digits() {
    let big = json!(9_007_199_254_740_993_u64);
    let run =
        |filter: &str| JqFilter::compile(filter).expect("a filter").run(&big, &Value::Null).expect("outputs");
    assert_eq!(run("., {a: .}.a, [.][0], (tojson | fromjson)"), vec![big.clone(); 4]);
    assert_eq!(run("tostring, tojson, \"\\(.)\", @text, ([.] | @csv)"), vec![json!(big.to_string()); 5]);
    assert_eq!(
        run(". == 9007199254740992, . > 9007199254740992, ([., 9007199254740992] | unique | length)"),
        [json!(false), json!(true), json!(2)]
    );
    assert_eq!(run(". + 0, . * 1, floor"), vec![json!(9_007_199_254_740_992_u64); 3]);
}
