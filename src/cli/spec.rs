//! `scan spec`: generates a scan spec.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::console::{print_line, warn};
use super::options::deep::DeepArguments;
use crate::app::catalog::open_catalog;
use crate::error::Failure;
use crate::model::catalog::{Catalog, CatalogError, Function};
use crate::plan::spec::{DeepScan, calls_for, deep_calls_for, newer_functions, unknown_service};
use crate::util::plural::plural;

/// Generates a scan spec with every function that needs no parameters.
#[derive(Args, Debug)]
pub(super) struct SpecArguments {
    /// Services to call, by boto3's client names
    #[arg(value_name = "SERVICE", required_unless_present = "all")]
    services: Vec<String>,
    /// All services of the catalog
    #[arg(long, conflicts_with = "services", help_heading = "Input")]
    all: bool,
    #[command(flatten)]
    deep: DeepArguments,
    /// Maximum number of calls below each other
    #[arg(long, value_name = "COUNT", requires = "deep", help_heading = "Input")]
    depth: Option<usize>,
    /// Output file [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

pub(super) fn run(arguments: &SpecArguments) -> Result<(), Failure> {
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    let deep = arguments.deep.scan(arguments.depth);
    let calls = match deep {
        Some(scan) => deep_calls(&catalog, &arguments.services, scan)?,
        None => calls(&catalog, arguments)?,
    };
    if arguments.all || deep.is_some() {
        newer_functions(&catalog).map_err(unreadable)?.iter().for_each(warn);
    }
    let count = calls.len();
    let text = format!("{:#}", Value::Array(calls));
    let Some(file) = &arguments.output else {
        print_line(text);
        return Ok(());
    };
    fs::write(file, text + "\n")
        .map_err(|cause| Failure::usage(format!("cannot write {}", file.display())).with_source(cause))?;
    print_line(format!("{}: {}", file.display(), plural(count, "call")));
    Ok(())
}

/// Generates the calls of services, or of all, with everything that describes their resources.
fn deep_calls(catalog: &Catalog, names: &[String], scan: DeepScan) -> Result<Vec<Value>, Failure> {
    let mut services = Vec::with_capacity(names.len());
    for name in names {
        let service = catalog.service(name).map_err(unreadable)?;
        services.push(service.ok_or_else(|| unknown_service(catalog, name))?);
    }
    let calls = deep_calls_for(catalog, &services, scan).map_err(unreadable)?;
    if calls.is_empty() { Err(nothing_to_call(&names.join(", "))) } else { Ok(calls) }
}

/// Generates the calls of services, or of all.
fn calls(catalog: &Catalog, arguments: &SpecArguments) -> Result<Vec<Value>, Failure> {
    let services = if arguments.all {
        catalog.entries().iter().map(|entry| entry.name.clone()).collect()
    } else {
        arguments.services.clone()
    };
    let mut calls = Vec::new();
    for name in &services {
        let mut of_service = calls_of(catalog, name)?;
        if arguments.all {
            // As in the built-in spec `everything`.
            of_service.retain(|call| is_reviewed(catalog, name, call));
        }
        if of_service.is_empty() && !arguments.all {
            return Err(nothing_to_call(name));
        }
        calls.extend(of_service);
    }
    Ok(calls)
}

fn calls_of(catalog: &Catalog, name: &str) -> Result<Vec<Value>, Failure> {
    let service = catalog.service(name).map_err(unreadable)?.ok_or_else(|| unknown_service(catalog, name))?;
    Ok(calls_for(catalog, &service))
}

fn is_reviewed(catalog: &Catalog, service: &str, call: &Value) -> bool {
    let service = catalog.service(service).ok().flatten();
    let function = service.zip(call["function"].as_str());
    let function = function.and_then(|(service, name)| Function::find(&service, name));
    function.is_some_and(|function| catalog.is_reviewed(&function))
}

fn unreadable(cause: CatalogError) -> Failure {
    Failure::internal("cannot read the catalog").with_source(cause)
}

fn nothing_to_call(service: &str) -> Failure {
    Failure::usage(format!("cannot generate a spec of {service}: every function needs parameters, is deprecated or is never called"))
        .hint(format!("run `scan services {service}` to see the parameters of each function"))
}
