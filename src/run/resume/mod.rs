//! What earlier executions of a run have done, for the one that finishes it.

pub(crate) mod earlier_executions;
pub(crate) mod recorded_calls;
