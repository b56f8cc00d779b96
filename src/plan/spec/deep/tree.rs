//! The operations that take their parameters from others, by the function that yields them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::DeepScan;
use crate::model::catalog::{
    CallSource, Catalog, CatalogError, Function, OperationClass, ParameterOrigin, Service,
};
use crate::plan::spec::curated_calls::ways_to_call;
use crate::plan::spec::full_spec::is_callable;

/// The operations below each function, of some services.
pub(super) struct Forest {
    below: HashMap<(Box<str>, Box<str>), Vec<Sourced>>,
    /// The services and functions that are below another one.
    children: HashSet<(Box<str>, Box<str>)>,
    /// The functions of each service whose parameters need no other call, with these sources.
    alone: HashMap<Box<str>, Vec<(Function, Vec<CallSource>)>>,
}

/// An operation and one of its sources.
struct Sourced {
    function: Function,
    source: CallSource,
    class: OperationClass,
}

/// A call below another one.
#[derive(Clone)]
pub(super) struct Branch {
    pub(super) function: Function,
    /// The source of its parameters; each enumeration in it has one value.
    pub(super) source: CallSource,
    /// Parameters that have the same value in all calls.
    pub(super) constants: Map<String, Value>,
    pub(super) class: OperationClass,
}

impl Forest {
    /// Reads the sources of all services of the catalog.
    pub(super) fn of_all(catalog: &Catalog) -> Result<Self, CatalogError> {
        Self::of(catalog, catalog.entries().iter().map(|entry| &*entry.name))
    }

    /// Reads the sources of these services, and of all that have calls below theirs.
    pub(super) fn below(catalog: &Catalog, names: BTreeSet<&str>) -> Result<Self, CatalogError> {
        let entries = catalog.entries().iter();
        let parents: Vec<_> = entries
            .map(|entry| Ok((&*entry.name, catalog.parent_services(entry)?)))
            .collect::<Result<_, CatalogError>>()?;
        let mut found = names;
        loop {
            let before = found.len();
            for (name, parents) in &parents {
                if parents.iter().any(|parent| found.contains(&**parent)) {
                    found.insert(name);
                }
            }
            if found.len() == before {
                return Self::of(catalog, found);
            }
        }
    }

    /// Reads the sources of these services.
    pub(super) fn of<'name>(
        catalog: &Catalog,
        names: impl IntoIterator<Item = &'name str>,
    ) -> Result<Self, CatalogError> {
        let mut forest = Self { below: HashMap::new(), children: HashSet::new(), alone: HashMap::new() };
        for name in names {
            if let Some(service) = catalog.service(name)? {
                forest.add(catalog, &service)?;
            }
        }
        Ok(forest)
    }

    fn add(&mut self, catalog: &Catalog, service: &Arc<Service>) -> Result<(), CatalogError> {
        for sourced in catalog.sources(service)?.operations {
            let Some(function) = Function::find(service, &sourced.function) else { continue };
            if !is_callable(catalog, &function) {
                continue;
            }
            let (alone, below): (Vec<_>, Vec<_>) =
                sourced.sources.into_iter().partition(|source| source.parent.is_none());
            if !alone.is_empty() {
                self.alone.entry(service.name.clone()).or_default().push((function.clone(), alone));
            }
            // As in other generated specs of all services.
            if !catalog.is_reviewed(&function) {
                continue;
            }
            let class = function.class().class;
            for source in below {
                let Some(parent) = &source.parent else { continue };
                let parent_service = parent.service.clone().unwrap_or_else(|| service.name.clone());
                self.children.insert((service.name.clone(), function.name().into()));
                let below = self.below.entry((parent_service, parent.function.clone())).or_default();
                below.push(Sourced { function: function.clone(), source, class });
            }
        }
        Ok(())
    }

    /// Returns whether the function is called below another one.
    pub(super) fn has_parent(&self, service: &str, function: &str) -> bool {
        self.children.contains(&(service.into(), function.into()))
    }

    /// Returns the functions of a service whose parameters need no other call, with their sources.
    pub(super) fn alone(&self, service: &str) -> &[(Function, Vec<CallSource>)] {
        self.alone.get(service).map_or(&[], Vec::as_slice)
    }

    /// Returns the services and functions that have calls of `service` below them.
    pub(super) fn parents_of<'forest>(
        &'forest self,
        service: &'forest str,
    ) -> impl Iterator<Item = (&'forest str, &'forest str)> {
        let is_below =
            move |below: &[Sourced]| below.iter().any(|one| &*one.function.service().name == service);
        self.below
            .iter()
            .filter(move |(_, below)| is_below(below))
            .map(|((service, function), _)| (&**service, &**function))
    }

    /// Returns the calls below a call of a class that the scan follows, with one for each value of an enumeration
    /// and each of the reviewed ways to call a function.
    pub(super) fn branches(&self, function: &Function, class: OperationClass, scan: DeepScan) -> Vec<Branch> {
        let key = (function.service().name.clone(), Box::from(function.name()));
        let mut branches = Vec::new();
        for Sourced { function, source, class: own } in self.below.get(&key).into_iter().flatten() {
            let class = own.inherited(class);
            if !scan.follows(class) {
                continue;
            }
            // The region of a way belongs to the parent.
            let mut constants: Vec<Map<String, Value>> =
                ways_to_call(&function.service().name, function.name())
                    .filter(|way| way.region.is_none())
                    .filter_map(|way| serde_json::from_str(way.parameters).ok())
                    .collect();
            if constants.is_empty() {
                constants.push(Map::new());
            }
            for source in enumerated(source) {
                branches.extend(constants.iter().map(|constants| Branch {
                    function: function.clone(),
                    source: source.clone(),
                    constants: constants.clone(),
                    class,
                }));
            }
        }
        branches
    }
}

/// Returns a source for each combination of the values of its enumerations.
pub(super) fn enumerated(source: &CallSource) -> Vec<CallSource> {
    let Some(place) = source
        .parameters
        .iter()
        .position(|parameter| matches!(parameter.origin, ParameterOrigin::Enumeration(_)))
    else {
        return vec![source.clone()];
    };
    let ParameterOrigin::Enumeration(values) = &source.parameters[place].origin else { return Vec::new() };
    let with = |value: &str| {
        let mut source = source.clone();
        source.parameters[place].origin = ParameterOrigin::Constant(Value::from(value).to_string().into());
        source
    };
    values.iter().flat_map(|value| enumerated(&with(value))).collect()
}
