//! Room for long filters: jaq recurses for every step of a filter, and a thread's stack is short.

use std::thread;

/// A filter of more steps than this is refused.
pub(super) const MOST_STEPS: usize = 500;
/// Up to here the calling thread's own stack is enough, with a wide margin.
const FEW_STEPS: usize = 50;
/// Enough for [`MOST_STEPS`] even without optimisation.
const LONG_STACK: usize = 64 * 1024 * 1024;

/// How many steps a filter has at most: everything that can make jaq's parser and interpreter
/// recurse is counted, also inside strings.
pub(super) fn steps(text: &str) -> usize {
    let signs = text.matches(['|', ',', '-', '+', '*', '/', '%', '=', '(', '[', '{', '?', '.']).count();
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| matches!(*word, "if" | "as" | "and" | "or" | "def" | "try" | "reduce" | "foreach"))
        .count();
    signs + words
}

/// Does the work for a filter of so many steps, on a thread of its own if they are many.
///
/// `None` when the machine has no thread left.
pub(super) fn with_room_for<T: Send>(steps: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if steps <= FEW_STEPS {
        return Some(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(LONG_STACK).spawn_scoped(scope, work).ok()?;
        // What panics there is to be heard of here.
        Some(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
