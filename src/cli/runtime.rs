//! The asynchronous runtime.

use crate::aws::http::OpenFiles;
use crate::error::Failure;

/// Builds the runtime, and raises the limit of open files.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    /// The stack of a thread: responses can have 1,000 nested levels, and parsing each level needs stack.
    const STACK: usize = 8 * 1024 * 1024;
    let files = OpenFiles::raise();
    if files < OpenFiles::LEAST {
        return Err(Failure::internal(format!(
            "this process may open {files} files at once, but needs at least {}",
            OpenFiles::LEAST
        ))
        .hint("raise the limit, for example with `ulimit -n 1024`"));
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(files.writers())
        .thread_stack_size(STACK)
        .build()
        .map_err(|cause| Failure::internal("cannot start the asynchronous runtime").with_source(cause))
}
