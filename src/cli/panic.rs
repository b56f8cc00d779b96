//! The message of a panic, which is a defect of the program.

use std::panic::{self, PanicHookInfo};
use std::{process, thread};

use super::console::warn;
use super::signals;
use crate::error::{Failure, FailureKind};
use crate::util::defect;

/// Installs the hook that turns an uncaught panic into a message and the exit code of a defect. Calls in the
/// ledger are complete at any time, as after a `kill -9`.
///
/// A panic in the scan of a call or an account is caught and recorded in the ledger. A panic in another task ends
/// that task, whose owner is notified; a warning reports it.
pub(super) fn end_with_a_message() {
    panic::set_hook(Box::new(|panic| {
        if defect::note(panic) {
            return;
        }
        let ends = matches!(thread::current().name(), Some("main" | signals::THREAD));
        if !ends {
            warn(format!("warning: {}", message(panic)));
            return;
        }
        warn(format!("error: {}", failure(panic)));
        process::exit(i32::from(FailureKind::Internal.code()));
    }));
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    format!("this is a defect of scan {}{}", env!("CARGO_PKG_VERSION"), defect::describe(panic))
}

fn failure(panic: &PanicHookInfo<'_>) -> Failure {
    Failure::internal(message(panic))
        .hint("run `scan resume` with the run's folder to continue: the calls in its ledger are complete")
        .hint("please report this line")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::failure;

    #[test]
    fn defect_is_reported_with_its_place_and_hints() {
        let reported = Arc::new(Mutex::new(String::new()));
        let hook = std::panic::take_hook();
        let thread = std::thread::Builder::new().name("defective".to_owned());
        std::panic::set_hook(Box::new({
            let reported = Arc::clone(&reported);
            move |panic| match std::thread::current().name() {
                Some("defective") => {
                    *reported.lock().expect("no panic while it was locked") = failure(panic).to_string();
                }
                _ => hook(panic),
            }
        }));
        let ended = thread.spawn(|| panic!("an index is out of bounds")).expect("a thread").join();
        assert!(ended.is_err());
        let reported = reported.lock().expect("no panic while it was locked").clone();
        assert!(reported.contains("src/cli/panic.rs:"), "{reported}");
        assert!(reported.contains(": an index is out of bounds\n  hint: "), "{reported}");
        assert!(reported.contains("scan resume"), "{reported}");
    }
}
