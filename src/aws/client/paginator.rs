//! Pagination: ask until the answer says that it is complete.

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

/// The same for functions that search records, of which a page reads a megabyte whether anything fits or not:
/// service and operation (documentation of the operations in botocore's models).
const SEARCHES: [(&str, &str); 4] =
    [("dynamodb", "Query"), ("dynamodb", "Scan"), ("logs", "FilterLogEvents"), ("logs", "GetLogEvents")];
const MOST_EMPTY_PAGES_OF_A_SEARCH: u32 = 100_000;

/// The pages of one call. Not a `Stream`, because whoever reads them waits for limits in between.
pub struct Pages {
    client: AccountClient,
    function: Function,
    region: Region,
    parameters: Map<String, Value>,
    listing: Option<ListingOf>,
    /// The page size that this program has added, until the first page is there.
    added: Option<String>,
    history: PageHistory,
    /// Why the pages end before the answer does; returned after the last page.
    cut_off: Option<CallError>,
    finished: bool,
}

/// What follows a page.
enum Next {
    /// A page that is requested with these parameters; what has no value is not sent.
    Page(Vec<(Box<str>, Option<Value>)>),
    /// Nothing: the answer is complete.
    End,
    /// Nothing that could be requested, although more exists.
    CutOff(String),
}

impl AccountClient {
    /// All pages of a function's answer, one after the other.
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
            history.begin(pagination, &parameters);
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

    /// Wants one list of the answers as text, where it can be read so; [`ResponsePage::listing`] has it
    /// then, instead of the members.
    #[must_use]
    pub fn with_listing(mut self, wanted: Option<ListingOf>) -> Self {
        let (service, operation) = (self.function.service(), self.function.operation());
        self.listing = wanted.filter(|wanted| {
            wanted.can_be_read(service, operation) && !handlers::fixes_answer(&self.function)
        });
        self
    }

    /// Whether the last page was read and was the answer's last.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.finished && self.cut_off.is_none()
    }

    /// The next page; `None` after the last one. After an error the same page may be asked again.
    ///
    /// Where an answer goes on and its pages do not, the error comes after the last page.
    pub async fn next(&mut self) -> Result<Option<ResponsePage>, CallError> {
        if let Some(error) = self.cut_off.take() {
            self.finished = true;
            return Err(error);
        }
        if self.finished {
            return Ok(None);
        }
        let answer = self.fetch().await?;
        self.added = None;
        let function = self.function.clone();
        let pagination = function.operation().pagination.as_ref();
        let next = match pagination {
            Some(pagination) => self.after(pagination, &answer),
            None => Next::End,
        };
        let next = match next {
            Next::End => match unread::member(&function, &answer.members) {
                Some(member) => Next::CutOff(format!(
                    "`{member}` says that more exists, and there is no way to request it; what was read \
                     is kept"
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
                error.request_id.clone_from(&answer.request_id);
                if self.history.repeats_a_page() {
                    error.attempts = answer.attempts;
                    return Err(error);
                }
                self.cut_off = Some(error);
            }
        }
        Ok(Some(answer))
    }

    /// Requests a page. When the service refuses the first one for its parameters, it is requested once
    /// more without the size that nobody but this program has asked for.
    async fn fetch(&mut self) -> Result<ResponsePage, CallError> {
        let refused = match self.send().await {
            Err(error) if self.added.as_ref().is_some_and(|added| page_size::is_refused(&error, added)) => {
                error
            }
            outcome => return outcome,
        };
        if let Some(added) = self.added.take() {
            tracing::debug!(target: "scan::calls", function = %self.function, "{added} is left out: {refused}");
            self.parameters.shift_remove(&added);
        }
        match self.send().await {
            Ok(answer) => Ok(ResponsePage { attempts: answer.attempts + refused.attempts, ..answer }),
            Err(error) => Err(CallError { attempts: error.attempts + refused.attempts, ..error }),
        }
    }

    async fn send(&self) -> Result<ResponsePage, CallError> {
        let Self { function, region, parameters, listing, .. } = self;
        self.client.send(CallRequest { function, region, parameters, listing: listing.as_ref() }).await
    }

    /// What follows the page that `answer` is.
    fn after(&mut self, pagination: &Pagination, answer: &ResponsePage) -> Next {
        self.history.page(pagination, answer);
        let next = match &pagination.turning {
            NextPage::Tokens => {
                next_tokens(pagination, &answer.members).map(|tokens| named(pagination, tokens))
            }
            NextPage::RepeatedToken => self.unless_repeated(pagination, &answer.members),
            NextPage::PageNumber { total } => return self.counted(pagination, total, &answer.members, true),
            NextPage::ItemOffset { total } => return self.counted(pagination, total, &answer.members, false),
        };
        let Some(parameters) = next else { return Next::End };
        if !self.history.is_new_token(parameters.iter().map(|(_, token)| token)) {
            // botocore raises PaginationError here: asking again would never end.
            return Next::CutOff(
                "the service gave the same page token twice; the pages before it are kept".to_owned(),
            );
        }
        match self.history.exceeds_a_bound() {
            Some(why) => Next::CutOff(why),
            None => Next::Page(parameters),
        }
    }

    /// The token of a log's next page, which is there in every answer. Requests that do not begin at the
    /// head begin at the tail, and read towards the head.
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

    /// The number of the next page, or of its first item.
    fn counted(
        &self,
        pagination: &Pagination,
        total: &MemberPath,
        members: &Map<String, Value>,
        counts_pages: bool,
    ) -> Next {
        let Some(input) = pagination.input_tokens.first() else { return Next::End };
        let total = total.find_in(members).and_then(Value::as_u64).unwrap_or_default();
        let asked = self.parameters.get(&**input).and_then(Value::as_u64);
        let items = self.history.items_of_page();
        // Where the spec begins later, the items before were not asked for.
        let (next, read) = if counts_pages {
            (asked.unwrap_or(1) + 1, self.history.items())
        } else {
            let next = asked.unwrap_or_default() + items;
            (next, next)
        };
        match self.history.exceeds_a_bound() {
            _ if read >= total => Next::End,
            Some(why) => Next::CutOff(why),
            // Kendra finds 192 documents and gives 100 of them.
            None if items == 0 => Next::CutOff(format!(
                "the service has {} and gives no more than {read} of them",
                plural(total, "item")
            )),
            None => Next::Page(vec![(input.clone(), Some(Value::from(next)))]),
        }
    }
}

fn named(pagination: &Pagination, tokens: Vec<Option<Value>>) -> Vec<(Box<str>, Option<Value>)> {
    pagination.input_tokens.iter().cloned().zip(tokens).collect()
}

/// The tokens of the next page; `None` when there is none
/// (`botocore/paginate.py`, `PageIterator._get_next_token`).
#[must_use]
pub fn next_tokens(pagination: &Pagination, members: &Map<String, Value>) -> Option<Vec<Option<Value>>> {
    if let Some(flag) = &pagination.more_results {
        let more = match flag.find_in(members) {
            Some(flag) => is_true(flag),
            // A token says it as well, where botocore has no definition that says otherwise.
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
