//! The processes that jq filters run in: this program, started again.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::plan::spec;

/// Whether this process is one of them.
pub(super) fn is_worker() -> bool {
    env::args_os().skip(1).eq([spec::WORKER_ARGUMENT])
}

/// Runs filters until there are no more.
pub(super) fn serve() -> ExitCode {
    spec::serve_filters()
}

/// Lets filters run in processes of this program.
pub(super) fn start_workers() {
    if let Some(program) = this_program() {
        spec::use_workers(program);
    }
}

/// This program's file. On Linux by a name that leads to it also when an update has replaced it.
fn this_program() -> Option<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Some(running.to_owned()) } else { env::current_exe().ok() }
}
