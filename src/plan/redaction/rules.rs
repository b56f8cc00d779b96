//! The redaction rules for the responses of one function.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::mask::Mask;
use super::pseudonym::Pseudonyms;
use super::secrets::{self, FoundSecret};
use super::text::{Hint, may_hold};

/// The redaction rules for the responses of one function. They are cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules {
    masks: Arc<[Mask]>,
    /// Whether likely secrets are replaced, and not only reported.
    replaces: bool,
    /// Whether the responses have maps whose entries may have any name.
    has_maps: bool,
}

/// The counts of a redaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedactionCounts {
    /// The number of values that were replaced because of their path.
    pub redacted: u64,
    /// Likely secrets in the other values.
    pub secrets: Vec<FoundSecret>,
}

impl Rules {
    pub(super) fn new(masks: Arc<[Mask]>, replaces: bool) -> Self {
        let has_maps = masks.iter().any(Mask::has_maps);
        Self { masks, replaces, has_maps }
    }

    /// Redacts a page of a response of this account.
    pub fn clean(&self, members: &mut Map<String, Value>, account: &str) -> RedactionCounts {
        let pseudonyms = Pseudonyms { account };
        let redacted = self.masks.iter().map(|mask| mask.apply(members, pseudonyms)).sum();
        RedactionCounts { redacted, secrets: secrets::find(members, self.replaces) }
    }

    /// Returns whether no value in a member of the response is redacted by its path, so that the member need not
    /// be parsed unless its text contains the name of a secret.
    #[must_use]
    pub fn keep_as_is(&self, member: &str) -> bool {
        !self.masks.iter().any(|mask| mask.leads_into(member))
    }

    /// Works as [`Rules::clean`], for a member that is a list and was already serialized: its items, each with a
    /// comma before it. `None` if it contains no secret.
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
    /// Returns the number of secrets that were found.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.secrets.iter().map(|secret| secret.count).sum()
    }

    /// Adds the counts of another page of the same response.
    pub fn add(&mut self, page: Self) {
        self.redacted += page.redacted;
        for secret in page.secrets {
            secrets::add(&mut self.secrets, secret);
        }
    }
}
