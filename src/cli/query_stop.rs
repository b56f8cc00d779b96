//! How a query ends with an error.

use crate::error::Failure;
use crate::reports::query::QueryError;

/// The errors that end a query: its own, and those of opening the run.
pub(super) enum QueryStop {
    Query(QueryError),
    Failure(Failure),
}

impl From<QueryError> for QueryStop {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<Failure> for QueryStop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}
