//! Runs a query and prints its rows.

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Row, Statement};
use serde_json::Value;

use super::print::Printer;
use super::{QueryError, explain};
use crate::util::hexadecimal::hexadecimal;
use crate::util::special_number;

/// Prints the rows of a query, and returns how many there are.
pub(super) fn print(
    connection: &Connection,
    sql: &str,
    printer: &mut Printer<'_>,
) -> Result<u64, QueryError> {
    let mut statement = only_statement(connection, sql)?;
    let failed = |cause: rusqlite::Error| explain::explain(connection, sql, &cause);
    let names = columns_of(&statement).map_err(failed)?;
    let columns = names.len();
    printer.columns(&names)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut count = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        printer.row(values(row, columns).map_err(failed)?)?;
        count += 1;
    }
    printer.finish()?;
    Ok(count)
}

/// Returns the names of a result's columns.
pub(super) fn columns_of(statement: &Statement<'_>) -> Result<Vec<String>, rusqlite::Error> {
    (0..statement.column_count()).map(|column| statement.column_name(column).map(str::to_owned)).collect()
}

/// Prepares the only statement of a query.
pub(super) fn only_statement<'connection>(
    connection: &'connection Connection,
    sql: &str,
) -> Result<Statement<'connection>, QueryError> {
    let failed = |cause: rusqlite::Error| explain::explain(connection, sql, &cause);
    let mut statements = Batch::new(connection, sql);
    let statement = statements.next().map_err(failed)?.ok_or(QueryError::NotOneStatement)?;
    // Any text after the statement is an error, even if it is not valid SQL.
    if !matches!(statements.next(), Ok(None)) {
        return Err(QueryError::NotOneStatement);
    }
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(QueryError::NotARead);
    }
    Ok(statement)
}

/// Returns the values of a row as JSON.
pub(super) fn values(row: &Row<'_>, columns: usize) -> Result<Vec<Value>, rusqlite::Error> {
    (0..columns).map(|column| row.get_ref(column).map(value)).collect()
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::from(integer),
        ValueRef::Real(float) => special_number::to_json(float),
        ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::String(hexadecimal(bytes)),
    }
}
