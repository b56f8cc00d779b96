//! `scan export`: writes the resources of a run in other formats.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(feature = "parquet")]
use clap::builder::ArgPredicate;
use clap::{Args, ValueEnum};

use super::console::print_line;
use super::export_failure::failed;
use super::finished::RunArguments;
#[cfg(feature = "parquet")]
use super::lake::LakeArguments;
use crate::error::Failure;
use crate::reports::export::{self, ExportFormat, ExportTarget};
use crate::util::plural::plural;

/// Writes the resources of a run as lines, tables, a workbook or a database.
#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// Output format (required without --ddl)
    #[arg(short, long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    #[cfg_attr(
        feature = "parquet",
        arg(
            required = false,
            required_unless_present = "ddl",
            default_value_if("ddl", ArgPredicate::IsPresent, "parquet")
        )
    )]
    format: ExportFormatName,

    /// Output path, which must not exist [default: beside the run's folder]
    ///
    /// A folder for csv and parquet, a file for the others. `-` is standard output, for ndjson.
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    output: Option<PathBuf>,

    /// One table of all resources instead of a folder, for csv
    ///
    /// It has the columns that all kinds have, and each resource as JSON.
    #[arg(long, help_heading = "Output")]
    single: bool,

    /// Column for the value of a tag, for csv and xlsx; repeatable
    #[arg(long = "tag-column", value_name = "KEY", help_heading = "Output")]
    tag_columns: Vec<String>,

    #[cfg(feature = "parquet")]
    #[command(flatten)]
    lake: LakeArguments,
}

/// The output formats of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormatName {
    /// One JSON object per line for each resource
    Ndjson,
    /// A folder with a table for each kind of resource
    Csv,
    /// A workbook: summary, accounts, gaps, all resources, and a sheet for each kind
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// A database with a table for each kind of resource, views, and the ledger
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// A folder of columns for data lakes: by kind of resource, account and region
    #[cfg(feature = "parquet")]
    Parquet,
}

impl ExportFormatName {
    fn format(self, single: bool) -> ExportFormat {
        match self {
            Self::Ndjson => ExportFormat::Ndjson,
            Self::Csv if single => ExportFormat::SingleCsv,
            Self::Csv => ExportFormat::Csv,
            #[cfg(feature = "xlsx")]
            Self::Xlsx => ExportFormat::Xlsx,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => ExportFormat::Sqlite,
            #[cfg(feature = "parquet")]
            Self::Parquet => ExportFormat::Parquet,
        }
    }

    /// Returns whether the format can have columns of single tags.
    fn has_tag_columns(self) -> bool {
        match self {
            Self::Csv => true,
            #[cfg(feature = "xlsx")]
            Self::Xlsx => true,
            _ => false,
        }
    }

    /// Returns the suffix of the default output path.
    fn suffix(self, single: bool) -> &'static str {
        match self {
            Self::Ndjson => ".ndjson",
            Self::Csv if single => ".csv",
            Self::Csv => "-csv",
            #[cfg(feature = "xlsx")]
            Self::Xlsx => ".xlsx",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => ".sqlite",
            #[cfg(feature = "parquet")]
            Self::Parquet => "-parquet",
        }
    }
}

impl ExportArguments {
    /// Checks that the options fit the format.
    fn check(&self) -> Result<(), Failure> {
        if self.single && !matches!(self.format, ExportFormatName::Csv) {
            return Err(Failure::usage("--single: only csv is a folder that can be one table instead")
                .hint("use --format csv, or remove --single"));
        }
        if !self.tag_columns.is_empty() && !self.format.has_tag_columns() {
            return Err(Failure::usage("--tag-column: only csv and xlsx have columns of chosen tags")
                .hint("remove --tag-column: this format has all tags"));
        }
        #[cfg(feature = "parquet")]
        if self.lake.is_given() && !matches!(self.format, ExportFormatName::Parquet) {
            return Err(Failure::usage("--into: only tables in Parquet can have several runs")
                .hint("use --format parquet, or --output instead of --into"));
        }
        Ok(())
    }
}

pub(super) fn run(arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    arguments.check()?;
    #[cfg(feature = "parquet")]
    if arguments.lake.is_given() {
        return arguments.lake.run(&arguments.finished);
    }
    let format = arguments.format.format(arguments.single);
    let resources = arguments.finished.open()?;
    let path = arguments
        .output
        .clone()
        .unwrap_or_else(|| arguments.finished.sibling_path(arguments.format.suffix(arguments.single)));
    let is_stream = path.as_os_str() == "-";
    let target = if is_stream { ExportTarget::StandardOutput } else { ExportTarget::Path(&path) };
    // On one terminal, the bar would be between the lines.
    let is_mixed = is_stream && io::stdout().is_terminal();
    let progress = if is_mixed { None } else { arguments.finished.progress(&resources) };
    let count = export::write(&resources, format, target, &arguments.tag_columns);
    drop(progress);
    let count = count.map_err(|error| failed(&error))?;
    if !is_stream {
        print_line(format!("{}: {}", plural(count, "resource"), path.display()));
        if let Some(gaps) = format.gaps_path(&path) {
            print_line(format!("what is missing: {}", gaps.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
