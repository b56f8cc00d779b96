//! The reason for the class of an operation.

use std::fmt;

use super::operation_class::OperationClass;
use crate::model::catalog::read_only::ReadRefusal;

/// The class of an operation and the rule that determined it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassifiedOperation {
    /// The class, without regard to the parent of a chain.
    pub class: OperationClass,
    /// The rule.
    pub reason: ClassReason,
}

/// The rule that determined the class of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassReason {
    /// The operation is on the deny list.
    Denied(ReadRefusal),
    /// The operation has a row in the reviewed table, with this reason.
    Reviewed(&'static str),
    /// The model marks the operation as deprecated.
    Deprecated,
    /// The verb of its name is that of a search.
    Verb(&'static str),
    /// A word of its name is about offers: `Orderable`.
    Offer(&'static str),
    /// The last words of its noun are in the table of words.
    Noun(&'static str),
    /// The request must have a time: what was measured in between.
    RequiredTime(Box<str>),
    /// No word of its name is known, and the response is this member's bytes.
    Bytes(Box<str>),
    /// No word of its name is known, and the request may have a time at which records start.
    OptionalTime(Box<str>),
    /// No rule applies, because this last word of its noun has not been reviewed.
    Unreviewed(Box<str>),
}

impl fmt::Display for ClassReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(refusal) => write!(formatter, "on the deny list ({refusal})"),
            Self::Reviewed(reason) => formatter.write_str(reason),
            Self::Deprecated => formatter.write_str("marked as deprecated"),
            Self::Verb(verb) => write!(formatter, "starts with `{verb}`"),
            Self::Offer(word) => write!(formatter, "has the word `{word}`"),
            Self::Noun(words) => write!(formatter, "named after a `{words}`"),
            Self::RequiredTime(member) => write!(formatter, "requires the time `{member}`"),
            Self::Bytes(member) => write!(formatter, "returns the bytes of `{member}`"),
            Self::OptionalTime(member) => write!(formatter, "accepts the time `{member}`"),
            Self::Unreviewed(word) => {
                write!(formatter, "named after a `{word}`, which has not been reviewed")
            }
        }
    }
}
