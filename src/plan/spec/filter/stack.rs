//! Provides stack space for long filters: jaq recurses for every step of a filter, and a thread's stack is small.

use std::thread;

/// The maximum number of steps; longer filters are refused.
pub(super) const MOST_STEPS: usize = 500;
/// The number of steps for which the calling thread's own stack is enough, with a wide margin.
const FEW_STEPS: usize = 50;
/// The stack size that is enough for [`MOST_STEPS`] even without optimisation.
const LONG_STACK: usize = 64 * 1024 * 1024;

/// Returns an upper bound for the steps of a filter: it counts everything that can make jaq's parser and
/// interpreter recurse, also inside strings.
pub(super) fn steps(text: &str) -> usize {
    let signs = text.matches(['|', ',', '-', '+', '*', '/', '%', '=', '(', '[', '{', '?', '.']).count();
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| matches!(*word, "if" | "as" | "and" | "or" | "def" | "try" | "reduce" | "foreach"))
        .count();
    signs + words
}

/// Runs the work for a filter of so many steps, on a separate thread if they are many.
///
/// Returns `None` if the machine cannot start another thread.
pub(super) fn with_room_for<T: Send>(steps: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if steps <= FEW_STEPS {
        return Some(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(LONG_STACK).spawn_scoped(scope, work).ok()?;
        // A panic of the thread is passed on.
        Some(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
