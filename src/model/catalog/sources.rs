//! Sources of parameters: the calls whose responses contain the identifiers that another call needs.
//!
//! They are derived from the models in `build/sources`, and stored in a separate frame per service: only a scan of
//! details reads them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::service::Service;

/// The sources of all operations of one service that need any.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceSources {
    /// The operations, sorted by function name.
    pub operations: Vec<OperationSources>,
}

/// The sources of one operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperationSources {
    /// The function's name: `describe_table`.
    pub function: Box<str>,
    /// The sources. With several, each yields other resources, and the operation is called for all of them: the tags
    /// of instances and those of volumes.
    pub sources: Vec<CallSource>,
    /// The reason why there is no source; `None` if there is one.
    pub missing: Option<MissingSource>,
}

/// One way to call an operation: the items of a parent call, and the parameters for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallSource {
    /// The call with the items; `None` if the parameters need no other call.
    pub parent: Option<SourceParent>,
    /// The parameters, required ones first. No two have the same path.
    pub parameters: Vec<SourcedParameter>,
    /// The number of items that one call accepts, for an operation with a list of identifiers. Then the parameter
    /// whose origin is the item is a list of that many values.
    pub batch: Option<u16>,
    /// A jq filter that each item passes: `select` with a condition, or a change of a member.
    pub filter: Option<Box<str>>,
}

/// A call whose response contains items with identifiers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceParent {
    /// The service, if it is not that of the operation.
    pub service: Option<Box<str>>,
    /// The function's name.
    pub function: Box<str>,
    /// The path of the items in the response.
    pub items: ItemsPath,
}

/// The path of the items in a response. The empty path is the response itself, as the only item.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemsPath {
    /// The steps.
    pub steps: Vec<ItemsStep>,
}

/// A step on the path of the items.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ItemsStep {
    /// A member of a structure.
    Member(Box<str>),
    /// The elements of a list, or the values of a map.
    Each,
    /// The keys of a map.
    Keys,
}

/// A parameter and its origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourcedParameter {
    /// The path of the member in the request. A single value for a list becomes a list.
    pub path: Vec<Box<str>>,
    /// The origin of the value.
    pub origin: ParameterOrigin,
}

/// The origin of a parameter's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterOrigin {
    /// A member of an item; without a path, the whole item.
    Item {
        /// The item: 0 is that of the parent call, 1 the one that the parent was called for, and so on.
        levels: u8,
        /// The path of the member in the item.
        field: Vec<Box<str>>,
    },
    /// A member of an element that encloses the item in the parent's response: the reservation of an instance.
    Enclosing {
        /// The number of lists between them, 1 for the closest.
        levels: u8,
        /// The path of the member in the element; without one, the element, or the key of a map.
        field: Vec<Box<str>>,
    },
    /// The value that the parent, or a call above it, was called with.
    Input {
        /// The call: 1 is the parent, 2 the parent's parent.
        levels: u8,
        /// The path of the parameter of that call.
        parameter: Vec<Box<str>>,
    },
    /// The account's ID.
    Account,
    /// The region's name.
    Region,
    /// The partition's name.
    Partition,
    /// A time, in days from now; 0 is now, -30 is 30 days ago.
    Now {
        /// The number of days.
        days: i16,
    },
    /// Each of these values, with one call for each.
    Enumeration(Vec<Box<str>>),
    /// Always this value, as JSON text.
    Constant(Box<str>),
}

/// The reason why an operation has no source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MissingSource {
    /// No response of the service contains this parameter.
    FreeText(Box<str>),
    /// The values of these parameters come from independent lists: all pairs would have to be tried.
    Independent(Box<str>),
    /// The best source is too uncertain.
    Weak(Box<str>),
    /// The parameter identifies a resource of any kind, and no list yields them.
    AnyResource(Box<str>),
    /// The source has been rejected in a review, for this reason.
    Reviewed(Box<str>),
}

impl fmt::Display for MissingSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FreeText(parameter) => write!(formatter, "no response contains values for `{parameter}`"),
            Self::Independent(parameter) => {
                write!(formatter, "`{parameter}` and the other parameters come from independent lists")
            }
            Self::Weak(parameter) => write!(formatter, "no certain source of `{parameter}`"),
            Self::AnyResource(parameter) => write!(formatter, "`{parameter}` accepts resources of any kind"),
            Self::Reviewed(reason) => formatter.write_str(reason),
        }
    }
}

impl ServiceSources {
    /// Returns the sources of a function; `None` if it needs none.
    #[must_use]
    pub fn of(&self, function: &str) -> Option<&OperationSources> {
        let index = self.operations.binary_search_by(|operation| (*operation.function).cmp(function)).ok()?;
        Some(&self.operations[index])
    }

    /// Checks that the sources belong to the operations of `service`, so that a damaged catalog is an error when it
    /// is read.
    pub(super) fn check(&self, service: &Service) -> Result<(), String> {
        if !self.operations.is_sorted_by(|left, right| left.function < right.function) {
            return Err("the sources are not sorted".to_owned());
        }
        for operation in &self.operations {
            let name = &operation.function;
            if service.operation(name).is_none() {
                return Err(format!("there are sources of `{name}`, which does not exist"));
            }
            for parent in operation.sources.iter().filter_map(|source| source.parent.as_ref()) {
                if parent.service.is_none() && service.operation(&parent.function).is_none() {
                    return Err(format!("the source of `{name}` does not exist: `{}`", parent.function));
                }
            }
        }
        Ok(())
    }
}

impl ItemsPath {
    /// Returns the number of lists and maps on the path.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.steps.iter().filter(|step| !matches!(step, ItemsStep::Member(_))).count()
    }
}

impl fmt::Display for ItemsPath {
    /// Writes the path without jq's marks: `Reservations[].Instances[]`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                ItemsStep::Member(name) if index > 0 => write!(formatter, ".{name}")?,
                ItemsStep::Member(name) => formatter.write_str(name)?,
                ItemsStep::Each => formatter.write_str("[]")?,
                ItemsStep::Keys => formatter.write_str("{keys}")?,
            }
        }
        Ok(())
    }
}
