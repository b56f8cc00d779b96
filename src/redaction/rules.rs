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

    /// Whether no mask leads into a member of the answer, so that nobody need take it apart.
    #[must_use]
    pub fn leave(&self, member: &str) -> bool {
        !self.masks.iter().any(|mask| mask.leads_into(member))
    }

    /// As [`Rules::clean`], for a member that is a list and was written as text already: its items,
    /// each with a comma before it. `None` when nothing in it looks like a secret.
    #[must_use]
    pub fn clean_list(&self, member: &str, text: &[u8]) -> Option<(Value, Cleaned)> {
        if !secrets::may_be_in(text) {
            return None;
        }
        let items = [b"[", text.get(1..)?, b"]"].concat();
        let mut members = Map::from_iter([(member.to_owned(), serde_json::from_slice(&items).ok()?)]);
        let secrets = secrets::find(&mut members, self.replaces);
        let items = members.remove(member).filter(|_| !secrets.is_empty())?;
        Some((items, Cleaned { redacted: 0, secrets }))
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
