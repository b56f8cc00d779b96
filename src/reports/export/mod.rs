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
#[cfg_attr(
    not(any(feature = "parquet", feature = "sqlite")),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod facts;
mod field_tree;
mod identifiers;
#[cfg(any(feature = "parquet", feature = "sqlite"))]
mod links;
mod missing;
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
mod tag_columns;
mod target;
#[cfg_attr(
    not(all(feature = "xlsx", feature = "parquet")),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod utc_time;
#[cfg_attr(
    not(all(feature = "xlsx", any(feature = "parquet", feature = "sqlite"))),
    allow(dead_code, reason = "shared by formats that may not be built in")
)]
mod witnesses;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::path::{Path, PathBuf};

use super::links::LinkGraph;
use super::resources::Resources;
pub use cell::harmless;
pub use error::ExportError;
#[cfg(feature = "parquet")]
pub(crate) use parquet::{RunPart, SqlDialect};
use tag_columns::TagColumns;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object per line for each resource.
    Ndjson,
    /// A directory of tables, one for each kind of resource.
    Csv,
    /// One table of all resources.
    SingleCsv,
    /// A workbook to hand around: a summary, the accounts, what is missing, and the resources.
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

impl ExportFormat {
    /// Returns the path of the file with the run's gaps beside a file. Formats of several tables have the gaps in one
    /// of them.
    #[must_use]
    pub fn gaps_path(self, path: &Path) -> Option<PathBuf> {
        match self {
            Self::Ndjson => Some(target::gaps_beside(path, "ndjson")),
            Self::SingleCsv => Some(target::gaps_beside(path, "csv")),
            Self::Csv => None,
            #[cfg(feature = "xlsx")]
            Self::Xlsx => None,
            #[cfg(feature = "sqlite")]
            Self::Sqlite => None,
            #[cfg(feature = "parquet")]
            Self::Parquet => None,
        }
    }

    /// Returns whether the format has a table of links, beside the number of links of each resource.
    fn has_link_table(self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite => true,
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            _ => false,
        }
    }
}

/// Writes all resources of a run and its gaps, and returns how many resources there are. The tables of
/// [`ExportFormat::Csv`], [`ExportFormat::SingleCsv`] and workbooks have a column for each key in `tag_columns`.
pub fn write(
    resources: &Resources,
    format: ExportFormat,
    target: ExportTarget<'_>,
    tag_columns: &[String],
) -> Result<u64, ExportError> {
    let tags = TagColumns::new(tag_columns);
    if !format.has_link_table() {
        LinkGraph::of(resources)?;
    }
    match (format, target) {
        (ExportFormat::Ndjson, ExportTarget::Path(path)) => {
            ndjson::write_file(resources, path, &target::gaps_beside(path, "ndjson"))
        }
        (ExportFormat::Ndjson, ExportTarget::StandardOutput) => {
            ndjson::write_to(resources, &mut std::io::stdout().lock())
        }
        (ExportFormat::Csv, ExportTarget::Path(path)) => csv::write(resources, &tags, path),
        (ExportFormat::SingleCsv, ExportTarget::Path(path)) => {
            csv::write_single(resources, &tags, path, &target::gaps_beside(path, "csv"))
        }
        #[cfg(feature = "xlsx")]
        (ExportFormat::Xlsx, ExportTarget::Path(path)) => xlsx::write(resources, &tags, path),
        #[cfg(feature = "sqlite")]
        (ExportFormat::Sqlite, ExportTarget::Path(path)) => sqlite::write(resources, path),
        #[cfg(feature = "parquet")]
        (ExportFormat::Parquet, ExportTarget::Path(path)) => parquet::write(resources, path),
        (_, ExportTarget::StandardOutput) => Err(ExportError::NotAStream),
    }
}

/// Adds a run to the Parquet tables of several runs in a folder, and returns how many resources it has.
///
/// # Errors
///
/// [`ExportError::Added`] if the tables have this part of the run already; further as [`write()`].
#[cfg(feature = "parquet")]
pub(crate) fn add_to_lake(resources: &Resources, lake: &Path, part: &RunPart) -> Result<u64, ExportError> {
    parquet::add(resources, lake, part)
}

/// Writes the files that [`add_to_lake`] would add to an empty folder, and returns how many resources the run has.
#[cfg(feature = "parquet")]
pub(crate) fn stage_for_lake(
    resources: &Resources,
    folder: &Path,
    part: &RunPart,
) -> Result<u64, ExportError> {
    parquet::stage(resources, folder, part)
}

/// Returns the SQL statements that create the tables of [`add_to_lake`] below a location: an absolute path, or
/// `s3://bucket/prefix`.
///
/// # Errors
///
/// Fails if the run cannot be read.
#[cfg(feature = "parquet")]
pub(crate) fn lake_statements(
    resources: &Resources,
    dialect: SqlDialect,
    location: &str,
) -> Result<String, ExportError> {
    parquet::statements(resources, dialect, location)
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
