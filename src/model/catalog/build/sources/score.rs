//! How well a member of an item fits a parameter, in points; 100 is an exact fit.

use super::bases::NounBase;
use super::collections::{ItemCollection, ItemField};
use super::facts::{OperationFacts, PREPOSITIONS, RequestParameter, ServiceFacts};
use super::identifier::IdentifierKind;
use super::phrases;
use super::words::joined;

/// The points of a member with the parameter's own name in an item of that kind.
const SAME_NAME: i32 = 108;
/// The points of the identifier of an item of the parameter's kind.
const OWN: i32 = 100;
/// The points of an item whose noun only ends with that of the parameter: `dbcluster` for `cluster`.
const LONGER_NOUN: i32 = 93;
/// The points of a reference to the resource in an item of another kind.
const REFERENCE: i32 = 66;
/// The points of a member that has the same shape, and nothing else.
const SAME_SHAPE: i32 = 54;
/// The points of a member with the parameter's name, which starts with the item's noun.
const MEMBER_OF_NOUN: i32 = 90;
/// The points of a member that has the same name and the same shape, in the list that an operation is there for.
const NAME_AND_SHAPE: i32 = 90;
/// The loss for each structure between an item and its member.
const LEVEL: i32 = 9;

/// A parameter that needs a value, with its nouns.
pub(super) struct ParameterNeed<'facts, 'model> {
    pub(super) consumer: &'facts OperationFacts<'model>,
    pub(super) parameter: &'facts RequestParameter<'model>,
    pub(super) bases: Vec<NounBase>,
}

/// A member that fits a parameter.
#[derive(Clone, Debug)]
pub(super) struct FieldFit {
    pub(super) points: i32,
    /// The noun of the parameter, if the member identifies the item itself.
    pub(super) owner: Option<String>,
}

impl FieldFit {
    fn of(points: i32) -> Self {
        Self { points, owner: None }
    }
}

/// Returns how well a member of an item fits a parameter; `None` if it does not.
pub(super) fn score(
    service: &ServiceFacts<'_>,
    need: &ParameterNeed<'_, '_>,
    operation: &OperationFacts<'_>,
    collection: &ItemCollection<'_>,
    field: &ItemField<'_>,
) -> Option<FieldFit> {
    if !is_same_type(need.parameter, field) || collection.is_keys {
        return None;
    }
    if need.parameter.kind == "structure" {
        // Further down, a structure such as a period belongs to something else.
        return (need.parameter.shape == field.shape && field.level == 0).then(|| FieldFit::of(OWN));
    }
    let is_same_shape = need.parameter.shape == field.shape && service.specific_shapes.contains(field.shape);
    let by_name = need
        .bases
        .iter()
        .filter_map(|base| by_name(need, base, operation, collection, field))
        .max_by_key(|fit| fit.points);
    if need.parameter.identifier.is_version() || field.identifier.is_version() {
        // The number of a version has its own name, and is no identifier of anything else.
        let is_same = need.parameter.identifier.whole == field.identifier.whole
            || field.identifier.whole.ends_with(&need.parameter.identifier.whole);
        return by_name
            .filter(|_| is_same || need.parameter.identifier.is_version() == field.identifier.is_version());
    }
    let mut fit = match by_name {
        Some(fit) => {
            let more = if !is_same_shape {
                0
            } else if fit.points < OWN {
                12
            } else {
                4
            };
            FieldFit { points: fit.points + more, ..fit }
        }
        None if is_same_shape => {
            let is_same_name = need.parameter.identifier.whole == field.identifier.whole;
            let is_first = is_same_name && field.level == 0 && collection.is_primary;
            FieldFit::of(if is_first && !need.parameter.identifier.is_generic() {
                NAME_AND_SHAPE
            } else {
                SAME_SHAPE
            })
        }
        None => return None,
    };
    let level = if is_own(collection, field) { LEVEL / 3 } else { LEVEL };
    fit.points -= level * field.level;
    Some(fit)
}

/// Returns whether a member's value can be a parameter's at all.
fn is_same_type(parameter: &RequestParameter<'_>, field: &ItemField<'_>) -> bool {
    let class = |kind: &str| match kind {
        "string" | "character" => 0,
        "integer" | "long" => 1,
        "structure" => 2,
        _ => 3,
    };
    class(parameter.kind) == class(field.kind) && class(field.kind) < 3
}

fn by_name(
    need: &ParameterNeed<'_, '_>,
    base: &NounBase,
    operation: &OperationFacts<'_>,
    collection: &ItemCollection<'_>,
    field: &ItemField<'_>,
) -> Option<FieldFit> {
    let parameter = &need.parameter.identifier;
    let own = is_own(collection, field);
    // `flowalias` is the alias of `GetFlowAlias(aliasIdentifier)`.
    let consumer_noun = need.consumer.noun.concat();
    let is_item = collection.nouns.contains(&base.noun)
        || consumer_noun.ends_with(&base.noun)
            && !base.noun.is_empty()
            && collection.nouns.contains(&consumer_noun);
    let is_item = is_item || is_longer_item(need, base, operation, collection);
    let is_longer =
        !is_item && base.noun.len() >= 3 && collection.nouns.iter().any(|noun| noun.ends_with(&base.noun));
    let is_same_name = parameter.whole == field.identifier.whole;
    let loss = if is_documented(need.parameter, field) { 0 } else { difference(need.parameter, field)? };
    let has_better = collection.fields.iter().any(|other| {
        other.level == 0 && other.identifier.kind == parameter.kind && is_own(collection, other)
    });
    let points = if is_item && is_documented(need.parameter, field) {
        SAME_NAME
    } else if is_item && is_same_name && field.level == 0 {
        if need.consumer.noun.starts_with(&operation.noun) && !operation.noun.is_empty() {
            SAME_NAME + 1
        } else {
            SAME_NAME
        }
    } else if is_item && own {
        if loss > 6 && has_better {
            return None;
        }
        OWN - loss
    } else if is_longer && own && field.identifier.base == base.noun {
        LONGER_NOUN - loss
    } else if is_longer && is_same_name && field.level == 0 {
        LONGER_NOUN + 2
    } else if is_longer && own {
        if loss > 6 && has_better {
            return None;
        }
        58 - loss
    } else if is_same_name
        && !parameter.is_generic()
        && field.level == 0
        && collection.is_primary
        && collection.nouns.iter().any(|noun| noun.len() > 3 && base.noun.starts_with(noun.as_str()))
    {
        // `DBParameterGroupFamily` in a parameter group.
        MEMBER_OF_NOUN
    } else if field.identifier.base == base.noun && !base.noun.is_empty() {
        // The list that is named after the operation has the items that the operation is about.
        let is_same_noun = operation.noun == need.consumer.noun
            && need.consumer.verb != "List"
            && field.level == 0
            && collection.is_primary;
        if is_same_noun { LONGER_NOUN - loss } else { REFERENCE - loss }
    } else {
        return None;
    };
    let is_named_so = operation.noun.concat() == base.noun;
    let points = points - base.loss + if is_named_so { 6 } else { 0 } + qualifiers(need, base, operation);
    let owner = (own && (is_item || is_longer)).then(|| base.noun.clone());
    Some(FieldFit { points, owner })
}

/// Returns whether the rest of a longer noun is in the consumer's name: the step groups of `ListTemplateSteps` are
/// template step groups.
fn is_longer_item(
    need: &ParameterNeed<'_, '_>,
    base: &NounBase,
    operation: &OperationFacts<'_>,
    collection: &ItemCollection<'_>,
) -> bool {
    let noun = operation.noun.concat();
    let Some(start) = noun.strip_suffix(&base.noun) else { return false };
    let rest: Vec<&String> = operation.noun.iter().take_while(|word| start.contains(word.as_str())).collect();
    collection.is_primary
        && !rest.is_empty()
        && !base.noun.is_empty()
        && rest.iter().map(|word| word.len()).sum::<usize>() == start.len()
        && rest.iter().all(|word| need.consumer.words.contains(word))
}

/// Returns whether a member identifies the item itself: `id`, or `clusterArn` in a cluster.
pub(super) fn is_own(collection: &ItemCollection<'_>, field: &ItemField<'_>) -> bool {
    let base = &field.identifier.base;
    if field.path.is_empty() {
        return true;
    }
    let is_noun = base.is_empty()
        || collection
            .nouns
            .iter()
            .any(|noun| noun == base || base.len() >= 3 && noun.ends_with(base.as_str()));
    let is_identifier = field.identifier.kind != IdentifierKind::Any
        || field.identifier.whole == "identifier"
        || field.identifier.whole.ends_with("identifier")
        || collection.nouns.contains(&field.identifier.whole);
    let is_wrapped = field.level == 1 && collection.nouns.contains(&joined(field.path[0]));
    (field.level == 0 || is_wrapped) && is_noun && is_identifier
}

/// Returns whether the documentation names the member, where the parameter's name leaves it open.
fn is_documented(parameter: &RequestParameter<'_>, field: &ItemField<'_>) -> bool {
    parameter.identifier.kind == IdentifierKind::Any
        && field.level == 0
        && phrases::member(&parameter.documentation).is_some_and(|member| member == field.identifier.whole)
}

/// Returns the loss for another kind of identifier; `None` if the kinds exclude each other.
fn difference(parameter: &RequestParameter<'_>, field: &ItemField<'_>) -> Option<i32> {
    use IdentifierKind::{Any, Arn, Id, Name};
    let (wanted, found) = (parameter.identifier.kind, field.identifier.kind);
    Some(match (wanted, found) {
        _ if wanted == found => 0,
        (Any, Id) | (_, Any) => 2,
        (Any, Name) if phrases::names_only_arn(&parameter.documentation) => 16,
        (Any, Name) => 3,
        (Any, Arn) => 4,
        (Any, _) => 6,
        (Id | Name, Arn) if parameter.documentation.contains("ARN") => 12,
        (Id | Name, Arn) => 16,
        (Id, Name) | (Name, Id) => 14,
        (Arn, Id | Name) if parameter.documentation.contains(" or ARN") => 16,
        _ => return None,
    })
}

/// Returns the points for the words of the source's name beyond the noun: `ListTopicsDetectionJobs` is about the jobs
/// of `DescribeTopicsDetectionJob`.
fn qualifiers(need: &ParameterNeed<'_, '_>, base: &NounBase, operation: &OperationFacts<'_>) -> i32 {
    let consumer = need.consumer;
    let is_extra = |word: &&String| !base.noun.contains(word.as_str()) && *word != "history";
    let extra: Vec<&String> = operation.noun.iter().filter(is_extra).collect();
    let is_covered = extra.iter().all(|word| consumer.words.contains(word));
    // `ListControlOperations` has siblings of the operation of `GetBaselineOperation`.
    let is_sibling =
        consumer.noun.concat().ends_with(&base.noun) && consumer.noun.iter().any(|word| is_extra(&word));
    let by_noun = match (extra.is_empty(), is_covered) {
        (true, _) => 0,
        (false, true) => 9,
        (false, false) if is_sibling => -20,
        (false, false) => -6,
    };
    let place = operation.words.iter().position(|word| PREPOSITIONS.contains(&&**word));
    let is_same_place =
        place.is_some_and(|place| operation.words[place..].iter().all(|word| consumer.words.contains(word)));
    // `ListFindings` has some of the items of `GetFindingV2`, but analyzers have only one list.
    let is_same_version = operation.version == consumer.version
        || operation.version.is_none() && operation.noun != consumer.noun;
    let by_version = if is_same_version { 0 } else { -6 };
    by_noun + by_version + if is_same_place { 4 } else { 0 }
}

/// Nouns of records of what happened, which are no inventory of what exists.
const RECORDS: [&str; 17] = [
    "event",
    "history",
    "execution",
    "run",
    "job",
    "task",
    "request",
    "finding",
    "recommendation",
    "import",
    "export",
    "deployment",
    "build",
    "scan",
    "session",
    "activity",
    "modification",
];

/// Returns the points that a list loses as a source of this parameter.
pub(super) fn penalty(
    need: &ParameterNeed<'_, '_>,
    operation: &OperationFacts<'_>,
    collection: &ItemCollection<'_>,
) -> i32 {
    let requires = i32::try_from(operation.required().count()).unwrap_or(i32::MAX / 16);
    let noun = operation.noun.last().map(String::as_str).unwrap_or_default();
    let is_record = RECORDS.contains(&noun)
        && !need.bases.iter().any(|base| base.noun.ends_with(noun))
        && !need.consumer.words.iter().any(|word| word == noun);
    // `ListImagesInRecycleBin` has some of the images, unless the parameter is about the recycle bin.
    let place = operation.words.iter().position(|word| PREPOSITIONS.contains(&&**word));
    let is_for = place
        .is_some_and(|place| !operation.words[place..].iter().all(|word| need.consumer.words.contains(word)));
    let is_the_noun = need.bases.iter().any(|base| base.noun == operation.noun.concat());
    let rules = [
        (!collection.is_primary && !collection.is_response, 5),
        (is_for, 6),
        (matches!(operation.verb, "BatchGet" | "BatchDescribe" | "Query" | "Lookup" | "Scan"), 25),
        (operation.verb == "Search", if is_the_noun { 12 } else { 25 }),
        (collection.is_response, 22),
        (operation.verb == "Get" && requires > 0, 10),
        (is_record, 12),
        (operation.is_deprecated, 15),
        (!operation.is_paginated, 1),
        (operation.verb != "List", 1),
    ];
    let sum: i32 = rules.iter().filter(|(applies, _)| *applies).map(|(_, loss)| loss).sum();
    sum + 3 * collection.depth + 6 * requires
}
