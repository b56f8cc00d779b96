//! The sources of parameters that the catalog has: which response contains the identifiers that a call needs. They
//! are compared with the models, with what other tools call, with AWS's own table and with the documentation, and
//! with the requests of a scan.

mod completions;
mod findings;
mod judged;
mod models;
mod notation;
mod reach;
mod requests;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use aws_auto_inventory::model::catalog::{
    CallSource, Catalog, OperationSources, ParameterOrigin, Service, ServiceSources,
};

/// The embedded catalog with all sources.
static SOURCES: LazyLock<Sources> = LazyLock::new(Sources::new);

/// All services and their sources.
struct Sources {
    services: BTreeMap<String, (Arc<Service>, ServiceSources)>,
}

impl Sources {
    fn new() -> Self {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let services = catalog.entries().iter().map(|entry| {
            let service = catalog.service(&entry.name).expect("loads").expect("exists");
            let sources = catalog.sources(&service).expect("the sources of a service");
            (entry.name.clone(), (service, sources))
        });
        Self { services: services.collect() }
    }

    fn of(&self, service: &str, function: &str) -> Option<&OperationSources> {
        self.services.get(service)?.1.of(function)
    }

    /// Returns the only source of a function.
    fn only(&self, service: &str, function: &str) -> Option<&CallSource> {
        match &*self.of(service, function)?.sources {
            [source] => Some(source),
            _ => None,
        }
    }

    /// Returns whether a function can be called: it needs nothing, or what it needs has a source.
    fn reaches(&self, service: &str, function: &str) -> bool {
        self.of(service, function).is_none_or(|operation| !operation.sources.is_empty())
    }

    /// Iterates over all functions that need something, each with its service.
    fn all(&self) -> impl Iterator<Item = (&str, &OperationSources)> {
        self.services.iter().flat_map(|(service, (_, sources))| {
            sources.operations.iter().map(move |operation| (service.as_str(), operation))
        })
    }
}

/// Returns whether a value comes from the item or from what is above it.
fn is_from_items(origin: &ParameterOrigin) -> bool {
    matches!(
        origin,
        ParameterOrigin::Item { .. } | ParameterOrigin::Enclosing { .. } | ParameterOrigin::Input { .. }
    )
}

/// Returns the rows of a table: lines with columns between `|`, without comments.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" | ").map(str::trim).collect())
}
