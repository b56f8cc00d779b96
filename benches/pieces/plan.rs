//! From a spec to the units of an account.

use std::hint::black_box;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::names::{Partition, Region, RegionName};
use aws_auto_inventory::plan::spec::{BUILT_IN, ScanSpec};
use aws_auto_inventory::plan::{Plan, PlannedCall, RegionChoice};
use criterion::Criterion;

/// The carried spec `inventory`: read, and laid out over seventeen regions.
pub(crate) fn units(criterion: &mut Criterion) {
    let catalog = Catalog::embedded().unwrap();
    let text = BUILT_IN.iter().find(|built_in| built_in.name == "inventory").unwrap().text;
    criterion.bench_function("plan/spec", |bencher| {
        bencher.iter(|| ScanSpec::parse(black_box(text), "inventory", &catalog).unwrap());
    });
    let spec = ScanSpec::parse(text, "inventory", &catalog).unwrap();
    let regions: Vec<Region> =
        (1..=17).filter_map(|number| Region::parse(&format!("eu-central-{number}")).ok()).collect();
    let plan = Plan {
        accounts: Vec::new(),
        calls: PlannedCall::all(spec.entries.iter().cloned()),
        skipped: Vec::new(),
        regions: RegionChoice::Given(regions.clone()),
        global_region: RegionName::new("us-east-1").region(),
        partition: Partition::new("aws"),
        started: chrono::DateTime::UNIX_EPOCH,
    };
    criterion.bench_function("plan/units", |bencher| bencher.iter(|| plan.units(black_box(&regions))));
}
