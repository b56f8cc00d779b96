//! Opens the catalog that a command uses.

use std::path::Path;

use super::installed::{BUILT_IN, InstalledCatalogs};
use crate::error::Failure;
use crate::model::catalog::Catalog;

/// Opens the catalog of `--catalog` or `SCAN_CATALOG`, or the one that the user has chosen with `scan catalog use`, or
/// the built-in one.
///
/// # Errors
///
/// A failure if the catalog is missing or cannot be read.
pub(crate) fn open_catalog(file: Option<&Path>) -> Result<Catalog, Failure> {
    if let Some(file) = file {
        return Catalog::from_file(file)
            .map_err(|cause| Failure::usage("cannot open the catalog").with_source(cause));
    }
    match InstalledCatalogs::of_user().chosen()? {
        Some(file) => Catalog::from_file(&file).map_err(|cause| {
            Failure::usage("cannot open the catalog of `scan catalog use`")
                .with_source(cause)
                .hint("run `scan catalog use built-in`, or install it again with `scan catalog update`")
        }),
        None => built_in(),
    }
}

fn built_in() -> Result<Catalog, Failure> {
    Catalog::embedded()
        .map_err(|cause| Failure::internal("cannot open the built-in catalog").with_source(cause))
}

/// Opens the built-in catalog, an installed one by its name, or a file.
///
/// # Errors
///
/// A failure if there is no such catalog, or it cannot be read.
pub(crate) fn open_named(name: &str) -> Result<Catalog, Failure> {
    if name == BUILT_IN {
        return built_in();
    }
    let path = Path::new(name);
    if path.is_file() {
        open_catalog(Some(path))
    } else {
        open_catalog(Some(&InstalledCatalogs::of_user().file(name)?))
    }
}
