//! Errors that end a run: message, cause, hints and exit code.
//!
//! A failed call is data and is recorded in the ledger; only an error that stops the whole program is a
//! [`Failure`]. Modules return their own error types or a `Failure`; only `main` prints it.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// The reason why a run ended, each with its own exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A defect of this program, or of the machine it runs on (exit code 1).
    Internal,
    /// Wrong arguments, or a scan spec that cannot be used (exit code 2).
    Usage,
    /// No usable credentials, or the organization cannot be read (exit code 3).
    Credentials,
    /// The run finished, but some calls were denied or failed (exit code 4).
    Incomplete,
    /// Two runs differ in a way that the user wants reported (exit code 5).
    Different,
    /// Stopped by a signal; the run can be resumed (exit code 130).
    Interrupted,
}

impl FailureKind {
    /// Returns the exit code of the process, as documented.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::Incomplete => 4,
            Self::Different => 5,
            Self::Interrupted => 130,
        }
    }
}

/// The error that ends a run.
#[derive(Debug)]
pub struct Failure {
    kind: FailureKind,
    message: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
    hints: Vec<String>,
}

impl Failure {
    /// Creates an error of the given kind; `message` describes what failed and where.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cause: None, hints: Vec::new() }
    }

    /// Creates an error for wrong arguments or a wrong spec.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    /// Creates an error for missing or insufficient credentials.
    pub fn credentials(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Credentials, message)
    }

    /// Creates an error for a defect of this program or of its machine.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Internal, message)
    }

    /// Returns a copy of the failure; its cause becomes a text.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let cause = self.cause.as_deref().map(|cause| chain(cause).into());
        Self { kind: self.kind, message: self.message.clone(), cause, hints: self.hints.clone() }
    }

    /// Adds the underlying error; its whole chain is printed.
    #[must_use]
    pub fn with_source(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds a hint on how to fix the error.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the reason why the run ended.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Returns the exit code for the process.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.kind.code())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.message)?;
        if let Some(cause) = self.cause.as_deref() {
            let cause = chain(cause);
            if !cause.is_empty() && !self.message.contains(&cause) {
                write!(formatter, ": {cause}")?;
            }
        }
        for hint in &self.hints {
            write!(formatter, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl Error for Failure {}

/// Joins the texts of an error and its causes without repetitions: wrapping errors often contain the text of their
/// cause.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for more in with_causes(error).skip(1).map(ToString::to_string) {
        if !more.is_empty() && !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
    }
    text
}

/// Returns the first error of type `Cause` among an error and its causes, the outermost first.
pub(crate) fn find_cause<'error, Cause: Error + 'static>(
    error: &'error (dyn Error + 'static),
) -> Option<&'error Cause> {
    with_causes(error).find_map(|error| error.downcast_ref())
}

/// Returns the root cause of an error: the last of its chain.
pub(crate) fn innermost<'error>(error: &'error (dyn Error + 'static)) -> &'error (dyn Error + 'static) {
    with_causes(error).last().unwrap_or(error)
}

/// Iterates over an error and its causes, the outermost first.
fn with_causes<'error>(
    error: &'error (dyn Error + 'static),
) -> impl Iterator<Item = &'error (dyn Error + 'static)> {
    // The reference is copied, so that the returned references live as long as the error itself.
    std::iter::successors(Some(error), |error| (*error).source())
}

#[cfg(test)]
mod tests {
    use super::{Failure, FailureKind, find_cause, innermost};

    #[derive(Debug)]
    struct Wrapped(std::fmt::Error);

    impl std::fmt::Display for Wrapped {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("wrapped")
        }
    }

    impl std::error::Error for Wrapped {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn find_cause_looks_through_the_whole_chain() {
        let error = Wrapped(std::fmt::Error);
        assert!(find_cause::<Wrapped>(&error).is_some(), "the error itself");
        assert_eq!(find_cause::<std::fmt::Error>(&error), Some(&std::fmt::Error));
        assert!(find_cause::<Failure>(&error).is_none());
        assert!(innermost(&error).is::<std::fmt::Error>());
    }

    #[test]
    fn a_failure_reads_as_one_paragraph_with_its_hints_below() {
        let failure = Failure::usage("scan.json: entry 3")
            .with_source(std::io::Error::other("no such function"))
            .hint("did you mean `list_buckets`?");
        assert_eq!(
            failure.to_string(),
            "scan.json: entry 3: no such function\n  hint: did you mean `list_buckets`?"
        );
        assert_eq!(failure.kind(), FailureKind::Usage);
    }
}
