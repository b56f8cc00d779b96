//! SIGINT and SIGTERM: stop in an orderly way; at the second one, at once.

use tokio::signal::unix::{SignalKind, signal};

use crate::engine::{Stop, StopReason};
use crate::failure::{Failure, FailureKind};
use crate::progress::Voice;

/// Flips `stop` at the first signal and ends the process at the second.
pub(super) fn watch(stop: Stop, voice: Voice) -> Result<(), Failure> {
    let listen =
        |kind| signal(kind).map_err(|cause| Failure::internal("signals cannot be received").because(cause));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::spawn(async move {
        for count in 0_u32.. {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if count == 0 {
                stop.request(StopReason::Signal);
                voice.say(
                    "stopping: what is under way has a few seconds to end; a second signal ends it at once",
                );
            } else {
                std::process::exit(i32::from(FailureKind::Interrupted.code()));
            }
        }
    });
    Ok(())
}
