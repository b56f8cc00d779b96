//! Parquet export: files in Hive-style directories by kind, account and region.
//!
//! ```text
//! <service>-<kind>/account=<id>/region=<region>/part-0.parquet
//! run/part-0.parquet, accounts/…, ledger/…, missing/…, links/…, witnesses/…, witness_types/part-0.parquet
//! ```
//!
//! All files of a kind have the same schema, whatever fields their resources have. Resources are read place
//! by place (account and region): only the files of one place are open at a time, and their buffers are
//! bounded.
//!
//! A lake has the tables of several runs, with one more level of folders, `run=<name>`, below the table. Its
//! columns are those of the models only, so that they are the same every night.

mod column;
mod ddl;
mod kind;
mod lake;
mod layout;
mod part;
mod partition;
mod place;
mod run_part;
mod schema;

use std::io;
use std::path::Path;

use super::columns::ExportTables;
use super::links::{self, LINKS};
use super::missing::{MISSING, MissingCounts};
use super::witnesses::{self, WITNESS_TYPES, WITNESSES};
use super::{ExportError, columns, facts, target};
use crate::reports::links::LinkGraph;
use crate::reports::reconcile::{read_differences, read_summary};
use crate::reports::resources::Resources;
use crate::run::Results;
pub(crate) use ddl::SqlDialect;
pub(super) use ddl::statements;
use kind::ParquetTables;
pub(super) use lake::{add, stage};
use layout::FileLayout;
use part::PartFile;
use place::PartitionFiles;
pub(crate) use run_part::RunPart;
use schema::Schema;

/// Writes a directory of files, and returns how many resources they have.
pub(super) fn write(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
    let tables = columns::tables(resources)?;
    target::write_folder(path, |folder| {
        write_tables(resources, &tables, FileLayout { folder, part: None }, &ExportError::unwritable(path))
    })
}

/// Writes the files of all tables, and returns how many resources they have.
fn write_tables(
    resources: &Resources,
    tables: &ExportTables,
    layout: FileLayout<'_>,
    unwritable: &dyn Fn(io::Error) -> ExportError,
) -> Result<u64, ExportError> {
    let graph = LinkGraph::of(resources)?;
    write_facts(resources.results(), &graph, layout, unwritable)?;
    let kinds = ParquetTables::new(layout, tables).map_err(unwritable)?;
    let mut place = PartitionFiles::none(layout);
    let mut count = 0;
    resources.each::<ExportError>(&mut |resource| {
        count += 1;
        place.add(&kinds, resource).map_err(unwritable)
    })?;
    place.finish().map_err(unwritable)?;
    Ok(count)
}

/// Writes the facts of the run: a directory for each table.
fn write_facts(
    results: &Results,
    graph: &LinkGraph,
    layout: FileLayout<'_>,
    unwritable: &dyn Fn(io::Error) -> ExportError,
) -> Result<(), ExportError> {
    let start = |table: &facts::FactTable| {
        let schema = Schema::new(table.columns.iter().copied()).map_err(unwritable)?;
        Ok::<_, ExportError>(PartFile::new(layout.file(&layout.table(table.name)), &schema))
    };
    let mut run = start(&facts::RUN)?;
    run.add(facts::from_run(results.manifest())).map_err(unwritable)?;
    run.finish().map_err(unwritable)?;
    let mut accounts = start(&facts::ACCOUNTS)?;
    for account in results.listed_accounts()? {
        accounts.add(facts::of_account(&account)).map_err(unwritable)?;
    }
    accounts.finish().map_err(unwritable)?;
    let mut ledger = start(&facts::LEDGER)?;
    let mut counts = MissingCounts::of(results.manifest());
    results.try_each_record::<ExportError>(&mut |record| {
        counts.count(record);
        ledger.add(facts::of_line(record)).map_err(unwritable)
    })?;
    ledger.finish().map_err(unwritable)?;
    let mut missing = start(&MISSING)?;
    for calls in &counts.finish(results.manifest()).causes {
        missing.add(calls.cells()).map_err(unwritable)?;
    }
    missing.finish().map_err(unwritable)?;
    let mut table = start(&LINKS)?;
    links::each_row::<ExportError>(graph, &mut |cells| table.add(cells).map_err(unwritable))?;
    table.finish().map_err(unwritable)?;
    let mut differences = start(&WITNESSES)?;
    read_differences::<ExportError>(results, &mut |difference| {
        differences.add(witnesses::of_difference(&difference)).map_err(unwritable)
    })?;
    differences.finish().map_err(unwritable)?;
    let mut types = start(&WITNESS_TYPES)?;
    for cells in witnesses::of_types(read_summary(results)?.as_ref()) {
        types.add(cells).map_err(unwritable)?;
    }
    types.finish().map_err(unwritable)
}
