//! The sink for finished results: the engine passes results to it and does not handle files.

use std::future::ready;
use std::io;
use std::path::Path;

use futures_util::future::BoxFuture;

use crate::names::ServiceName;
use crate::plan::{PlannedAccount, RegionScope};
use crate::run::results::call_result::ResultEntry;
use crate::run::results::kept_items::KeptItems;
use crate::run::results::result_writer::{ResultLayout, StartedFile};

/// Receives the results of units. Implementations write atomically: results are durable when `flush_uploads` has
/// returned, or `write` if `flush_uploads` has nothing to do.
pub trait ResultSink: Send + Sync {
    /// Returns the folder that long lists may overflow to while they are collected.
    fn scratch(&self) -> &Path;

    /// Returns how results are divided into files.
    fn layout(&self) -> ResultLayout;

    /// Starts the file of a service, or that of the call `name`, before all of its results are known. It gets its name
    /// when it is finished, instead of through `write`. Returns `None` if the sink cannot do that.
    fn start(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        name: &str,
    ) -> io::Result<Option<StartedFile>> {
        let _ = (account, place, service, name);
        Ok(None)
    }

    /// Writes the results of one service of a unit, in the spec's order. Results that are not passed are removed
    /// from the files.
    ///
    /// Returns the names of the new results, each with the length of its JSON text in bytes.
    fn write(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        service: &ServiceName,
        members: Vec<(String, ResultEntry)>,
    ) -> io::Result<Vec<(String, u64)>>;

    /// Fetches the file of a service that an earlier execution has written, if the sink is remote: `write` copies the
    /// kept results from it.
    fn fetch_earlier<'sink>(
        &'sink self,
        account: &'sink PlannedAccount,
        place: &'sink RegionScope,
        service: &'sink ServiceName,
    ) -> BoxFuture<'sink, io::Result<()>> {
        let _ = (account, place, service);
        Box::pin(ready(Ok(())))
    }

    /// Returns where the results of the items of a call are kept until its result is written. `resumed` states
    /// whether an earlier execution may have kept some.
    fn kept_items(
        &self,
        account: &PlannedAccount,
        place: &RegionScope,
        call: usize,
        resumed: bool,
    ) -> io::Result<KeptItems> {
        let _ = (account, place, call, resumed);
        Ok(KeptItems::nowhere())
    }

    /// Removes the kept items of calls whose results are written.
    fn remove_items(&self, account: &PlannedAccount, place: &RegionScope, calls: &[usize]) -> io::Result<()> {
        let _ = (account, place, calls);
        Ok(())
    }

    /// Uploads the results that `write` has written for these services of a unit, if the sink is remote. It is
    /// separate from `write`, because waiting for a network needs no thread.
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
