//! `scan export --into`: adds runs to common Parquet tables, and prints the SQL statements for these.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::console::print_line;
use super::export_failure::failed;
use super::finished::{OpenRun, RunArguments};
use super::options::bucket::BucketArguments;
use super::runtime::runtime;
use crate::app::lake_upload::LakeUpload;
use crate::app::settings::output::OutputTarget;
use crate::error::Failure;
use crate::reports::export::{self, RunPart, SqlDialect};
use crate::reports::resources::Resources;
use crate::run::{BucketAddress, UploadSettings, under_own_name};
use crate::util::plural::plural;

/// The options of tables of several runs.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct LakeArguments {
    /// Further run directories, to add to the same tables
    #[arg(value_name = "RUNS", requires = "into", conflicts_with_all = ["run_name", "ddl"])]
    more: Vec<PathBuf>,

    /// Folder or S3 prefix of tables to add the run to, for parquet
    ///
    /// The tables can have many runs, and all shards of each. A run is complete when the table `run` has its row.
    #[arg(long, value_name = "LAKE", conflicts_with = "output")]
    into: Option<PathBuf>,

    /// Name of the run in these tables [default: name of its folder]
    ///
    /// Shards have the name of the folder that they share.
    #[arg(long, value_name = "NAME", requires = "into", value_parser = NonEmptyStringValueParser::new())]
    run_name: Option<String>,

    /// Print the SQL that creates these tables, and add nothing
    #[arg(long, value_name = "ENGINE", value_enum, requires = "into")]
    ddl: Option<EngineName>,

    #[command(flatten)]
    bucket: BucketArguments,
}

/// The engines that the statements are for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum EngineName {
    /// Amazon Athena: tables in the AWS Glue Data Catalog
    Athena,
    /// Apache Spark
    Spark,
    /// DuckDB: views
    Duckdb,
}

impl LakeArguments {
    /// Returns whether an option of several runs is given.
    pub(super) fn is_given(&self) -> bool {
        self.into.is_some() || self.bucket.is_given()
    }

    /// Adds the run, or prints the statements.
    pub(super) fn run(&self, finished: &RunArguments) -> Result<ExitCode, Failure> {
        let Some(into) = self.into.clone() else {
            return Err(Failure::usage("the options of a bucket are only for --into")
                .hint("choose a bucket: --into s3://bucket/prefix"));
        };
        let target = self.bucket.clone().destination("--into", into)?;
        if let Some(engine) = self.ddl {
            print_statements(engine, &target, finished)?;
            return Ok(ExitCode::SUCCESS);
        }
        self.add(&target, finished, finished.open()?)?;
        for run in &self.more {
            self.add(&target, finished, finished.open_run(under_own_name(run))?)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn add(&self, target: &OutputTarget, finished: &RunArguments, run: OpenRun) -> Result<(), Failure> {
        let OpenRun { path, resources } = run;
        let part = self.part(&resources, &path)?;
        let place = place(target);
        let progress = finished.progress(&resources);
        let count = match target {
            OutputTarget::Folder(lake) => export::add_to_lake(&resources, lake, &part).map_err(|error| {
                let is_added = matches!(error, export::ExportError::Added(..));
                if is_added { already_added(&part, &place) } else { failed(&error) }
            }),
            OutputTarget::Bucket(address, settings) => {
                upload(&resources, &part, address.clone(), settings.clone())
            }
        };
        drop(progress);
        print_line(format!("{} of {part}: {place}", plural(count?, "resource")));
        Ok(())
    }

    /// Returns the part of the run in the tables. The folder may be given by a link, such as `latest`.
    fn part(&self, resources: &Resources, run: &Path) -> Result<RunPart, Failure> {
        let folder = run.canonicalize().unwrap_or_else(|_| run.to_owned());
        RunPart::of(resources.results().manifest(), &folder, self.run_name.as_deref()).ok_or_else(|| {
            Failure::usage(format!("{}: the folder of the run has no name", run.display()))
                .hint("name the run with --run-name")
        })
    }
}

/// Adds a run to the tables in a bucket.
fn upload(
    resources: &Resources,
    part: &RunPart,
    address: BucketAddress,
    settings: UploadSettings,
) -> Result<u64, Failure> {
    let (runtime, place) = (runtime()?, address.to_string());
    let upload = runtime.block_on(LakeUpload::start(address, settings, part))?;
    let Some(upload) = upload else { return Err(already_added(part, &place)) };
    let count = export::stage_for_lake(resources, upload.folder(), part).map_err(|error| failed(&error));
    count
        .and_then(|count| runtime.block_on(upload.finish()).map(|()| count))
        .map_err(|failure| failure.hint(format!("before you add it again, {}", removal(part, &place))))
}

/// Prints the statements that create the tables.
fn print_statements(
    engine: EngineName,
    target: &OutputTarget,
    finished: &RunArguments,
) -> Result<(), Failure> {
    let dialect = match engine {
        EngineName::Athena => SqlDialect::Athena,
        EngineName::Spark => SqlDialect::Spark,
        EngineName::Duckdb => SqlDialect::DuckDb,
    };
    let location = match target {
        OutputTarget::Folder(folder) if dialect == SqlDialect::Athena => {
            return Err(Failure::usage(format!("--ddl athena: {} is not in S3", folder.display()))
                .hint("name the place of the tables in S3: --into s3://bucket/prefix"));
        }
        OutputTarget::Folder(folder) => std::path::absolute(folder)
            .map_err(|cause| Failure::usage(format!("--into: {}", folder.display())).with_source(cause))?
            .display()
            .to_string(),
        OutputTarget::Bucket(address, _) => address.to_string(),
    };
    let OpenRun { resources, .. } = finished.open()?;
    let statements = export::lake_statements(&resources, dialect, location.trim_end_matches('/'));
    print_line(statements.map_err(|error| failed(&error))?.trim_end());
    Ok(())
}

/// Returns the place of the tables, for messages and commands.
fn place(target: &OutputTarget) -> String {
    match target {
        OutputTarget::Folder(folder) => folder.display().to_string(),
        OutputTarget::Bucket(address, _) => address.to_string(),
    }
}

fn already_added(part: &RunPart, place: &str) -> Failure {
    Failure::usage(format!("{part} is already in {place}"))
        .hint(format!("to replace it, {}", removal(part, place)))
        .hint("to add another run of this name, name it with --run-name")
}

/// Returns the advice how to remove a part of a run from the tables.
fn removal(part: &RunPart, place: &str) -> String {
    let (folder, file) = (part.folder(), part.file());
    let command = match (BucketAddress::is_meant_by(place), part.is_shard()) {
        (true, true) => format!("aws s3 rm {place} --recursive --exclude '*' --include '*/{folder}/*{file}'"),
        (true, false) => format!("aws s3 rm {place} --recursive --exclude '*' --include '*/{folder}/*'"),
        (false, true) => format!("find {place} -path '*/{folder}/*' -name {file} -delete"),
        (false, false) => format!("rm -r {place}/*/'{folder}'"),
    };
    format!("remove its files first: {command}")
}
