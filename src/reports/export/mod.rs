//! `scan export`: writes the resources of a finished run as NDJSON, CSV, XLSX, SQLite or Parquet.
//!
//! ```text
//! resources, one at a time ─┬─► ndjson
//!                           └─► columns of each kind ─┬─► csv, xlsx
//!                                                     └─► sqlite, parquet ◄── facts of the run
//! ```
//!
//! Tables need their columns before their first row. The columns of most kinds are known from the models; what
//! is not is determined by reading the run twice, which keeps memory use constant.

mod cell;
#[cfg_attr(
    not(any(feature = "parquet", feature = "sqlite")),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod column_type;
mod columns;
mod csv;
mod draft;
mod error;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod facts;
mod field_tree;
mod identifiers;
mod ndjson;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg_attr(
    not(all(feature = "xlsx", any(feature = "parquet", feature = "sqlite"))),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod table;
mod target;
#[cfg_attr(
    not(all(feature = "xlsx", feature = "parquet")),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod utc_time;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::path::Path;

use super::resources::Resources;
pub use cell::harmless;
pub use error::ExportError;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object per line for each resource.
    Ndjson,
    /// A directory of tables, one for each kind of resource.
    Csv,
    /// A workbook with a sheet for each kind of resource.
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// A database with a table for each kind of resource.
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// A directory of Parquet files, partitioned by kind of resource, account and region.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// The target of an export.
#[derive(Clone, Copy, Debug)]
pub enum ExportTarget<'path> {
    /// A file, or for [`ExportFormat::Csv`] and [`ExportFormat::Parquet`] a directory; it must not exist yet.
    Path(&'path Path),
    /// Standard output, only for [`ExportFormat::Ndjson`].
    StandardOutput,
}

/// Writes all resources of a run, and returns how many there are.
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
        #[cfg(feature = "xlsx")]
        (ExportFormat::Xlsx, ExportTarget::Path(path)) => xlsx::write(resources, path),
        #[cfg(feature = "sqlite")]
        (ExportFormat::Sqlite, ExportTarget::Path(path)) => sqlite::write(resources, path),
        #[cfg(feature = "parquet")]
        (ExportFormat::Parquet, ExportTarget::Path(path)) => parquet::write(resources, path),
        (_, ExportTarget::StandardOutput) => Err(ExportError::NotAStream),
    }
}

/// Returns the run as a database like that of [`ExportFormat::Sqlite`], in an unnamed temporary file that is
/// deleted with the connection.
#[cfg(feature = "sqlite")]
pub fn database(resources: &Resources) -> Result<rusqlite::Connection, ExportError> {
    sqlite::temporary(resources)
}

/// Fills an empty file with the run as a database like that of [`ExportFormat::Sqlite`]. Its `user_version` is `number`.
#[cfg(feature = "sqlite")]
pub(crate) fn fill_database(resources: &Resources, path: &Path, number: i32) -> Result<(), ExportError> {
    sqlite::fill_file(resources, path, number)
}
