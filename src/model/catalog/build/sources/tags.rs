//! The tags of any resource: every list of the service whose items have an ARN.

use std::collections::BTreeMap;

use super::facts::RequestParameter;
use super::identifier::IdentifierKind;
use super::needs::Place;
use super::reached::{ReachedOperation, SourceItems};
use super::reviewed::{ReviewedTable, ReviewedVerdict};
use super::tying::ServiceTying;
use crate::model::catalog::ParameterOrigin;

/// Nouns of records, which have no tags.
const UNTAGGED: [&str; 8] =
    ["event", "history", "finding", "recommendation", "tag", "version", "status", "health"];

/// Words of lists whose items belong to AWS or to another list.
const OTHERS: [&str; 10] = [
    "associated",
    "attached",
    "available",
    "aws",
    "default",
    "offering",
    "orderable",
    "suggested",
    "supported",
    "shared",
];

/// Returns whether an operation returns the tags of any resource, by its ARN.
fn is_of_any_resource(tying: &ServiceTying<'_, '_>, index: usize) -> bool {
    let operation = &tying.service.operations[index];
    let is_about_tags = operation.words.iter().any(|word| word == "tag");
    matches!(&tying.needs[index].needs[..], [need] if is_about_tags && is_any(need.parameter))
}

fn is_any(parameter: &RequestParameter<'_>) -> bool {
    let identifier = &parameter.identifier;
    let is_arn = identifier.kind == IdentifierKind::Arn
        || parameter.documentation.contains("ARN")
        || parameter.documentation.contains("Amazon Resource Name");
    identifier.is_generic() && is_arn && parameter.kind == "string"
}

/// Returns one source for each kind of resource: those of a review, or every list.
pub(super) fn sources<'model>(
    tying: &ServiceTying<'_, 'model>,
    index: usize,
    reviewed: &ReviewedTable,
) -> Vec<ReachedOperation<'model>> {
    let needs = &tying.needs[index];
    let [need] = &needs.needs[..] else { return Vec::new() };
    let reach = |place: Place, origin: ParameterOrigin| {
        let mut parameters = vec![(need.parameter.clone(), origin)];
        parameters
            .extend(needs.fills.iter().map(|(parameter, origin)| ((*parameter).clone(), origin.clone())));
        ReachedOperation {
            parent: Some(SourceItems::Here(place)),
            parameters,
            depth: 1,
            points: 100,
            second: None,
        }
    };
    let consumer = &tying.service.operations[index];
    let is_any = is_of_any_resource(tying, index);
    let is_reviewed = match reviewed.verdict(tying.service.name, consumer.name, need.parameter) {
        Some(ReviewedVerdict::All(_)) => true,
        Some(ReviewedVerdict::From(_)) => is_any,
        _ => false,
    };
    if is_reviewed {
        let reached = needs.table.iter().filter(|((operation, _), _)| tying.reached[*operation].is_some());
        return reached
            .filter_map(|(&place, row)| Some(reach(place, row.first()?.first()?.origin.clone()?)))
            .collect();
    }
    if !is_any {
        return Vec::new();
    }
    let lists = lists(tying, index);
    lists
        .into_values()
        .map(|(_, place, field)| {
            reach(place, ParameterOrigin::Item { levels: 0, field: tying.path(place, field) })
        })
        .collect()
}

/// Returns the best list of each kind of resource, by its noun.
fn lists(tying: &ServiceTying<'_, '_>, index: usize) -> BTreeMap<String, (i32, Place, Option<usize>)> {
    let mut lists: BTreeMap<String, (i32, Place, Option<usize>)> = BTreeMap::new();
    for (place, operation) in tying.service.operations.iter().enumerate() {
        let noun = operation.noun.concat();
        let is_list = tying.reached[place].is_some()
            && place != index
            && !operation.is_denied
            && !operation.is_deprecated;
        let is_untagged = operation.noun.last().is_none_or(|word| UNTAGGED.contains(&&**word))
            || operation.noun.iter().any(|word| OTHERS.contains(&&**word));
        if !is_list || is_untagged || operation.words.len() > operation.noun.len() + 1 {
            continue;
        }
        for (collection, items) in
            operation.collections.iter().enumerate().filter(|(_, items)| items.is_primary)
        {
            let own = |kind: IdentifierKind| {
                items.fields.iter().position(|field| {
                    field.identifier.kind == kind
                        && field.kind == "string"
                        && super::score::is_own(items, field)
                })
            };
            let Some(field) = own(IdentifierKind::Arn) else { continue };
            let depth = tying.reached[place].as_ref().map_or(0, |reached| reached.depth);
            let cost = depth * 10 + i32::from(operation.verb != "List") + i32::from(!operation.is_paginated);
            let entry = lists.entry(noun.clone()).or_insert((cost, (place, collection), Some(field)));
            if cost < entry.0 {
                *entry = (cost, (place, collection), Some(field));
            }
        }
    }
    lists
}
