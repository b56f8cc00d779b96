//! `scan report`: writes a finished run as one self-contained HTML file for a browser without network access.
//!
//! ```text
//! ledger ────► coverage ──► overview (JSON) ─┐
//! resources ─► columns ───► tables (chunks) ─┼─► document ─► one file: markup, style, data, script
//!         └──► links ─────► links (chunks) ──┤
//!                           map (chunks) ────┘
//! witnesses ─► differences (chunks), agreement in the overview
//! ```
//!
//! All data of the run was written by AWS and its users, and none of it becomes markup: the file contains it
//! as JSON without any `<`, or as compressed JSON in base64, and the script puts it on the page as text. A
//! content security policy in the page forbids all requests, and all styles and scripts except its own.
//!
//! Resources are written as they are read, in chunks that the page unpacks on demand, so that neither this
//! program nor the page holds a whole run in memory.

mod assets;
mod chunk;
mod columns;
mod coverage;
mod document;
mod kind_types;
mod links;
mod overview;
mod safe_json;
mod tables;
mod witnesses;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use coverage::CallCoverage;
use overview::Overview;
use tables::KindTables;

use super::links::LinkGraph;
use super::resources::Resources;
use crate::run::{NewFileError, ResultsError, write_new_file};

/// An error while writing a page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The output path already exists.
    #[error("{0} already exists")]
    Exists(PathBuf),
    /// The page cannot be written.
    #[error("cannot write {0}: {1}")]
    Unwritable(PathBuf, io::Error),
}

impl From<NewFileError> for PageError {
    fn from(error: NewFileError) -> Self {
        match error {
            NewFileError::Exists(path) => Self::Exists(path),
            NewFileError::Unwritable(path, cause) => Self::Unwritable(path, cause),
        }
    }
}

/// Writes a run as a page, and returns how many resources it has. `name` is the name of the run.
pub fn write(resources: &Resources, name: &str, path: &Path) -> Result<u64, PageError> {
    write_new_file(path, |file| {
        let unwritable = |cause| PageError::Unwritable(path.to_owned(), cause);
        document::start(file).map_err(unwritable)?;
        let count = write_data(resources, name, file, &unwritable)?;
        document::end(file).map_err(unwritable)?;
        Ok(count)
    })
}

fn write_data(
    resources: &Resources,
    name: &str,
    writer: &mut dyn Write,
    unwritable: &dyn Fn(io::Error) -> PageError,
) -> Result<u64, PageError> {
    let results = resources.results();
    let graph = LinkGraph::of(resources)?;
    let mut tables = KindTables::new(results.accounts());
    resources.each::<PageError>(&mut |resource| tables.add(resource, writer).map_err(unwritable))?;
    tables.finish(writer).map_err(unwritable)?;
    links::write(&graph, tables.places(), writer, unwritable)?;
    let mut coverage = CallCoverage::new(results);
    results.each_record(&mut |record| coverage.count(record))?;
    coverage.write_map(writer).map_err(unwritable)?;
    let witnesses = witnesses::write(results, writer, unwritable)?;
    let overview = Overview::new(results, name, &tables, &coverage, witnesses);
    document::write_overview(writer, &overview).map_err(unwritable)?;
    Ok(tables.count())
}
