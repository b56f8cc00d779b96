//! The rules that derive the class of an operation from its name and shapes.

use super::heads;
use super::noun::OperationNoun;
use super::operation_class::OperationClass;
use super::reason::{ClassReason, ClassifiedOperation};
use crate::model::catalog::operation::Operation;
use crate::model::catalog::service::Service;
use crate::model::catalog::shape::{Member, ShapeKind};

/// The verbs of searches. Services use them for queries, and List for lists.
const SEARCHES: [&str; 4] = ["Lookup", "Query", "Scan", "Search"];

/// Words of what an account could order or use.
const OFFERED: [&str; 9] =
    ["allowed", "available", "compatible", "offering", "orderable", "price", "pricing", "supported", "valid"];

/// Returns the class according to the rules, of which the first that applies decides.
pub(super) fn derived(service: &Service, operation: &Operation) -> ClassifiedOperation {
    let (class, reason) = by_name(service, operation);
    ClassifiedOperation { class, reason }
}

fn by_name(service: &Service, operation: &Operation) -> (OperationClass, ClassReason) {
    if operation.deprecated {
        return (OperationClass::Deprecated, ClassReason::Deprecated);
    }
    let noun = OperationNoun::of(&operation.name);
    if SEARCHES.contains(&noun.verb) {
        return (OperationClass::Search, ClassReason::Verb(noun.verb));
    }
    let is_certain = heads::is_certain(noun.head());
    if !is_certain
        && let Some(word) = OFFERED.into_iter().find(|word| noun.words.iter().any(|own| own == word))
    {
        return (OperationClass::Offers, ClassReason::Offer(word));
    }
    let pair = noun.head_pair().and_then(|pair| heads::class_of(&pair));
    match pair.or_else(|| heads::class_of(noun.head())) {
        Some((class, words)) if is_certain || class > OperationClass::State => {
            (class, ClassReason::Noun(words))
        }
        // What is returned for a range of time was measured in it.
        known => match (required_time(service, operation), known) {
            (Some(time), _) => (OperationClass::Measurement, ClassReason::RequiredTime(time.name.clone())),
            (None, Some((class, words))) => (class, ClassReason::Noun(words)),
            (None, None) => by_shapes(service, operation, noun.head()),
        },
    }
}

/// Returns the class of an operation whose name has no known word.
fn by_shapes(service: &Service, operation: &Operation, head: &str) -> (OperationClass, ClassReason) {
    if let Some(bytes) = bytes(service, operation) {
        return (OperationClass::Data, ClassReason::Bytes(bytes.name.clone()));
    }
    if let Some(time) = starting_time(service, operation) {
        return (OperationClass::History, ClassReason::OptionalTime(time.name.clone()));
    }
    (OperationClass::Configuration, ClassReason::Unreviewed(head.into()))
}

fn required_time<'model>(service: &'model Service, operation: &Operation) -> Option<&'model Member> {
    service.required_parameters(operation).find(|member| is_time(service, member))
}

fn starting_time<'model>(service: &'model Service, operation: &Operation) -> Option<&'model Member> {
    let mut members = service.input(operation)?.members.iter();
    members.find(|member| is_time(service, member) && member.name.to_ascii_lowercase().starts_with("start"))
}

fn is_time(service: &Service, member: &Member) -> bool {
    matches!(service.kind(member.reference.shape), ShapeKind::Timestamp)
}

fn bytes<'model>(service: &'model Service, operation: &Operation) -> Option<&'model Member> {
    let is_bytes = |member: &&Member| matches!(service.kind(member.reference.shape), ShapeKind::Blob);
    service.output(operation)?.members.iter().find(is_bytes)
}
