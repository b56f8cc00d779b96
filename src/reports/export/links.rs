//! The table of links: which resource refers to which other, to whom outside, and to what does not exist.

use super::ExportError;
use super::cell::CellValue;
use super::column_type::ColumnType::{Flag, Integer, Text};
use super::facts::FactTable;
use crate::reports::links::{LinkGraph, LinkRow};

/// The links: one row each. `from_resource` and `to_resource` are the numbers of the resources in the run.
pub(super) const LINKS: FactTable = FactTable {
    name: "links",
    columns: &[
        ("from", Text),
        ("to", Text),
        ("path", Text),
        ("kind", Text),
        ("cross_account", Flag),
        ("state", Text),
        ("from_resource", Integer),
        ("to_resource", Integer),
        ("from_account", Text),
        ("from_region", Text),
        ("from_service", Text),
        ("from_kind", Text),
        ("from_name", Text),
        ("to_account", Text),
        ("to_region", Text),
        ("to_service", Text),
        ("to_kind", Text),
        ("to_name", Text),
        ("statement", Text),
    ],
};

/// Calls `take` with the row of each link.
pub(super) fn each_row<E: From<ExportError>>(
    graph: &LinkGraph,
    take: &mut dyn FnMut(Vec<CellValue>) -> Result<(), E>,
) -> Result<(), E> {
    graph.links().iter().try_for_each(|link| take(cells(graph.row(link).map_err(ExportError::from)?)))
}

fn cells(row: LinkRow) -> Vec<CellValue> {
    let text = |text: &str| CellValue::of_text(Some(text));
    let maybe = |text: Option<String>| CellValue::of_text(text.as_deref());
    let number =
        |number: Option<u32>| number.map_or(CellValue::Empty, |number| CellValue::Number(number.into()));
    vec![
        text(&row.from),
        text(&row.to),
        text(&row.path),
        text(row.kind),
        CellValue::Flag(row.cross_account),
        text(row.state),
        number(Some(row.from_resource)),
        number(row.to_resource),
        maybe(row.from_account),
        maybe(row.from_region),
        text(&row.from_service),
        text(&row.from_kind),
        maybe(row.from_name),
        maybe(row.to_account),
        maybe(row.to_region),
        maybe(row.to_service),
        text(&row.to_kind),
        maybe(row.to_name),
        maybe(row.statement),
    ]
}
