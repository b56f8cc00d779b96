//! Collects the pages of one call: directly into a spool if the result is one long list, in memory if a filter or
//! the shape of the response needs all of it.

use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use super::page_merge::Merged;
use crate::model::catalog::Function;
use crate::model::protocol::{Listing, ListingOf};
use crate::run::{CallResult, ListPlace, ListSpool};

/// Collects pages until the call is complete.
pub struct Collector {
    function: Function,
    mode: Mode,
    items: u64,
    max_items: Option<u64>,
    cut: bool,
}

enum Mode {
    /// The result is this list.
    List { key: String, spool: ListSpool },
    /// The result is the whole response, in which this list is the long member.
    Answer { key: String, spool: ListSpool, seen: bool, rest: Merged },
    /// The result is derived from the merged response.
    Merge(Merged),
    /// The result is the only page.
    Page(Map<String, Value>),
}

/// The collected pages of a call.
pub enum Collected {
    /// A result that is ready to be written.
    Result(CallResult),
    /// The complete, merged response, from which the result is selected.
    Answer(Map<String, Value>),
}

impl Collected {
    /// Returns the complete response, if it was collected.
    pub(super) fn into_answer(self) -> Option<Map<String, Value>> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Result(_) => None,
        }
    }
}

/// The part of the response that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedMember<'spec> {
    /// The whole response.
    Whole,
    /// One top-level member.
    Key(&'spec str),
    /// The output of a filter of the whole response.
    Filtered,
}

impl Collector {
    /// Creates a collector of the `wanted` part of the responses of `function`. Long lists overflow into `folder`;
    /// `depth` is their nesting depth in the result file.
    #[must_use]
    pub fn new(
        function: &Function,
        wanted: WantedMember<'_>,
        max_items: Option<u64>,
        folder: &Path,
        depth: usize,
    ) -> Self {
        let pagination = function.operation().pagination.iter();
        let keys: Vec<_> = pagination
            .flat_map(|pagination| pagination.result_keys.iter().map(|path| path.top_level()))
            .collect();
        let mode = match wanted {
            WantedMember::Key(key) if keys.contains(&Some(key)) && is_list(function, key) => {
                Mode::List { key: key.to_owned(), spool: ListSpool::new(folder, depth) }
            }
            WantedMember::Whole => match keys.as_slice() {
                [Some(key)] if is_list(function, key) => Mode::Answer {
                    key: (*key).to_owned(),
                    spool: ListSpool::new(folder, depth + 1),
                    seen: false,
                    rest: Merged::default(),
                },
                _ => Mode::Merge(Merged::default()),
            },
            _ => Mode::Merge(Merged::default()),
        };
        Self { function: function.clone(), mode, items: 0, max_items, cut: false }
    }

    /// Sets the place of a long list in its result file, to which it is written page by page.
    pub(super) fn set_place(&mut self, place: Box<dyn ListPlace>) {
        match &mut self.mode {
            Mode::List { spool, .. } => spool.set_place(place, None),
            Mode::Answer { key, spool, .. } => spool.set_place(place, Some(key)),
            Mode::Merge(_) | Mode::Page(_) => {}
        }
    }

    /// Returns a second collector for the same pages, which collects the complete response.
    #[must_use]
    pub(super) fn with_additional(&self) -> Self {
        Self {
            function: self.function.clone(),
            mode: Mode::Merge(Merged::default()),
            items: 0,
            max_items: self.max_items,
            cut: false,
        }
    }

    /// Returns the list of the pages that may stay JSON text, because no filter or limit needs its items.
    #[must_use]
    pub fn listing(&self) -> Option<ListingOf> {
        match &self.mode {
            Mode::List { key, spool } | Mode::Answer { key, spool, .. } if self.max_items.is_none() => {
                Some(ListingOf { member: key.clone(), depth: spool.depth() })
            }
            _ => None,
        }
    }

    /// Adds a page whose list is JSON text.
    pub fn listed_page(&mut self, listing: Listing, rest: Map<String, Value>) -> io::Result<()> {
        self.page(rest)?;
        match &mut self.mode {
            Mode::List { spool, .. } => {
                spool.append(listing)?;
                self.items = spool.len();
            }
            Mode::Answer { spool, seen, .. } => {
                *seen = true;
                spool.append(listing)?;
                self.items = spool.len();
            }
            Mode::Merge(_) | Mode::Page(_) => {}
        }
        Ok(())
    }

    /// Removes the items of a page for which the spec's `max_items` leaves no room.
    pub(super) fn limit(&mut self, page: &mut Map<String, Value>) {
        let Some(max) = self.max_items else { return };
        let room = usize::try_from(max.saturating_sub(self.items)).unwrap_or(usize::MAX);
        let pagination = self.function.operation().pagination.as_ref();
        let Some(path) = pagination.and_then(|pagination| pagination.result_keys.first()) else { return };
        let list = match &self.mode {
            Mode::List { key, .. } | Mode::Answer { key, .. } => page.get_mut(key.as_str()),
            Mode::Merge(_) if path.find_in(page).is_some() => path.entry(page),
            Mode::Merge(_) | Mode::Page(_) => None,
        };
        if let Some(Value::Array(items)) = list
            && items.len() > room
        {
            items.truncate(room);
            self.cut = true;
        }
    }

    /// Adds a page.
    pub fn page(&mut self, mut page: Map<String, Value>) -> io::Result<()> {
        let function = self.function.clone();
        let Some(pagination) = &function.operation().pagination else {
            self.items = count_items(&page);
            self.mode = Mode::Page(page);
            return Ok(());
        };
        self.limit(&mut page);
        let room = self.max_items.map(|max| max.saturating_sub(self.items));
        match &mut self.mode {
            Mode::List { key, spool } => {
                let items = page.remove(key.as_str());
                self.cut |= push_items(spool, items, room)?;
                self.items = spool.len();
            }
            Mode::Answer { key, spool, seen, rest } => {
                let items = page.remove(key.as_str());
                *seen |= items.is_some();
                self.cut |= push_items(spool, items, room)?;
                self.items = spool.len();
                rest.add(page, pagination);
            }
            Mode::Merge(merged) => {
                let primary = pagination.result_keys.first();
                self.items += primary.and_then(|path| path.find_in(&page)).map_or(0, count);
                merged.add(page, pagination);
            }
            Mode::Page(_) => {}
        }
        Ok(())
    }

    /// Returns the number of items so far.
    #[must_use]
    pub fn items(&self) -> u64 {
        self.items
    }

    /// Returns whether the spec's `max_items` is reached.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.max_items.is_some_and(|max| self.items >= max)
    }

    /// Returns whether items were dropped because of `max_items`.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns the collected pages.
    #[must_use]
    pub fn finish(self) -> Collected {
        match self.mode {
            Mode::List { spool, .. } => Collected::Result(CallResult::List(spool)),
            Mode::Answer { key, spool, seen: true, rest } => {
                Collected::Result(CallResult::Answer { key, items: spool, rest: rest.finish() })
            }
            Mode::Answer { rest, .. } => Collected::Result(CallResult::Value(Value::Object(rest.finish()))),
            Mode::Merge(merged) => Collected::Answer(merged.finish()),
            Mode::Page(page) => Collected::Answer(page),
        }
    }
}

/// Adds the items of a page, at most `room`. Returns whether items were dropped.
fn push_items(spool: &mut ListSpool, items: Option<Value>, room: Option<u64>) -> io::Result<bool> {
    let items = match items {
        None | Some(Value::Null) => return Ok(false),
        Some(Value::Array(items)) => items,
        // The service returned a single value where its model has a list: keep it.
        Some(single) => vec![single],
    };
    let room = room.map_or(usize::MAX, |room| usize::try_from(room).unwrap_or(usize::MAX));
    for item in items.iter().take(room) {
        spool.push(item)?;
    }
    Ok(items.len() > room)
}

fn is_list(function: &Function, key: &str) -> bool {
    use crate::model::catalog::ShapeKind;
    let service = function.service();
    service
        .output(function.operation())
        .and_then(|output| output.member(key))
        .is_some_and(|(_, member)| matches!(service.kind(member.reference.shape), ShapeKind::List(_)))
}

/// Returns the number of items in a merged response: those at the result keys, if the function paginates.
#[must_use]
pub(super) fn count_items_of(function: &Function, answer: &Map<String, Value>) -> u64 {
    match &function.operation().pagination {
        Some(pagination) => {
            pagination.result_keys.iter().filter_map(|key| key.find_in(answer)).map(count).sum()
        }
        None => count_items(answer),
    }
}

/// Returns the number of items in a response: the elements of its lists, or 1 if it has members but no lists.
fn count_items(answer: &Map<String, Value>) -> u64 {
    let mut lists = answer.values().filter_map(Value::as_array).peekable();
    if lists.peek().is_some() {
        lists.map(|items| items.len() as u64).sum()
    } else {
        u64::from(!answer.is_empty())
    }
}

/// Returns the number of items in a selected value.
#[must_use]
pub(super) fn count(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.len() as u64,
        Value::Object(members) => members.len() as u64,
        Value::String(text) => u64::from(!text.is_empty()),
        Value::Bool(_) | Value::Number(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Collected, Collector, WantedMember};
    use crate::model::catalog::{Catalog, Function};

    fn function(service: &str, name: &str) -> Function {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service(service).expect("loads").expect("exists");
        Function::find(&service, name).expect("exists")
    }

    fn collect(
        function: &Function,
        wanted: WantedMember<'_>,
        max_items: Option<u64>,
        pages: Vec<Value>,
    ) -> (Value, u64, bool) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut collector = Collector::new(function, wanted, max_items, folder.path(), 0);
        for page in pages {
            collector.page(page.as_object().cloned().expect("an object")).expect("takes a page");
        }
        let (items, cut) = (collector.items(), collector.is_cut());
        let value = match collector.finish() {
            Collected::Answer(answer) => Value::Object(answer),
            Collected::Result(result) => {
                let mut written = Vec::new();
                result.write_to(&mut written, 0).expect("writes");
                serde_json::from_slice(&written).expect("JSON")
            }
        };
        (value, items, cut)
    }

    fn reservations() -> Vec<Value> {
        vec![
            json!({"Reservations": [{"Id": 1}, {"Id": 2}], "NextToken": "t"}),
            json!({"Reservations": [{"Id": 3}]}),
        ]
    }

    #[test]
    fn a_key_gives_its_list_over_all_pages() {
        let function = function("ec2", "describe_instances");
        let collected = collect(&function, WantedMember::Key("Reservations"), None, reservations());
        assert_eq!(collected, (json!([{"Id": 1}, {"Id": 2}, {"Id": 3}]), 3, false));
    }

    #[test]
    fn a_whole_answer_is_what_boto3s_build_full_result_gives() {
        let function = function("ec2", "describe_instances");
        let (value, items, _) = collect(&function, WantedMember::Whole, None, reservations());
        assert_eq!((value, items), (json!({"Reservations": [{"Id": 1}, {"Id": 2}, {"Id": 3}]}), 3));
    }

    #[test]
    fn a_list_that_no_page_had_is_absent_as_in_boto3() {
        let function = function("ec2", "describe_instances");
        assert_eq!(collect(&function, WantedMember::Whole, None, vec![json!({})]).0, json!({}));
        assert_eq!(collect(&function, WantedMember::Key("Reservations"), None, vec![json!({})]).0, json!([]));
    }

    #[test]
    fn max_items_cuts_and_says_so() {
        let function = function("ec2", "describe_instances");
        for wanted in [WantedMember::Key("Reservations"), WantedMember::Whole, WantedMember::Filtered] {
            let (_, items, cut) = collect(&function, wanted, Some(1), reservations());
            assert_eq!((items, cut), (1, true), "{wanted:?}");
        }
    }

    #[test]
    fn an_answer_without_pages_is_kept_whole() {
        let identity = json!({"Account": "123456789012", "Arn": "a", "UserId": "u"});
        let function = function("sts", "get_caller_identity");
        assert_eq!(
            collect(&function, WantedMember::Whole, None, vec![identity.clone()]),
            (identity, 1, false)
        );
    }
}
