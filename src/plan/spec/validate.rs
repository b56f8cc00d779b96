//! Validates a document against the catalog and builds the spec from it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::batch::ItemBatch;
use super::document::{SpecCall, SpecDocument};
use super::entry::{Child, SkipReason, SkippedEntry, SpecEntry};
use super::error::{Problems, SpecError};
use super::filter::JqFilter;
use super::parameters::Braces;
use super::resolve::{Resolved, resolve};
use super::result_selector::ResultSelector;
use super::template::ParameterTemplate;
use super::{ScanSpec, parameters};
use crate::model::catalog::{Catalog, CatalogError, Function, Service, parameter_for_alias};
use crate::util::plural::plural;

/// The maximum length of a name, which becomes a key and a part of file names.
const LONGEST_NAME: usize = 100;

/// Builds the spec called `origin`; `problems` holds the problems found while reading the document.
pub(super) fn validate(
    document: SpecDocument,
    problems: Problems,
    origin: &str,
    catalog: &Catalog,
) -> Result<ScanSpec, SpecError> {
    let mut validator = Validator {
        catalog,
        problems,
        names: HashMap::new(),
        numbers: HashMap::new(),
        filters: HashMap::new(),
    };
    validator.reserve_names(&document.calls, None);
    catalog.preload(services(&document.calls));
    let mut spec = ScanSpec {
        origin: origin.to_owned(),
        hash: String::new(),
        document: Value::Null,
        description: document.description,
        entries: Vec::with_capacity(document.calls.len()),
        skipped: Vec::new(),
        regions: document.regions,
        exclude_regions: document.exclude_regions,
        accepted_gaps: document.accepted_gaps.into_iter().map(|gap| gap.of(origin)).collect(),
        notices: document.notices,
    };
    for call in document.calls {
        validator.entry(call, &mut spec)?;
    }
    let is_left = !spec.entries.is_empty();
    if !is_left
        && validator.problems.count() == 0
        && let Some(problem) = nothing_left(&spec.skipped)
    {
        validator.problems.add("", || problem);
    }
    validator.problems.into_result(origin)?;
    spec.notices.extend(notices_of_skipped(&spec.skipped));
    if !is_left {
        spec.notices.push(
            "nothing is left to call: its entries are helper methods of boto3, or retired by AWS".to_owned(),
        );
    }
    Ok(spec)
}

/// Returns the services of calls and their child calls.
fn services(calls: &[SpecCall]) -> Vec<&str> {
    let of_calls = calls.iter().filter_map(|call| call.service.as_deref());
    of_calls.chain(calls.iter().flat_map(|call| services(&call.each))).collect()
}

/// Returns the error for a spec that has no call left to make. A spec whose entries can be called in no account
/// is not an error: specs of every service contain such lists, and a script that scans with one after the other
/// should not stop there.
fn nothing_left(skipped: &[SkippedEntry]) -> Option<String> {
    if skipped.is_empty() {
        return Some("the list of calls is empty".to_owned());
    }
    let first = skipped.iter().find(|entry| !entry.reason.calls_nothing())?;
    let others = match skipped.len() - 1 {
        0 => String::new(),
        count @ 1 => format!(", and so is {}", plural(count, "other")),
        count => format!(", and so are {}", plural(count, "other")),
    };
    Some(format!(
        "nothing is left to call: {} {} is skipped ({}){others}",
        first.service, first.function, first.reason
    ))
}

/// Returns one sentence for each kind of reason: a spec of every function of every service skips thousands of
/// calls.
fn notices_of_skipped(skipped: &[SkippedEntry]) -> Vec<String> {
    let mut kinds: Vec<(&str, Vec<&SkippedEntry>)> = Vec::new();
    for entry in skipped {
        let word = entry.reason.word();
        match kinds.iter_mut().find(|(kind, _)| *kind == word) {
            Some((_, entries)) => entries.push(entry),
            None => kinds.push((word, vec![entry])),
        }
    }
    kinds
        .into_iter()
        .map(|(_, entries)| {
            let first = entries[0];
            let name = format!("{} {}", first.service, first.function);
            match entries.len() {
                1 => format!("1 entry is skipped: {name} ({})", first.reason),
                count => format!("{count} entries are skipped, such as {name} ({})", first.reason),
            }
        })
        .collect()
}

struct Validator<'a> {
    catalog: &'a Catalog,
    problems: Problems,
    /// The names in use, per service.
    names: HashMap<String, HashSet<String>>,
    /// The last number given to a function without an explicit name, per service and function.
    numbers: HashMap<(String, String), usize>,
    /// Compiled filters by their text: large specs repeat filters.
    filters: HashMap<String, Result<Arc<JqFilter>, String>>,
}

impl Validator<'_> {
    /// Reserves the names that the spec sets, before default names are made.
    fn reserve_names(&mut self, calls: &[SpecCall], parent: Option<&str>) {
        for call in calls {
            let service = call.service.as_deref().or(parent).unwrap_or_default();
            if let Some(name) = &call.name {
                self.reserve_name(&call.place, service, name);
            }
            self.reserve_names(&call.each, Some(service));
        }
    }

    fn reserve_name(&mut self, place: &str, service: &str, name: &str) {
        let names = self.names.entry(service.to_owned()).or_default();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            self.problems.add(place, || format!("`name` must have 1 to {LONGEST_NAME} characters"));
        } else if name.contains(|letter: char| matches!(letter, '/' | '\\') || letter.is_control())
            || name.starts_with('.')
        {
            self.problems.add(place, || {
                format!("`name` is {name:?}, but a name must not start with a dot or contain a slash")
            });
        } else if !names.insert(name.to_owned()) {
            self.problems.add(place, || format!("the name `{name}` is used by another call of {service}"));
        }
    }

    /// Returns the given name, or the function, or `function-2` and so on.
    fn name(&mut self, given: Option<String>, service: &str, function: &str) -> String {
        if let Some(name) = given {
            return name;
        }
        let names = self.names.entry(service.to_owned()).or_default();
        let number = self.numbers.entry((service.to_owned(), function.to_owned())).or_default();
        loop {
            *number += 1;
            let name = if *number == 1 { function.to_owned() } else { format!("{function}-{number}") };
            if names.insert(name.clone()) {
                return name;
            }
        }
    }

    fn entry(&mut self, mut call: SpecCall, spec: &mut ScanSpec) -> Result<(), CatalogError> {
        let service = call.service.clone().unwrap_or_default();
        let (function, reason) = match resolve(self.catalog, &service, &call.function)? {
            Resolved::Unknown(name) => {
                self.problems.add(&call.place, || name.message(self.catalog));
                return Ok(());
            }
            Resolved::Skipped { function, reason } => (function, reason),
            Resolved::Call(function) => {
                call.parameters = canonical(call.parameters, &function);
                let Some(reason) = self.absent_parameters(&call, &function) else {
                    spec.entries.extend(self.call(call, function)?);
                    return Ok(());
                };
                (function.name().to_owned(), reason)
            }
        };
        let name = self.name(call.name, &service, &function);
        spec.skipped.push(SkippedEntry {
            name,
            service,
            function,
            reason,
            regions: call.regions.or(call.configured_regions),
        });
        Ok(())
    }

    /// Reports invalid parameters; if none is invalid but some are missing, the entry is skipped.
    fn absent_parameters(&mut self, call: &SpecCall, function: &Function) -> Option<SkipReason> {
        let before = self.problems.count();
        self.check_parameters(call, function, Braces::Placeholders);
        let absent = parameters::absent(function.service(), function.operation(), &call.parameters);
        let skip = !absent.is_empty() && self.problems.count() == before;
        skip.then(|| SkipReason::AbsentParameters(absent.into_iter().map(str::to_owned).collect()))
    }

    fn check_parameters(&mut self, call: &SpecCall, function: &Function, braces: Braces) {
        for complaint in parameters::check(function.service(), function.operation(), &call.parameters, braces)
        {
            self.problems
                .add(&call.place, || format!("parameter `{}`: {}", complaint.path, complaint.message));
        }
    }

    fn call(&mut self, call: SpecCall, function: Function) -> Result<Option<SpecEntry>, CatalogError> {
        let name = self.name(call.name, &function.service().name, function.name());
        let selection = self.selection(&call.place, &function, call.result_key.as_deref());
        let each = self.children(call.each, function.service())?;
        Ok(selection.map(|selection| SpecEntry {
            name,
            function,
            parameters: call.parameters,
            selection,
            accounts: call.accounts,
            regions: call.regions,
            configured_regions: call.configured_regions,
            paginate: call.paginate,
            max_items: call.max_items,
            each,
        }))
    }

    fn children(&mut self, calls: Vec<SpecCall>, parent: &Service) -> Result<Vec<Child>, CatalogError> {
        let mut children = Vec::with_capacity(calls.len());
        for call in calls {
            children.extend(self.child(call, parent)?);
        }
        Ok(children)
    }

    fn child(&mut self, mut call: SpecCall, parent: &Service) -> Result<Option<Child>, CatalogError> {
        let service = call.service.as_deref().unwrap_or(&parent.name);
        let function = match resolve(self.catalog, service, &call.function)? {
            Resolved::Call(function) => function,
            Resolved::Unknown(name) => {
                self.problems.add(&call.place, || name.message(self.catalog));
                return Ok(None);
            }
            Resolved::Skipped { reason, .. } => {
                self.problems.add(&call.place, || format!("it cannot be called: {reason}"));
                return Ok(None);
            }
        };
        call.parameters = canonical(call.parameters, &function);
        self.check_parameters(&call, &function, Braces::Templates);
        for name in parameters::absent(function.service(), function.operation(), &call.parameters) {
            self.problems.add(&call.place, || {
                format!("the required parameter `{name}` is missing; \"{{.}}\" is replaced with the item")
            });
        }
        let mut parameters = self.template(&call);
        let batch = self.batch(&call, &function, &mut parameters);
        let over = self.compile(call.over.as_deref().unwrap_or("."));
        let over = self.report(&call.place, "over", over);
        let name = self.name(call.name, &function.service().name, function.name());
        let selection = self.selection(&call.place, &function, call.result_key.as_deref());
        let each = self.children(call.each, function.service())?;
        Ok(over.zip(selection).map(|(over, selection)| Child {
            name,
            function,
            selection,
            paginate: call.paginate,
            max_items: call.max_items,
            each,
            batch,
            over,
            parameters,
        }))
    }

    fn batch(
        &mut self,
        call: &SpecCall,
        function: &Function,
        parameters: &mut ParameterTemplate,
    ) -> Option<ItemBatch> {
        let size = usize::try_from(call.batch?).unwrap_or(usize::MAX);
        let input = function.service().input(function.operation());
        let batch = ItemBatch::find(size, parameters, function.service(), input);
        self.report(&call.place, "batch", batch)
    }

    fn template(&mut self, call: &SpecCall) -> ParameterTemplate {
        let mut complaints = Vec::new();
        let members = call
            .parameters
            .iter()
            .map(|(name, value)| {
                let mut compile = |text: &str| self.compile(text);
                let mut complain = |path: &str, message| complaints.push((path.to_owned(), message));
                (name.clone(), ParameterTemplate::read(value, name, &mut compile, &mut complain))
            })
            .collect();
        for (path, message) in complaints {
            self.problems.add(&call.place, || format!("parameter `{path}`: {message}"));
        }
        ParameterTemplate::Object(members)
    }

    fn selection(&mut self, place: &str, function: &Function, key: Option<&str>) -> Option<ResultSelector> {
        let mut compile = |text: &str| self.compile(text);
        let selection = ResultSelector::read(function.service(), function.operation(), key, &mut compile);
        self.report(place, "result_key", selection)
    }

    fn compile(&mut self, text: &str) -> Result<Arc<JqFilter>, String> {
        if let Some(known) = self.filters.get(text) {
            return known.clone();
        }
        let filter = JqFilter::compile(text);
        self.filters.insert(text.to_owned(), filter.clone());
        filter
    }

    fn report<T>(&mut self, place: &str, key: &str, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.problems.add(place, || format!("`{key}`: {message}"))).ok()
    }
}

/// Maps parameters to the model's names: boto3 has other names for a few.
fn canonical(parameters: Map<String, Value>, function: &Function) -> Map<String, Value> {
    parameters
        .into_iter()
        .map(|(name, value)| {
            let model = parameter_for_alias(function, &name);
            (model.map_or(name, str::to_owned), value)
        })
        .collect()
}
