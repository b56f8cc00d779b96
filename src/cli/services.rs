//! `scan services`: lists the services and functions of the catalog.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::Map;

use super::console::print_line;
use crate::app::catalog::open_catalog;
use crate::error::Failure;
use crate::model::catalog::{CallScope, Catalog, Function, organization_scope, reach};
use crate::plan::spec::unknown_service;
use crate::util::plural::plural;

/// Lists services, or the functions of one.
#[derive(Args, Debug)]
pub(super) struct ServicesArguments {
    /// Service to list the functions of, by boto3's client name
    service: Option<String>,
    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

pub(super) fn run(arguments: &ServicesArguments) -> Result<(), Failure> {
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    if let Some(name) = &arguments.service {
        list_functions(&catalog, name)
    } else {
        list_services(&catalog);
        Ok(())
    }
}

fn list_services(catalog: &Catalog) {
    let width = catalog.entries().iter().map(|entry| entry.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut functions = 0;
    for entry in catalog.entries() {
        let reach = if entry.global { "global" } else { "regional" };
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:>4} functions  {reach:8}  {}",
            entry.name, entry.operations, entry.full_name
        );
        functions += entry.operations;
    }
    print_line(text.trim_end());
    print_line(format!(
        "{}, {} (botocore {})",
        plural(catalog.entries().len(), "service"),
        plural(functions, "function"),
        catalog.botocore_version()
    ));
}

fn list_functions(catalog: &Catalog, name: &str) -> Result<(), Failure> {
    let service = catalog
        .service(name)
        .map_err(|cause| Failure::internal("cannot read the catalog").with_source(cause))?
        .ok_or_else(|| unknown_service(catalog, name))?;
    let functions: Vec<_> = Function::all(&service).collect();
    let width = functions.iter().map(|function| function.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for function in &functions {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{:width$}  {}", function.name(), describe(catalog, function));
    }
    print_line(text.trim_end());
    print_line(format!("{}: {} of {}", service.name, plural(functions.len(), "function"), service.full_name));
    Ok(())
}

/// Describes a function: its reach, pages and required parameters, whether it is about the organization or
/// deprecated, and the reason if scans do not call it.
fn describe(catalog: &Catalog, function: &Function) -> String {
    let (service, operation) = (function.service(), function.operation());
    let mut words = vec![
        match reach(function) {
            CallScope::Regional => "regional",
            CallScope::Global => "global",
            CallScope::Buckets => "buckets",
        }
        .to_owned(),
    ];
    if organization_scope(function, &Map::new()).is_some() {
        words.push("for the organization".to_owned());
    }
    words.push(match &operation.pagination {
        Some(pagination) => {
            let keys: Vec<_> = pagination.result_keys.iter().map(ToString::to_string).collect();
            format!("pages of {}", keys.join(", "))
        }
        None => "one page".to_owned(),
    });
    let required: Vec<_> = service.required_parameters(operation).map(|member| &*member.name).collect();
    if !required.is_empty() {
        words.push(format!("needs {}", required.join(", ")));
    }
    if operation.deprecated {
        words.push("deprecated".to_owned());
    }
    if let Some(denial) = catalog.denial(function) {
        words.push(format!("not called ({denial})"));
    }
    words.join("; ")
}
