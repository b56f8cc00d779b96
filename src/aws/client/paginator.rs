//! Pagination: requests pages until the response is complete.

use serde_json::{Map, Value};

use super::aws_client::AccountClient;
use super::call_request::CallRequest;
use super::error::{CallError, CallErrorKind};
use super::page_history::{MOST_EMPTY_PAGES, PageHistory};
use super::response::ResponsePage;
use super::unread::is_true;
use super::{handlers, page_size, unread};
use crate::model::catalog::{Function, MemberPath, NextPage, Origin, Pagination};
use crate::model::protocol::ListingOf;
use crate::names::Region;
use crate::util::plural::plural;

/// Functions that search records, as service and operation: a page reads a megabyte whether any record matches or
/// not (documentation of the operations in botocore's models). They may have more empty pages in a row than
/// others.
const SEARCHES: [(&str, &str); 4] =
    [("dynamodb", "Query"), ("dynamodb", "Scan"), ("logs", "FilterLogEvents"), ("logs", "GetLogEvents")];
const MOST_EMPTY_PAGES_OF_A_SEARCH: u32 = 100_000;

/// The pages of one call. Not a `Stream`, because the caller waits for limits between pages.
pub struct Pages {
    client: AccountClient,
    function: Function,
    region: Region,
    parameters: Map<String, Value>,
    listing: Option<ListingOf>,
    /// The parameter of the page size that this program added, until the first page has been received.
    added: Option<String>,
    history: PageHistory,
    /// The error for pages that end before the response is complete; returned after the last page.
    cut_off: Option<CallError>,
    finished: bool,
}

/// The continuation after a page.
enum Next {
    /// Another page, which is requested with these parameters; parameters without a value are not sent.
    Page(Vec<(Box<str>, Option<Value>)>),
    /// The end: the response is complete.
    End,
    /// An early end: more exists, but cannot be requested.
    CutOff(String),
}

impl AccountClient {
    /// Returns the pages of a function's response, one after the other.
    #[must_use]
    pub fn pages(&self, function: &Function, region: &Region, parameters: Map<String, Value>) -> Pages {
        Pages::new(self.clone(), function.clone(), region.clone(), parameters)
    }
}

impl Pages {
    pub(super) fn new(
        client: AccountClient,
        function: Function,
        region: Region,
        mut parameters: Map<String, Value>,
    ) -> Self {
        handlers::fix_parameters(&function, &mut parameters);
        let mut added = None;
        if let Some((key, size)) = page_size::to_add(&function, &parameters) {
            parameters.insert(key.clone(), size);
            added = Some(key);
        }
        let (service, operation) = (&*function.service().name, &*function.operation().name);
        let searches = SEARCHES.contains(&(service, operation));
        let mut history =
            PageHistory::new(if searches { MOST_EMPTY_PAGES_OF_A_SEARCH } else { MOST_EMPTY_PAGES });
        if let Some(pagination) = &function.operation().pagination {
            history.start(pagination, &parameters);
        }
        Self {
            client,
            function,
            region,
            parameters,
            listing: None,
            added,
            history,
            cut_off: None,
            finished: false,
        }
    }

    /// Requests one list of the responses as text, where possible; [`ResponsePage::listing`] then contains it
    /// instead of the members.
    #[must_use]
    pub fn with_listing(mut self, requested: Option<ListingOf>) -> Self {
        let (service, operation) = (self.function.service(), self.function.operation());
        self.listing = requested.filter(|requested| {
            requested.can_be_read(service, operation) && !handlers::fixes_answer(&self.function)
        });
        self
    }

    /// Returns whether the last page was read and the response is complete.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.finished && self.cut_off.is_none()
    }

    /// Fetches the next page; `None` after the last one. After an error, the same page may be requested again.
    ///
    /// Where more exists but no further page can be requested, the error is returned after the last page.
    pub async fn next(&mut self) -> Result<Option<ResponsePage>, CallError> {
        if let Some(error) = self.cut_off.take() {
            self.finished = true;
            return Err(error);
        }
        if self.finished {
            return Ok(None);
        }
        let response = self.fetch().await?;
        self.added = None;
        let function = self.function.clone();
        let pagination = function.operation().pagination.as_ref();
        let next = match pagination {
            Some(pagination) => self.after(pagination, &response),
            None => Next::End,
        };
        let next = match next {
            Next::End => match unread::member(&function, &response.members) {
                Some(member) => Next::CutOff(format!(
                    "`{member}` indicates that more exists, but it cannot be requested; the pages read so far \
                     are kept"
                )),
                None => Next::End,
            },
            next => next,
        };
        match next {
            Next::Page(parameters) => {
                for (name, value) in parameters {
                    match value {
                        Some(value) => self.parameters.insert(name.into(), value),
                        None => self.parameters.shift_remove(&*name),
                    };
                }
                handlers::fix_parameters(&function, &mut self.parameters);
            }
            Next::End => self.finished = true,
            Next::CutOff(why) => {
                self.finished = true;
                let mut error = CallError::new(CallErrorKind::Pagination, why);
                error.request_id.clone_from(&response.request_id);
                if self.history.repeats_a_page() {
                    error.attempts = response.attempts;
                    return Err(error);
                }
                self.cut_off = Some(error);
            }
        }
        Ok(Some(response))
    }

    /// Requests a page. When the service rejects the parameters of the first one, it is requested again
    /// without the page size that this program added.
    async fn fetch(&mut self) -> Result<ResponsePage, CallError> {
        let rejected = match self.send().await {
            Err(error) if self.added.as_ref().is_some_and(|added| page_size::is_refused(&error, added)) => {
                error
            }
            outcome => return outcome,
        };
        if let Some(added) = self.added.take() {
            tracing::debug!(target: "scan::calls", function = %self.function, "retrying without {added}: {rejected}");
            self.parameters.shift_remove(&added);
        }
        match self.send().await {
            Ok(response) => Ok(ResponsePage { attempts: response.attempts + rejected.attempts, ..response }),
            Err(error) => Err(CallError { attempts: error.attempts + rejected.attempts, ..error }),
        }
    }

    async fn send(&self) -> Result<ResponsePage, CallError> {
        let Self { function, region, parameters, listing, .. } = self;
        self.client.send(CallRequest { function, region, parameters, listing: listing.as_ref() }).await
    }

    /// Determines the continuation after the page `response`.
    fn after(&mut self, pagination: &Pagination, response: &ResponsePage) -> Next {
        self.history.page(pagination, response);
        let next = match &pagination.turning {
            NextPage::Tokens => {
                next_tokens(pagination, &response.members).map(|tokens| named(pagination, tokens))
            }
            NextPage::RepeatedToken => self.unless_repeated(pagination, &response.members),
            NextPage::PageNumber { total } => {
                return self.counted(pagination, total, &response.members, true);
            }
            NextPage::ItemOffset { total } => {
                return self.counted(pagination, total, &response.members, false);
            }
        };
        let Some(parameters) = next else { return Next::End };
        if !self.history.is_new_token(parameters.iter().map(|(_, token)| token)) {
            // botocore raises PaginationError here: requesting further pages would never end.
            return Next::CutOff(
                "the service returned the same page token twice; the pages before it are kept".to_owned(),
            );
        }
        match self.history.exceeds_a_bound() {
            Some(why) => Next::CutOff(why),
            None => Next::Page(parameters),
        }
    }

    /// Returns the token of a log's next page, which is present in every response. Requests that do not start at
    /// the head start at the tail, and read towards the head.
    fn unless_repeated(
        &self,
        pagination: &Pagination,
        members: &Map<String, Value>,
    ) -> Option<Vec<(Box<str>, Option<Value>)>> {
        let input = pagination.input_tokens.first()?;
        let forward = self.parameters.get("startFromHead") == Some(&Value::Bool(true));
        let mut outputs = pagination.output_tokens.iter();
        let output = if forward { outputs.next() } else { outputs.next_back() }?;
        let token = output.find_in(members).filter(|token| is_true(token))?;
        (self.parameters.get(&**input) != Some(token)).then(|| vec![(input.clone(), Some(token.clone()))])
    }

    /// Determines the number of the next page, or of its first item.
    fn counted(
        &self,
        pagination: &Pagination,
        total: &MemberPath,
        members: &Map<String, Value>,
        counts_pages: bool,
    ) -> Next {
        let Some(input) = pagination.input_tokens.first() else { return Next::End };
        let total = total.find_in(members).and_then(Value::as_u64).unwrap_or_default();
        let current = self.parameters.get(&**input).and_then(Value::as_u64);
        let items = self.history.items_of_page();
        // Where the spec starts at a later page, the items before it were not requested.
        let (next, read) = if counts_pages {
            (current.unwrap_or(1) + 1, self.history.items())
        } else {
            let next = current.unwrap_or_default() + items;
            (next, next)
        };
        match self.history.exceeds_a_bound() {
            _ if read >= total => Next::End,
            Some(why) => Next::CutOff(why),
            // Kendra finds 192 documents and returns 100 of them.
            None if items == 0 => Next::CutOff(format!(
                "the service has {} and returns only {read} of them",
                plural(total, "item")
            )),
            None => Next::Page(vec![(input.clone(), Some(Value::from(next)))]),
        }
    }
}

fn named(pagination: &Pagination, tokens: Vec<Option<Value>>) -> Vec<(Box<str>, Option<Value>)> {
    pagination.input_tokens.iter().cloned().zip(tokens).collect()
}

/// Returns the tokens of the next page; `None` when there is none (`botocore/paginate.py`,
/// `PageIterator._get_next_token`).
#[must_use]
pub fn next_tokens(pagination: &Pagination, members: &Map<String, Value>) -> Option<Vec<Option<Value>>> {
    if let Some(flag) = &pagination.more_results {
        let more = match flag.find_in(members) {
            Some(flag) => is_true(flag),
            // A token also indicates more, where botocore has no definition to the contrary.
            None => matches!(pagination.origin, Origin::TokenPair | Origin::MarkerSet),
        };
        if !more {
            return None;
        }
    }
    let tokens: Vec<_> = pagination
        .output_tokens
        .iter()
        .map(|path| path.find_in(members).filter(|token| is_true(token)).cloned())
        .collect();
    tokens.iter().any(Option::is_some).then_some(tokens)
}
