//! From the catalog's bytes to a service's model.

use std::hint::black_box;

use aws_auto_inventory::model::catalog::Catalog;
use criterion::Criterion;

/// The table of contents, a service of common size, and the largest.
pub(crate) fn loading(criterion: &mut Criterion) {
    criterion.bench_function("catalog/open", |bencher| bencher.iter(|| Catalog::embedded().unwrap()));
    for name in ["s3", "ec2"] {
        let catalog = Catalog::embedded().unwrap();
        let entry = catalog.entries().iter().find(|entry| *entry.name == *name).unwrap();
        criterion.bench_function(&format!("catalog/{name}"), |bencher| {
            bencher.iter(|| catalog.read(black_box(entry)).unwrap());
        });
    }
}
