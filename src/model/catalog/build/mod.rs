//! Builds a catalog file from botocore's data folder (`scan catalog build`).

mod model;
mod pagination;
mod source;
mod sources;
mod stated_rate;
mod translate;
mod wire;

use std::path::Path;

use super::service::Service;
use super::{Catalog, container, read_only};
pub use source::SourceError;
use source::{BotocoreSource, ServiceFiles};
pub use sources::{SourceFinding, SourceFindingKind};

/// A finished catalog.
pub struct Built {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// The version of botocore.
    pub botocore_version: String,
    /// The number of services.
    pub services: usize,
    /// The number of read operations.
    pub operations: usize,
    /// Operations that are named like reads but excluded because their requests are not reads: service, operation
    /// and problem.
    pub skipped: Vec<(String, String)>,
    /// Services that are excluded because this program has neither their protocol nor their signature: name and
    /// reason.
    pub skipped_services: Vec<(String, String)>,
}

/// Builds the catalog of all admitted operations of the services in a botocore data folder.
///
/// `is_global` returns whether one endpoint serves all regions, according to the endpoint rules, which the catalog
/// contains but does not interpret.
pub fn build(folder: &Path, is_global: impl Fn(&Service) -> bool) -> Result<Built, SourceError> {
    let source = BotocoreSource::open(folder)?;
    let botocore_version = source.version().unwrap_or_else(|| "unknown".to_owned());
    let mut services = Vec::new();
    let mut sources = Vec::new();
    let mut skipped = Vec::new();
    let skipped_services = for_each_service(&source, folder, |mut service, files, unsafe_ones| {
        service.global = is_global(&service);
        if !service.operations.is_empty() {
            sources.push(sources::derive(&service, &files.model).sources);
            services.push(service);
        }
        skipped.extend(unsafe_ones.into_iter().map(|(_, problem)| (files.name.clone(), problem)));
    })?;
    let operations = services.iter().map(|service| service.operations.len()).sum();
    let bytes = container::write(botocore_version.clone(), source.partitions()?, &services, &sources)
        .map_err(|cause| SourceError::new(folder, cause))?;
    Ok(Built { bytes, botocore_version, services: services.len(), operations, skipped, skipped_services })
}

/// Returns the sources of parameters that a review has to confirm.
pub fn source_findings(folder: &Path) -> Result<Vec<SourceFinding>, SourceError> {
    let mut findings = Vec::new();
    for_each_service(&BotocoreSource::open(folder)?, folder, |service, files, _| {
        findings.extend(sources::derive(&service, &files.model).findings);
    })?;
    Ok(findings)
}

/// Translates all services; the operations whose requests are not reads are excluded, and come with their problem.
/// Returns the services that this program cannot call, with the reason.
fn for_each_service(
    source: &BotocoreSource,
    folder: &Path,
    mut use_service: impl FnMut(Service, &ServiceFiles, Vec<(Box<str>, String)>),
) -> Result<Vec<(String, String)>, SourceError> {
    let mut skipped = Vec::new();
    let reviewed = Catalog::embedded().map_err(|cause| SourceError::new(folder, cause))?;
    for name in source.service_names()? {
        let files = source.service(&name)?;
        if let Some(reason) = wire::obstacle(&files.model.metadata) {
            skipped.push((name, reason));
            continue;
        }
        let mut service = service(&files, folder, &[])?;
        let known = reviewed.service(&name).map_err(|cause| SourceError::new(folder, cause))?;
        let unsafe_ones = service.unsafe_requests(known.as_deref());
        if !unsafe_ones.is_empty() {
            let names: Vec<&str> = unsafe_ones.iter().map(|(operation, _)| &**operation).collect();
            service = self::service(&files, folder, &names)?;
        }
        use_service(service, &files, unsafe_ones);
    }
    Ok(skipped)
}

/// Reads the `partitions.json` of a botocore data folder.
pub fn partitions(folder: &Path) -> Result<String, SourceError> {
    BotocoreSource::open(folder)?.partitions()
}

/// Translates the admitted operations of a service, except for some.
fn service(files: &ServiceFiles, folder: &Path, without: &[&str]) -> Result<Service, SourceError> {
    let name = &files.name;
    translate::translate(files, |operation, method| {
        read_only::is_admitted(name, operation, method) && !without.contains(&operation)
    })
    .map_err(|cause| SourceError::new(&folder.join(name), cause))
}

/// Translates all operations of a single `service-2.json`: for conformance test suites, whose cases contain small
/// models.
pub fn service_from_model(name: &str, model: serde_json::Value) -> Result<Service, String> {
    let files = ServiceFiles {
        name: name.to_owned(),
        model: serde_json::from_value(model).map_err(|cause| cause.to_string())?,
        paginators: model::Paginators::default(),
        endpoint_rules: "{}".to_owned(),
    };
    translate::translate(&files, |_, _| true)
}
