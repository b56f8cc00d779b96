//! An arbitrary catalog file: it is opened or rejected, and so is each service in it.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use aws_auto_inventory::model::catalog::Catalog;
use tempfile::TempDir;

/// Where the file is written: one for the whole process.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));
static FILE: LazyLock<PathBuf> = LazyLock::new(|| FOLDER.path().join("fuzzed.catalog"));

/// Reads one input.
pub(crate) fn run(data: &[u8]) {
    fs::write(&*FILE, data).expect("a file");
    let Ok(catalog) = Catalog::from_file(&FILE) else { return };
    for entry in catalog.entries().iter().take(20) {
        let _ = catalog.read(entry);
    }
}
