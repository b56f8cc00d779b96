//! Runs filters in separate processes with limits.
//!
//! A jq filter is a program, and a spec can come from a third party: `def f: f; f` never ends, and `[range(1e9)]`
//! uses all memory. Neither can be stopped inside a thread. So the program starts itself again as a worker, with
//! limits that the kernel enforces, and without its environment, so that a filter has no access to credentials.
//! Exceeding a limit ends the worker, and costs one call.
//!
//! A program that uses this crate as a library has no executable that could be started as a worker: there,
//! filters run in the calling thread, unless [`use_workers`] names one.

mod bounds;
mod pool;
mod process;
mod protocol;
mod serve;

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::{FilterError, JqFilter};
use pool::Pool;
pub use serve::{ARGUMENT, serve};

static POOL: OnceLock<Pool> = OnceLock::new();

/// Runs all further filters in processes of `program`, which must call [`serve`] when its only argument is
/// [`ARGUMENT`].
pub fn use_workers(program: PathBuf) {
    // Only the first program is used, because its workers may be running.
    let _ = POOL.set(Pool::new(program));
}

/// Ends the running filters; they and all later ones fail. It is meant for the end of a run that was stopped.
pub fn stop_workers() {
    if let Some(pool) = POOL.get() {
        pool.stop();
    }
}

/// Returns whether [`stop_workers`] was called: the failure of a filter since then is not a failure of its call.
#[must_use]
pub fn workers_are_stopped() -> bool {
    POOL.get().is_some_and(Pool::is_stopped)
}

/// Returns the outputs of a filter that ran in a worker; `None` if there are no workers.
pub(super) fn run(filter: &JqFilter, input: &Value, item: &Value) -> Option<Result<Vec<Value>, FilterError>> {
    let pool = POOL.get()?;
    Some(blocking(|| pool.run(filter, input, item)))
}

/// Lets the other tasks of a multi-threaded runtime continue while this one blocks.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
