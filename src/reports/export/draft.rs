//! Tables whose columns are being determined.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cell::width;
use super::column_type::{ColumnType, SeenTypes};
use super::field_tree::FieldTree;
use super::table::{COMMON, ExportTable, FieldColumn, common_cells};
use crate::plan::redaction::is_hidden;
use crate::reports::resources::{KnownKind, Resource, fields};

/// The most columns of fields. Spreadsheets allow 16,384 columns, but so many are unreadable.
const MOST_FIELDS: usize = 500;

/// The most columns of fields in a workbook: more are hard to read. Other values are in the last column.
#[cfg(feature = "xlsx")]
const MOST_SHOWN: usize = 60;

/// A table to which models and resources are added before its columns are final.
#[derive(Debug, Default)]
pub(super) struct TableDraft {
    /// The fields of the models.
    columns: Vec<FieldColumn>,
    /// The paths of these fields.
    tree: FieldTree,
    /// The fields of resources without a model, by path.
    found: BTreeMap<String, FoundField>,
    /// Whether some resources have no model.
    is_open: bool,
    /// Whether resources are divided into fields.
    is_divided: bool,
    has_others: bool,
    /// Whether the kind has its own rows, and is not only about other resources.
    has_own_rows: bool,
    rows: u64,
    common_widths: [usize; COMMON.len()],
}

#[derive(Debug, Default)]
struct FoundField {
    seen: SeenTypes,
    width: usize,
    /// Whether there are redacted values, which fit only columns of texts.
    has_hidden: bool,
}

impl TableDraft {
    /// Adds the fields of a model. Two calls may return the same kind with different models.
    pub(super) fn expect(&mut self, kind: &KnownKind<'_>) {
        self.is_open |= kind.fields.is_empty();
        self.has_own_rows |= !kind.is_detail;
        self.is_divided |= !kind.is_whole;
        for field in &kind.fields {
            let column_type = ColumnType::from(field.holds);
            let known = self.columns.iter_mut().find(|column| column.path == field.path);
            if let Some(column) = known {
                column.column_type = column.column_type.and(column_type);
            } else if self.columns.len() < MOST_FIELDS {
                let path = field.path.clone();
                self.columns.push(FieldColumn { path, column_type, width: 0, has_values: false });
            }
        }
    }

    /// Prepares the draft for resources, after all models are added.
    pub(super) fn index(&mut self) {
        self.tree = self.tree();
    }

    /// Returns whether some resources have no model, so that their columns depend on their fields.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Returns the number of resources added.
    #[cfg(feature = "xlsx")]
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the fields of a resource.
    pub(super) fn note(&mut self, resource: &Resource<'_>) {
        self.rows += 1;
        for (width, cell) in self.common_widths.iter_mut().zip(common_cells(resource)) {
            *width = cell.width().max(*width);
        }
        let Self { columns, tree, found, is_open, has_others, .. } = self;
        let room = MOST_FIELDS.saturating_sub(columns.len());
        fields(&resource.raw, &|path| tree.is_whole(path), &mut |path, value| {
            if let Some(column) = tree.column(path).map(|column| &mut columns[column])
                && column.column_type.holds(value)
            {
                column.width = width(value).max(column.width);
                column.has_values |= !value.is_null();
            } else if tree.column(path).is_some() || tree.is_parent(path) || !*is_open {
                *has_others |= !value.is_null();
            } else {
                *has_others |= !note_found(found, room, path, value);
            }
        });
    }

    fn tree(&self) -> FieldTree {
        FieldTree::new(self.columns.iter().map(|column| column.path.as_str()), !self.is_divided)
    }

    /// Returns the table with all its columns.
    pub(super) fn finish(mut self) -> ExportTable {
        let modelled = self.columns.len();
        let found = std::mem::take(&mut self.found).into_iter().map(|(path, field)| FieldColumn {
            path,
            column_type: field.seen.column_type(),
            width: field.width,
            has_values: true,
        });
        self.columns.extend(found);
        let tree = self.tree();
        let Self { columns, has_own_rows, rows, common_widths, .. } = self;
        ExportTable { columns, modelled, tree, has_others: true, has_own_rows, rows, common_widths }
    }

    /// Returns the table with the columns that have values, or the first of them if there are too many.
    #[cfg(feature = "xlsx")]
    pub(super) fn finish_filled(mut self) -> ExportTable {
        let is_other = |field: &FoundField| field.has_hidden && field.seen.column_type() != ColumnType::Text;
        let has_others = self.has_others || self.found.values().any(is_other);
        self.columns.retain(|column| column.has_values);
        let mut table = self.finish();
        table.has_others = has_others || table.columns.len() > MOST_SHOWN;
        table.columns.truncate(MOST_SHOWN);
        table.modelled = table.modelled.min(MOST_SHOWN);
        table
    }
}

/// Adds a field, if there is room for it: those with the first paths are kept, in whatever order they come.
fn note_found(found: &mut BTreeMap<String, FoundField>, room: usize, path: &str, value: &Value) -> bool {
    if !found.contains_key(path) {
        let is_after_all = found.last_key_value().is_none_or(|(last, _)| path > last.as_str());
        if found.len() >= room && is_after_all {
            return false;
        }
        found.insert(path.to_owned(), FoundField::default());
    }
    if let Some(field) = found.get_mut(path) {
        field.seen.note(value);
        field.has_hidden |= value.as_str().is_some_and(is_hidden);
        field.width = width(value).max(field.width);
    }
    // The field that has no room any more is in other resources.
    found.len() <= room || found.pop_last().is_none()
}

#[cfg(test)]
mod tests;
