//! The reviewed table of operations whose names and models show another class than their documentation.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::operation_class::OperationClass;

/// A line for each service, class and reason.
const REVIEWED: &str = include_str!("reviewed.txt");

/// A row for one operation: service, operation, class, reason.
pub(super) type ReviewedRow = (&'static str, &'static str, OperationClass, &'static str);

/// The class and the reason of each operation, by service and operation.
type RowsByName = HashMap<(&'static str, &'static str), (OperationClass, &'static str)>;

/// Returns the class of an operation according to the table, and the reason.
pub(super) fn row(service: &str, operation: &str) -> Option<(OperationClass, &'static str)> {
    static TABLE: OnceLock<RowsByName> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        all().map(|(service, operation, class, reason)| ((service, operation), (class, reason))).collect()
    });
    table.get(&(service, operation)).copied()
}

/// Iterates over the rows, one for each operation.
pub(super) fn all() -> impl Iterator<Item = ReviewedRow> {
    REVIEWED.lines().filter(|line| !line.starts_with('#')).filter_map(rows_of).flatten()
}

/// Returns the rows of a line.
fn rows_of(line: &'static str) -> Option<impl Iterator<Item = ReviewedRow>> {
    let (names, reason) = line.split_once(" -- ")?;
    let mut names = names.split_whitespace();
    let (service, class) = (names.next()?, OperationClass::named(names.next()?)?);
    Some(names.map(move |operation| (service, operation, class, reason)))
}
