//! `scan catalog build`: builds a catalog from botocore's data.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::console::{print_line, warn};
use super::examples;
use crate::error::Failure;
use crate::model::catalog::{Service, build};
use crate::model::endpoint::{Parameters, Partitions, RuleSet, is_global};
use crate::names::Partition;
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
        /// botocore's data folder
        ///
        /// `botocore/data` of an installed package or source distribution.
        #[arg(long, value_name = "FOLDER", help_heading = "Input")]
        from: PathBuf,
        /// Output file
        #[arg(short, long, value_name = "FILE", help_heading = "Output")]
        output: PathBuf,
    },
}

pub(super) fn run(arguments: &CatalogArguments) -> Result<(), Failure> {
    let CatalogCommand::Build { from, output } = &arguments.command;
    let unusable = || Failure::usage(format!("cannot build a catalog from {}", from.display()));
    let partitions = build::partitions(from).map_err(|cause| unusable().with_source(cause))?;
    let partitions = Partitions::parse(&partitions).map_err(|cause| unusable().with_source(cause))?;
    let built = build::build(from, |service| is_global_service(service, &partitions))
        .map_err(|cause| unusable().with_source(cause))?;
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

/// Returns whether one endpoint serves all regions of the partition `aws`, which most organizations use.
fn is_global_service(service: &Service, partitions: &Partitions) -> bool {
    let Ok(rules) = RuleSet::parse(&service.endpoint_rules) else { return false };
    partitions
        .named(&Partition::new("aws"))
        .is_some_and(|partition| is_global(&rules, partitions, partition, &Parameters::new()))
}
