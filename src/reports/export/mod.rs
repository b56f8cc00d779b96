//! The resources of a finished run, as data for other programs: a line, a row or a sheet's row each.
//!
//! ```text
//! resources, one at a time ─┬─► ndjson
//!                           └─► columns of each kind ─┬─► csv, xlsx
//!                                      with types     └─► sqlite, parquet ◄── facts of the run
//! ```
//!
//! Tables need their columns before their first row: for them the run is read twice, which is what keeps
//! memory flat.

mod cell;
mod column_type;
mod columns;
mod csv;
mod error;
mod facts;
mod identifiers;
mod ndjson;
mod parquet;
mod sqlite;
mod target;
mod xlsx;

use std::path::Path;

use super::resources::Resources;
pub use cell::harmless;
pub use error::ExportError;

/// What resources are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object on a line of its own for each resource.
    Ndjson,
    /// A folder of tables, one for each kind of resource.
    Csv,
    /// A workbook with a sheet for each kind of resource.
    Xlsx,
    /// A database with a table for each kind of resource.
    Sqlite,
    /// A folder of columns, by kind of resource, account and region.
    Parquet,
}

/// Where resources are written to.
#[derive(Clone, Copy, Debug)]
pub enum ExportTarget<'path> {
    /// A file, for [`ExportFormat::Csv`] and [`ExportFormat::Parquet`] a folder, which is not there yet.
    Path(&'path Path),
    /// Standard output, for [`ExportFormat::Ndjson`] alone.
    StandardOutput,
}

/// Writes all resources of a run, and says how many there are.
pub fn write(
    resources: &Resources,
    format: ExportFormat,
    target: ExportTarget<'_>,
) -> Result<u64, ExportError> {
    match (format, target) {
        (ExportFormat::Ndjson, ExportTarget::Path(path)) => ndjson::write_file(resources, path),
        (ExportFormat::Ndjson, ExportTarget::StandardOutput) => {
            ndjson::write_to(resources, &mut std::io::stdout().lock())
        }
        (ExportFormat::Csv, ExportTarget::Path(path)) => csv::write(resources, path),
        (ExportFormat::Xlsx, ExportTarget::Path(path)) => xlsx::write(resources, path),
        (ExportFormat::Sqlite, ExportTarget::Path(path)) => sqlite::write(resources, path),
        (ExportFormat::Parquet, ExportTarget::Path(path)) => parquet::write(resources, path),
        (
            ExportFormat::Csv | ExportFormat::Xlsx | ExportFormat::Sqlite | ExportFormat::Parquet,
            ExportTarget::StandardOutput,
        ) => Err(ExportError::NotAStream),
    }
}

/// The run as a database, as [`ExportFormat::Sqlite`] has it: in a temporary file without a name, which is gone
/// with the connection.
pub fn database(resources: &Resources) -> Result<rusqlite::Connection, ExportError> {
    sqlite::temporary(resources)
}
