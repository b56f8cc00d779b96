//! The catalog that a run uses.

use std::path::Path;

use crate::error::Failure;
use crate::model::catalog::Catalog;

/// The catalog of `--catalog` or `SCAN_CATALOG`, else the one that the program carries.
pub(crate) fn open_catalog(file: Option<&Path>) -> Result<Catalog, Failure> {
    match file {
        Some(file) => Catalog::from_file(file)
            .map_err(|cause| Failure::usage("the catalog cannot be used").with_source(cause)),
        None => Catalog::embedded()
            .map_err(|cause| Failure::internal("the built-in catalog cannot be used").with_source(cause)),
    }
}
