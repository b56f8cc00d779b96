//! The last words of a defect.

use std::panic::{self, PanicHookInfo};
use std::process;

use super::console::warn;
use crate::failure::{Failure, FailureKind};

/// From now on a panic on any thread ends the program, with a message and the exit code of a defect. What
/// has a line in the ledger is complete at any time, as after a `kill -9`.
pub(super) fn end_with_a_message() {
    panic::set_hook(Box::new(|panic| {
        warn(format!("error: {}", failure(panic)));
        process::exit(i32::from(FailureKind::Internal.code()));
    }));
}

fn failure(panic: &PanicHookInfo<'_>) -> Failure {
    let place = panic.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    let what = panic.payload_as_str().unwrap_or("no reason is given");
    Failure::internal(format!("this is a defect of scan {}{place}: {what}", env!("CARGO_PKG_VERSION")))
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
