//! What is known of the pages that were read of one answer: enough to notice that they will not end.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use super::answer::Answer;
use super::pages::{MOST_EMPTY_PAGES, MOST_PAGES};
use crate::catalog::Pagination;

/// How many tokens are remembered. A list of 100,000 pages has all of them in here; a longer one forgets
/// and begins again.
const TOKENS: usize = 1 << 17;

/// Counts of the pages so far, and what tells one that is met again.
#[derive(Default)]
pub(super) struct PageHistory {
    pages: u32,
    empty_in_a_row: u32,
    items: u64,
    items_of_page: u64,
    /// Hashes of the tokens, made when there is a first one.
    tokens: HashSet<u64>,
    hasher: RandomState,
    /// What the first, the last but one and the last page look like.
    first: Option<u64>,
    before: Option<u64>,
    last: Option<u64>,
    is_in_a_circle: bool,
}

impl PageHistory {
    /// Notes the tokens that the spec begins with.
    pub(super) fn begin(&mut self, pagination: &Pagination, parameters: &Map<String, Value>) {
        let tokens = || pagination.input_tokens.iter().map(|name| parameters.get(&**name));
        if tokens().any(|token| token.is_some()) {
            let token = self.hash_of(tokens());
            self.tokens.insert(token);
        }
    }

    /// Counts a page.
    pub(super) fn page(&mut self, pagination: &Pagination, answer: &Answer) {
        self.pages += 1;
        let lists = || pagination.result_keys.iter().filter_map(|key| key.find_in(&answer.members));
        let listed = answer.listing.as_ref().map_or(0, |listing| listing.count);
        let count = |value: &Value| match value {
            Value::Array(items) => items.len() as u64,
            Value::Object(members) => members.len() as u64,
            Value::String(text) => u64::from(!text.is_empty()),
            _ => 0,
        };
        self.items_of_page = listed + lists().map(count).sum::<u64>();
        self.items += self.items_of_page;
        self.empty_in_a_row = if self.items_of_page == 0 { self.empty_in_a_row + 1 } else { 0 };

        // The ends of its lists are enough to know a page by, and cost the same for large ones.
        let text = answer.listing.as_ref().map(|listing| ends(&listing.text));
        let lists: Vec<_> = lists()
            .map(|value| value.as_array().map_or((Some(value), None), |items| (items.first(), items.last())))
            .collect();
        self.before = self.last;
        self.last = Some(self.hasher.hash_one((self.items_of_page, text, lists)));
        self.first = self.first.or(self.last);
    }

    /// Notes the tokens of the next page; tells whether they are new.
    pub(super) fn is_new_token<'token>(
        &mut self,
        tokens: impl Iterator<Item = &'token Option<Value>>,
    ) -> bool {
        if self.tokens.len() >= TOKENS {
            self.tokens.clear();
        }
        let token = self.hash_of(tokens.map(Option::as_ref));
        let is_new = self.tokens.insert(token);
        self.is_in_a_circle |= !is_new;
        is_new
    }

    /// Whether the tokens go in a circle, and the last page is one that was there before.
    pub(super) fn repeats_a_page(&self) -> bool {
        self.is_in_a_circle && self.pages > 1 && (self.last == self.before || self.last == self.first)
    }

    /// Why no further page is requested although there is a new token for it.
    pub(super) fn exceeds_a_bound(&self) -> Option<String> {
        if self.empty_in_a_row >= MOST_EMPTY_PAGES {
            Some(format!(
                "the last {MOST_EMPTY_PAGES} pages had no items, and each named a next one; the pages before them are kept"
            ))
        } else if self.pages >= MOST_PAGES {
            Some(format!("the answer has more than {MOST_PAGES} pages; these are kept"))
        } else {
            None
        }
    }

    /// How many items all pages had.
    pub(super) fn items(&self) -> u64 {
        self.items
    }

    /// How many items the last page had.
    pub(super) fn items_of_page(&self) -> u64 {
        self.items_of_page
    }

    fn hash_of<'token>(&self, tokens: impl Iterator<Item = Option<&'token Value>>) -> u64 {
        // Their order is that of the request's members; a missing one is not an empty one.
        tokens.fold(0, |hash, token| self.hasher.hash_one((hash, token)))
    }
}

/// Length, beginning and end of a text.
fn ends(text: &[u8]) -> (usize, &[u8], &[u8]) {
    const SHOWN: usize = 512;
    let begin = &text[..text.len().min(SHOWN)];
    (text.len(), begin, &text[text.len().saturating_sub(SHOWN)..])
}
