//! The resources of a finished run, as data for other programs: a line, a row or a sheet's row each.
//!
//! ```text
//! run's folder ─► calls of its spec ─► items, one at a time ─► resources ─► ndjson, csv, xlsx
//! (output)        what each answers     of the result files     kind, id,
//!                 (catalog, rules)                              arn, name, tags
//! ```
//!
//! Files are read item by item and never as a whole, so that memory does not grow with the run. Tables
//! need their columns before their first row: for them the run is read twice.

mod call;
mod cell;
mod columns;
mod csv;
mod error;
mod flatten;
mod items;
mod ndjson;
mod resource;
mod rules;
mod run;
mod target;
mod xlsx;

use std::path::Path;

pub use error::ExportError;
pub use resource::Resource;
pub use run::ExportedRun;

/// What resources are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object on a line of its own for each resource.
    Ndjson,
    /// A folder of tables, one for each kind of resource.
    Csv,
    /// A workbook with a sheet for each kind of resource.
    Xlsx,
}

/// Where resources are written to.
#[derive(Clone, Copy, Debug)]
pub enum Target<'path> {
    /// A file, for [`Format::Csv`] a folder, which is not there yet.
    Path(&'path Path),
    /// Standard output, for [`Format::Ndjson`] alone.
    StandardOutput,
}

impl ExportedRun {
    /// Writes all resources, and says how many there are.
    pub fn write(&self, format: Format, target: Target<'_>) -> Result<u64, ExportError> {
        match (format, target) {
            (Format::Ndjson, Target::Path(path)) => ndjson::write_file(self, path),
            (Format::Ndjson, Target::StandardOutput) => ndjson::write_to(self, &mut std::io::stdout().lock()),
            (Format::Csv, Target::Path(path)) => csv::write(self, path),
            (Format::Xlsx, Target::Path(path)) => xlsx::write(self, path),
            (Format::Csv | Format::Xlsx, Target::StandardOutput) => Err(ExportError::NotAStream),
        }
    }
}
