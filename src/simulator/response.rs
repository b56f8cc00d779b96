//! Responses of simulated services, before pagination and serialization.

use serde_json::{Map, Value};

use super::error_response::SimulatedError;

/// A response or an error.
pub(super) type SimulatedResult<'world> = Result<SimulatedResponse<'world>, SimulatedError>;

/// A response.
pub(super) enum SimulatedResponse<'world> {
    /// The members of the response, in the shape of boto3.
    Members(Map<String, Value>),
    /// A list that may be longer than a page.
    List(LazyList<'world>),
}

/// A list whose items are created when they are on a page.
pub(super) struct LazyList<'world> {
    /// The member with the list; with dots if it is nested.
    pub(super) member: &'static str,
    /// The number of items.
    pub(super) count: usize,
    pub(super) item: Box<dyn Fn(usize) -> Value + 'world>,
    /// The other members of the response.
    pub(super) others: Map<String, Value>,
    /// Whether the tokens are the items themselves, as in `DynamoDB`.
    pub(super) items_are_tokens: bool,
}

impl<'world> SimulatedResponse<'world> {
    /// Creates a list of `count` items.
    pub(super) fn list(member: &'static str, count: usize, item: impl Fn(usize) -> Value + 'world) -> Self {
        Self::List(LazyList {
            member,
            count,
            item: Box::new(item),
            others: Map::new(),
            items_are_tokens: false,
        })
    }

    /// Creates a list of these items.
    pub(super) fn items(member: &'static str, items: Vec<Value>) -> Self {
        Self::list(member, items.len(), move |index| items[index].clone())
    }

    /// Creates a response with the members of a JSON object.
    pub(super) fn members(members: Value) -> Self {
        match members {
            Value::Object(members) => Self::Members(members),
            _ => Self::Members(Map::new()),
        }
    }

    /// Returns the list with other members beside it.
    #[must_use]
    pub(super) fn with_additional(mut self, others: Value) -> Self {
        if let (Self::List(list), Value::Object(others)) = (&mut self, others) {
            list.others.extend(others);
        }
        self
    }

    /// Returns the list with its items as tokens.
    #[must_use]
    pub(super) fn with_items_as_tokens(mut self) -> Self {
        if let Self::List(list) = &mut self {
            list.items_are_tokens = true;
        }
        self
    }
}
