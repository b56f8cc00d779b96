//! A function: one operation together with its service.

use std::fmt;
use std::sync::Arc;

use super::operation::Operation;
use super::service::Service;

/// A shared handle to one operation of a loaded service.
#[derive(Clone)]
pub struct Function {
    service: Arc<Service>,
    index: usize,
}

impl Function {
    /// Returns the function with the name `name` of a spec, in snake case.
    #[must_use]
    pub fn find(service: &Arc<Service>, name: &str) -> Option<Self> {
        let index = service.operations.binary_search_by(|operation| (*operation.function).cmp(name)).ok()?;
        Some(Self { service: Arc::clone(service), index })
    }

    /// Iterates over all functions of a service, sorted by name.
    pub fn all(service: &Arc<Service>) -> impl Iterator<Item = Self> + '_ {
        (0..service.operations.len()).map(|index| Self { service: Arc::clone(service), index })
    }

    /// Returns the service.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Returns the operation.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.service.operations[self.index]
    }

    /// Returns the name in scan specs: `list_buckets`.
    #[must_use]
    #[expect(clippy::misnamed_getters, reason = "the operation's own name is the API's")]
    pub fn name(&self) -> &str {
        &self.operation().function
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service.name, self.operation().name)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.service.name, self.name())
    }
}
