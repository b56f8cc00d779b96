//! `scan catalog`: builds a catalog from botocore's data, and manages installed ones.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::catalog_files::{self, CatalogDiffArguments, UpdateArguments, UseArguments};
use super::console::{print_line, warn};
use super::examples;
use super::options::form::FormArguments;
use crate::app::catalog::{DataFolder, build_catalog};
use crate::error::Failure;
use crate::model::catalog::WITH_OLD_SIGNATURE;
use crate::util::plural::plural;

/// Works with catalog files.
#[derive(Args, Debug)]
pub(super) struct CatalogArguments {
    #[command(subcommand)]
    command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
enum CatalogCommand {
    /// Build a catalog of all read operations from botocore's data
    #[command(after_help = examples::CATALOG)]
    Build {
        /// botocore's data folder, or a wheel
        ///
        /// `botocore/data` of an installed package or source distribution.
        #[arg(long, value_name = "PATH", help_heading = "Input")]
        from: PathBuf,
        /// Fail if a service cannot be called because of its protocol or signature
        ///
        /// Without it, such a service is skipped with a warning. `sdb` and `importexport`, which have only
        /// signature version 2, are skipped in any case.
        #[arg(long, help_heading = "Input")]
        strict: bool,
        /// Output file
        #[arg(short, long, value_name = "FILE", help_heading = "Output")]
        output: PathBuf,
    },
    /// Install the catalog of a newer botocore
    #[command(after_help = examples::CATALOG_UPDATE)]
    Update(UpdateArguments),
    /// List the installed catalogs
    #[command(after_help = examples::CATALOG_LIST)]
    List(FormArguments),
    /// Choose the catalog of later runs
    #[command(after_help = examples::CATALOG_USE)]
    Use(UseArguments),
    /// List the functions that only one of two catalogs has
    #[command(after_help = examples::CATALOG_DIFF)]
    Diff(CatalogDiffArguments),
}

pub(super) fn run(arguments: CatalogArguments) -> Result<(), Failure> {
    match arguments.command {
        CatalogCommand::Build { from, strict, output } => build(&from, strict, &output),
        CatalogCommand::Update(arguments) => catalog_files::update(arguments),
        CatalogCommand::List(form) => catalog_files::list(form),
        CatalogCommand::Use(arguments) => catalog_files::choose(&arguments),
        CatalogCommand::Diff(arguments) => catalog_files::diff(&arguments),
    }
}

fn build(from: &Path, strict: bool, output: &Path) -> Result<(), Failure> {
    let built = build_catalog(DataFolder::open(from)?.path())?;
    let cannot_be_called = |services: &[&(String, String)]| {
        let list: Vec<_> = services.iter().map(|(name, reason)| format!("\n  {name} ({reason})")).collect();
        format!("{}, which cannot be called:{}", plural(services.len(), "service"), list.concat())
    };
    let skipped = &built.skipped_services;
    let unexpected: Vec<_> =
        skipped.iter().filter(|(name, _)| !WITH_OLD_SIGNATURE.contains(&name.as_str())).collect();
    if strict && !unexpected.is_empty() {
        let message = format!("{} has {}", from.display(), cannot_be_called(&unexpected));
        return Err(Failure::usage(message).hint("build without --strict to skip them"));
    }
    fs::write(output, &built.bytes)
        .map_err(|cause| Failure::usage(format!("cannot write {}", output.display())).with_source(cause))?;
    print_line(format!(
        "{}: {} of {} from botocore {}, {}",
        output.display(),
        plural(built.operations, "function"),
        plural(built.services, "service"),
        built.botocore_version,
        plural(built.bytes.len(), "byte")
    ));
    if !skipped.is_empty() {
        warn(format!("skipped {}", cannot_be_called(&skipped.iter().collect::<Vec<_>>())));
    }
    if !built.skipped.is_empty() {
        let skipped = built.skipped.iter().map(|(service, problem)| format!("\n  {service} {problem}"));
        warn(format!(
            "skipped {}, because only the name indicates a read operation:{}",
            plural(built.skipped.len(), "function"),
            skipped.collect::<String>()
        ));
    }
    Ok(())
}
