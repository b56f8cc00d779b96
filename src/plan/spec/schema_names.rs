//! The names of services and functions in the JSON Schema of specs, which editors complete.

use serde_json::{Map, Value, json};

use super::retired;
use crate::model::catalog::{Catalog, CatalogError, Function};

/// Returns the schema of the name of a service: those of the catalog, and those that AWS has retired, which are skipped.
pub(super) fn service_names(catalog: &Catalog) -> Value {
    let names = catalog.entries().iter().map(|entry| entry.name.as_str());
    let retired: Vec<&str> = retired::services().collect();
    json!({"anyOf": [{"enum": names.collect::<Vec<_>>()}, {"enum": retired, "deprecated": true}]})
}

/// Returns the schema of a call whose service is known: its function is one of the service's, in any spelling.
///
/// Other functions are not errors here: functions that AWS has retired, and helpers of boto3, are skipped.
pub(super) fn functions_of_services(catalog: &Catalog) -> Result<Value, CatalogError> {
    let mut rules = Vec::new();
    for entry in catalog.entries() {
        let Some(service) = catalog.service(&entry.name)? else { continue };
        let functions: Vec<String> =
            Function::all(&service).map(|function| function.name().to_string()).collect();
        let function = json!({"anyOf": [{"enum": functions}, {"type": "string"}]});
        rules.push(json!({
            "if": {"properties": {"service": {"const": entry.name}}, "required": ["service"]},
            "then": {"properties": Map::from_iter([("function".to_owned(), function)])},
        }));
    }
    Ok(json!({ "allOf": rules }))
}
