//! What results must not hold: values that AWS's models or a reviewed table call sensitive, what a
//! user names, and what looks like a secret wherever it stands.
//!
//! ```text
//! the answer's shapes ─► mask ─┐
//! reviewed table ──────► mask  ├─► page of an answer ─► scanner ─► page without secrets
//! --redact paths ──────► mask ─┘
//! ```
//!
//! Masks are made once per function. On a page they lead straight to the values in question; what
//! nothing points at is not looked at. Pages come here after their tokens were read, and before any
//! filter sees them.

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

/// What stands in the place of a value that results must not hold.
pub const REDACTED: &str = "[redacted]";

/// Whether a text, or a part of it, was redacted so that two such texts are never known to be the same.
#[must_use]
pub fn is_redacted(text: &str) -> bool {
    text.contains(REDACTED)
}

/// Whether a text, or a part of it, was redacted in any way: what has a hash in its place is, too.
#[must_use]
pub fn is_hidden(text: &str) -> bool {
    is_redacted(text) || text.contains(pseudonym::BEGINNING)
}

/// What is redacted in a run.
#[derive(Debug, Default)]
pub struct Redaction {
    /// Nothing but `paths`.
    off: bool,
    paths: Vec<AnswerPath>,
    /// The rules of the functions that were asked for so far.
    rules: Mutex<HashMap<String, Rules>>,
}

/// What a service says, without what looks like a secret in it.
#[must_use]
pub fn without_secrets(message: &str) -> String {
    text::clean(message, "").map_or_else(|| message.to_owned(), |cleaned| cleaned.text)
}

impl Redaction {
    /// Redacts what is sensitive, and `paths` besides.
    #[must_use]
    pub fn new(paths: Vec<AnswerPath>) -> Self {
        Self { off: false, paths, rules: Mutex::default() }
    }

    /// Redacts `paths` and nothing else. What looks like a secret is still reported.
    #[must_use]
    pub fn only(paths: Vec<AnswerPath>) -> Self {
        Self { off: true, ..Self::new(paths) }
    }

    /// What is done with the answers of a function.
    #[must_use]
    pub fn rules(&self, function: &Function) -> Rules {
        let mut known = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{}:{}", function.service().name, function.name());
        known.entry(name).or_insert_with(|| self.make(function)).clone()
    }

    fn make(&self, function: &Function) -> Rules {
        let mut masks = Vec::new();
        if !self.off {
            // A row knows more of its place than the model does, and what is redacted once stays so.
            masks.extend(curated::masks(function));
            masks.extend(model_masks::of_model(function));
        }
        masks.extend(self.paths.iter().filter(|path| path.is_for(function)).map(AnswerPath::mask));
        Rules::new(Arc::from(masks), !self.off)
    }
}
