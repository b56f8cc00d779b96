//! Signals: SIGINT, SIGTERM and SIGHUP stop a run in an orderly way, a second one at once.

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

/// The thread that hears signals.
pub(super) const THREAD: &str = "signals";

/// Flips `stop` at the first signal and ends the process at the second.
///
/// SIGHUP counts as well: it is what a terminal sends that was closed, and an ended SSH session. The signals
/// are received on a thread of their own, so that they are heard while every thread of the runtime is busy.
pub(super) fn watch(stop: StopSignal, voice: Voice) -> Result<(), Failure> {
    let failed = |cause| Failure::internal("cannot receive signals").with_source(cause);
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(failed)?;
    let listen = move || {
        let mut signals = signals.forever();
        if signals.next().is_some() {
            stop.request(StopReason::Signal);
            voice.print_line(
                "stopping: what is under way has a few seconds to end; a second signal ends it at once",
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

/// A filter that runs on keeps a thread of the runtime busy, which cannot be told anything.
fn stop_filters_later() {
    let stop = || {
        thread::sleep(GRACE);
        stop_workers();
    };
    // Without a thread, the second signal is left.
    let _ = thread::Builder::new().name("filters".to_owned()).spawn(stop);
}

/// Turns the signal that comes with a limit on the size of files (`ulimit -f`) into an error of the write, as
/// on a full disk: the signal alone would end the process without a word.
pub(super) fn report_file_size_limit_as_error() {
    // Where the signal cannot be handled, it does what it always did.
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
