//! Filters in processes of their own, where they can be bounded.
//!
//! A jq filter is a program, and a spec can come from a stranger: `def f: f; f` never ends, and
//! `[range(1e9)]` takes all the memory there is. Neither can be stopped inside a thread. So the program
//! starts itself again as a worker, with limits that the kernel enforces, and without its environment: no
//! credentials are there for a filter to find. What exceeds a limit ends a worker, and costs one call.
//!
//! Whoever uses this crate as a library has no program that could be started as a worker: there, filters run
//! in the calling thread, until [`use_workers`] names one.

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

/// From now on filters run in processes of this program, which calls [`serve`] when its only argument is
/// [`ARGUMENT`].
pub fn use_workers(program: PathBuf) {
    // The first one stays: workers of it may be running.
    let _ = POOL.set(Pool::new(program));
}

/// Ends the filters that are running; they and all later ones fail. For the end of a run that was stopped.
pub fn stop_workers() {
    if let Some(pool) = POOL.get() {
        pool.stop();
    }
}

/// Whether [`stop_workers`] was called: what a filter came to since then says nothing about its call.
#[must_use]
pub fn workers_are_stopped() -> bool {
    POOL.get().is_some_and(Pool::is_stopped)
}

/// The outputs of a filter that ran in a worker; `None` where there are no workers.
pub(super) fn run(filter: &JqFilter, input: &Value, item: &Value) -> Option<Result<Vec<Value>, FilterError>> {
    let pool = POOL.get()?;
    Some(blocking(|| pool.run(filter, input, item)))
}

/// Lets the other tasks of a runtime with several threads go on while this one waits.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
