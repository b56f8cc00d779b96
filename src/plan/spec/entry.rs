//! A spec's entries after validation: what will be called, and what will not be and why.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::account_scope::AccountScope;
use super::filter::{FilterError, JqFilter};
use super::parameters;
use super::result_selector::ResultSelector;
use super::template::ParameterTemplate;
use crate::model::catalog::Function;
use crate::model::catalog::read_only::ReadRefusal;
use crate::names::Region;

/// One call of a spec, to be made in every account and region.
#[derive(Clone, Debug)]
pub struct SpecEntry {
    /// The key in the result file, unique among the names of the service.
    pub name: String,
    /// What is called.
    pub function: Function,
    /// With what.
    pub parameters: Map<String, Value>,
    /// What of the answer is kept.
    pub selection: ResultSelector,
    /// The accounts to call it in; `None` leaves that to the catalog.
    pub accounts: Option<AccountScope>,
    /// The only regions to call it in; `None` means all that are scanned.
    pub regions: Option<Vec<Region>>,
    /// The regions that an older configuration says for its calls; the command line's hold instead.
    pub configured_regions: Option<Vec<Region>>,
    /// Whether all pages are fetched.
    pub paginate: bool,
    /// The most items to fetch.
    pub max_items: Option<u64>,
    /// Calls to make for the items of the answer.
    pub each: Vec<Child>,
}

/// A call to be made for every item of another call's answer.
#[derive(Clone, Debug)]
pub struct Child {
    /// The key in the result file, unique among the names of the child's service.
    pub name: String,
    /// What is called.
    pub function: Function,
    /// What of the answer is kept.
    pub selection: ResultSelector,
    /// Whether all pages are fetched.
    pub paginate: bool,
    /// The most items to fetch.
    pub max_items: Option<u64>,
    /// Calls to make for the items of the child's answers.
    pub each: Vec<Child>,
    pub(super) over: Arc<JqFilter>,
    pub(super) parameters: ParameterTemplate,
}

/// A call of a spec that is not made.
#[derive(Clone, Debug)]
pub struct SkippedEntry {
    /// The key that the result would have.
    pub name: String,
    /// The service, as the spec names it.
    pub service: String,
    /// The function, in snake case.
    pub function: String,
    /// Why it is not called.
    pub reason: SkipReason,
    /// The only regions that it was meant for.
    pub regions: Option<Vec<Region>>,
}

/// Why a call of a spec is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// A method of boto3's clients that calls nothing.
    Helper,
    /// AWS has retired it.
    Gone(&'static str),
    /// The service signs in a way that the SDK's runtime does not speak.
    OldSignature,
    /// A function that is named like a read and is none.
    NotARead(&'static str),
    /// A read that no inventory should hold.
    Denied(ReadRefusal),
    /// Required parameters are absent.
    AbsentParameters(Vec<String>),
}

impl Child {
    /// The filter that finds the items, as it was written.
    #[must_use]
    pub fn over(&self) -> &str {
        self.over.text()
    }

    /// The parameters, as they were written.
    #[must_use]
    pub fn written_parameters(&self) -> Value {
        self.parameters.written()
    }

    /// The items to call for: what `over` yields on the parent's complete answer.
    ///
    /// `item` is the item that the parent itself was called for (null for an entry); the filter
    /// knows it as `$item`.
    pub fn items(&self, answer: &Value, item: &Value) -> Result<Vec<Value>, FilterError> {
        self.over.run(answer, item)
    }

    /// The parameters for an item, checked against the request's shape.
    pub fn parameters(&self, item: &Value) -> Result<Map<String, Value>, FilterError> {
        let Value::Object(filled) = self.parameters.fill(item)? else {
            return Err(FilterError::new("the parameters are no object"));
        };
        let (service, operation) = (self.function.service(), self.function.operation());
        let absent = parameters::absent(service, operation, &filled);
        if let Some(name) = absent.first() {
            return Err(FilterError::new(format!("the item gives no value for the parameter `{name}`")));
        }
        match parameters::check(service, operation, &filled, false).into_iter().next() {
            None => Ok(filled),
            Some(complaint) => Err(FilterError::new(format!(
                "the item gives a wrong value for the parameter `{}`: {}",
                complaint.path, complaint.message
            ))),
        }
    }
}

impl SkipReason {
    /// Whether there is nothing behind the entry that anybody could call: what it asks for is lost to no one.
    #[must_use]
    pub fn calls_nothing(&self) -> bool {
        matches!(self, Self::Helper | Self::Gone(_))
    }

    /// One word for tables and ledgers.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Helper => "helper",
            Self::Gone(_) => "gone",
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
            Self::Helper => formatter.write_str("a helper of boto3, which calls nothing"),
            Self::Gone(reason) => formatter.write_str(reason),
            Self::OldSignature => {
                formatter.write_str("the service wants requests signed with the outdated version 2")
            }
            Self::NotARead(effect) => write!(formatter, "named like a read, but it {effect}"),
            Self::Denied(denial) => write!(formatter, "not for an inventory: {denial}"),
            Self::AbsentParameters(names) => {
                write!(formatter, "required parameters are absent: {}", names.join(", "))
            }
        }
    }
}
