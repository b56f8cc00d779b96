//! The columns of one table, and the rows of resources.

use serde_json::{Map, Value};

use super::cell::{CellValue, json_text};
use super::column_type::ColumnType;
use super::field_tree::FieldTree;
use super::identifiers::{FieldPaths, NameSpelling, column_names};
use crate::reports::resources::{Resource, fields};

/// The first columns of every table.
pub(super) const COMMON: [&str; 22] = [
    "account",
    "account_name",
    "account_ou",
    "region",
    "service",
    "kind",
    "type",
    "id",
    "arn",
    "name",
    "parent",
    "owner_account",
    "state",
    "size_or_type",
    "created",
    "environment",
    "public",
    "uses",
    "used_by",
    "tags",
    "account_tags",
    "details",
];
/// The types of the first columns.
const COMMON_TYPES: [ColumnType; COMMON.len()] = {
    let mut types = [ColumnType::Text; COMMON.len()];
    types[COMMON.len() - 8] = ColumnType::Timestamp;
    types[COMMON.len() - 6] = ColumnType::Flag;
    types[COMMON.len() - 5] = ColumnType::Integer;
    types[COMMON.len() - 4] = ColumnType::Integer;
    types[COMMON.len() - 3] = ColumnType::Map;
    types[COMMON.len() - 2] = ColumnType::Map;
    types[COMMON.len() - 1] = ColumnType::Map;
    types
};
/// The last column: values without a separate column, and those that do not have the type of their column.
pub(super) const OTHERS: &str = "other fields";

/// The columns of one table: the common ones, those of fields, and [`OTHERS`].
#[derive(Debug)]
pub(super) struct ExportTable {
    /// The columns of fields: those of the model, then others.
    pub(super) columns: Vec<FieldColumn>,
    /// The number of columns of the model.
    pub(super) modelled: usize,
    /// The paths of all fields; those after the columns have none.
    pub(super) tree: FieldTree,
    /// Whether there is a last column for other values.
    pub(super) has_others: bool,
    /// Whether the kind has its own rows, and is not only about other resources, in whose rows it is.
    pub(super) has_own_rows: bool,
    /// The number of resources, if they were counted.
    pub(super) rows: u64,
    /// The widths of the common columns, in characters.
    pub(super) common_widths: [usize; COMMON.len()],
}

/// A column of a field.
#[derive(Debug)]
pub(super) struct FieldColumn {
    /// The path of the field.
    pub(super) path: String,
    pub(super) column_type: ColumnType,
    /// The width of the widest value that was found, in characters.
    pub(super) width: usize,
    /// Whether a value was found.
    pub(super) has_values: bool,
}

impl ExportTable {
    /// Returns the names of the columns, without duplicates; `common` are those of the common columns, and
    /// `reserved` further names that no field can have.
    pub(super) fn header<'name>(
        &self,
        spelling: NameSpelling,
        common: impl IntoIterator<Item = &'name str>,
        reserved: &[&'name str],
    ) -> Vec<String> {
        let paths: Vec<&str> = self.columns.iter().map(|column| column.path.as_str()).collect();
        let (modelled, found) = paths.split_at(self.modelled);
        let common: Vec<&str> = common.into_iter().collect();
        let all: Vec<&str> = common.iter().chain(reserved).copied().chain([OTHERS]).collect();
        let fields = column_names(spelling, &all, FieldPaths { modelled, found });
        let others = self.has_others.then(|| spelling.spell(OTHERS));
        common.into_iter().map(str::to_owned).chain(fields).chain(others).collect()
    }

    /// Returns the types of the columns: common columns, fields, and others.
    pub(super) fn types(&self) -> Vec<ColumnType> {
        let fields = self.columns.iter().map(|column| column.column_type);
        COMMON_TYPES.into_iter().chain(fields).chain(self.has_others.then_some(ColumnType::Text)).collect()
    }

    /// Returns the row of a resource, as long as the header.
    pub(super) fn cells(&self, resource: &Resource<'_>) -> Vec<CellValue> {
        let mut cells = Vec::from(common_cells(resource));
        cells.resize(COMMON.len() + self.columns.len(), CellValue::Empty);
        let mut others = Map::new();
        fields(&resource.raw, &|path| self.tree.is_whole(path), &mut |path, value| {
            let column = self.tree.column(path).filter(|column| *column < self.columns.len());
            let cell =
                column.and_then(|column| Some((column, self.columns[column].column_type.cell(value)?)));
            match cell {
                Some((column, cell)) => cells[COMMON.len() + column] = cell,
                None if value.is_null() => {}
                None => drop(others.insert(path.to_owned(), value.clone())),
            }
        });
        if self.has_others {
            cells.push(if others.is_empty() {
                CellValue::Empty
            } else {
                CellValue::Text(json_text(&others))
            });
        }
        cells
    }

    /// Returns the row of a resource like [`cells`](Self::cells), converted for columns with types.
    pub(super) fn typed_cells(&self, types: &[ColumnType], resource: &Resource<'_>) -> Vec<CellValue> {
        let cells = self.cells(resource).into_iter().zip(types);
        cells.map(|(cell, column_type)| cell.in_column(*column_type)).collect()
    }
}

/// Returns the values of the common columns. An empty cell is not known; no tags are an empty map.
pub(super) fn common_cells(resource: &Resource<'_>) -> [CellValue; COMMON.len()] {
    let text = |text: &Option<String>| CellValue::of_text(text.as_deref());
    let map = |map: Option<&Map<String, Value>>| map.map_or(CellValue::Empty, CellValue::of_map);
    let count = |count: Option<u32>| count.map_or(CellValue::Empty, |count| CellValue::Number(count.into()));
    let facts = &resource.facts;
    let created = facts.created.as_deref().map(Value::from);
    [
        CellValue::of_text(Some(resource.account)),
        CellValue::of_text(resource.account_name),
        CellValue::of_text(resource.account_ou),
        CellValue::of_text(Some(resource.region)),
        CellValue::of_text(Some(resource.service)),
        CellValue::of_text(Some(resource.kind)),
        CellValue::of_text(resource.resource_type),
        text(&resource.id),
        text(&resource.arn),
        text(&resource.name),
        text(&resource.parent),
        text(&resource.owner_account),
        text(&facts.state),
        text(&facts.size_or_type),
        created.and_then(|time| ColumnType::Timestamp.cell(&time)).unwrap_or(CellValue::Empty),
        text(&facts.environment),
        facts.public.map_or(CellValue::Empty, CellValue::Flag),
        count(resource.uses),
        count(resource.used_by),
        map(resource.tags.as_ref()),
        map(resource.account_tags),
        map(Some(&resource.details).filter(|details| !details.is_empty())),
    ]
}
