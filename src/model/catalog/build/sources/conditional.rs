//! Identifiers that the model calls optional, although the call fails or returns one default without them.

use super::facts::{OperationFacts, RequestParameter, ServiceFacts};
use super::identifier::IdentifierKind;

/// The points that a source needs.
pub(super) const CERTAIN: i32 = 90;

/// Phrases of parameters that have to be given.
const MUST: [&str; 9] = [
    "you must specify",
    "must specify either",
    "must specify one",
    "must provide",
    "must be specified",
    "must be provided",
    "is required",
    "must supply",
    "must include",
];

/// Phrases of parameters whose absence stands for one resource.
const DEFAULTS: [&str; 7] = [
    "default cluster is assumed",
    "default event bus is used",
    "the primary workgroup",
    "is determined implicitly",
    "user name is determined",
    "default registry is assumed",
    "defaults to the user",
];

/// Phrases of filters that are only needed with others.
const FILTERS: [&str; 4] = ["if you specify", "if you use", "when you specify", "when using"];

/// Returns the optional identifiers of an operation without required parameters, one of which is needed.
pub(super) fn needed<'model>(
    service: &ServiceFacts<'model>,
    operation: &OperationFacts<'model>,
) -> Vec<RequestParameter<'model>> {
    let identifiers = || operation.parameters.iter().filter(|parameter| is_identifier(service, parameter));
    let noun = operation.noun.concat();
    let is_about = |parameter: &RequestParameter<'_>| {
        !parameter.is_list
            && (parameter.identifier.is_generic()
                || noun.starts_with(&parameter.identifier.base)
                || parameter.identifier.base.ends_with(&noun))
    };
    let returns_one = returns_one(operation);
    identifiers()
        .filter(|parameter| !is_filter(operation, parameter))
        .filter(|parameter| returns_one && is_about(parameter) || says_so(&parameter.documentation))
        .cloned()
        .collect()
}

/// Returns whether a parameter chooses some of the operation's own items, which are all returned without it.
fn is_filter(operation: &OperationFacts<'_>, parameter: &RequestParameter<'_>) -> bool {
    let lists =
        operation.collections.iter().filter(|collection| collection.is_primary && collection.depth == 0);
    let is_own = |noun: &String| *noun == parameter.identifier.base;
    !operation.verb.starts_with("Batch") && lists.flat_map(|collection| &collection.nouns).any(is_own)
}

fn is_identifier(service: &ServiceFacts<'_>, parameter: &RequestParameter<'_>) -> bool {
    let identifier = &parameter.identifier;
    let is_known = service.nouns.contains(&identifier.base)
        || service.nouns.iter().any(|noun| identifier.base.len() > 3 && noun.ends_with(&identifier.base));
    parameter.kind == "string"
        && parameter.values.is_empty()
        && (is_known || identifier.is_generic() && identifier.kind != IdentifierKind::Any)
        && !identifier.whole.ends_with("token")
}

/// Returns whether a response is about one thing: `DescribeStream`, but not `DescribeStreams`.
fn returns_one(operation: &OperationFacts<'_>) -> bool {
    let is_plural =
        operation.name.ends_with('s') && !operation.name.ends_with("ss") && !operation.name.ends_with("us");
    matches!(operation.verb, "Get" | "Describe")
        && !is_plural
        && !operation.collections.iter().any(|collection| collection.is_primary && collection.depth == 0)
}

fn says_so(documentation: &str) -> bool {
    let lower = documentation.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    has(&DEFAULTS) || has(&MUST) && !has(&FILTERS)
}
