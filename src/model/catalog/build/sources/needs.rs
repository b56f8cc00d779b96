//! The parameters of an operation that need a source, and the candidates for each.

use std::collections::BTreeMap;

use super::bases::bases;
use super::facts::{OperationFacts, RequestParameter, ServiceFacts, parameter};
use super::fills::{fill, is_account};
use super::reviewed::{ReviewedSource, ReviewedTable, ReviewedVerdict};
use super::score::{FieldFit, ParameterNeed, penalty, score};
use crate::model::catalog::{MissingSource, ParameterOrigin, SourceParent};

/// Items of an operation: the operation, and the collection in its response.
pub(super) type Place = (usize, usize);

/// A member of an item that may be a parameter's value.
#[derive(Clone, Debug)]
pub(super) struct FieldChoice {
    /// The member; `None` is the whole item.
    pub(super) field: Option<usize>,
    /// The origin that a review names, where it is no member of the item.
    pub(super) origin: Option<ParameterOrigin>,
    pub(super) points: i32,
    /// The noun of the parameter, if the member identifies the item itself.
    pub(super) owner: Option<String>,
    /// The points that the list loses.
    pub(super) loss: i32,
    /// Whether the member has the parameter's own name, in an item of any kind.
    pub(super) is_same_name: bool,
}

/// The parameters of an operation.
#[derive(Default)]
pub(super) struct OperationNeeds<'facts, 'model> {
    /// Those that need a list.
    pub(super) needs: Vec<ParameterNeed<'facts, 'model>>,
    /// Those that do not.
    pub(super) fills: Vec<(&'facts RequestParameter<'model>, ParameterOrigin)>,
    /// The choices for each need, best first, by place.
    pub(super) table: BTreeMap<Place, Vec<Vec<FieldChoice>>>,
    /// The points of the best choice for each need.
    pub(super) best: Vec<i32>,
    /// The items of another service for each need, where a review names them.
    pub(super) elsewhere: Vec<Option<(SourceParent, ParameterOrigin)>>,
    /// The paths of optional parameters that are not passed.
    pub(super) omitted: Vec<Vec<&'model str>>,
    /// The reason why a review rejected the operation.
    pub(super) rejected: Option<MissingSource>,
}

/// The points of a source that a review has chosen.
pub(super) const REVIEWED: i32 = 200;
/// The points from which a source was chosen in a review, after all losses.
pub(super) const CHOSEN: i32 = 180;

/// The number of choices that are kept for each parameter and place.
const CHOICES: usize = 3;

/// Returns the required parameters of an operation, with structures opened.
pub(super) fn needed<'facts, 'model>(
    service: &'facts ServiceFacts<'model>,
    operation: &'facts OperationFacts<'model>,
    reviewed: &ReviewedTable,
) -> Vec<RequestParameter<'model>> {
    let mut needed = Vec::new();
    for parameter in &operation.parameters {
        let is_needed = parameter.is_required || reviewed.is_needed(service.name, operation.name, parameter);
        if is_needed {
            open(service, operation, parameter, reviewed, &mut needed);
        }
    }
    needed
}

/// Adds a parameter; for a structure, the members that a review chose, else, if it is no item, its required members, or
/// the one with a known noun.
fn open<'model>(
    service: &ServiceFacts<'model>,
    operation: &OperationFacts<'model>,
    parameter: &RequestParameter<'model>,
    reviewed: &ReviewedTable,
    needed: &mut Vec<RequestParameter<'model>>,
) {
    let is_item = || {
        let mut collections = service.operations.iter().flat_map(|operation| &operation.collections);
        collections.any(|collection| {
            !collection.is_response && collection.item_shape == parameter.shape
                || collection.fields.iter().any(|field| field.level == 0 && field.shape == parameter.shape)
        })
    };
    let is_open = parameter.kind == "structure" && !parameter.is_list && parameter.path.len() <= 2;
    let Some(structure) = service.shapes.get(parameter.shape).filter(|_| is_open) else {
        needed.push(parameter.clone());
        return;
    };
    let members: Vec<RequestParameter<'model>> = structure
        .members
        .iter()
        .filter_map(|(name, member)| {
            let path: Vec<&str> = parameter.path.iter().copied().chain([name.as_str()]).collect();
            self::parameter(service.shapes, &path, member, structure.required.contains(name))
        })
        .collect();
    let is_chosen = |member: &&RequestParameter<'_>| reviewed.is_needed(service.name, operation.name, member);
    let required: Vec<&RequestParameter<'model>> =
        members.iter().filter(|member| member.is_required).collect();
    if members.iter().any(|member| is_chosen(&member)) {
        needed.extend(members.iter().filter(is_chosen).cloned());
    } else if is_item() {
        needed.push(parameter.clone());
    } else if !required.is_empty() {
        for member in required {
            open(service, operation, member, reviewed, needed);
        }
    } else if let Some(known) = members.iter().find(|member| {
        member.kind == "string"
            && member.values.is_empty()
            && !member.identifier.is_generic()
            && service.nouns.contains(&member.identifier.base)
    }) {
        needed.push(known.clone());
    } else {
        needed.push(parameter.clone());
    }
}

/// Returns the needs of an operation with all candidates.
pub(super) fn needs<'facts, 'model>(
    service: &'facts ServiceFacts<'model>,
    consumer: &'facts OperationFacts<'model>,
    parameters: &'facts [RequestParameter<'model>],
    reviewed: &ReviewedTable,
) -> OperationNeeds<'facts, 'model> {
    let is_omitted = |parameter: &&RequestParameter<'_>| {
        matches!(reviewed.verdict(service.name, consumer.name, parameter), Some(ReviewedVerdict::Omit))
    };
    let omitted = consumer.parameters.iter().filter(is_omitted).map(|parameter| parameter.path.clone());
    let mut found = OperationNeeds { omitted: omitted.collect(), ..OperationNeeds::default() };
    for parameter in parameters {
        let verdict = reviewed.verdict(service.name, consumer.name, parameter);
        match verdict {
            Some(ReviewedVerdict::Refuse(reason)) => {
                found.rejected = Some(MissingSource::Reviewed(reason.as_str().into()));
                return found;
            }
            Some(ReviewedVerdict::Fill(origin)) => {
                found.fills.push((parameter, origin.clone()));
                continue;
            }
            Some(ReviewedVerdict::Omit) => continue,
            Some(
                ReviewedVerdict::From(_)
                | ReviewedVerdict::All(_)
                | ReviewedVerdict::Filter(_)
                | ReviewedVerdict::Batch(_),
            ) => {}
            None => {
                let is_listed = is_account(parameter) && lists_accounts(service);
                if let Some(origin) = fill(consumer, parameter).filter(|_| !is_listed) {
                    found.fills.push((parameter, origin));
                    continue;
                }
            }
        }
        let elsewhere = match verdict {
            Some(ReviewedVerdict::From(sources)) => sources.iter().find_map(ReviewedSource::elsewhere),
            _ => None,
        };
        found.elsewhere.push(elsewhere);
        let mut bases = bases(service, consumer, parameter);
        // Another parameter is the identifier of that resource already.
        let is_taken = |noun: &String| {
            let others = parameters.iter().filter(|other| other.path != parameter.path);
            others.map(|other| &other.identifier).any(|other| !other.is_generic() && other.base == *noun)
        };
        bases.retain(|base| base.noun == parameter.identifier.base || !is_taken(&base.noun));
        found.needs.push(ParameterNeed { consumer, parameter, bases });
    }
    let points = |elsewhere: &Option<_>| if elsewhere.is_some() { REVIEWED } else { 0 };
    found.best = found.elsewhere.iter().map(points).collect();
    // The units of a tree are listed by their parents, which are such units.
    let is_tree = found.needs.iter().any(|need| {
        let verdict = reviewed.verdict(service.name, consumer.name, need.parameter);
        let is_own = |source: &ReviewedSource| source.operation == consumer.name;
        matches!(verdict, Some(ReviewedVerdict::All(sources)) if sources.iter().any(is_own))
    });
    for (place, operation) in service.operations.iter().enumerate() {
        if operation.name == consumer.name && !is_tree || operation.is_denied {
            continue;
        }
        for index in 0..operation.collections.len() {
            let row: Vec<Vec<FieldChoice>> =
                found.needs.iter().map(|need| choices(service, need, operation, index, reviewed)).collect();
            for (best, choices) in found.best.iter_mut().zip(&row) {
                *best = choices.iter().map(|choice| choice.points).fold(*best, i32::max);
            }
            if row.iter().any(|choices| !choices.is_empty()) {
                found.table.insert((place, index), row);
            }
        }
    }
    found
}

/// Returns whether the service has a list of accounts, whose IDs its own calls accept.
fn lists_accounts(service: &ServiceFacts<'_>) -> bool {
    service.operations.iter().any(|operation| {
        operation.required().next().is_none()
            && operation.verb == "List"
            && operation.noun.concat() == "account"
    })
}

/// Returns the best members of the items at a place for a parameter.
fn choices(
    service: &ServiceFacts<'_>,
    need: &ParameterNeed<'_, '_>,
    operation: &OperationFacts<'_>,
    index: usize,
    reviewed: &ReviewedTable,
) -> Vec<FieldChoice> {
    let collection = &operation.collections[index];
    if let Some(ReviewedVerdict::From(sources) | ReviewedVerdict::All(sources)) =
        reviewed.verdict(service.name, need.consumer.name, need.parameter)
    {
        return sources
            .iter()
            .filter(|source| source.is_at(operation.name, &collection.path))
            .map(|source| {
                let is_field =
                    |path: &[&str]| source.field.as_deref().is_some_and(|field| path.join(".") == field);
                let field = collection.fields.iter().position(|field| is_field(&field.path));
                let origin = Some(source.origin());
                FieldChoice { field, origin, points: REVIEWED, owner: None, loss: 0, is_same_name: true }
            })
            .collect();
    }
    if collection.item_shape == need.parameter.shape
        && need.parameter.kind == "structure"
        && !collection.is_response
    {
        return vec![FieldChoice {
            field: None,
            origin: None,
            points: 100 - penalty(need, operation, collection),
            owner: None,
            loss: 0,
            is_same_name: true,
        }];
    }
    let mut choices: Vec<FieldChoice> = collection
        .fields
        .iter()
        .enumerate()
        .filter_map(|(field, of)| {
            let is_same_name = of.level == 0 && of.identifier.is_as(&need.parameter.identifier);
            let FieldFit { points, owner } = score(service, need, operation, collection, of)?;
            Some(FieldChoice { field: Some(field), origin: None, points, owner, loss: 0, is_same_name })
        })
        .collect();
    if choices.is_empty() {
        return choices;
    }
    choices.sort_by_key(|choice| std::cmp::Reverse(choice.points));
    choices.truncate(CHOICES);
    let loss = penalty(need, operation, collection);
    for choice in &mut choices {
        choice.points -= loss;
        choice.loss = loss;
    }
    choices.retain(|choice| choice.points > 30);
    choices
}
