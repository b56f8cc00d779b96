//! The history of the pages of one response, for detecting pagination that never ends.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use super::response::ResponsePage;
use crate::model::catalog::Pagination;
use crate::util::plural::plural;

/// The maximum number of pages of one response.
///
/// Lists of 100,000 items with one item per page exist. A service that returns new tokens forever is stopped here.
pub const MOST_PAGES: u32 = 1_000_000;

/// The maximum number of consecutive pages without an item.
///
/// Services that filter after paging return empty pages: `DescribeParameters` of Systems Manager examines 50
/// parameters per page (boto/boto3#1632), and an account and region has up to 110,000
/// (docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html).
pub const MOST_EMPTY_PAGES: u32 = 2_500;

/// The maximum number of remembered tokens. All tokens of a list of 100,000 pages fit; in a longer list they are
/// cleared and collected again.
const MAX_TOKENS: usize = 1 << 17;

/// Counters of the pages so far, and hashes that detect repeated pages.
#[derive(Default)]
pub(super) struct PageHistory {
    pages: u32,
    empty_in_a_row: u32,
    most_empty: u32,
    items: u64,
    items_of_page: u64,
    /// Hashes of the tokens, allocated with the first one.
    tokens: HashSet<u64>,
    hasher: RandomState,
    /// Hashes of the first, the previous and the last page.
    first: Option<u64>,
    before: Option<u64>,
    last: Option<u64>,
    is_in_a_cycle: bool,
}

impl PageHistory {
    /// Creates an empty history; `most_empty` consecutive pages may be empty.
    pub(super) fn new(most_empty: u32) -> Self {
        Self { most_empty, ..Self::default() }
    }

    /// Records the tokens that the spec starts with.
    pub(super) fn start(&mut self, pagination: &Pagination, parameters: &Map<String, Value>) {
        let tokens = || pagination.input_tokens.iter().map(|name| parameters.get(&**name));
        if tokens().any(|token| token.is_some()) {
            let token = self.hash_of(tokens());
            self.tokens.insert(token);
        }
    }

    /// Counts a page.
    pub(super) fn page(&mut self, pagination: &Pagination, response: &ResponsePage) {
        self.pages += 1;
        let lists = || pagination.result_keys.iter().filter_map(|key| key.find_in(&response.members));
        let listed = response.listing.as_ref().map_or(0, |listing| listing.count);
        let count = |value: &Value| match value {
            Value::Array(items) => items.len() as u64,
            Value::Object(members) => members.len() as u64,
            Value::String(text) => u64::from(!text.is_empty()),
            _ => 0,
        };
        self.items_of_page = listed + lists().map(count).sum::<u64>();
        self.items += self.items_of_page;
        self.empty_in_a_row = if self.items_of_page == 0 { self.empty_in_a_row + 1 } else { 0 };

        // The first and last items of the lists identify a page, at the same cost for large ones.
        let text = response.listing.as_ref().map(|listing| ends(&listing.text));
        let lists: Vec<_> = lists()
            .map(|value| value.as_array().map_or((Some(value), None), |items| (items.first(), items.last())))
            .collect();
        self.before = self.last;
        self.last = Some(self.hasher.hash_one((self.items_of_page, text, lists)));
        self.first = self.first.or(self.last);
    }

    /// Records the tokens of the next page, and returns whether they are new.
    pub(super) fn is_new_token<'token>(
        &mut self,
        tokens: impl Iterator<Item = &'token Option<Value>>,
    ) -> bool {
        if self.tokens.len() >= MAX_TOKENS {
            self.tokens.clear();
        }
        let token = self.hash_of(tokens.map(Option::as_ref));
        let is_new = self.tokens.insert(token);
        self.is_in_a_cycle |= !is_new;
        is_new
    }

    /// Returns whether the tokens form a cycle and the last page repeats an earlier one.
    pub(super) fn repeats_a_page(&self) -> bool {
        self.is_in_a_cycle && self.pages > 1 && (self.last == self.before || self.last == self.first)
    }

    /// Returns the reason why no further page is requested although there is a new token.
    pub(super) fn exceeds_a_bound(&self) -> Option<String> {
        if self.empty_in_a_row >= self.most_empty {
            Some(format!(
                "the last {} had no items but a token for another page; the pages before them are kept",
                plural(self.empty_in_a_row, "page")
            ))
        } else if self.pages >= MOST_PAGES {
            Some(format!("the response has more than {MOST_PAGES} pages; these are kept"))
        } else {
            None
        }
    }

    /// Returns the number of items of all pages.
    pub(super) fn items(&self) -> u64 {
        self.items
    }

    /// Returns the number of items of the last page.
    pub(super) fn items_of_page(&self) -> u64 {
        self.items_of_page
    }

    fn hash_of<'token>(&self, tokens: impl Iterator<Item = Option<&'token Value>>) -> u64 {
        // Their order is that of the request's members; a missing token differs from an empty one.
        tokens.fold(0, |hash, token| self.hasher.hash_one((hash, token)))
    }
}

/// Returns the length, the start and the end of a text.
fn ends(text: &[u8]) -> (usize, &[u8], &[u8]) {
    const EDGE: usize = 512;
    let start = &text[..text.len().min(EDGE)];
    (text.len(), start, &text[text.len().saturating_sub(EDGE)..])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{MAX_TOKENS, MOST_PAGES, PageHistory};
    use crate::aws::client::ResponsePage;
    use crate::model::catalog::{Catalog, Function, Pagination};

    fn pagination() -> Pagination {
        let service = Catalog::embedded().expect("opens").service("sqs").expect("loads").expect("exists");
        let function = Function::find(&service, "list_queues").expect("exists");
        function.operation().pagination.clone().expect("it pages")
    }

    fn response(members: &Value) -> ResponsePage {
        let members = members.as_object().cloned().expect("an object");
        ResponsePage { members, listing: None, request_id: None, attempts: 1 }
    }

    fn is_new(history: &mut PageHistory, token: impl Into<Value>) -> bool {
        history.is_new_token([Some(token.into())].iter())
    }

    #[test]
    fn a_hundred_thousand_items_may_come_one_by_one() {
        let (pagination, mut history) = (pagination(), PageHistory::new(2));
        for page in 0..100_000 {
            history.page(&pagination, &response(&json!({"QueueUrls": [page]})));
            assert!(is_new(&mut history, page.to_string()), "{page}");
            assert_eq!(history.exceeds_a_bound(), None, "{page}");
        }
        assert!(!is_new(&mut history, "7"));
        assert_eq!(history.items(), 100_000);
    }

    #[test]
    fn memory_for_tokens_is_bounded_and_circles_are_still_noticed() {
        let mut history = PageHistory::new(1);
        for token in 0..MAX_TOKENS + 10 {
            assert!(is_new(&mut history, token));
        }
        assert!(history.tokens.len() <= MAX_TOKENS);
        assert!(!is_new(&mut history, MAX_TOKENS + 5));
    }

    #[test]
    fn pages_are_bounded_in_number_and_those_without_items_in_a_row() {
        let (pagination, mut history) = (pagination(), PageHistory::new(2));
        let (full, empty) = (response(&json!({"QueueUrls": ["a"]})), response(&json!({"QueueUrls": []})));
        for page in [&full, &empty, &full, &empty] {
            history.page(&pagination, page);
            assert_eq!(history.exceeds_a_bound(), None);
        }
        history.page(&pagination, &empty);
        assert!(history.exceeds_a_bound().expect("a bound").contains("the last 2 pages had no items"));
        history.pages = MOST_PAGES - 1;
        history.page(&pagination, &full);
        assert!(history.exceeds_a_bound().expect("a bound").contains("more than 1000000 pages"));
    }

    #[test]
    fn tokens_are_told_apart_by_all_of_them() {
        let mut history = PageHistory::new(1);
        let mut add = |tokens: [Option<Value>; 2]| history.is_new_token(tokens.iter());
        assert!(add([Some(json!("a")), Some(json!("b"))]));
        assert!(add([Some(json!("a")), None]));
        assert!(add([None, Some(json!("a"))]));
        assert!(add([Some(json!("b")), Some(json!("a"))]));
        assert!(!add([Some(json!("a")), None]));
    }
}
