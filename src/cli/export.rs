//! `scan export`: the resources of a run, for other programs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::catalog::open_catalog;
use super::console::{say, warn};
use crate::export::{ExportError, ExportedRun, Format, Target};
use crate::failure::Failure;
use crate::output::{BucketAddress, Manifest, ManifestError, Results, ResultsError, RunState};
use crate::spec::ScanSpec;

/// Writes the resources of a run as lines, tables or a workbook.
#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    /// The run's folder: output/organization-<timestamp>
    #[arg(value_name = "FOLDER")]
    run: PathBuf,

    /// What to write
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    format: FormatName,

    /// Where to write it: a file, for csv a folder, that is not there yet; - is standard output, for
    /// ndjson [default: beside the run's folder]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// A catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE")]
    catalog: Option<PathBuf>,
}

/// What a run is written as.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// A JSON object on a line of its own for each resource
    Ndjson,
    /// A folder with a table for each kind of resource
    Csv,
    /// A workbook with a sheet for each kind of resource
    Xlsx,
}

impl FormatName {
    fn format(self) -> Format {
        match self {
            Self::Ndjson => Format::Ndjson,
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
        }
    }

    /// How the export of a run is called that is not called otherwise.
    fn suffix(self) -> &'static str {
        match self {
            Self::Ndjson => ".ndjson",
            Self::Csv => "-csv",
            Self::Xlsx => ".xlsx",
        }
    }
}

pub(super) fn run(arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    if let Some(address) = arguments.run.to_str().filter(|text| BucketAddress::is_meant_by(text)) {
        return Err(Failure::usage(format!(
            "{address} is a place in a bucket, and runs are read from folders"
        ))
        .hint("fetch the run first: aws s3 sync s3://bucket/prefix/run run"));
    }
    let results = Results::open(&arguments.run).map_err(|error| failed(&error.into()))?;
    let gaps = results.check().map_err(|error| failed(&error.into()))?;
    warn_of_gaps(results.manifest(), &arguments.run, gaps);
    let spec = spec_of(results.manifest(), arguments.catalog.as_deref())?;
    let exported = ExportedRun::new(results, &spec);
    let path = arguments.output.clone().unwrap_or_else(|| beside(&arguments.run, arguments.format.suffix()));
    let is_stream = path.as_os_str() == "-";
    let target = if is_stream { Target::StandardOutput } else { Target::Path(&path) };
    let count = exported.write(arguments.format.format(), target).map_err(|error| failed(&error))?;
    if !is_stream {
        say(format!("{count} resources: {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The spec of a run, as its manifest has it.
fn spec_of(manifest: &Manifest, catalog: Option<&Path>) -> Result<ScanSpec, Failure> {
    let catalog = open_catalog(catalog)?;
    let spec = &manifest.spec;
    ScanSpec::check(spec.document.clone(), spec.sha256.clone(), &spec.source, &catalog).map_err(|error| {
        Failure::from(error).hint(format!(
            "the run was made with scan {} and the catalog of botocore {}: name another one with --catalog",
            manifest.version, manifest.catalog_version
        ))
    })
}

/// A path beside the run's folder.
fn beside(run: &Path, suffix: &str) -> PathBuf {
    let mut name = run.file_name().unwrap_or(run.as_os_str()).to_owned();
    name.push(suffix);
    run.with_file_name(name)
}

/// What an export lacks, it does not say itself.
fn warn_of_gaps(manifest: &Manifest, run: &Path, gaps: u64) {
    let run = run.display();
    if manifest.state != RunState::Finished {
        warn(format!(
            "warning: this run did not finish, and what it has not asked is not in the export; \
             `scan resume {run}` finishes it"
        ));
    }
    if gaps > 0 {
        warn(format!(
            "warning: {gaps} calls of this run were denied or failed; what they would have found is not in \
             the export, and {run}/ledger.ndjson says which"
        ));
    }
}

fn failed(error: &ExportError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ExportError::Results(ResultsError::Manifest(_, ManifestError::Missing)) => {
            failure.hint("name the folder of a run, as in output/organization-<timestamp>")
        }
        ExportError::Results(ResultsError::Manifest(_, ManifestError::OtherFormat(..))) => {
            failure.hint("use the version of scan that wrote it")
        }
        ExportError::Results(ResultsError::Manifest(..) | ResultsError::Damaged(..)) => {
            failure.hint("`scan resume` asks again for results that are lost, where the manifest is whole")
        }
        ExportError::Results(ResultsError::Unreadable(..)) => failure,
        ExportError::Exists(_) => failure.hint("remove it, or name another path with --output"),
        ExportError::NotAStream => failure.hint("name a path with --output"),
        ExportError::TooManySheets(_) => failure.hint("use --format csv, which has a file for each kind"),
        ExportError::Unwritable(..) => Failure::internal(failure.to_string())
            .hint("name a path with --output that you may write to, on a disk with room"),
    }
}
