//! A scan spec of somebody: it is loaded or refused.
#![no_main]

use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::ScanSpec;
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

fuzz_target!(|data: &[u8]| {
    let _ = ScanSpec::parse(&String::from_utf8_lossy(data), "the spec", &CATALOG);
});
