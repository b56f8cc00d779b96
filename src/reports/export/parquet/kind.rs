//! The directory, schema and rows of each kind of resource.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

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
/// The partition key in directory names, which no field may use.
const ACCOUNT: &str = "account";

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
    pub(super) fn new(folder: &Path, tables: &'run ExportTables) -> io::Result<Self> {
        let mut kinds = HashMap::<_, HashMap<_, _>>::new();
        for ((service, kind), table) in tables {
            let folder = folder.join(format!("{}-{}", safe_name(service), safe_name(kind)));
            let types = table.types();
            let kind_of = ParquetTable { folder, table, schema: schema(table, &types)?, types };
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

fn schema(table: &ExportTable, types: &[ColumnType]) -> io::Result<Schema> {
    let names = table.header(NameSpelling::Identifier, NAMES, &[ACCOUNT]);
    let columns = names.iter().map(String::as_str).zip(types.iter().copied());
    Schema::new(columns.enumerate().filter(|(column, _)| *column != REGION).map(|(_, column)| column))
}
