//! The error of an account list that cannot be used.

use std::fmt;

/// The error of an account list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountListError {
    /// The position: a line, or an element of a JSON list.
    place: String,
    problem: String,
}

impl fmt::Display for AccountListError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(formatter, "{}: ", self.place)?;
        }
        formatter.write_str(&self.problem)
    }
}

impl std::error::Error for AccountListError {}

impl AccountListError {
    pub(super) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }
}
