//! Pagination: ask until the answer says that it is complete.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::aws_client::{AccountClient, Question};
use super::error::{CallError, CallErrorKind};
use super::quirks;
use super::wire::ListingOf;
use crate::catalog::{Function, Pagination, ShapeKind};
use crate::names::Region;

/// The pages of one call. Not a `Stream`, because whoever reads them waits for limits in between.
pub struct Pages {
    client: AccountClient,
    function: Function,
    region: Region,
    parameters: Map<String, Value>,
    listing: Option<ListingOf>,
    last_tokens: Option<Vec<Option<Value>>>,
    finished: bool,
}

impl Pages {
    pub(super) fn new(
        client: AccountClient,
        function: Function,
        region: Region,
        mut parameters: Map<String, Value>,
    ) -> Self {
        quirks::fix_parameters(&function, &mut parameters);
        if let Some((key, size)) = page_size(&function, &parameters) {
            parameters.insert(key, size);
        }
        Self { client, function, region, parameters, listing: None, last_tokens: None, finished: false }
    }

    /// Wants one list of the answers as text, where it can be read so; [`Answer::listing`] has it
    /// then, instead of the members.
    #[must_use]
    pub fn with_listing(mut self, wanted: Option<ListingOf>) -> Self {
        let (service, operation) = (self.function.service(), self.function.operation());
        self.listing = wanted
            .filter(|wanted| wanted.can_be_read(service, operation) && !quirks::fixes_answer(&self.function));
        self
    }

    /// Whether no page is left.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// The next page; `None` after the last one. After an error the same page may be asked again.
    pub async fn next(&mut self) -> Result<Option<Answer>, CallError> {
        if self.finished {
            return Ok(None);
        }
        let Self { function, region, parameters, listing, .. } = &*self;
        let question = Question { function, region, parameters, listing: listing.as_ref() };
        let answer = self.client.ask(question).await?;
        match self.function.operation().pagination.clone() {
            Some(pagination) => self.turn(&pagination, &answer)?,
            None => self.finished = true,
        }
        Ok(Some(answer))
    }

    /// Prepares the request for the page after `answer`.
    fn turn(&mut self, pagination: &Pagination, answer: &Answer) -> Result<(), CallError> {
        let Some(tokens) = next_tokens(pagination, &answer.members) else {
            self.finished = true;
            return Ok(());
        };
        if self.last_tokens.as_ref() == Some(&tokens) {
            self.finished = true;
            // botocore raises PaginationError here: asking again would never end.
            let mut error = CallError::new(
                CallErrorKind::Pagination,
                "the service gave the same page token twice; the pages before it are kept",
            );
            error.request_id.clone_from(&answer.request_id);
            error.attempts = answer.attempts;
            return Err(error);
        }
        for (name, token) in pagination.input_tokens.iter().zip(&tokens) {
            match token {
                Some(token) => self.parameters.insert(name.to_string(), token.clone()),
                None => self.parameters.remove(&**name),
            };
        }
        self.last_tokens = Some(tokens);
        Ok(())
    }
}

/// The tokens of the next page; `None` when there is none
/// (`botocore/paginate.py`, `PageIterator._get_next_token`).
#[must_use]
pub fn next_tokens(pagination: &Pagination, members: &Map<String, Value>) -> Option<Vec<Option<Value>>> {
    let more = pagination.more_results.as_ref();
    if more.is_some_and(|flag| !flag.find_in(members).is_some_and(is_true)) {
        return None;
    }
    let tokens: Vec<_> = pagination
        .output_tokens
        .iter()
        .map(|path| path.find_in(members).filter(|token| is_true(token)).cloned())
        .collect();
    tokens.iter().any(Option::is_some).then_some(tokens)
}

/// What Python takes for true: an empty token ends the pages.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// EC2's classic describe calls have small quotas when asked without `MaxResults`
/// (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html); the models give no maximum,
/// the API reference says 1,000.
const EC2_PAGES: [&str; 5] = [
    "DescribeInstances",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeVolumes",
];

/// The largest page the service gives, unless the spec sets a size of its own: fewer requests,
/// and for some services the larger quota.
fn page_size(function: &Function, parameters: &Map<String, Value>) -> Option<(String, Value)> {
    let (service, operation) = (function.service(), function.operation());
    let key = operation.pagination.as_ref()?.limit_key.as_deref()?;
    if parameters.contains_key(key) {
        return None;
    }
    let (_, member) = service.input(operation)?.member(key)?;
    let size = match service.kind(member.reference.shape) {
        ShapeKind::Integer { max } | ShapeKind::Long { max } => max.filter(|max| (2..=1000).contains(max)),
        _ => None,
    };
    if &*service.name == "ec2" && names_resources(parameters) {
        return None;
    }
    let ec2 = || (&*service.name == "ec2" && EC2_PAGES.contains(&&*operation.name)).then_some(1000);
    // S3 lists buckets in pages, and says their regions, only when asked for a number of them.
    let s3 = || (&*operation.name == "ListBuckets" && &*service.name == "s3").then_some(1000);
    let size = s3().or_else(ec2).or(size)?;
    Some((key.to_owned(), Value::from(size)))
}

/// EC2 refuses `MaxResults` together with the ids or names of what to describe.
fn names_resources(parameters: &Map<String, Value>) -> bool {
    parameters.keys().any(|name| name.ends_with("Ids") || name.ends_with("Names"))
}
