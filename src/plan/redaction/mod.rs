//! Redacts values that results must not contain: values that AWS's models or a reviewed table mark as sensitive,
//! paths that a user gives, and likely secrets in any text.
//!
//! ```text
//! shapes of the response ─► mask ─┐
//! reviewed table ─────────► mask  ├─► page of a response ─► scanner ─► page without secrets
//! --redact paths ─────────► mask ─┘
//! ```
//!
//! Masks are made once per function. On a page they lead straight to the sensitive values; values that no mask
//! leads to are not visited. Pages are redacted after their tokens were read, and before any filter sees them.

mod answer_path;
mod curated;
mod mask;
mod model_masks;
mod names;
mod pseudonym;
mod rules;
mod search;
mod secret_names;
mod secrets;
mod steps;
mod text;
mod values;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::catalog::Function;

pub use answer_path::{AnswerPath, AnswerPathError, find_function};
pub use curated::{Review, review};
pub use rules::{RedactionCounts, Rules};
pub use secret_names::looks_like_a_secret;
pub use secrets::FoundSecret;

/// The replacement for a redacted value.
pub const REDACTED: &str = "[redacted]";

/// Returns whether a text, or a part of it, was redacted so that equal originals cannot be recognized.
#[must_use]
pub fn is_redacted(text: &str) -> bool {
    text.contains(REDACTED)
}

/// Returns whether a text, or a part of it, was redacted in any way, including replacement with a hash.
#[must_use]
pub fn is_hidden(text: &str) -> bool {
    is_redacted(text) || text.contains(pseudonym::PREFIX)
}

/// The redaction of a run.
#[derive(Debug, Default)]
pub struct Redaction {
    /// Whether only `paths` are redacted.
    off: bool,
    paths: Vec<AnswerPath>,
    /// The rules of the functions that were requested so far.
    rules: Mutex<HashMap<String, Rules>>,
}

/// Returns the message of a service with likely secrets redacted.
#[must_use]
pub fn without_secrets(message: &str) -> String {
    text::clean(message, "").map_or_else(|| message.to_owned(), |cleaned| cleaned.text)
}

impl Redaction {
    /// Redacts sensitive values, and `paths` as well.
    #[must_use]
    pub fn new(paths: Vec<AnswerPath>) -> Self {
        Self { off: false, paths, rules: Mutex::default() }
    }

    /// Only redacts `paths`. Likely secrets are still reported.
    #[must_use]
    pub fn only(paths: Vec<AnswerPath>) -> Self {
        Self { off: true, ..Self::new(paths) }
    }

    /// Returns the redaction rules for the responses of a function.
    #[must_use]
    pub fn rules(&self, function: &Function) -> Rules {
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}:{}", function.service().name, function.name());
        known.entry(name).or_insert_with(|| self.make(function)).clone()
    }

    fn make(&self, function: &Function) -> Rules {
        let mut masks = Vec::new();
        if !self.off {
            // A row of the table is more specific than the model, and a redacted value stays redacted.
            masks.extend(curated::masks(function));
            masks.extend(model_masks::of_model(function));
        }
        masks.extend(self.paths.iter().filter(|path| path.is_for(function)).map(AnswerPath::mask));
        Rules::new(Arc::from(masks), !self.off)
    }
}
