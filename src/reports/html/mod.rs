//! `scan report`: writes finished runs as one self-contained HTML file for a browser without network access.
//!
//! ```text
//! ledger ────► coverage ──► overview (JSON) ─┐
//! resources ─► columns ───► tables (chunks) ─┼─► document ─► one file: markup, style, data, script
//!         └──► links ─────► links (chunks) ──┤
//!                           map (chunks) ────┘
//! witnesses ─► differences (chunks), agreement in the overview
//! ```
//!
//! Runs follow each other. Those of a page share the tables of their kinds, while each has its own accounts, and a row
//! refers to an account and so to a run. Map and differences of a run have its number.
//!
//! All data of a run was written by AWS and its users, and none of it becomes markup: the file contains it as JSON
//! without any `<`, or as compressed JSON in base64, and the script puts it on the page as text. Only the trends of a
//! history are markup, in which names are escaped. A content security policy in the page forbids all requests, and all
//! styles and scripts except its own.
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
use links::LinkChunks;
use maud::Markup;
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

/// Writes runs as a page, and returns how many resources they have. Each is given with its name. `trends` are those of
/// a history, and `start` is called before a run is read; its value is dropped after that.
///
/// # Errors
///
/// Returns an error if the path exists or cannot be written, or if a run cannot be read.
pub fn write<T>(
    runs: &[(String, &Resources)],
    trends: Option<&Markup>,
    path: &Path,
    start: impl Fn(&Resources) -> T,
) -> Result<u64, PageError> {
    write_new_file(path, |file| {
        let unwritable = |cause| PageError::Unwritable(path.to_owned(), cause);
        document::start(file, trends).map_err(unwritable)?;
        let mut data = PageData::default();
        let mut count = 0;
        for (number, (name, resources)) in runs.iter().enumerate() {
            let _reading = start(resources);
            count += data.write_run(number, name, resources, file, &unwritable)?;
        }
        document::write_overview(file, &data.overview).map_err(unwritable)?;
        document::end(file).map_err(unwritable)?;
        Ok(count)
    })
}

/// The data of all runs.
#[derive(Debug, Default)]
struct PageData {
    tables: KindTables,
    links: LinkChunks,
    overview: Overview,
}

impl PageData {
    /// Writes the run with a number, from 0, and returns how many resources it has.
    fn write_run(
        &mut self,
        number: usize,
        name: &str,
        resources: &Resources,
        writer: &mut dyn Write,
        unwritable: &dyn Fn(io::Error) -> PageError,
    ) -> Result<u64, PageError> {
        let Self { tables, links, overview } = self;
        let results = resources.results();
        let graph = LinkGraph::of(resources)?;
        let first_account = tables.start(results.accounts());
        resources.each::<PageError>(&mut |resource| tables.add(resource, writer).map_err(unwritable))?;
        tables.finish(writer).map_err(unwritable)?;
        links::write(&graph, tables.places(), links, writer, unwritable)?;
        let mut coverage = CallCoverage::new(results, first_account);
        results.each_record(&mut |record| coverage.count(record))?;
        coverage.write_map(writer, number).map_err(unwritable)?;
        let witnesses = witnesses::write(results, number, writer, unwritable)?;
        overview.add(results, name, tables, &coverage, witnesses);
        Ok(tables.count())
    }
}
