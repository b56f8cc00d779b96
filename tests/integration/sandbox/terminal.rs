//! Programs on a terminal.

use serde::Deserialize;
use serde_json::from_str;

use super::{Sandbox, interpreter, program};

/// A run of the program whose standard error is a terminal.
#[derive(Deserialize)]
pub(crate) struct TerminalRun {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    /// What the terminal got.
    pub(crate) shown: String,
}

/// Runs the program with this command line on a terminal with so many columns. With the variable `TYPED`, this line is typed there.
#[track_caller]
pub(crate) fn on_terminal(sandbox: &Sandbox, columns: u16, command: &str) -> TerminalRun {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/terminal/run.py");
    let (python, program) = (interpreter(), program());
    let command = format!("{} {script} {columns} {} {command}", python.display(), program.display());
    let run = sandbox.shell(&command);
    run.expect_exit(0);
    from_str(&run.stdout).expect("the JSON of the script")
}
