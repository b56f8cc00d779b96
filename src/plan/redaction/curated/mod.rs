//! The reviewed tables: members of responses that are redacted although no model marks them, members that are
//! kept although a model marks them, and members that only sound like secrets.
//!
//! A test checks every member of every response in the catalog. A member whose name sounds like a secret must be
//! in one of the three tables.

mod harmless;
#[cfg(test)]
pub(super) mod hidden;
pub(super) mod kept;
pub(super) mod redacted;

use super::mask::{Mask, MaskTreatment};
use super::names::{self, NameMeaning};
use super::secret_names::{fits, plain};
use super::steps::steps;
use super::text::document::pairs::{Pair, PairMember};
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind, Structure};

/// The result of the review for a member that its model does not mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// The member is redacted.
    Redacted,
    /// The member is harmless, for this reason.
    Harmless(&'static str),
    /// The member has not been reviewed.
    Unknown,
}

/// The kinds of values that a row applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReviewedValues {
    /// Texts and bytes.
    Text,
    /// Maps and lists: the variables of environments, whose names are kept.
    Variables,
    /// Any value, including structures.
    Anything,
}

/// The treatment of a member according to the tables and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberVerdict {
    /// The value gets this treatment.
    Goes(MaskTreatment),
    /// The model marks it, but it is kept: its content decides.
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
    // Secrets in a URL are found in its text, and `key` alone means nothing.
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
        // A newer catalog has members that have not been reviewed yet.
        Review::Unknown if meaning == Some(NameMeaning::Environment) => {
            variables(service, shape).map_or(MemberVerdict::Unmarked, MemberVerdict::Goes)
        }
        Review::Unknown if is_called_so && is_of(ReviewedValues::Text, kind) => {
            MemberVerdict::Goes(MaskTreatment::Redact)
        }
        Review::Harmless(_) | Review::Unknown => MemberVerdict::Unmarked,
    }
}

/// Returns whether the model marks a member's value, or each item in it.
pub(super) fn is_marked(service: &Service, shape: ShapeId) -> bool {
    let shape = &service.shapes[shape];
    shape.sensitive
        || match &shape.kind {
            ShapeKind::List(list) => is_marked(service, list.member.shape),
            ShapeKind::Map(map) => is_marked(service, map.value.shape),
            _ => false,
        }
}

/// Returns whether values are numbers, booleans or times: they are never secrets, and a column of them must keep
/// its type.
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

/// Returns how the values of an environment are redacted in a shape; `None` if it has none.
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

/// Members that look like the value of a pair, but do not belong to the name beside them: service (`*` for all), the
/// member, and the reason.
const NO_PAIRS: &[(&str, &str, &str)] = &[
    ("*", "ForwardedValues", "settings with their own names"),
    ("*", "PendingModifiedValues", "settings with their own names"),
    ("*", "pendingModifiedValues", "settings with their own names"),
    ("cloudwatch", "StateValue", "a state, one of a few words"),
    ("redshift", "Text", "the explanation of a command"),
];

/// Returns whether a member of a pair is not the value that the pair's name is for.
pub(super) fn is_no_value(service: &str, member: &str) -> bool {
    NO_PAIRS.iter().any(|(its, value, _)| (*its == "*" || *its == service) && *value == member)
}

/// Returns the result of the review for a member.
#[must_use]
pub fn review(service: &Service, member: &Member) -> Review {
    let name = plain(&member.name);
    let kind = service.kind(member.reference.shape);
    // A row for one service is more specific than a row for all.
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

/// Returns the masks of the places in a function's responses whose names do not identify them.
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

/// Returns the pair that a structure forms, unless a review excludes it.
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
