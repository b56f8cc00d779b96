//! Builds a catalog file from botocore's data folder (`scan catalog build`).

mod model;
mod pagination;
mod source;
mod translate;

use std::path::Path;

use super::admission;
use super::container;
use super::service::Service;
use source::Source;
pub use source::SourceError;

/// A finished catalog.
pub struct Built {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// botocore's version.
    pub botocore_version: String,
    /// How many services it holds.
    pub services: usize,
    /// How many read operations it holds.
    pub operations: usize,
}

/// Builds the catalog of all admitted operations of the services in a botocore data folder.
///
/// `is_global` says whether one endpoint serves all regions; the answer is in the endpoint rules,
/// which the catalog carries and does not interpret.
pub fn build(folder: &Path, is_global: impl Fn(&Service) -> bool) -> Result<Built, SourceError> {
    let source = Source::open(folder)?;
    let botocore_version = source.version().unwrap_or_else(|| "unknown".to_owned());
    let mut services = Vec::new();
    for name in source.service_names()? {
        let mut service = service(&source, folder, &name)?;
        service.global = is_global(&service);
        if !service.operations.is_empty() {
            services.push(service);
        }
    }
    let operations = services.iter().map(|service| service.operations.len()).sum();
    let bytes = container::write(botocore_version.clone(), source.partitions()?, &services)
        .map_err(|cause| SourceError::new(folder, cause))?;
    Ok(Built { bytes, botocore_version, services: services.len(), operations })
}

/// The `partitions.json` of a botocore data folder.
pub fn partitions(folder: &Path) -> Result<String, SourceError> {
    Source::open(folder)?.partitions()
}

fn service(source: &Source, folder: &Path, name: &str) -> Result<Service, SourceError> {
    let files = source.service(name)?;
    let signature_version = files.model.metadata.signature_version.clone();
    translate::translate(files, |operation, method| {
        admission::is_admitted(name, operation, method, &signature_version)
    })
    .map_err(|cause| SourceError::new(&folder.join(name), cause))
}

/// Translates a single `service-2.json`, every operation of it: for conformance suites, whose
/// cases carry small models of their own.
pub fn service_from_model(name: &str, model: serde_json::Value) -> Result<Service, String> {
    let files = source::ServiceFiles {
        name: name.to_owned(),
        model: serde_json::from_value(model).map_err(|cause| cause.to_string())?,
        paginators: model::Paginators::default(),
        endpoint_rules: "{}".to_owned(),
    };
    translate::translate(files, |_, _| true)
}
