//! What is known of the pages that were read of one answer: enough to notice that they will not end.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use super::response::ResponsePage;
use crate::model::catalog::Pagination;
use crate::util::plural::plural;

/// The most pages that are read of one answer.
///
/// Lists of 100,000 items have come with one item a page. A service that hands out new tokens for ever ends
/// here.
pub const MOST_PAGES: u32 = 1_000_000;

/// The most pages in a row without an item.
///
/// Services that filter after they have paged answer with empty pages in between: `DescribeParameters` of Systems
/// Manager looks at 50 parameters for a page (boto/boto3#1632), and an account and region has up to 110,000
/// (docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html).
pub const MOST_EMPTY_PAGES: u32 = 2_500;

/// How many tokens are remembered. A list of 100,000 pages has all of them in here; a longer one forgets
/// and begins again.
const TOKENS: usize = 1 << 17;

/// Counts of the pages so far, and what tells one that is met again.
#[derive(Default)]
pub(super) struct PageHistory {
    pages: u32,
    empty_in_a_row: u32,
    most_empty: u32,
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
    /// No pages so far, of which `most_empty` may be empty in a row.
    pub(super) fn new(most_empty: u32) -> Self {
        Self { most_empty, ..Self::default() }
    }

    /// Notes the tokens that the spec begins with.
    pub(super) fn begin(&mut self, pagination: &Pagination, parameters: &Map<String, Value>) {
        let tokens = || pagination.input_tokens.iter().map(|name| parameters.get(&**name));
        if tokens().any(|token| token.is_some()) {
            let token = self.hash_of(tokens());
            self.tokens.insert(token);
        }
    }

    /// Counts a page.
    pub(super) fn page(&mut self, pagination: &Pagination, answer: &ResponsePage) {
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
        if self.empty_in_a_row >= self.most_empty {
            Some(format!(
                "the last {} had no items, and each named a next one; the pages before them are kept",
                plural(self.empty_in_a_row, "page")
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{MOST_PAGES, PageHistory, TOKENS};
    use crate::aws::client::ResponsePage;
    use crate::model::catalog::{Catalog, Function, Pagination};

    fn pagination() -> Pagination {
        let service = Catalog::embedded().expect("opens").service("sqs").expect("loads").expect("exists");
        let function = Function::find(&service, "list_queues").expect("exists");
        function.operation().pagination.clone().expect("it pages")
    }

    fn answer(members: &Value) -> ResponsePage {
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
            history.page(&pagination, &answer(&json!({"QueueUrls": [page]})));
            assert!(is_new(&mut history, page.to_string()), "{page}");
            assert_eq!(history.exceeds_a_bound(), None, "{page}");
        }
        assert!(!is_new(&mut history, "7"));
        assert_eq!(history.items(), 100_000);
    }

    #[test]
    fn memory_for_tokens_is_bounded_and_circles_are_still_noticed() {
        let mut history = PageHistory::new(1);
        for token in 0..TOKENS + 10 {
            assert!(is_new(&mut history, token));
        }
        assert!(history.tokens.len() <= TOKENS);
        assert!(!is_new(&mut history, TOKENS + 5));
    }

    #[test]
    fn pages_are_bounded_in_number_and_those_without_items_in_a_row() {
        let (pagination, mut history) = (pagination(), PageHistory::new(2));
        let (full, empty) = (answer(&json!({"QueueUrls": ["a"]})), answer(&json!({"QueueUrls": []})));
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
