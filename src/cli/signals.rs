//! Signals: the first one stops a run after its calls in progress, the second immediately.

use std::process;
use std::thread;

use super::progress::Voice;
use crate::engine::{GRACE, StopReason, StopSignal};
use crate::error::{Failure, FailureKind};
use crate::plan::spec::stop_workers;
use crate::util::system::signals::StopSignals;

pub(super) use crate::util::system::signals::ignore_file_size_limit;

/// The name of the thread that receives signals.
pub(super) const THREAD: &str = "signals";

/// Requests `stop` at the first signal and ends the process at the second.
///
/// A separate thread receives the signals, because all threads of the runtime may be busy.
pub(super) fn watch(stop: StopSignal, voice: Voice) -> Result<(), Failure> {
    let failed = |cause| Failure::internal("cannot receive signals").with_source(cause);
    let mut signals = StopSignals::new().map_err(failed)?;
    let listen = move || {
        if signals.wait() {
            stop.request(StopReason::Signal);
            voice.print_line(
                "stopping: calls in progress have a few seconds to finish; a second signal ends the process immediately",
            );
            stop_filters_later();
        }
        if signals.wait() {
            process::exit(i32::from(FailureKind::Interrupted.code()));
        }
    };
    thread::Builder::new().name(THREAD.to_owned()).spawn(listen).map_err(failed)?;
    Ok(())
}

/// Stops filters that are still running: they block threads of the runtime, which cannot be cancelled.
fn stop_filters_later() {
    let stop = || {
        thread::sleep(GRACE);
        stop_workers();
    };
    // If no thread can start, the user can still send the second signal.
    let _ = thread::Builder::new().name("filters".to_owned()).spawn(stop);
}
