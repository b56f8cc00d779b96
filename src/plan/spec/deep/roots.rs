//! Generated deep specs: every function that needs no identifier, and below it everything that it identifies.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::DeepScan;
use super::child_call::{set, with_followed_children};
use super::origin::{Ancestry, ParameterValue};
use super::tree::{Forest, enumerated};
use crate::model::catalog::{CallSource, Catalog, CatalogError, Function, OperationClass, Service};
use crate::plan::spec::curated_calls::only_region;
use crate::plan::spec::full_spec::{call, calls_of};
use crate::plan::spec::omitted_calls::{Omission, omission};

/// The name of the built-in spec with the details of everything.
pub(in crate::plan::spec) const NAME: &str = "deep";

/// Generates the text of the built-in spec `deep`: the account's own resources and all their details.
pub(in crate::plan::spec) fn everything(catalog: &Catalog, scan: DeepScan) -> Result<String, CatalogError> {
    let calls = calls_for_all(catalog, scan, |function, omission| match omission {
        _ if !catalog.is_reviewed(function) => false,
        None => true,
        // As in the spec `all`, except for records of the past if they are followed.
        Some(Omission::Records) => scan.history && function.class().class == OperationClass::History,
        Some(_) => false,
    })?;
    let description =
        format!("Everything that botocore {} can list, and its details", catalog.botocore_version());
    Ok(json!({ "version": 1, "description": description, "calls": calls }).to_string())
}

/// Generates the calls of a deep spec for some services; for all if `services` is empty. AWS's own catalogues and
/// records are included, but not their details if they are not followed. Lists of other services are included if
/// calls of these hang below them. Functions that have not been reviewed are excluded.
///
/// # Errors
///
/// An error if the catalog cannot be read.
pub fn deep_calls_for(
    catalog: &Catalog,
    services: &[Arc<Service>],
    scan: DeepScan,
) -> Result<Vec<Value>, CatalogError> {
    let is_called =
        |function: &Function, omission| catalog.is_reviewed(function) && omission != Some(Omission::Needs);
    if services.is_empty() {
        return calls_for_all(catalog, scan, is_called);
    }
    let names: Vec<&str> = services.iter().map(|service| &*service.name).collect();
    let forest = Forest::of(catalog, names.iter().copied())?;
    let mut calls = Vec::new();
    for service in services {
        calls.extend(roots(catalog, service, &forest, is_called));
    }
    for (service, function) in names.iter().flat_map(|name| forest.parents_of(name)) {
        if names.contains(&service) {
            continue;
        }
        if let Some(service) = catalog.service(service)? {
            calls.extend(calls_of(catalog, &service, |found, omission| {
                found.name() == function && is_called(found, omission)
            }));
        }
    }
    Ok(calls.into_iter().map(|call| with_followed_children(call, &forest, catalog, scan)).collect())
}

fn calls_for_all(
    catalog: &Catalog,
    scan: DeepScan,
    is_called: impl Fn(&Function, Option<Omission>) -> bool + Copy,
) -> Result<Vec<Value>, CatalogError> {
    let forest = Forest::of_all(catalog)?;
    let mut calls = Vec::new();
    for entry in catalog.entries() {
        if let Some(service) = catalog.service(&entry.name)? {
            let roots = roots(catalog, &service, &forest, is_called);
            calls.extend(roots.into_iter().map(|call| with_followed_children(call, &forest, catalog, scan)));
        }
    }
    Ok(calls)
}

/// Returns the calls of a service that need no other call. What is called for each item of a list is not called
/// without one.
fn roots(
    catalog: &Catalog,
    service: &Arc<Service>,
    forest: &Forest,
    is_called: impl Fn(&Function, Option<Omission>) -> bool + Copy,
) -> Vec<Value> {
    let mut calls = calls_of(catalog, service, |function, omission| {
        is_called(function, omission) && !forest.has_parent(&service.name, function.name())
    });
    for (function, sources) in forest.alone(&service.name) {
        let is_known = calls.iter().any(|call| call["function"] == *function.name());
        if is_known || !is_called(function, omission(&service.name, function.name())) {
            continue;
        }
        let ways = sources.iter().flat_map(enumerated).filter_map(|source| parameters(function, &source));
        calls.extend(ways.map(|parameters| {
            let region = only_region(&service.name, &parameters);
            call(service, function.operation(), Some(parameters), region)
        }));
    }
    calls
}

/// Returns the parameters of a call that needs no other call.
fn parameters(function: &Function, source: &CallSource) -> Option<Value> {
    let entry = Map::new();
    let ancestry = Ancestry { entry: &entry, sources: &[] };
    let mut parameters = json!({});
    for sourced in &source.parameters {
        let ParameterValue::Constant(value) = ancestry.resolve(&sourced.origin)? else { return None };
        set(&mut parameters, function, &sourced.path, value);
    }
    Some(parameters)
}
