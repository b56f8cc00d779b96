//! What is done with the answers of one function.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::mask::Mask;
use super::secrets::{self, Secret};

/// The rules for the answers of one function. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules {
    masks: Arc<[Mask]>,
    /// What looks like a secret is replaced, and not only reported.
    replaces: bool,
}

/// What became of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many values were replaced because of where they stand.
    pub redacted: u64,
    /// What looks like a secret in what is left.
    pub secrets: Vec<Secret>,
}

impl Rules {
    pub(super) fn new(masks: Arc<[Mask]>, replaces: bool) -> Self {
        Self { masks, replaces }
    }

    /// Takes out of a page of an answer what results must not hold.
    pub fn clean(&self, members: &mut Map<String, Value>) -> Cleaned {
        let redacted = self.masks.iter().map(|mask| mask.apply(members)).sum();
        Cleaned { redacted, secrets: secrets::find(members, self.replaces) }
    }
}

impl Cleaned {
    /// How many secrets were found.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.secrets.iter().map(|secret| secret.count).sum()
    }

    /// Adds what became of another page of the same answer.
    pub fn add(&mut self, page: Self) {
        self.redacted += page.redacted;
        for secret in page.secrets {
            secrets::add(&mut self.secrets, secret);
        }
    }
}
