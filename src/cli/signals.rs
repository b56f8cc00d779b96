//! Signals: the first SIGINT, SIGTERM or SIGHUP stops a run after its calls in progress, the second immediately.

use std::process;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use super::progress::Voice;
use crate::engine::{GRACE, StopReason, StopSignal};
use crate::error::{Failure, FailureKind};
use crate::plan::spec::stop_workers;

/// The name of the thread that receives signals.
pub(super) const THREAD: &str = "signals";

/// Requests `stop` at the first signal and ends the process at the second.
///
/// SIGHUP counts as well: a closed terminal sends it, and an ended SSH session. A separate thread receives the
/// signals, because all threads of the runtime may be busy.
pub(super) fn watch(stop: StopSignal, voice: Voice) -> Result<(), Failure> {
    let failed = |cause| Failure::internal("cannot receive signals").with_source(cause);
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(failed)?;
    let listen = move || {
        let mut signals = signals.forever();
        if signals.next().is_some() {
            stop.request(StopReason::Signal);
            voice.print_line(
                "stopping: calls in progress have a few seconds to finish; a second signal ends the process immediately",
            );
            stop_filters_later();
        }
        if signals.next().is_some() {
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

/// Ignores the signal of a limit on file sizes (`ulimit -f`), so that the write returns an error, as on a full
/// disk: the signal would end the process without a message.
pub(super) fn report_file_size_limit_as_error() {
    // Where the signal cannot be handled, it keeps its default action.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
