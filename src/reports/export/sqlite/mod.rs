//! SQLite export: a database with a table of all resources, a table for each kind, and the facts of the run.
//!
//! ```text
//! run, accounts, ledger, missing facts of the run
//! links                          which resource refers to which
//! witnesses, witness_types       what witnesses report differently
//! resources, tags                every resource, with its raw value
//! <service>_<kind>               its fields, typed; joined to the others by `resource`
//! AWS_EC2_Instance, …            views: the resources of a type
//! views                          counts and gaps
//! ```
//!
//! Everything is written in one transaction, row by row. An unfinished file has a temporary name, so no
//! journal is needed.

mod rows;
mod schema;
mod type_views;

use std::path::Path;

use rusqlite::Connection;

use super::links::{self, LINKS};
use super::missing::{MISSING, MissingCounts};
use super::witnesses::{self, WITNESS_TYPES, WITNESSES};
use super::{ExportError, columns, facts, target};
use crate::reports::links::LinkGraph;
use crate::reports::reconcile::{read_differences, read_summary};
use crate::reports::resources::Resources;
use crate::run::Results;
use rows::{SqliteTables, insert_cells, insert_resource, insert_sql};

/// The name of an unnamed database on disk, which is deleted with its connection (sqlite.org/inmemorydb.html,
/// "Temporary Databases").
const WITHOUT_NAME: &str = "";

/// The number of cached prepared statements: the resources of a place are read call by call.
const STATEMENTS: usize = 64;

/// Writes a database, and returns how many resources it has.
pub(super) fn write(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
    let failed = |cause: rusqlite::Error| ExportError::unwritable(path)(std::io::Error::other(cause));
    target::write_at(path, |temporary| {
        let connection = Connection::open(temporary).map_err(failed)?;
        let count = fill(&connection, resources, &failed)?;
        connection.close().map_err(|(_, cause)| failed(cause))?;
        Ok(count)
    })
}

/// Returns the same database in an unnamed file, which is deleted with its connection, even if the process is
/// killed.
pub(super) fn temporary(resources: &Resources) -> Result<Connection, ExportError> {
    let failed = |cause: rusqlite::Error| ExportError::Temporary(std::io::Error::other(cause));
    let connection = Connection::open(WITHOUT_NAME).map_err(failed)?;
    fill(&connection, resources, &failed)?;
    Ok(connection)
}

/// Fills an empty file with the same database, and stores a number in it that SQLite does not use (`user_version`).
pub(super) fn fill_file(resources: &Resources, path: &Path, number: i32) -> Result<(), ExportError> {
    let failed = |cause: rusqlite::Error| ExportError::unwritable(path)(std::io::Error::other(cause));
    let connection = Connection::open(path).map_err(failed)?;
    fill(&connection, resources, &failed)?;
    connection.pragma_update(None, "user_version", number).map_err(failed)?;
    connection.close().map_err(|(_, cause)| failed(cause))
}

/// Writes all tables. `failed` converts SQLite errors.
fn fill(
    connection: &Connection,
    resources: &Resources,
    failed: &dyn Fn(rusqlite::Error) -> ExportError,
) -> Result<u64, ExportError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(schema::BEGIN).map_err(failed)?;
    connection.execute_batch(&schema::fixed_tables()).map_err(failed)?;
    let graph = LinkGraph::of(resources)?;
    write_facts(connection, resources.results(), failed)?;
    links::each_row::<ExportError>(&graph, &mut |cells| {
        insert_cells(connection, &insert_sql(LINKS.name, LINKS.columns.len()), None, &cells).map_err(failed)
    })?;
    let tables = columns::tables(resources)?;
    let kinds = SqliteTables::create(connection, &tables).map_err(failed)?;
    let mut count = 0;
    resources.each::<ExportError>(&mut |resource| {
        count += 1;
        insert_resource(connection, count, resource).map_err(failed)?;
        kinds.insert(connection, count, resource).map_err(failed)
    })?;
    connection.execute_batch(schema::INDEXES).map_err(failed)?;
    connection.execute_batch(schema::VIEWS).map_err(failed)?;
    kinds.create_views(connection).map_err(failed)?;
    connection.execute_batch(schema::END).map_err(failed)?;
    connection.flush_prepared_statement_cache();
    u64::try_from(count).map_err(|_| failed(rusqlite::Error::InvalidQuery))
}

fn write_facts(
    connection: &Connection,
    results: &Results,
    failed: &dyn Fn(rusqlite::Error) -> ExportError,
) -> Result<(), ExportError> {
    let sql = |table: &facts::FactTable| insert_sql(table.name, table.columns.len());
    let insert = |table, cells: &[_]| insert_cells(connection, &sql(table), None, cells).map_err(failed);
    insert(&facts::RUN, &facts::from_run(results.manifest()))?;
    for account in results.listed_accounts()? {
        insert(&facts::ACCOUNTS, &facts::of_account(&account))?;
    }
    let mut missing = MissingCounts::of(results.manifest());
    results.try_each_record::<ExportError>(&mut |record| {
        missing.count(record);
        insert(&facts::LEDGER, &facts::of_line(record))
    })?;
    let missing = missing.finish(results.manifest());
    missing.causes.iter().try_for_each(|calls| insert(&MISSING, &calls.cells()))?;
    read_differences::<ExportError>(results, &mut |difference| {
        insert(&WITNESSES, &witnesses::of_difference(&difference))
    })?;
    let summary = read_summary(results)?;
    witnesses::of_types(summary.as_ref()).try_for_each(|cells| insert(&WITNESS_TYPES, &cells))
}
