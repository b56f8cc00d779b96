//! The last words of a defect.

use std::panic::{self, PanicHookInfo};
use std::{process, thread};

use super::console::warn;
use super::signals;
use crate::error::{Failure, FailureKind};
use crate::util::defect;

/// From now on a panic that nobody catches ends the program, with a message and the exit code of a defect. What
/// has a line in the ledger is complete at any time, as after a `kill -9`.
///
/// A panic in the scan of a call or an account is caught and told in the ledger. One in another task ends that
/// task, whose owner learns of it; a line tells of it.
pub(super) fn end_with_a_message() {
    panic::set_hook(Box::new(|panic| {
        if defect::note(panic) {
            return;
        }
        let ends = matches!(thread::current().name(), Some("main" | signals::THREAD));
        if !ends {
            warn(format!("warning: {}", words(panic)));
            return;
        }
        warn(format!("error: {}", failure(panic)));
        process::exit(i32::from(FailureKind::Internal.code()));
    }));
}

fn words(panic: &PanicHookInfo<'_>) -> String {
    format!("this is a defect of scan {}{}", env!("CARGO_PKG_VERSION"), defect::describe(panic))
}

fn failure(panic: &PanicHookInfo<'_>) -> Failure {
    Failure::internal(words(panic))
        .hint("what has a line in the ledger is complete: `scan resume` with the run's folder goes on from there")
        .hint("please report this line")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::failure;

    #[test]
    fn a_defect_is_told_in_a_line_with_its_place_and_what_to_do() {
        let told = Arc::new(Mutex::new(String::new()));
        let hook = std::panic::take_hook();
        let thread = std::thread::Builder::new().name("defective".to_owned());
        std::panic::set_hook(Box::new({
            let told = Arc::clone(&told);
            move |panic| match std::thread::current().name() {
                Some("defective") => *told.lock().expect("nobody panicked here") = failure(panic).to_string(),
                _ => hook(panic),
            }
        }));
        let ended = thread.spawn(|| panic!("an index is out of bounds")).expect("a thread").join();
        assert!(ended.is_err());
        let told = told.lock().expect("nobody panicked here").clone();
        assert!(told.contains("src/cli/panic.rs:"), "{told}");
        assert!(told.contains(": an index is out of bounds\n  hint: "), "{told}");
        assert!(told.contains("scan resume"), "{told}");
    }
}
