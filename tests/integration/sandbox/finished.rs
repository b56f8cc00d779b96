//! A finished run of the program: what it printed and how it ended.

use std::process::ExitStatus;

/// What a run wrote and its exit code; each expectation returns itself, so that they read as a list.
pub(crate) struct Finished {
    line: String,
    status: ExitStatus,
    /// What it wrote on standard output.
    pub(crate) stdout: String,
    /// What it wrote on standard error.
    pub(crate) stderr: String,
}

impl Finished {
    pub(super) fn new(line: String, status: ExitStatus, stdout: String, stderr: String) -> Self {
        Self { line, status, stdout, stderr }
    }

    /// The exit code; `None` where a signal ended the program.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Ends the test unless the program ended with this exit code.
    #[track_caller]
    pub(crate) fn expect_exit(&self, code: i32) -> &Self {
        assert!(self.status.code() == Some(code), "expected exit code {code}\n{}", self.report());
        self
    }

    /// Ends the test unless standard error has this text, in any case of letters.
    #[track_caller]
    pub(crate) fn stderr_contains(&self, text: &str) -> &Self {
        let found = self.stderr.to_lowercase().contains(&text.to_lowercase());
        assert!(found, "expected {text:?} on standard error\n{}", self.report());
        self
    }

    /// Ends the test unless standard output has this text.
    #[track_caller]
    pub(crate) fn stdout_contains(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "expected {text:?} on standard output\n{}", self.report());
        self
    }

    /// Ends the test unless standard error is one readable paragraph.
    #[track_caller]
    pub(crate) fn stderr_is_one_paragraph(&self) -> &Self {
        assert!(!self.stderr.trim().contains("\n\n"), "a blank line in the error\n{}", self.report());
        self.stderr_is_for_people()
    }

    /// Ends the test unless standard error has a text, and no trace of the machine is in it.
    #[track_caller]
    pub(crate) fn stderr_is_for_people(&self) -> &Self {
        let text = self.stderr.trim();
        assert!(!text.is_empty(), "expected an error\n{}", self.report());
        for machine in ["panicked", "stack backtrace", "Some(", "Error {", "\u{1b}["] {
            assert!(!text.contains(machine), "{machine:?} in the error\n{}", self.report());
        }
        self
    }

    /// The command line and everything the run printed.
    pub(crate) fn report(&self) -> String {
        let Self { line, status, stdout, stderr } = self;
        format!("{line}\n{status}\n--- standard output\n{stdout}\n--- standard error\n{stderr}")
    }
}
