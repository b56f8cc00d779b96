//! The directory, schema and rows of each kind of resource.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use super::layout::{FileLayout, PARTITIONS};
use super::schema::Schema;
use crate::reports::export::cell::CellValue;
use crate::reports::export::column_type::ColumnType;
use crate::reports::export::columns::ExportTables;
use crate::reports::export::identifiers::NameSpelling;
use crate::reports::export::table::{COMMON, ExportTable};
use crate::reports::resources::Resource;
use crate::run::safe_name;

/// The names of the first columns of every table. Account and region are in the names of the directories.
/// Readers convert directory values to numbers if they can, and lose the leading zeros of account IDs: so the
/// ID is also in the files.
const NAMES: [&str; COMMON.len()] = {
    let mut names = COMMON;
    names[0] = "account_id";
    names
};
const REGION: usize = 3;

/// All kinds of a run: by service, then by kind.
pub(super) struct ParquetTables<'run> {
    kinds: HashMap<&'run str, HashMap<&'run str, ParquetTable<'run>>>,
}

/// A kind of resource.
pub(super) struct ParquetTable<'run> {
    /// The directory of its files, with subdirectories for account and region.
    pub(super) folder: PathBuf,
    table: &'run ExportTable,
    /// The types of the table's columns, including region.
    types: Vec<ColumnType>,
    pub(super) schema: Schema,
}

impl<'run> ParquetTables<'run> {
    pub(super) fn new(layout: FileLayout<'_>, tables: &'run ExportTables) -> io::Result<Self> {
        let mut kinds = HashMap::<_, HashMap<_, _>>::new();
        for ((service, kind), table) in tables {
            let folder = layout.table(&folder_name(service, kind));
            let schema = Schema::new(columns(table).iter().map(|(name, holds)| (name.as_str(), *holds)))?;
            let kind_of = ParquetTable { folder, table, schema, types: table.types() };
            kinds.entry(service.as_str()).or_default().insert(kind.as_str(), kind_of);
        }
        Ok(Self { kinds })
    }

    /// Returns the kind of a resource; it exists if the run is the one that the tables were made from.
    pub(super) fn of(&self, resource: &Resource<'_>) -> Option<&ParquetTable<'run>> {
        self.kinds.get(resource.service)?.get(resource.kind)
    }
}

impl ParquetTable<'_> {
    /// Returns the row of a resource.
    pub(super) fn row(&self, resource: &Resource<'_>) -> Vec<CellValue> {
        let mut cells = self.table.typed_cells(&self.types, resource);
        cells.remove(REGION);
        cells
    }
}

/// Returns the name of the folder of a kind.
pub(super) fn folder_name(service: &str, kind: &str) -> String {
    format!("{}-{}", safe_name(service), safe_name(kind))
}

/// Returns the columns of the files of a kind. No field has the name of a column in the names of folders.
pub(super) fn columns(table: &ExportTable) -> Vec<(String, ColumnType)> {
    let names = table.header(NameSpelling::Identifier, NAMES, &PARTITIONS);
    let mut columns: Vec<_> = names.into_iter().zip(table.types()).collect();
    columns.remove(REGION);
    columns
}
