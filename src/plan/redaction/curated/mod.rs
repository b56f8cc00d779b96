//! The review: which members of answers are redacted that the models do not mark, which are not
//! although the models do, and which only sound like a secret.
//!
//! A test goes through every member of every answer in the catalog. One whose name sounds like a
//! secret has to be in one of the three tables.

mod harmless;
#[cfg(test)]
pub(super) mod hidden;
pub(super) mod kept;
mod no_pairs;
pub(super) mod redacted;

use super::mask::{Mask, MaskTreatment};
use super::names::{self, NameMeaning};
use super::secret_names::{fits, plain};
use super::steps::steps;
use super::text::document::pairs::{Pair, PairMember};
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind, Structure};

/// What the review says of a member that its model does not mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// It is redacted.
    Redacted,
    /// It is harmless, for this reason.
    Harmless(&'static str),
    /// Nobody has looked at it.
    Unknown,
}

/// What kinds of values a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReviewedValues {
    /// Texts and bytes.
    Text,
    /// Maps and lists: the variables of environments, whose names stay.
    Variables,
    /// Anything, structures included.
    Anything,
}

/// What becomes of a member by the tables and by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberVerdict {
    /// It is treated so.
    Goes(MaskTreatment),
    /// The model marks it, and it is kept all the same: what is in it decides.
    Kept,
    /// Its shape decides.
    Unmarked,
}

pub(super) fn verdict(service: &Service, member: &Member) -> MemberVerdict {
    let name = plain(&member.name);
    let shape = member.reference.shape;
    if is_marked(service, shape) {
        let has_row = kept::KEPT.iter().any(|row| is_about(row.0, row.1, service, &name));
        return if has_row || is_measure(service.kind(shape)) {
            MemberVerdict::Kept
        } else {
            MemberVerdict::Unmarked
        };
    }
    let meaning = names::meaning(&member.name);
    // What an address has of secrets is found in it, and `key` alone says nothing.
    let is_called_so =
        meaning.is_some_and(|meaning| !matches!(meaning, NameMeaning::Key | NameMeaning::Address));
    if !is_called_so && !redacted::MEMBERS.iter().any(|row| is_about(row.0, row.1, service, &name)) {
        return MemberVerdict::Unmarked;
    }
    let kind = service.kind(shape);
    match review(service, member) {
        Review::Redacted => match kind {
            ShapeKind::List(_) | ShapeKind::Map(_) => {
                MemberVerdict::Goes(variables(service, shape).unwrap_or(MaskTreatment::Redact))
            }
            _ => MemberVerdict::Goes(MaskTreatment::Redact),
        },
        // A newer catalog has members that nobody has looked at yet.
        Review::Unknown if meaning == Some(NameMeaning::Environment) => {
            variables(service, shape).map_or(MemberVerdict::Unmarked, MemberVerdict::Goes)
        }
        Review::Unknown if is_called_so && is_of(ReviewedValues::Text, kind) => {
            MemberVerdict::Goes(MaskTreatment::Redact)
        }
        Review::Harmless(_) | Review::Unknown => MemberVerdict::Unmarked,
    }
}

/// Whether the model marks what a member holds, or each thing in it.
pub(super) fn is_marked(service: &Service, shape: ShapeId) -> bool {
    let shape = &service.shapes[shape.0 as usize];
    shape.sensitive
        || match &shape.kind {
            ShapeKind::List(list) => is_marked(service, list.member.shape),
            ShapeKind::Map(map) => is_marked(service, map.value.shape),
            _ => false,
        }
}

/// Numbers, switches and times: no secret is one, and a column of them has to stay one.
fn is_measure(kind: &ShapeKind) -> bool {
    matches!(
        kind,
        ShapeKind::Boolean
            | ShapeKind::Integer { .. }
            | ShapeKind::Long { .. }
            | ShapeKind::Float
            | ShapeKind::Double
            | ShapeKind::Timestamp
    )
}

/// How the values of an environment are redacted in a shape; `None` when it has none.
fn variables(service: &Service, shape: ShapeId) -> Option<MaskTreatment> {
    match service.kind(shape) {
        ShapeKind::Map(_) => Some(MaskTreatment::Variables),
        ShapeKind::String => Some(MaskTreatment::Assignments),
        ShapeKind::List(list) => match service.kind(list.member.shape) {
            ShapeKind::String => Some(MaskTreatment::Assignments),
            ShapeKind::Structure(structure) => {
                pair_of(service, structure).is_some().then_some(MaskTreatment::Variables)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a member of a pair is no value that the pair's name is about.
pub(super) fn is_no_value(service: &str, member: &str) -> bool {
    no_pairs::NO_PAIRS.iter().any(|(its, value, _)| (*its == "*" || *its == service) && *value == member)
}

/// What the review says of a member.
#[must_use]
pub fn review(service: &Service, member: &Member) -> Review {
    let name = plain(&member.name);
    let kind = service.kind(member.reference.shape);
    // A row for one service is said with more knowledge than one for all.
    for own in [true, false] {
        let harmless = harmless::HARMLESS.iter().filter(|row| (row.0 != "*") == own);
        if let Some(row) = harmless.into_iter().find(|row| is_about(row.0, row.1, service, &name)) {
            return Review::Harmless(row.2);
        }
        let redacted = redacted::MEMBERS.iter().filter(|row| (row.0 != "*") == own);
        if redacted.into_iter().any(|row| is_about(row.0, row.1, service, &name) && is_of(row.2, kind)) {
            return Review::Redacted;
        }
    }
    Review::Unknown
}

/// The masks of the places in a function's answers that have no name of their own to go by.
pub(super) fn masks(function: &Function) -> impl Iterator<Item = Mask> {
    let rows = redacted::PLACES
        .iter()
        .filter(move |row| *row.0 == *function.service().name && row.1 == function.name());
    rows.map(|row| Mask::of_steps(&steps(row.2).unwrap_or_default(), row.3))
}

fn is_about(row_service: &str, pattern: &str, service: &Service, name: &str) -> bool {
    (row_service == "*" || *row_service == *service.name) && fits(pattern, name)
}

fn is_of(of: ReviewedValues, kind: &ShapeKind) -> bool {
    match kind {
        ShapeKind::String | ShapeKind::Blob | ShapeKind::Document => of != ReviewedValues::Variables,
        ShapeKind::Map(_) | ShapeKind::List(_) => of != ReviewedValues::Text,
        ShapeKind::Structure(_) => of == ReviewedValues::Anything,
        _ => false,
    }
}

/// The pair that a structure is, unless a review says that it is none.
pub(super) fn pair_of(service: &Service, structure: &Structure) -> Option<Pair> {
    let holds = |shape| match service.kind(shape) {
        ShapeKind::String => PairMember::Text,
        ShapeKind::Boolean => PairMember::Flag,
        ShapeKind::Integer { .. }
        | ShapeKind::Long { .. }
        | ShapeKind::Float
        | ShapeKind::Double
        | ShapeKind::Timestamp => PairMember::Number,
        _ => PairMember::More,
    };
    let members = structure.members.iter().filter(|member| !is_no_value(&service.name, &member.name));
    Pair::of(members.map(|member| (&*member.name, holds(member.reference.shape))))
}

#[cfg(test)]
mod tests {
    use super::super::answer_path::{AnswerPath, find_function};
    use super::{harmless, kept, redacted};
    use crate::model::catalog::Catalog;

    #[test]
    fn every_place_is_one_in_the_answers_of_its_function() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for (service, function, path, _) in redacted::PLACES {
            let found = find_function(service, function, &catalog).expect("a function");
            let path = AnswerPath::parse(&format!("{service}:{function}:{path}"), &catalog).expect("a path");
            assert_eq!(path.check([&found]), Ok(()));
        }
    }

    #[test]
    fn every_service_of_the_tables_exists() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let rows = harmless::HARMLESS.iter().map(|row| row.0).chain(kept::KEPT.iter().map(|row| row.0));
        for service in rows.chain(redacted::MEMBERS.iter().map(|row| row.0)) {
            let exists = service == "*" || catalog.service(service).expect("loads").is_some();
            assert!(exists, "{service}");
        }
    }
}
