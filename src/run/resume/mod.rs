//! The state of a run after its earlier executions, for the execution that resumes it.

pub(crate) mod earlier_executions;
pub(crate) mod recorded_calls;
