//! The error of a tool, which a client can act on.

use crate::error::Failure;
use crate::reports::diff::DiffError;
use crate::reports::query::QueryError;

/// The error of a tool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct ToolError {
    message: String,
    /// What to do about it.
    pub(super) hint: Option<&'static str>,
}

impl ToolError {
    pub(super) fn new(message: impl Into<String>, hint: &'static str) -> Self {
        Self { message: message.into(), hint: Some(hint) }
    }
}

impl From<QueryError> for ToolError {
    fn from(error: QueryError) -> Self {
        let hint = match &error {
            QueryError::Wrong(_) => Some("call `describe` for the tables, or with a table for its columns"),
            QueryError::NotOneStatement | QueryError::NotARead => {
                Some("send one statement that starts with select, with or values")
            }
            QueryError::TooLong(_) => Some("select fewer rows, or join by `resource`, which has an index"),
            _ => None,
        };
        Self { message: error.to_string(), hint }
    }
}

impl From<DiffError> for ToolError {
    fn from(error: DiffError) -> Self {
        Self { message: error.to_string(), hint: None }
    }
}

impl From<Failure> for ToolError {
    fn from(failure: Failure) -> Self {
        Self { message: failure.to_string(), hint: None }
    }
}
