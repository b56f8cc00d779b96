//! `scan services`: lists the services and functions of the catalog.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::{Map, json};

use super::console::print_line;
use super::options::form::{FormArguments, print_json};
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

    #[command(flatten)]
    form: FormArguments,
}

/// A function, as it is listed.
#[derive(Serialize)]
struct ListedFunction {
    name: String,
    /// Where the function is called: `regional`, `global` or `buckets`.
    scope: &'static str,
    /// Whether it is about the organization, and called in one account.
    organization: bool,
    /// The keys of the response that pages continue; none for a function without pages.
    pages: Vec<String>,
    required_parameters: Vec<String>,
    deprecated: bool,
    /// The reason why scans do not call it.
    not_called: Option<String>,
}

pub(super) fn run(arguments: &ServicesArguments) -> Result<(), Failure> {
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    match &arguments.service {
        Some(name) => list_functions(&catalog, name, arguments.form),
        None => list_services(&catalog, arguments.form),
    }
}

fn list_services(catalog: &Catalog, form: FormArguments) -> Result<(), Failure> {
    let scope = |is_global: bool| if is_global { "global" } else { "regional" };
    if form.is_json() {
        let services = catalog.entries().iter().map(|entry| {
            json!({"name": entry.name, "full_name": entry.full_name, "scope": scope(entry.global), "functions": entry.operations})
        });
        return print_json(&services.collect::<Vec<_>>());
    }
    let width = catalog.entries().iter().map(|entry| entry.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    let mut functions = 0;
    for entry in catalog.entries() {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  {:>4} functions  {:8}  {}",
            entry.name,
            entry.operations,
            scope(entry.global),
            entry.full_name
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
    Ok(())
}

fn list_functions(catalog: &Catalog, name: &str, form: FormArguments) -> Result<(), Failure> {
    let service = catalog
        .service(name)
        .map_err(|cause| Failure::internal("cannot read the catalog").with_source(cause))?
        .ok_or_else(|| unknown_service(catalog, name))?;
    let functions: Vec<_> =
        Function::all(&service).map(|function| ListedFunction::new(catalog, &function)).collect();
    if form.is_json() {
        return print_json(&functions);
    }
    let width = functions.iter().map(|function| function.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for function in &functions {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{:width$}  {}", function.name, function.description());
    }
    print_line(text.trim_end());
    print_line(format!("{}: {} of {}", service.name, plural(functions.len(), "function"), service.full_name));
    Ok(())
}

impl ListedFunction {
    fn new(catalog: &Catalog, function: &Function) -> Self {
        let (service, operation) = (function.service(), function.operation());
        let pages = operation.pagination.iter().flat_map(|pagination| &pagination.result_keys);
        let required = service.required_parameters(operation);
        Self {
            name: function.name().to_string(),
            scope: match reach(function) {
                CallScope::Regional => "regional",
                CallScope::Global => "global",
                CallScope::Buckets => "buckets",
            },
            organization: organization_scope(function, &Map::new()).is_some(),
            pages: pages.map(ToString::to_string).collect(),
            required_parameters: required.map(|member| member.name.to_string()).collect(),
            deprecated: operation.deprecated,
            not_called: catalog.denial(function).map(|denial| denial.to_string()),
        }
    }

    /// Describes the function in words.
    fn description(&self) -> String {
        let mut words = vec![self.scope.to_owned()];
        if self.organization {
            words.push("for the organization".to_owned());
        }
        words.push(if self.pages.is_empty() {
            "one page".to_owned()
        } else {
            format!("pages of {}", self.pages.join(", "))
        });
        if !self.required_parameters.is_empty() {
            words.push(format!("needs {}", self.required_parameters.join(", ")));
        }
        if self.deprecated {
            words.push("deprecated".to_owned());
        }
        if let Some(denial) = &self.not_called {
            words.push(format!("not called ({denial})"));
        }
        words.join("; ")
    }
}
