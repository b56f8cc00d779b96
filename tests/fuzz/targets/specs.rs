//! An arbitrary scan spec: it is loaded or rejected.

use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::ScanSpec;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

/// Reads one input.
pub(crate) fn run(data: &[u8]) {
    let _ = ScanSpec::parse(&String::from_utf8_lossy(data), "the spec", &CATALOG);
}
