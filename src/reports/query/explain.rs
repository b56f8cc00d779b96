//! Words for what is wrong with a query, and where.

use rusqlite::{Connection, Error, ErrorCode};

use super::QueryError;
use crate::util::source_excerpt::marked;
use crate::util::suggest::did_you_mean;

/// What SQLite says where it knows no table or column (its build.c and resolve.c).
const NO_TABLE: &str = "no such table: ";
const NO_COLUMN: &str = "no such column: ";
/// What it says of functions that the guard refuses, or that a view of somebody else may not call; the
/// code is the one of any mistake (resolve.c).
const REFUSED: [&str; 2] = ["not authorized", "unsafe use of"];

const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND ?1 IS NOT NULL";
/// The columns of the tables that the query names.
const COLUMNS: &str = "
    SELECT DISTINCT columns.name
    FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
    WHERE tables.type IN ('table', 'view') AND instr(lower(?1), lower(tables.name))";

/// Why a query cannot be answered.
pub(super) fn explain(connection: &Connection, sql: &str, error: &Error) -> QueryError {
    let is_refused = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
    if is_refused || REFUSED.iter().any(|refused| message(error).starts_with(refused)) {
        return QueryError::NotARead;
    }
    match error {
        Error::SqlInputError { .. } => QueryError::Wrong(wrong(connection, sql, error)),
        // SQLite's plain error: something in the query is not as it has to be.
        _ if error.sqlite_error_code() == Some(ErrorCode::Unknown) => {
            QueryError::Wrong(wrong(connection, sql, error))
        }
        _ => QueryError::Failed(message(error)),
    }
}

/// SQLite's message.
pub(super) fn message(error: &Error) -> String {
    match error {
        Error::SqlInputError { msg, .. } | Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        error => error.to_string(),
    }
}

/// The message with the nearest name, and the query below it with a mark at the place.
fn wrong(connection: &Connection, sql: &str, error: &Error) -> String {
    let message = message(error);
    let offset = match error {
        Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        // A missing table is told without its place.
        _ => message.strip_prefix(NO_TABLE).and_then(|name| sql.find(name)),
    };
    let nearest = nearest(connection, sql, &message);
    match offset {
        Some(offset) => {
            let character = sql.get(..offset).unwrap_or(sql).chars().count() + 1;
            format!(
                "the query is wrong at character {character}: {message}{nearest}\n{}",
                marked(sql, offset)
            )
        }
        None => format!("the query is wrong: {message}{nearest}"),
    }
}

/// The nearest names that there are, where one is missing.
fn nearest(connection: &Connection, sql: &str, message: &str) -> String {
    if let Some(name) = message.strip_prefix(NO_TABLE) {
        let known = names(connection, TABLES, sql);
        return did_you_mean(name, known.iter().map(String::as_str));
    }
    let Some(name) = message.strip_prefix(NO_COLUMN) else { return String::new() };
    // Of a name in double quotes SQLite asks whether it was to be a text.
    let name = name.split(" - should").next().unwrap_or(name).trim_matches('"');
    let known = names(connection, COLUMNS, sql);
    // What stands before a dot may be a table, or part of a field's path.
    let forms = [name, name.split_once('.').map_or(name, |(_, name)| name)];
    let offers = forms.map(|name| did_you_mean(name, known.iter().map(String::as_str)));
    offers.into_iter().find(|offer| !offer.is_empty()).unwrap_or_default()
}

/// What a list of names has; without one, nothing can be offered.
fn names(connection: &Connection, list: &str, sql: &str) -> Vec<String> {
    let names = connection.prepare(list).and_then(|mut statement| {
        statement.query_map([sql], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
    });
    names.unwrap_or_default()
}
