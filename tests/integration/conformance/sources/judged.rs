//! One hundred parameters whose sources were compared with the documentation in the models, by hand.
//!
//! They are drawn from all parameters that come from items, of the operations that deep scans follow: those with the
//! smallest SHA-256 of the seed, service, function and parameter. A parameter is right if the value of each item is what
//! the parameter means, and no important part of the resources is missing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_auto_inventory::model::catalog::{CallSource, Function, OperationClass};
use sha2::{Digest as _, Sha256};

use super::{SOURCES, is_from_items, notation, rows};

/// The judgements. Its first row has the seed.
const TABLE: &str = include_str!("judged.txt");

/// The number of drawn parameters.
const DRAWN: usize = 100;

/// Parameters by `service function parameter`, with their sources.
type ParameterSources = BTreeMap<String, String>;

#[test]
fn drawn_sources_are_judged_and_nearly_all_right() {
    let mut rows = rows(TABLE);
    let first = rows.next().expect("a row with the seed");
    let ["seed", seed] = first[..] else { panic!("{first:?}") };
    let mut judged = ParameterSources::new();
    let mut wrong = Vec::new();
    for row in rows {
        let [subject, sources @ .., verdict, judgement] = &row[..] else { panic!("{row:?}") };
        assert!(["right", "wrong", "corrected"].contains(verdict) && judgement.len() > 10, "{subject}");
        judged.insert((*subject).to_owned(), sources.join(" | "));
        if *verdict != "right" {
            wrong.push(subject.to_owned());
        }
    }
    let drawn = drawn(seed);
    let new: String = drawn.iter().filter(|row| judged.get(row.0) != Some(row.1)).fold(
        String::new(),
        |mut text, (subject, sources)| {
            let _ = writeln!(text, "{subject} | {sources}");
            text
        },
    );
    let old: Vec<_> = judged.keys().filter(|subject| !drawn.contains_key(*subject)).collect();
    assert!(new.is_empty() && old.is_empty(), "to judge:\n{new}no longer drawn: {old:#?}");
    assert!(wrong.len() <= 3, "{} were wrong when they were drawn: {wrong:#?}", wrong.len());
}

/// Draws the parameters.
fn drawn(seed: &str) -> ParameterSources {
    let mut all: Vec<_> = parameters().into_iter().collect();
    all.sort_by_cached_key(|(subject, _)| Sha256::digest(format!("{seed} {subject}")));
    all.truncate(DRAWN);
    all.into_iter().collect()
}

/// Returns the parameters that come from items, of all operations that deep scans follow.
fn parameters() -> ParameterSources {
    let mut found = ParameterSources::new();
    for (service, operation) in SOURCES.all() {
        let function = Function::find(&SOURCES.services[service].0, &operation.function);
        if function.expect("a function").class().class > OperationClass::History {
            continue;
        }
        for source in &operation.sources {
            add(&mut found, &format!("{service} {}", operation.function), source);
        }
    }
    found
}

fn add(found: &mut ParameterSources, subject: &str, source: &CallSource) {
    for parameter in source.parameters.iter().filter(|parameter| is_from_items(&parameter.origin)) {
        let sources = found.entry(format!("{subject} {}", parameter.path.join("."))).or_default();
        if !sources.is_empty() {
            sources.push_str("; ");
        }
        sources.push_str(&notation::of_parameter(source, parameter));
    }
}
