//! The nouns that a parameter may belong to, the likely one first.

use super::facts::{OperationFacts, PREPOSITIONS, RequestParameter, ServiceFacts};
use super::identifier::{Identifier, IdentifierKind, is_generic};
use super::phrases;
use super::words::words;

/// A noun, and the points that a source loses with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NounBase {
    pub(super) noun: String,
    pub(super) loss: i32,
}

/// Returns the nouns of a parameter.
pub(super) fn bases(
    service: &ServiceFacts<'_>,
    operation: &OperationFacts<'_>,
    parameter: &RequestParameter<'_>,
) -> Vec<NounBase> {
    let mut bases = NounBases::default();
    let identifier = &parameter.identifier;
    if identifier.kind != IdentifierKind::Any && service.nouns.contains(&identifier.whole) {
        bases.add(identifier.whole.clone(), 0);
    }
    let is_known = service.nouns.iter().any(|noun| noun.ends_with(&identifier.base));
    if !identifier.is_generic() || service.nouns.contains(&identifier.base) && !identifier.base.is_empty() {
        bases.add(identifier.base.clone(), 0);
    }
    let is_generic = identifier.is_generic();
    if is_generic || !is_known && names_something(identifier) {
        bases.extend(phrases::noun(&parameter.documentation, &service.nouns), 1);
    }
    if is_generic {
        if parameter.is_in_path {
            bases.extend(segment_before(operation.request_uri, parameter), 4);
        }
        let (end, loss) = if is_list(operation) {
            // A list is not about its own items, but about the resource that has them.
            (operation.noun.len().saturating_sub(1), 14)
        } else {
            (operation.noun.len(), 4)
        };
        for (noun, more) in phrases::prefixes(&operation.noun[..end], &service.nouns).zip([0, 12, 18]) {
            bases.extend(Some(noun), loss + more);
        }
        let place = operation.words.iter().position(|word| PREPOSITIONS.contains(&&**word));
        if let Some(place) = place {
            bases.extend(phrases::longest_prefix(&operation.words[place + 1..], &service.nouns), 7);
        }
    }
    bases.found
}

fn is_list(operation: &OperationFacts<'_>) -> bool {
    !matches!(operation.verb, "Get" | "Describe" | "Head" | "BatchGet" | "AdminGet")
}

/// Returns whether a parameter is an identifier by its name: `groupBy` and `transferType` are none.
fn names_something(identifier: &Identifier) -> bool {
    const OTHERS: [&str; 15] = [
        "type", "by", "state", "status", "token", "format", "mode", "filter", "query", "language", "value",
        "size", "count", "content", "prefix",
    ];
    !identifier.words.last().is_some_and(|word| OTHERS.contains(&&**word))
}

#[derive(Default)]
struct NounBases {
    found: Vec<NounBase>,
}

impl NounBases {
    fn add(&mut self, noun: String, loss: i32) {
        if !self.found.iter().any(|base| base.noun == noun) {
            self.found.push(NounBase { noun, loss });
        }
    }

    fn extend(&mut self, noun: Option<String>, loss: i32) {
        if let Some(noun) = noun.filter(|noun| !is_generic(noun)) {
            self.add(noun, loss);
        }
    }
}

/// Returns the segment of the path before a label: `clusters` of `/clusters/{name}`.
fn segment_before(request_uri: &str, parameter: &RequestParameter<'_>) -> Option<String> {
    let path = request_uri.split('?').next()?;
    let label = path
        .find(&format!("{{{}}}", parameter.path.last()?))
        .or_else(|| path.find(&format!("{{{}+}}", parameter.path.last()?)))?;
    let segment = path[..label].trim_end_matches('/').rsplit('/').next()?;
    (!segment.contains('{') && !segment.is_empty()).then(|| words(segment).concat())
}
