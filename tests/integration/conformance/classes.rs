//! The classes of operations, compared with the operations that other inventories use, and with judgements.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_auto_inventory::model::catalog::{
    Catalog, ClassReason, ClassifiedOperation, Function, OperationClass,
};
use sha2::{Digest as _, Sha256};

/// Operations of the sample that a deep scan does not follow, with history or without.
const NOT_FOLLOWED: &[(&str, &str, OperationClass)] = &[
    ("auditmanager", "GetEvidence", OperationClass::Data),
    ("lightsail", "GetRelationalDatabaseLogEvents", OperationClass::Data),
    ("shield", "DescribeAttackStatistics", OperationClass::Measurement),
    ("bedrock", "GetFoundationModel", OperationClass::Offers),
    ("directconnect", "DescribeLocations", OperationClass::Offers),
    ("ec2", "DescribeSpotPriceHistory", OperationClass::Offers),
    ("elasticache", "DescribeCacheEngineVersions", OperationClass::Offers),
    ("elbv2", "DescribeSSLPolicies", OperationClass::Offers),
    ("emr", "ListReleaseLabels", OperationClass::Offers),
    ("emr", "ListSupportedInstanceTypes", OperationClass::Offers),
    ("es", "ListElasticsearchInstanceTypes", OperationClass::Offers),
    ("rds", "DescribeDBEngineVersions", OperationClass::Offers),
    ("rds", "DescribeOrderableDBInstanceOptions", OperationClass::Offers),
    ("resiliencehub", "ListSuggestedResiliencyPolicies", OperationClass::Offers),
    ("ssm", "GetInventorySchema", OperationClass::Offers),
    ("support", "DescribeSeverityLevels", OperationClass::Offers),
];

/// The start of the hashes of drawn operations: a draw that stays the same when a catalog has more operations.
const DRAWN: std::ops::Range<u16> = 0x03a0..0x06da;

#[test]
fn inventories_of_others_are_configuration_and_state() {
    use OperationClass::{Configuration, Data, History, Offers, Search, State};

    let classes = classes();
    let sample: Vec<(&str, &str)> = lines(include_str!("classes/depth-sample.txt"))
        .map(|line| line.split_once(':').expect("a service and an operation"))
        .collect();
    let class = |(service, operation): &(&str, &str)| {
        classes[&((*service).to_owned(), (*operation).to_owned())].class
    };
    let share = |classes: &[OperationClass]| {
        sample.iter().filter(|operation| classes.contains(&class(operation))).count() * 1000 / sample.len()
    };
    assert!(share(&[Configuration, State]) >= 850, "{} per mille", share(&[Configuration, State]));
    let reached = share(&[Configuration, State, History, Data, Offers, Search]);
    assert!(reached >= 980, "{reached} per mille");
    let found: BTreeSet<_> = sample
        .iter()
        .filter(|operation| class(operation) > History)
        .map(|row| (row.0, row.1, class(row)))
        .collect();
    assert_eq!(found, NOT_FOLLOWED.iter().copied().collect());
}

#[test]
fn drawn_operations_have_been_judged() {
    let classes = classes();
    let mut rows = BTreeMap::new();
    let mut right = 0;
    for line in lines(include_str!("classes/judged.txt")) {
        let (row, judgement) = line.split_once(" -- ").expect("a judgement");
        let [service, operation, class, verdict] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        assert!(judgement.len() > 3 && ["right", "wrong"].contains(&verdict), "{line}");
        right += usize::from(verdict == "right");
        rows.insert((service.to_owned(), operation.to_owned()), class.to_owned());
    }
    assert!(right >= 97, "{right} of {} are right", rows.len());
    let is_followed_by_name =
        |reason: &ClassReason| !matches!(reason, ClassReason::Denied(_) | ClassReason::Deprecated);
    let drawn = classes.into_iter().filter(|((service, operation), classified)| {
        let hash = Sha256::digest(format!("{service} {operation}"));
        is_followed_by_name(&classified.reason) && DRAWN.contains(&u16::from_be_bytes([hash[0], hash[1]]))
    });
    let drawn: BTreeMap<_, _> = drawn.map(|(name, found)| (name, found.class.name().to_owned())).collect();
    assert_eq!(drawn, rows, "judge the operations that were drawn");
}

/// Returns the classes of all operations of the catalog, by service and name.
fn classes() -> BTreeMap<(String, String), ClassifiedOperation> {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut classes = BTreeMap::new();
    for entry in catalog.entries() {
        let service = Arc::new(catalog.read(entry).expect("a readable service"));
        for function in Function::all(&service) {
            let name = (service.name.to_string(), function.operation().name.to_string());
            classes.insert(name, function.class());
        }
    }
    classes
}

/// Iterates over the lines of a table.
fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}
