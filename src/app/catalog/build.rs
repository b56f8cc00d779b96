//! Builds a catalog, and checks that it is safe to use.

use std::path::Path;

use crate::error::Failure;
use crate::model::catalog::Service;
use crate::model::catalog::build::{self, Built};
use crate::model::endpoint::{Parameters, Partitions, RuleSet, is_global};
use crate::names::Partition;

/// Builds a catalog from a botocore data folder.
///
/// # Errors
///
/// A failure that names the file of the folder that cannot be used.
pub(crate) fn build_catalog(folder: &Path) -> Result<Built, Failure> {
    let unusable = || Failure::usage(format!("cannot build a catalog from {}", folder.display()));
    let partitions = build::partitions(folder).map_err(|cause| unusable().with_source(cause))?;
    let partitions = Partitions::parse(&partitions).map_err(|cause| unusable().with_source(cause))?;
    build::build(folder, |service| is_global_service(service, &partitions))
        .map_err(|cause| unusable().with_source(cause))
}

/// Returns whether one endpoint serves all regions of the partition `aws`, which most organizations use.
fn is_global_service(service: &Service, partitions: &Partitions) -> bool {
    let Ok(rules) = RuleSet::parse(&service.endpoint_rules) else { return false };
    partitions
        .named(&Partition::new("aws"))
        .is_some_and(|partition| is_global(&rules, partitions, partition, &Parameters::new()))
}
