//! `scan export`: writes the resources of a run in other formats.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::console::print_line;
use super::finished::RunArguments;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::export::{self, ExportError, ExportFormat, ExportTarget};
use crate::util::plural::plural;

/// Writes the resources of a run as lines, tables, a workbook or a database.
#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// Output format
    #[arg(short, long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    format: ExportFormatName,

    /// Output path, which must not exist [default: beside the run's folder]
    ///
    /// A folder for csv and parquet, a file for the others. `-` is standard output, for ndjson.
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// The output formats of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormatName {
    /// One JSON object per line for each resource
    Ndjson,
    /// A folder with a table for each kind of resource
    Csv,
    /// A workbook with a sheet for each kind of resource
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
    fn format(self) -> ExportFormat {
        match self {
            Self::Ndjson => ExportFormat::Ndjson,
            Self::Csv => ExportFormat::Csv,
            #[cfg(feature = "xlsx")]
            Self::Xlsx => ExportFormat::Xlsx,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => ExportFormat::Sqlite,
            #[cfg(feature = "parquet")]
            Self::Parquet => ExportFormat::Parquet,
        }
    }

    /// Returns the suffix of the default output path.
    fn suffix(self) -> &'static str {
        match self {
            Self::Ndjson => ".ndjson",
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

pub(super) fn run(arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    let resources = arguments.finished.open()?;
    let path = arguments
        .output
        .clone()
        .unwrap_or_else(|| arguments.finished.sibling_path(arguments.format.suffix()));
    let is_stream = path.as_os_str() == "-";
    let target = if is_stream { ExportTarget::StandardOutput } else { ExportTarget::Path(&path) };
    // On one terminal, the bar would be between the lines.
    let is_mixed = is_stream && io::stdout().is_terminal();
    let progress = if is_mixed { None } else { arguments.finished.progress(&resources) };
    let count = export::write(&resources, arguments.format.format(), target).map_err(|error| failed(&error));
    drop(progress);
    let count = count?;
    if !is_stream {
        print_line(format!("{}: {}", plural(count, "resource"), path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn failed(error: &ExportError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ExportError::Results(error) => unreadable(error),
        ExportError::Exists(_) => failure.hint("remove it, or choose another path with --output"),
        ExportError::NotAStream => failure.hint("name a path with --output"),
        ExportError::TooManySheets(_) => failure.hint("use --format csv, which has a file for each kind"),
        ExportError::Temporary(_) => {
            Failure::internal(failure.to_string()).hint("set TMPDIR to a folder with enough space")
        }
        ExportError::Unwritable(..) => Failure::internal(failure.to_string())
            .hint("choose a writable path with --output, on a disk with enough space"),
    }
}
