//! Where finished results go: the engine hands them over and knows nothing of files.

use std::io;
use std::path::Path;

use super::call_result::CallResult;
use crate::names::ServiceName;
use crate::plan::{Place, PlannedAccount};

/// Takes the results of units. Implementations write atomically: when `write` returns, the
/// results are safe.
pub trait ResultSink: Send + Sync {
    /// Where long lists may overflow to while they are collected.
    fn scratch(&self) -> &Path;

    /// How many levels deep a call's result will stand in its file.
    fn depth(&self) -> usize;

    /// Writes the results of one unit, in the spec's order.
    fn write(
        &self,
        account: &PlannedAccount,
        place: &Place,
        service: &ServiceName,
        results: Vec<(String, CallResult)>,
    ) -> io::Result<()>;
}
