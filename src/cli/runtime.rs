//! The runtime that everything asynchronous runs on.

use crate::aws::http::OpenFiles;
use crate::error::Failure;

/// Builds the runtime, and raises the limit of open files.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    /// Answers nest up to 1,000 levels deep, and every level takes its share of the stack.
    const STACK: usize = 8 * 1024 * 1024;
    let files = OpenFiles::raise();
    if files < OpenFiles::LEAST {
        return Err(Failure::internal(format!(
            "this process may open {files} files at once, and needs at least {}",
            OpenFiles::LEAST
        ))
        .hint("raise the limit, for example with `ulimit -n 1024`"));
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(files.writers())
        .thread_stack_size(STACK)
        .build()
        .map_err(|cause| Failure::internal("the asynchronous runtime cannot start").with_source(cause))
}
