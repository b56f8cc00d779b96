//! What is done with the answers of one function.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::mask::Mask;
use super::pseudonym::Pseudonyms;
use super::secrets::{self, FoundSecret};
use super::text::{Hint, may_hold};

/// The rules for the answers of one function. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules {
    masks: Arc<[Mask]>,
    /// What looks like a secret is replaced, and not only reported.
    replaces: bool,
    /// There are maps in the answers whose entries may have any name.
    has_maps: bool,
}

/// What became of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedactionCounts {
    /// How many values were replaced because of where they stand.
    pub redacted: u64,
    /// What looks like a secret in what is left.
    pub secrets: Vec<FoundSecret>,
}

impl Rules {
    pub(super) fn new(masks: Arc<[Mask]>, replaces: bool) -> Self {
        let has_maps = masks.iter().any(Mask::has_maps);
        Self { masks, replaces, has_maps }
    }

    /// Takes out of a page of an answer of this account what results must not hold.
    pub fn clean(&self, members: &mut Map<String, Value>, account: &str) -> RedactionCounts {
        let pseudonyms = Pseudonyms { account };
        let redacted = self.masks.iter().map(|mask| mask.apply(members, pseudonyms)).sum();
        RedactionCounts { redacted, secrets: secrets::find(members, self.replaces) }
    }

    /// Whether nothing in a member of the answer is redacted whatever its values are called, so that it need
    /// not be taken apart unless something in its text is called after a secret.
    #[must_use]
    pub fn keep_as_is(&self, member: &str) -> bool {
        !self.masks.iter().any(|mask| mask.leads_into(member))
    }

    /// As [`Rules::clean`], for a member that is a list and was written as text already: its items,
    /// each with a comma before it. `None` when nothing in it is a secret.
    #[must_use]
    pub fn clean_list(&self, member: &str, text: &[u8], account: &str) -> Option<(Value, RedactionCounts)> {
        let sounding =
            self.masks.iter().map(Mask::sounding).find(|members| !members.is_empty()).unwrap_or_default();
        let hint = Hint { sounding, has_maps: self.has_maps, is_json: true };
        if !may_hold(text, &hint) {
            return None;
        }
        let items = [b"[", text.get(1..)?, b"]"].concat();
        let mut members = Map::from_iter([(member.to_owned(), serde_json::from_slice(&items).ok()?)]);
        let cleaned = self.clean(&mut members, account);
        let items = members.remove(member).filter(|_| cleaned != RedactionCounts::default())?;
        Some((items, cleaned))
    }
}

impl RedactionCounts {
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
