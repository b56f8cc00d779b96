//! Errors in a scan spec: all of them at once, each with its place.

use std::fmt::Write as _;

use crate::error::Failure;
use crate::model::catalog::CatalogError;

/// The number of problems that are shown; further ones are only counted.
const MOST_SHOWN: usize = 10;

/// The reason why a scan spec cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// The spec cannot be read: no such file, unreachable, not JSON. The text is a sentence that names the place.
    #[error("{0}")]
    Unreadable(String),
    /// The spec can be read, but its content is invalid.
    #[error("{origin}{}", list(.problems, *.count))]
    Invalid {
        /// The spec: a path, a URL, or a built-in name.
        origin: String,
        /// The first few problems, each with its place in the spec.
        problems: Vec<String>,
        /// The total number of problems.
        count: usize,
    },
    /// The catalog that the spec is checked against is damaged.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<SpecError> for Failure {
    fn from(error: SpecError) -> Self {
        match error {
            SpecError::Catalog(cause) => Self::internal(cause.to_string()),
            error => Self::usage(error.to_string()),
        }
    }
}

/// Collects the problems of a spec, so that one run reports all of them.
#[derive(Debug, Default)]
pub(super) struct Problems {
    shown: Vec<String>,
    count: usize,
}

impl Problems {
    /// Adds a problem. `message` is only called when the problem will be shown, because finding the nearest names
    /// for a message takes time.
    pub(super) fn add(&mut self, place: &str, message: impl FnOnce() -> String) {
        self.count += 1;
        if self.shown.len() < MOST_SHOWN {
            let message = message();
            let problem = if place.is_empty() { message } else { format!("{place}: {message}") };
            self.shown.push(cut(problem));
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Returns an error with all collected problems of the spec called `origin`, if there are any.
    pub(super) fn into_result(self, origin: &str) -> Result<(), SpecError> {
        match self.count {
            0 => Ok(()),
            count => Err(SpecError::Invalid { origin: origin.to_owned(), problems: self.shown, count }),
        }
    }
}

/// Returns the first problems as the end of a message.
fn list(problems: &[String], count: usize) -> String {
    if count == 1 {
        return format!(": {}", problems.join(""));
    }
    let mut text = format!(" has {count} problems:");
    for problem in problems {
        text.push_str("\n  ");
        text.push_str(&problem.replace('\n', "\n  "));
    }
    if problems.len() < count {
        // Writing into a String cannot fail.
        let _ = write!(text, "\n  … and {} more", count - problems.len());
    }
    text
}

/// Truncates a text that is too long to read: a spec can hold names of any length.
fn cut(text: String) -> String {
    const LONGEST: usize = 4000;
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::Problems;

    #[test]
    fn one_problem_is_one_paragraph() {
        let mut problems = Problems::default();
        problems.add("entry 3 (ec2 describe_instance)", || "no such function".to_owned());
        let error = problems.into_result("scan.json").expect_err("a problem");
        assert_eq!(error.to_string(), "scan.json: entry 3 (ec2 describe_instance): no such function");
    }

    #[test]
    fn a_problem_with_a_name_of_a_megabyte_is_cut() {
        let mut problems = Problems::default();
        problems.add("entry 1", || format!("no such function: {}", "ü".repeat(1_000_000)));
        let text = problems.into_result("scan.json").expect_err("a problem").to_string();
        assert!(text.starts_with("scan.json: entry 1: no such function: ü") && text.ends_with('…'));
        assert!(text.chars().count() < 4100);
    }

    #[test]
    fn many_problems_are_counted() {
        let mut problems = Problems::default();
        for entry in 1..=12 {
            problems.add(&format!("entry {entry}"), || "wrong".to_owned());
        }
        let text = problems.into_result("scan.json").expect_err("problems").to_string();
        assert!(text.starts_with("scan.json has 12 problems:\n  entry 1: wrong\n"), "{text}");
        assert!(text.ends_with("entry 10: wrong\n  … and 2 more"), "{text}");
    }
}
