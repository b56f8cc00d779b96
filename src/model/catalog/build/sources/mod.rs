//! Derivation of the sources of parameters: which response contains the identifiers that a call needs.
//!
//! Everything is derived from the models: the names of members, shapes and operations, and a few sentences of their
//! documentation. A source gets points; one with too few is rejected instead of guessed.

mod bases;
mod batch;
mod collections;
mod conditional;
mod facts;
mod fills;
mod findings;
mod identifier;
mod needs;
mod patterns;
mod phrases;
mod promotion;
mod reached;
mod reviewed;
mod score;
mod taggable;
mod tags;
mod tying;
mod words;

pub use findings::{SourceFinding, SourceFindingKind};

use facts::{OperationFacts, RequestParameter, ServiceFacts};
use needs::OperationNeeds;
use reached::{ReachedOperation, SourceItems};
use reviewed::ReviewedTable;
use tying::{SUFFICIENT, ServiceTying};

use super::model::Model;
use crate::model::catalog::{
    CallSource, MissingSource, OperationSources, Service, ServiceSources, SourceParent, SourcedParameter,
};

/// The sources of a service's operations.
pub(super) struct DerivedSources {
    pub(super) sources: ServiceSources,
    /// The choices that a review has to confirm.
    pub(super) findings: Vec<SourceFinding>,
}

/// Derives the sources of a service's operations.
pub(super) fn derive(service: &Service, model: &Model) -> DerivedSources {
    let reviewed = ReviewedTable::new();
    let facts = ServiceFacts::new(service, model);
    let parameters = parameters(&facts, &reviewed);
    let taggable = taggable::nouns(model, &facts.operations);
    let tying = ServiceTying::new(&facts, all_needs(&facts, &parameters, &reviewed), taggable);
    let mut operations: Vec<OperationSources> =
        (0..facts.operations.len()).filter_map(|index| sources(&tying, index, &reviewed)).collect();
    operations.sort_by(|left, right| left.function.cmp(&right.function));
    let findings =
        (0..facts.operations.len()).filter_map(|index| findings::finding(&tying, index, &reviewed)).collect();
    DerivedSources { sources: ServiceSources { operations }, findings }
}

/// Returns the parameters of each operation that need a value: the required ones, and the optional ones without which
/// a call makes no sense.
fn parameters<'model>(
    facts: &ServiceFacts<'model>,
    reviewed: &ReviewedTable,
) -> Vec<Vec<RequestParameter<'model>>> {
    let mut parameters: Vec<Vec<RequestParameter<'model>>> =
        facts.operations.iter().map(|operation| needs::needed(facts, operation, reviewed)).collect();
    for (operation, needed) in facts.operations.iter().zip(&mut parameters) {
        if needed.is_empty() {
            needed.extend(conditional(facts, operation, reviewed));
        }
    }
    let promoted = promotion::promoted(facts, &all_needs(facts, &parameters, reviewed));
    for (operation, parameter) in promoted {
        if !parameters[operation].iter().any(|known| known.path == parameter.path) {
            parameters[operation].push(parameter);
        }
    }
    parameters
}

/// Returns the optional identifier that has the best source, if the operation needs one.
fn conditional<'model>(
    facts: &ServiceFacts<'model>,
    operation: &OperationFacts<'model>,
    reviewed: &ReviewedTable,
) -> Option<RequestParameter<'model>> {
    let candidates = conditional::needed(facts, operation);
    let needs = needs::needs(facts, operation, &candidates, reviewed);
    let best = (0..needs.needs.len()).rev().max_by_key(|&index| needs.best[index])?;
    (needs.best[best] >= conditional::CERTAIN).then(|| needs.needs[best].parameter.clone())
}

fn all_needs<'facts, 'model>(
    facts: &'facts ServiceFacts<'model>,
    parameters: &'facts [Vec<RequestParameter<'model>>],
    reviewed: &ReviewedTable,
) -> Vec<OperationNeeds<'facts, 'model>> {
    let operations = facts.operations.iter().zip(parameters);
    operations.map(|(operation, parameters)| needs::needs(facts, operation, parameters, reviewed)).collect()
}

/// Returns the sources of an operation; `None` if it needs none.
fn sources(tying: &ServiceTying<'_, '_>, index: usize, reviewed: &ReviewedTable) -> Option<OperationSources> {
    let function = tying.service.operations[index].function.into();
    if tying.needs[index].rejected.is_none() {
        let found: Vec<CallSource> = tags::sources(tying, index, reviewed)
            .iter()
            .map(|reached| source(tying, index, reached, reviewed))
            .collect();
        if !found.is_empty() {
            return Some(OperationSources { function, sources: found, missing: None });
        }
    }
    let Some(reached) = &tying.reached[index] else {
        return Some(OperationSources {
            function,
            sources: Vec::new(),
            missing: Some(missing(tying, index)),
        });
    };
    if reached.parameters.is_empty() {
        return None;
    }
    Some(OperationSources { function, sources: vec![source(tying, index, reached, reviewed)], missing: None })
}

fn source(
    tying: &ServiceTying<'_, '_>,
    index: usize,
    reached: &ReachedOperation<'_>,
    reviewed: &ReviewedTable,
) -> CallSource {
    let parent = reached.parent.as_ref().map(|items| match items {
        SourceItems::Here((operation, collection)) => {
            let operation = &tying.service.operations[*operation];
            SourceParent {
                service: None,
                function: operation.function.into(),
                items: operation.collections[*collection].path.clone(),
            }
        }
        SourceItems::Elsewhere(parent) => parent.clone(),
    });
    let parameters = reached
        .parameters
        .iter()
        .map(|(parameter, origin)| SourcedParameter {
            path: parameter.path.iter().map(|&name| name.into()).collect(),
            origin: origin.clone(),
        })
        .collect();
    let (service, operation) = (tying.service.name, tying.service.operations[index].name);
    CallSource {
        parent,
        parameters,
        batch: batch::size(reached, reviewed.batch(service, operation)),
        filter: reviewed.filter(service, operation).map(Into::into),
    }
}

/// Returns the reason why an operation is not reached.
fn missing(tying: &ServiceTying<'_, '_>, index: usize) -> MissingSource {
    let needs = &tying.needs[index];
    if let Some(rejected) = &needs.rejected {
        return rejected.clone();
    }
    let named = |index: usize| needs.needs[index].parameter.path.join(".").into();
    let weakest = (0..needs.needs.len()).min_by_key(|&index| needs.best[index]).unwrap_or_default();
    match needs.best.get(weakest) {
        Some(0) => MissingSource::FreeText(named(weakest)),
        Some(&points) if points < SUFFICIENT => MissingSource::Weak(named(weakest)),
        _ if needs.needs.len() > 1 => MissingSource::Independent(named(weakest)),
        _ => MissingSource::Weak(named(weakest)),
    }
}

#[cfg(test)]
mod tests;
