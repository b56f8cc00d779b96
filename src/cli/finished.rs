//! A finished run that a verb reads: `scan export`, `scan report` and their like.

use std::path::{Path, PathBuf};

use clap::Args;

use super::catalog::open_catalog;
use super::console::warn;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::plan::spec::ScanSpec;
use crate::reports::resources::Resources;
use crate::run::{BucketAddress, Manifest, ManifestError, Results, ResultsError, RunState};
use crate::util::plural::plural;

/// Which run is read.
#[derive(Args, Debug)]
pub(super) struct FinishedRun {
    /// The run's folder: output/organization-<timestamp>
    #[arg(value_name = "FOLDER")]
    pub(super) run: PathBuf,

    /// A catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE")]
    catalog: Option<PathBuf>,
}

impl FinishedRun {
    /// The resources of the run. Warns of what the run did not see.
    pub(super) fn open(&self) -> Result<Resources, Failure> {
        open(&self.run, self.catalog.as_deref())
    }

    /// What the run is called: the name of its folder.
    pub(super) fn name(&self) -> String {
        self.run.file_name().unwrap_or(self.run.as_os_str()).to_string_lossy().into_owned()
    }

    /// A path beside the run's folder, called like it with a suffix.
    pub(super) fn sibling_path(&self, suffix: &str) -> PathBuf {
        let mut name = self.run.file_name().unwrap_or(self.run.as_os_str()).to_owned();
        name.push(suffix);
        self.run.with_file_name(name)
    }
}

/// The resources of a run. Warns of what the run did not see.
pub(super) fn open(run: &Path, catalog: Option<&Path>) -> Result<Resources, Failure> {
    let (resources, gaps) = read(run, &open_catalog(catalog)?)?;
    warn_of_gaps(resources.results().manifest(), run, gaps);
    Ok(resources)
}

/// The resources of a run, and how many of its calls were denied or failed.
pub(super) fn read(run: &Path, catalog: &Catalog) -> Result<(Resources, u64), Failure> {
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

/// What a run lacks, its resources do not say themselves.
fn warn_of_gaps(manifest: &Manifest, run: &Path, gaps: u64) {
    let run = run.display();
    if manifest.state != RunState::Finished {
        warn(format!(
            "warning: this run did not finish, and what it has not asked is missing here; \
             `scan resume {run}` finishes it"
        ));
    }
    if gaps > 0 {
        let (were, they) = if gaps == 1 { ("was", "it") } else { ("were", "they") };
        warn(format!(
            "warning: {} of this run {were} denied or failed; what {they} would have found is missing here, and \
             {run}/ledger.ndjson says which",
            plural(gaps, "call"),
        ));
    }
}

/// A run that cannot be read, with what helps.
pub(super) fn unreadable(error: &ResultsError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ResultsError::Manifest(_, ManifestError::Missing) => {
            failure.hint("name the folder of a run, as in output/organization-<timestamp>")
        }
        ResultsError::Manifest(_, ManifestError::OtherFormat(..)) => {
            failure.hint("use the version of scan that wrote it")
        }
        ResultsError::Manifest(..) | ResultsError::Damaged(..) | ResultsError::Lost { .. } => {
            failure.hint("`scan resume` asks again for results that are lost, where the manifest is whole")
        }
        ResultsError::Unreadable(..) => failure,
    }
}
