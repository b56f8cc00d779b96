//! Tests of the rules and tables on all operations of the catalog.

use std::collections::BTreeSet;

use super::noun::OperationNoun;
use super::{ClassReason, OperationClass, classify, heads, reviewed, rules};
use crate::model::catalog::{Catalog, Operation, Service};

fn each_operation(mut look: impl FnMut(&Service, &Operation)) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for entry in catalog.entries() {
        let service = catalog.read(entry).expect("a service");
        service.operations.iter().for_each(|operation| look(&service, operation));
    }
}

fn class(service: &str, operation: &str) -> (OperationClass, String) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let service = catalog.service(service).expect("loads").expect("exists");
    let mut operations = service.operations.iter();
    let operation = operations.find(|other| *other.name == *operation).expect("an operation");
    let classified = classify(&service, operation);
    (classified.class, classified.reason.to_string())
}

#[test]
fn first_rule_that_applies_determines_the_class() {
    use OperationClass::{Configuration, Data, Deprecated, History, Measurement, Offers, Search, State};
    for (service, operation, expected, reason) in [
        ("s3", "GetObject", Data, "on the deny list (bulk data: the content of an object)"),
        ("glue", "GetJobs", Configuration, "a job is a definition; its runs are the history"),
        ("s3", "GetBucketLifecycle", Deprecated, "marked as deprecated"),
        ("connect", "SearchQueues", Search, "starts with `Search`"),
        ("s3", "GetBucketTagging", Configuration, "named after a `tagging`"),
        ("rds", "DescribeOrderableDBInstanceOptions", Offers, "has the word `orderable`"),
        ("billingconductor", "ListPricingPlans", Configuration, "named after a `plan`"),
        ("glue", "GetJobRuns", History, "named after a `run`"),
        ("backup", "ListRecoveryPointsByBackupVault", History, "named after a `recovery-point`"),
        ("xray", "GetServiceGraph", Measurement, "requires the time `StartTime`"),
        ("s3", "GetBucketPolicyStatus", State, "named after a `status`"),
        ("forecast", "DescribePredictor", Configuration, "named after a `predictor`"),
        ("apigateway", "GetUsagePlans", Configuration, "named after a `plan`"),
    ] {
        assert_eq!(class(service, operation), (expected, reason.to_owned()), "{service} {operation}");
    }
}

#[test]
fn operation_below_another_inherits_the_farther_class() {
    use OperationClass::{Configuration, Data, History, Offers, State};
    for (own, parent, expected) in [
        (Configuration, Configuration, Configuration),
        (Configuration, State, Configuration),
        (State, Configuration, State),
        (Configuration, History, History),
        (State, Data, Data),
        (Data, History, Data),
        (History, Configuration, History),
        (Configuration, Offers, Offers),
    ] {
        assert_eq!(own.inherited(parent), expected, "{own:?} below {parent:?}");
    }
}

/// A new word at the end of a noun is reviewed before its operations are followed.
#[test]
fn last_word_of_every_noun_has_been_reviewed() {
    let mut unreviewed = BTreeSet::new();
    each_operation(|service, operation| {
        let classified = classify(service, operation);
        let is_guess = matches!(
            classified.reason,
            ClassReason::Unreviewed(_) | ClassReason::Bytes(_) | ClassReason::OptionalTime(_)
        );
        if is_guess {
            unreviewed.insert(format!("{} {}: {}", service.name, operation.name, classified.reason));
        }
    });
    let unreviewed: Vec<String> = unreviewed.into_iter().collect();
    assert!(
        unreviewed.is_empty(),
        "look at these operations, and add their words to heads.txt:\n{}",
        unreviewed.join("\n")
    );
}

#[test]
fn every_word_of_the_table_is_needed_once() {
    let mut needed = BTreeSet::new();
    each_operation(|service, operation| {
        if let ClassReason::Noun(words) = rules::derived(service, operation).reason {
            needed.insert(words);
        }
    });
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = heads::all().filter(|(words, _)| !seen.insert(*words)).collect();
    assert!(twice.is_empty(), "twice in the table: {twice:?}");
    let stale: Vec<_> = seen.difference(&needed).collect();
    assert!(stale.is_empty(), "no operation needs these words: {stale:?}");
}

#[test]
fn every_reviewed_row_differs_from_the_rules() {
    let mut needed = BTreeSet::new();
    each_operation(|service, operation| {
        let derived = rules::derived(service, operation).class;
        let row = reviewed::row(&service.name, &operation.name);
        if row.is_some_and(|(class, _)| class != derived) {
            needed.insert((service.name.to_string(), operation.name.to_string()));
        }
    });
    let rows: Vec<_> = reviewed::all().collect();
    let stale: Vec<_> = rows
        .iter()
        .filter(|row| !needed.contains(&(row.0.to_owned(), row.1.to_owned())))
        .map(|row| format!("{} {}", row.0, row.1))
        .collect();
    assert!(stale.is_empty(), "these operations need no row, or do not exist: {stale:?}");
    assert_eq!(rows.len(), needed.len(), "an operation has two rows");
    assert!(rows.iter().all(|(_, _, _, reason)| reason.len() > 5), "each row has a reason");
}

#[test]
fn tables_of_classes_are_sorted() {
    let rows: Vec<_> = include_str!("reviewed.txt").lines().filter(|line| !line.starts_with('#')).collect();
    assert!(rows.is_sorted(), "reviewed.txt");
    let words: Vec<_> = heads::all().collect();
    assert!(words.chunk_by(|one, next| one.1 == next.1).all(<[_]>::is_sorted), "heads.txt");
}

/// Names without a reviewed word are classified by shapes, until a version of the program knows the word.
#[test]
fn unknown_word_is_classified_by_shapes() {
    let renamed = |service: &str, operation: &str| {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service(service).expect("loads").expect("exists");
        let mut operations = service.operations.iter();
        let mut operation = operations.find(|other| *other.name == *operation).expect("an operation").clone();
        operation.name = "GetGizmo".into();
        rules::derived(&service, &operation)
    };
    for (service, operation, expected, reason) in [
        (
            "s3",
            "ListBuckets",
            OperationClass::Configuration,
            "named after a `gizmo`, which has not been reviewed",
        ),
        ("kms", "GetPublicKey", OperationClass::Data, "returns the bytes of `PublicKey`"),
        ("rds", "DescribeEvents", OperationClass::History, "accepts the time `StartTime`"),
        ("cloudwatch", "GetMetricData", OperationClass::Measurement, "requires the time `StartTime`"),
    ] {
        let classified = renamed(service, operation);
        assert_eq!(
            (classified.class, &*classified.reason.to_string()),
            (expected, reason),
            "{service} {operation}"
        );
    }
    assert_eq!(OperationNoun::of("GetGizmo").head(), "gizmo");
}
