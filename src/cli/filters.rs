//! The worker processes that run jq filters: further processes of this program.

use std::env;
use std::process::ExitCode;

use crate::plan::spec;
use crate::util::system::paths::this_program;

/// Returns whether this process is a worker.
pub(super) fn is_worker() -> bool {
    env::args_os().skip(1).eq([spec::WORKER_ARGUMENT])
}

/// Runs filters until the main process sends no more.
pub(super) fn serve() -> ExitCode {
    spec::serve_filters()
}

/// Enables worker processes for filters.
pub(super) fn start_workers() {
    if let Some(program) = this_program() {
        spec::use_workers(program);
    }
}
