//! The classes of operations: what their responses are to an inventory.
//!
//! A deep scan follows configuration and state, and history on request. Everything else is not an inventory, or
//! unlimited. The class is derived from the name of an operation and its shapes when a service is loaded, and not
//! stored in the catalog file: it takes some microseconds, and a newer catalog gets the rules of this program.

mod heads;
mod noun;
mod operation_class;
mod reason;
mod reviewed;
mod rules;

pub use operation_class::OperationClass;
pub use reason::{ClassReason, ClassifiedOperation};

use super::function::Function;
use super::operation::Operation;
use super::read_only;
use super::service::Service;

/// Returns the class of an operation, with the rule that determines it.
#[must_use]
pub fn classify(service: &Service, operation: &Operation) -> ClassifiedOperation {
    if let Some(refusal) = read_only::denial(&service.name, &operation.name) {
        return ClassifiedOperation { class: OperationClass::Data, reason: ClassReason::Denied(refusal) };
    }
    if let Some((class, reason)) = reviewed::row(&service.name, &operation.name) {
        return ClassifiedOperation { class, reason: ClassReason::Reviewed(reason) };
    }
    rules::derived(service, operation)
}

impl Function {
    /// Returns the class of the function's operation, with the rule that determines it.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use aws_auto_inventory::model::catalog::{Catalog, Function, OperationClass};
    ///
    /// let catalog = Catalog::embedded()?;
    /// let ecs = catalog.service("ecs")?.expect("ECS is in the catalog");
    /// let function = Function::find(&ecs, "list_service_deployments").expect("a function of ECS");
    /// let classified = function.class();
    /// assert_eq!(classified.class, OperationClass::History);
    /// assert_eq!(classified.reason.to_string(), "named after a `deployment`");
    /// # Ok::<(), aws_auto_inventory::model::catalog::CatalogError>(())
    /// ```
    #[must_use]
    pub fn class(&self) -> ClassifiedOperation {
        classify(self.service(), self.operation())
    }
}

#[cfg(test)]
mod tests;
