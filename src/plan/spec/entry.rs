//! The entries of a validated spec: the calls to make, and the skipped calls with their reasons.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::account_scope::AccountScope;
use super::batch::ItemBatch;
use super::curated_calls::is_account_id;
use super::filter::{FilterError, JqFilter, OutputOrigin};
use super::parameters::{self, Braces};
use super::placeholder::{self, PlaceholderValues};
use super::result_selector::ResultSelector;
use super::template::ParameterTemplate;
use crate::model::catalog::Function;
use crate::model::catalog::read_only::ReadRefusal;
use crate::names::RegionPattern;

/// One call of a spec, to be made in every account and region.
#[derive(Clone, Debug)]
pub struct SpecEntry {
    /// The key in the result file, unique among the names of the service.
    pub name: String,
    /// The function that is called.
    pub function: Function,
    /// The parameters of the call, as they were written.
    pub parameters: Map<String, Value>,
    /// The part of the response that is kept.
    pub selection: ResultSelector,
    /// The accounts to call it in; with `None` the catalog decides.
    pub accounts: Option<AccountScope>,
    /// The only regions to call it in; `None` means all scanned regions.
    pub regions: Option<Vec<RegionPattern>>,
    /// The regions that an older configuration sets for its calls; the regions of the command line override them.
    pub configured_regions: Option<Vec<RegionPattern>>,
    /// Whether all pages are fetched.
    pub paginate: bool,
    /// The maximum number of items to fetch.
    pub max_items: Option<u64>,
    /// The calls to make for each item of the response.
    pub each: Vec<Child>,
}

/// A call that is made for every item of another call's response.
#[derive(Clone, Debug)]
pub struct Child {
    /// The key in the result file, unique among the names of the child's service.
    pub name: String,
    /// The function that is called.
    pub function: Function,
    /// The part of the response that is kept.
    pub selection: ResultSelector,
    /// Whether all pages are fetched.
    pub paginate: bool,
    /// The maximum number of items to fetch.
    pub max_items: Option<u64>,
    /// The calls to make for each item of the child's responses.
    pub each: Vec<Child>,
    /// How items are sent together; `None` if each has its own call.
    pub batch: Option<ItemBatch>,
    pub(super) over: Arc<JqFilter>,
    pub(super) parameters: ParameterTemplate,
}

/// A call of a spec that is not made.
#[derive(Clone, Debug)]
pub struct SkippedEntry {
    /// The key that the result would have in the result file.
    pub name: String,
    /// The service, as the spec names it.
    pub service: String,
    /// The function, in snake case.
    pub function: String,
    /// The reason why it is not called.
    pub reason: SkipReason,
    /// The only regions that the call was meant for.
    pub regions: Option<Vec<RegionPattern>>,
}

/// The reason why a call of a spec is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// A method of boto3's clients that sends no request.
    Helper,
    /// AWS has retired the service or the function.
    Retired(&'static str),
    /// The service uses a signature version that the SDK's runtime does not support.
    OldSignature,
    /// A function that is named like a read operation but is not one.
    NotARead(&'static str),
    /// A read operation that is excluded from inventories.
    Denied(ReadRefusal),
    /// Required parameters are missing.
    AbsentParameters(Vec<String>),
}

impl SpecEntry {
    /// Returns the parameters of the call with their placeholders filled.
    #[must_use]
    pub fn filled_parameters(&self, values: PlaceholderValues<'_>) -> Map<String, Value> {
        placeholder::fill(&self.parameters, values)
    }
}

impl Child {
    /// Returns the jq filter that yields the items, as it was written.
    #[must_use]
    pub fn over(&self) -> &str {
        self.over.text()
    }

    /// Returns the parameters as they were written.
    #[must_use]
    pub fn written_parameters(&self) -> Value {
        self.parameters.written()
    }

    /// Returns the member of the response whose elements the items come from, each from one element: `TableNames` of
    /// `.TableNames[].Name`. Such items can be found in each page for itself.
    #[must_use]
    pub fn list_of_items(&self) -> Option<&str> {
        self.over.list_of_items()
    }

    /// Returns the part of the parent's response that determines the number of items.
    #[must_use]
    pub fn output_origin(&self) -> OutputOrigin<'_> {
        self.over.output_origin()
    }

    /// Returns the items to call for: the outputs of `over` on the parent's complete response.
    ///
    /// `item` is the item that the parent itself was called for (null for an entry); the filter can use it as
    /// `$item`.
    pub fn items(&self, answer: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        self.over.run(answer, item)
    }

    /// Returns the parameters for an item, checked against the request's shape. In a batch, they are those of a call
    /// for this item alone.
    pub fn parameters(
        &self,
        item: &Value,
        values: PlaceholderValues<'_>,
    ) -> Result<Map<String, Value>, FilterError> {
        let Value::Object(filled) = self.parameters.fill(item, values)? else {
            return Err(FilterError::new("the parameters are not an object"));
        };
        let (service, operation) = (self.function.service(), self.function.operation());
        let absent = parameters::absent(service, operation, &filled);
        if let Some(name) = absent.first() {
            return Err(FilterError::new(format!("the item has no value for the parameter `{name}`")));
        }
        match parameters::check(service, operation, &filled, Braces::Plain).into_iter().next() {
            None => Ok(filled),
            Some(complaint) => Err(FilterError::new(format!(
                "the item has an invalid value for the parameter `{}`: {}",
                complaint.path, complaint.message
            ))),
        }
    }
}

impl SkipReason {
    /// Returns whether the entry calls nothing in any account, so that skipping it loses no data.
    #[must_use]
    pub fn calls_nothing(&self) -> bool {
        matches!(self, Self::Helper | Self::Retired(_))
    }

    /// Returns one word for tables and ledgers.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Helper => "helper",
            Self::Retired(_) => "gone",
            Self::OldSignature => "old_signature",
            Self::NotARead(_) => "not_a_read",
            Self::Denied(_) => "denied_read",
            Self::AbsentParameters(_) => "absent_parameters",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Helper => formatter.write_str("a helper method of boto3, not an API call"),
            Self::Retired(reason) => formatter.write_str(reason),
            Self::OldSignature => {
                formatter.write_str("the service only supports the outdated signature version 2")
            }
            Self::NotARead(effect) => write!(formatter, "not a read operation: it {effect}"),
            Self::Denied(denial) => write!(formatter, "excluded from inventories: {denial}"),
            Self::AbsentParameters(names) => {
                write!(formatter, "missing required parameters: {}", names.join(", "))?;
                match names.iter().find(|name| is_account_id(name)) {
                    Some(name) => write!(formatter, " (\"{name}\": \"{{account}}\" is the scanned account)"),
                    None => Ok(()),
                }
            }
        }
    }
}
