//! What a simulated service has to say, before it is cut into pages and written.

use serde_json::{Map, Value};

use super::error_response::SimulatedError;

/// An answer, or the refusal to give one.
pub(super) type SimulatedResult<'world> = Result<SimulatedResponse<'world>, SimulatedError>;

/// An answer.
pub(super) enum SimulatedResponse<'world> {
    /// The members of the answer, in boto3's shape.
    Members(Map<String, Value>),
    /// A list that may be longer than a page.
    List(LazyList<'world>),
}

/// A list whose items are made when a page wants them.
pub(super) struct LazyList<'world> {
    /// The member that holds the list; with dots where it is nested.
    pub(super) member: &'static str,
    /// How many items there are.
    pub(super) count: usize,
    pub(super) item: Box<dyn Fn(usize) -> Value + 'world>,
    /// The answer's other members.
    pub(super) others: Map<String, Value>,
    /// The tokens are the items themselves, as `DynamoDB`'s are.
    pub(super) items_are_tokens: bool,
}

impl<'world> SimulatedResponse<'world> {
    /// A list of `count` items.
    pub(super) fn list(member: &'static str, count: usize, item: impl Fn(usize) -> Value + 'world) -> Self {
        Self::List(LazyList {
            member,
            count,
            item: Box::new(item),
            others: Map::new(),
            items_are_tokens: false,
        })
    }

    /// A list of what there is.
    pub(super) fn items(member: &'static str, items: Vec<Value>) -> Self {
        Self::list(member, items.len(), move |index| items[index].clone())
    }

    /// The members of a JSON object.
    pub(super) fn members(members: Value) -> Self {
        match members {
            Value::Object(members) => Self::Members(members),
            _ => Self::Members(Map::new()),
        }
    }

    /// The same list with other members beside it.
    #[must_use]
    pub(super) fn with_additional(mut self, others: Value) -> Self {
        if let (Self::List(list), Value::Object(others)) = (&mut self, others) {
            list.others.extend(others);
        }
        self
    }

    /// The same list, whose items serve as tokens.
    #[must_use]
    pub(super) fn with_items_as_tokens(mut self) -> Self {
        if let Self::List(list) = &mut self {
            list.items_are_tokens = true;
        }
        self
    }
}
