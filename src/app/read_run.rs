//! Opens a finished run for reading.

use std::path::Path;

use super::catalog::open_catalog;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::plan::spec::ScanSpec;
use crate::reports::resources::Resources;
use crate::run::{BucketAddress, Manifest, ManifestError, Results, ResultsError};

/// Opens the run in a folder: its resources, and through them its manifest, accounts and ledger. Without a catalog
/// file, the built-in catalog is used.
///
/// # Errors
///
/// Where the folder is not that of a run, its files are damaged, or the catalog lacks a function of its spec.
pub fn open_run(folder: &Path, catalog: Option<&Path>) -> Result<Resources, Failure> {
    read_run(folder, &open_catalog(catalog)?).map(|(resources, _)| resources)
}

/// The resources of a run, and how many of its calls were denied or failed.
pub(crate) fn read_run(run: &Path, catalog: &Catalog) -> Result<(Resources, u64), Failure> {
    if let Some(address) = run.to_str().filter(|text| BucketAddress::is_meant_by(text)) {
        return Err(Failure::usage(format!(
            "{address} is a place in a bucket, and runs are read from folders"
        ))
        .hint("fetch the run first: aws s3 sync s3://bucket/prefix/run run"));
    }
    let results = Results::open(run).map_err(|error| unreadable(&error))?;
    let gaps = results.check().map_err(|error| unreadable(&error))?;
    let spec = spec_of(results.manifest(), catalog)?;
    Ok((Resources::new(results, &spec), gaps))
}

/// The spec of a run, as its manifest has it.
fn spec_of(manifest: &Manifest, catalog: &Catalog) -> Result<ScanSpec, Failure> {
    let spec = &manifest.spec;
    ScanSpec::check(spec.document.clone(), spec.sha256.clone(), &spec.source, catalog).map_err(|error| {
        Failure::from(error).hint(format!(
            "the run was made with scan {} and the catalog of botocore {}: name another one with --catalog",
            manifest.version, manifest.catalog_version
        ))
    })
}

/// A run that cannot be read, with what helps.
pub(crate) fn unreadable(error: &ResultsError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ResultsError::Manifest(_, ManifestError::Missing) => {
            failure.hint("name the folder of a run, as in output/organization-<timestamp>")
        }
        ResultsError::Manifest(_, ManifestError::OtherFormat(..)) => {
            failure.hint("use the version of scan that wrote it")
        }
        ResultsError::Manifest(..) | ResultsError::Damaged(..) | ResultsError::Lost { .. } => {
            failure.hint("`scan resume` calls again for missing results, if the manifest is intact")
        }
        ResultsError::Unreadable(..) => failure,
    }
}
