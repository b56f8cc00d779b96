//! Opens a finished run for reading.

use std::path::Path;

use super::catalog::open_catalog;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::plan::spec::ScanSpec;
use crate::reports::resources::Resources;
use crate::run::{BucketAddress, Manifest, ManifestError, Results, ResultsError};

/// Opens the run in a folder: its resources, and through them its manifest, accounts and ledger. Without a catalog
/// file, it uses the built-in catalog.
///
/// # Errors
///
/// Returns an error if the folder is not the folder of a run, its files are damaged, or the catalog lacks a function
/// of its spec.
pub fn open_run(folder: &Path, catalog: Option<&Path>) -> Result<Resources, Failure> {
    read_run(folder, &open_catalog(catalog)?).map(|(resources, _)| resources)
}

/// Returns the resources of a run, and the number of its denied or failed calls.
pub(crate) fn read_run(run: &Path, catalog: &Catalog) -> Result<(Resources, u64), Failure> {
    check_is_local(run)?;
    let results = Results::open(run).map_err(|error| unreadable(&error))?;
    let gaps = results.check().map_err(|error| unreadable(&error))?;
    let spec = spec_of(results.manifest(), catalog)?;
    Ok((Resources::new(results, &spec), gaps))
}

/// Checks that a run is in a local folder, and not in a bucket.
pub(crate) fn check_is_local(run: &Path) -> Result<(), Failure> {
    match run.to_str().filter(|text| BucketAddress::is_meant_by(text)) {
        Some(address) => {
            Err(Failure::usage(format!("cannot read {address}: runs are read from local folders"))
                .hint("download the run first: aws s3 sync s3://bucket/prefix/run run"))
        }
        None => Ok(()),
    }
}

/// Returns the spec of a run, from its manifest.
pub(super) fn spec_of(manifest: &Manifest, catalog: &Catalog) -> Result<ScanSpec, Failure> {
    let spec = &manifest.spec;
    ScanSpec::check(spec.document.clone(), spec.sha256.clone(), &spec.source, catalog).map_err(|error| {
        Failure::from(error).hint(format!(
            "choose another catalog with --catalog: the run was made with scan {} and the catalog of botocore {}",
            manifest.version, manifest.catalog_version
        ))
    })
}

/// Returns the failure of a run that cannot be read, with a hint.
pub(crate) fn unreadable(error: &ResultsError) -> Failure {
    let failure = match error {
        ResultsError::Scratch(_) => Failure::internal(error.to_string()),
        _ => Failure::usage(error.to_string()),
    };
    match error {
        ResultsError::Manifest(_, ManifestError::Missing) => {
            failure.hint("name the folder of a run, as in output/organization-<timestamp>")
        }
        ResultsError::Manifest(_, ManifestError::OtherFormat(..)) => {
            failure.hint("use the version of scan that wrote it")
        }
        ResultsError::Manifest(..) | ResultsError::Damaged(..) | ResultsError::Lost { .. } => {
            failure.hint("run `scan resume` to rescan missing results, if the manifest is intact")
        }
        ResultsError::Unreadable(..) => failure,
        ResultsError::Scratch(_) => {
            failure.hint("make room in the folder for temporary files, or set TMPDIR to another")
        }
    }
}
