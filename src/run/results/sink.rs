//! Where finished results go: the engine hands them over and knows nothing of files.

use std::future::ready;
use std::io;
use std::path::Path;

use futures_util::future::BoxFuture;

use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::results::call_result::CallResult;

/// What is to stand under one name of a result file.
pub enum ResultEntry {
    /// What was found now.
    Found(Box<CallResult>),
    /// What an earlier execution of the run has written, if it found anything.
    Kept,
    /// Nothing; what an execution that was killed may have left there is not to be trusted.
    Nothing,
}

/// Takes the results of units. Implementations write atomically: when `settle` has answered, or
/// `write` where it has nothing to do, the results are safe.
pub trait ResultSink: Send + Sync {
    /// Where long lists may overflow to while they are collected.
    fn scratch(&self) -> &Path;

    /// How many levels deep a call's result will stand in its file.
    fn depth(&self) -> usize;

    /// Writes the results of one service of a unit, in the spec's order. What is not among them
    /// is not in the files afterwards.
    ///
    /// Returns the names of the results that were found now, each with the length of its JSON text in bytes.
    fn write(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>>;

    /// Brings what `write` has written for these services of a unit to where it belongs, should that
    /// be another machine. Apart from `write`, because waiting for a network takes no thread.
    fn flush_uploads<'sink>(
        &'sink self,
        account: &'sink PlannedAccount,
        place: &'sink RegionScope,
        services: &'sink [ServiceName],
    ) -> BoxFuture<'sink, io::Result<()>> {
        let _ = (account, place, services);
        Box::pin(ready(Ok(())))
    }
}
