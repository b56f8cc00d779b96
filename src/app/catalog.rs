//! The catalog that a run uses.

use std::path::Path;

use crate::error::Failure;
use crate::model::catalog::Catalog;

/// Opens the catalog of `--catalog` or `SCAN_CATALOG`, or the built-in one.
pub(crate) fn open_catalog(file: Option<&Path>) -> Result<Catalog, Failure> {
    match file {
        Some(file) => Catalog::from_file(file)
            .map_err(|cause| Failure::usage("cannot open the catalog").with_source(cause)),
        None => Catalog::embedded()
            .map_err(|cause| Failure::internal("cannot open the built-in catalog").with_source(cause)),
    }
}
