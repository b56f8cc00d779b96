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
use super::output_path::ForceArgument;
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

    /// Output path [default: beside the run's folder, with the run's name]
    ///
    /// A folder for csv and parquet, a file for the others. `-` is standard output, for ndjson.
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    force: ForceArgument,

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

/// The output path that stands for standard output.
const STREAM: &str = "-";

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

    /// Returns the extension of all files in the output, if this is a folder.
    fn extension_in_folder(self, single: bool) -> Option<&'static str> {
        match self {
            Self::Csv if !single => Some("csv"),
            #[cfg(feature = "parquet")]
            Self::Parquet => Some("parquet"),
            _ => None,
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
        if self.force.force && self.output.as_ref().is_some_and(|path| path.as_os_str() == STREAM) {
            return Err(Failure::usage("--force: standard output replaces nothing").hint("remove --force"));
        }
        #[cfg(feature = "parquet")]
        if self.force.force && self.lake.is_given() {
            return Err(Failure::usage("--force: a run in common tables is not replaced")
                .hint("remove --force: if the tables have the run, the error names the files to remove"));
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
    let run = arguments.finished.open()?;
    let path = arguments
        .output
        .clone()
        .unwrap_or_else(|| run.sibling_path(arguments.format.suffix(arguments.single)));
    let is_stream = path.as_os_str() == STREAM;
    // On one terminal, the bar would be between the lines.
    let is_mixed = is_stream && io::stdout().is_terminal();
    let progress = if is_mixed { None } else { arguments.finished.progress(&run.resources) };
    let write = |target: ExportTarget<'_>| {
        export::write(&run.resources, format, target, &arguments.tag_columns).map_err(|error| failed(&error))
    };
    let count = if is_stream {
        write(ExportTarget::StandardOutput)
    } else {
        let extension = arguments.format.extension_in_folder(arguments.single);
        arguments.force.write(&path, extension, |path| write(ExportTarget::Path(path)))
    };
    drop(progress);
    let count = count?;
    if !is_stream {
        print_line(format!("{}: {}", plural(count, "resource"), path.display()));
        if let Some(gaps) = format.gaps_path(&path) {
            print_line(format!("what is missing: {}", gaps.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;

    use super::ExportFormatName;
    use crate::run::is_sibling_suffix;

    /// `--keep` removes the exports of a run with it, and finds them by these suffixes.
    #[test]
    fn default_names_are_those_that_keep_removes() {
        for format in ExportFormatName::value_variants() {
            for single in [false, true] {
                let suffix = format.suffix(single);
                assert!(is_sibling_suffix(suffix), "{suffix}");
                let gaps = format.format(single).gaps_path(Path::new(&format!("run{suffix}")));
                let gaps = gaps.map(|path| path.display().to_string());
                assert!(gaps.is_none_or(|name| is_sibling_suffix(&name["run".len()..])), "{suffix}");
            }
        }
        assert!(is_sibling_suffix(super::super::report::SUFFIX));
    }
}
