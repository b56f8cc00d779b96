//! The error of parameters that cannot be encoded.

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::util::json_kind::kind;

/// The error of a parameter that does not conform to the model: its path, and the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    path: String,
    problem: String,
}

impl EncodeError {
    /// Creates an error; `problem` is the end of a sentence about the parameter.
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { path: String::new(), problem: problem.into() }
    }

    /// Creates the error of a value whose JSON type differs from the model's.
    pub(super) fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("must be {what}, not {}", kind(found)))
    }

    /// Adds the member or key `name` to the path of the error.
    pub(super) fn within(mut self, name: &str) -> Self {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{separator}{}", self.path);
        self
    }

    /// Adds the index of a list to the path of the error.
    pub(super) fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(formatter, "the parameters: {}", self.problem)
        } else {
            write!(formatter, "parameter `{}`: {}", self.path, self.problem)
        }
    }
}

impl Error for EncodeError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::EncodeError;

    #[test]
    fn an_error_says_where_and_what() {
        let error = EncodeError::expected("a list", &json!("x")).within("Values").at(0).within("Filters");
        assert_eq!(error.to_string(), "parameter `Filters[0].Values`: must be a list, not a string");
    }
}
