//! The tags of any resource: every list of the service whose items have an ARN.

use std::collections::BTreeMap;

use super::collections::{ItemCollection, ItemField};
use super::facts::RequestParameter;
use super::identifier::IdentifierKind;
use super::needs::Place;
use super::reached::{ReachedOperation, SourceItems};
use super::reviewed::{ReviewedSource, ReviewedTable, ReviewedVerdict};
use super::score::{ParameterNeed, is_own};
use super::tying::ServiceTying;
use crate::model::catalog::ParameterOrigin;

/// Nouns of records, which have no tags.
const RECORDS: [&str; 6] = ["event", "history", "finding", "recommendation", "tag", "health"];

/// Nouns that are records, unless they are created with tags.
const DOUBTFUL: [&str; 2] = ["version", "status"];

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
    let operation = tying.service.operations[index].name;
    let all = |need: &ParameterNeed<'_, '_>| match reviewed.verdict(
        tying.service.name,
        operation,
        need.parameter,
    ) {
        Some(ReviewedVerdict::All(sources)) => Some(sources),
        Some(ReviewedVerdict::From(sources)) if is_of_any_resource(tying, index) => Some(sources),
        _ => None,
    };
    if let Some((need, all)) = (0..needs.needs.len()).find_map(|need| Some((need, all(&needs.needs[need])?)))
    {
        let places = needs.table.iter().filter(|(_, row)| !row[need].is_empty()).map(|(&place, _)| place);
        return places.filter_map(|place| reviewed_source(tying, index, place, all)).collect();
    }
    let [need] = &needs.needs[..] else { return Vec::new() };
    let is_reviewed = reviewed.verdict(tying.service.name, operation, need.parameter).is_some();
    if is_reviewed || !is_of_any_resource(tying, index) {
        return Vec::new();
    }
    let reach = |(_, place, field): TaggedList| {
        let origin = ParameterOrigin::Item { levels: 0, field: tying.path(place, field) };
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
    let lists = lists(tying, index);
    // Some services do not show which of their resources have tags.
    let is_shown = lists.keys().any(|noun| tying.has_tags(noun));
    let lists = lists.into_iter().filter(|(noun, _)| !is_shown || tying.has_tags(noun));
    lists.map(|(_, list)| reach(list)).collect()
}

/// Returns the source of the items at a place that a review names, with the parameters that these items have in common.
fn reviewed_source<'model>(
    tying: &ServiceTying<'_, 'model>,
    index: usize,
    place: Place,
    sources: &[ReviewedSource],
) -> Option<ReachedOperation<'model>> {
    let mut reached = tying.tie(index, place)?.reached;
    let operation = &tying.service.operations[place.0];
    let path = &operation.collections[place.1].path;
    let fixed =
        sources.iter().filter(|source| source.is_at(operation.name, path)).flat_map(|source| &source.fixed);
    for (name, value) in fixed {
        let given = reached.parameters.iter_mut().find(|(parameter, _)| parameter.path.join(".") == *name)?;
        given.1 = ParameterOrigin::Constant(format!("{value:?}").into());
    }
    Some(reached)
}

impl ServiceTying<'_, '_> {
    /// Returns whether the resources of a list with this noun have tags: they are created with tags, also as one of
    /// several types that have no list, such as HTTP namespaces.
    fn has_tags(&self, noun: &str) -> bool {
        let taggable = &self.taggable;
        let is_listed = |noun: &str| self.service.operations.iter().any(|other| other.noun.concat() == noun);
        taggable.contains(noun)
            || noun.len() > 3 && taggable.iter().any(|other| other.ends_with(noun) && !is_listed(other))
    }
}

/// A list of resources with ARNs: the cost of its calls, its items and the member with the ARN.
type TaggedList = (i32, Place, Option<usize>);

/// Returns the best list of each kind of resource, by its noun. A service in which no item has an ARN of its kind calls
/// all of them `ResourceArn`.
fn lists(tying: &ServiceTying<'_, '_>, index: usize) -> BTreeMap<String, TaggedList> {
    let own = lists_with(tying, index, is_own);
    let is_of_resource = |_: &ItemCollection<'_>, field: &ItemField<'_>| {
        field.level == 0 && field.identifier.base == "resource"
    };
    if own.is_empty() { lists_with(tying, index, is_of_resource) } else { own }
}

fn lists_with(
    tying: &ServiceTying<'_, '_>,
    index: usize,
    is_arn: impl Fn(&ItemCollection<'_>, &ItemField<'_>) -> bool,
) -> BTreeMap<String, TaggedList> {
    let mut lists: BTreeMap<String, TaggedList> = BTreeMap::new();
    for (place, operation) in tying.service.operations.iter().enumerate() {
        let noun = operation.noun.concat();
        let is_list = tying.reached[place].is_some()
            && place != index
            && !operation.is_denied
            && !operation.is_deprecated;
        let is_taggable = tying.has_tags(&noun);
        let last = operation.noun.last().map_or("tag", String::as_str);
        let is_untagged = RECORDS.contains(&last)
            || !is_taggable && DOUBTFUL.contains(&last)
            || operation.noun.iter().any(|word| OTHERS.contains(&&**word));
        if !is_list || is_untagged || operation.words.len() > operation.noun.len() + 1 {
            continue;
        }
        for (collection, items) in operation.collections.iter().enumerate() {
            // Where no list has the ARNs, the descriptions may.
            if !(items.is_primary || items.is_response && is_taggable) {
                continue;
            }
            let Some(field) = arn(items, |field| is_arn(items, field)) else { continue };
            let depth = tying.reached[place].as_ref().map_or(0, |reached| reached.depth);
            let cost = depth * 10
                + i32::from(operation.verb != "List")
                + i32::from(!operation.is_paginated)
                + if items.is_response { 100 } else { 0 };
            let entry = lists.entry(noun.clone()).or_insert((cost, (place, collection), Some(field)));
            if cost < entry.0 {
                *entry = (cost, (place, collection), Some(field));
            }
        }
    }
    lists
}

/// Returns the member with the ARN of an item itself.
fn arn(items: &ItemCollection<'_>, is_arn: impl Fn(&ItemField<'_>) -> bool) -> Option<usize> {
    items.fields.iter().position(|field| {
        field.identifier.kind == IdentifierKind::Arn && field.kind == "string" && is_arn(field)
    })
}
