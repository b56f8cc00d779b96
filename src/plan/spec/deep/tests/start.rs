//! Tests of the work that a deep spec causes before the first request, counted in services and compiled filters.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::CATALOG;
use crate::model::catalog::Catalog;
use crate::plan::spec::deep::{DeepScan, everything, expand};
use crate::plan::spec::filter::JqFilter;
use crate::plan::spec::template::ParameterTemplate;
use crate::plan::spec::{Child, ResultSelector, ScanSpec};

/// Adds the filters of child calls, at any depth.
fn add_filters<'spec>(children: &'spec [Child], filters: &mut Vec<&'spec Arc<JqFilter>>) {
    for child in children {
        filters.push(&child.over);
        if let ResultSelector::Filter(filter) = &child.selection {
            filters.push(filter);
        }
        add_filters_of_template(&child.parameters, filters);
        add_filters(&child.each, filters);
    }
}

fn add_filters_of_template<'spec>(
    template: &'spec ParameterTemplate,
    filters: &mut Vec<&'spec Arc<JqFilter>>,
) {
    match template {
        ParameterTemplate::Filled(filter) | ParameterTemplate::Listed(filter) => filters.push(filter),
        ParameterTemplate::List(items) => {
            for item in items {
                add_filters_of_template(item, filters);
            }
        }
        ParameterTemplate::Object(members) => {
            for (_, member) in members {
                add_filters_of_template(member, filters);
            }
        }
        ParameterTemplate::Fixed(_) | ParameterTemplate::Text(_) => {}
    }
}

/// Most filters are paths. With a program for each filter, the plan of this spec took three seconds and 450 MB.
#[test]
fn deep_spec_compiles_each_program_once_and_no_path() {
    let text = everything(&CATALOG, DeepScan::CONFIGURATION).expect("a catalog in order");
    let spec = ScanSpec::parse(&text, "deep", &CATALOG).expect("a spec");
    let mut filters = Vec::new();
    for entry in &spec.entries {
        add_filters(&entry.each, &mut filters);
    }
    let texts: BTreeSet<_> = filters.iter().map(|filter| filter.text()).collect();
    filters.retain(|filter| filter.is_compiled());
    let compiled: BTreeSet<_> = filters.iter().map(|filter| filter.text()).collect();
    let programs: BTreeSet<_> = filters.iter().map(|filter| Arc::as_ptr(filter)).collect();
    assert_eq!(programs.len(), compiled.len());
    assert!(compiled.len() * 5 < texts.len(), "{} of {} are compiled", compiled.len(), texts.len());
}

/// Sources of all services are read, but only the models of those that are called.
#[test]
fn expansion_loads_only_services_that_it_calls() {
    let loaded = |service: &str, function: &str| {
        let catalog = Catalog::embedded().expect("a catalog");
        let list = json!([{"service": service, "function": function}]);
        let deep = expand(list, &catalog, DeepScan::CONFIGURATION).expect("a catalog in order");
        ScanSpec::check(deep, String::new(), "the test", &catalog).expect("a spec");
        catalog.loaded().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(loaded("dynamodb", "list_tables"), ["dynamodb"]);
    assert_eq!(loaded("glue", "get_databases"), ["glue", "lakeformation"]);
}
