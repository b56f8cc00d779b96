//! Explains errors in queries, with their position.

use rusqlite::{Connection, Error, ErrorCode};

use super::QueryError;
use crate::util::source_excerpt::marked;
use crate::util::suggest::did_you_mean;

/// SQLite's messages for unknown tables and columns (its build.c and resolve.c).
const NO_TABLE: &str = "no such table: ";
const NO_COLUMN: &str = "no such column: ";
/// SQLite's messages for functions that the authorizer denies, or that an untrusted view may not call; their
/// error code is the generic one (resolve.c).
const REFUSED: [&str; 2] = ["not authorized", "unsafe use of"];

const TABLES: &str = "
    SELECT name FROM (SELECT name, type FROM sqlite_schema UNION ALL SELECT name, type FROM sqlite_temp_schema)
    WHERE type IN ('table', 'view') AND ?1 IS NOT NULL";
/// The columns of the tables in the query.
const COLUMNS: &str = "
    SELECT DISTINCT columns.name
    FROM (SELECT name, type FROM sqlite_schema UNION ALL SELECT name, type FROM sqlite_temp_schema) AS tables,
        pragma_table_info(tables.name) AS columns
    WHERE tables.type IN ('table', 'view') AND instr(lower(?1), lower(tables.name))";

/// Converts an SQLite error to a query error.
pub(super) fn explain(connection: &Connection, sql: &str, error: &Error) -> QueryError {
    let is_refused = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
    if is_refused || REFUSED.iter().any(|refused| message(error).starts_with(refused)) {
        return QueryError::NotARead;
    }
    match error {
        Error::SqlInputError { .. } => QueryError::Wrong(wrong(connection, sql, error)),
        // SQLite's generic error code: the query is invalid.
        _ if error.sqlite_error_code() == Some(ErrorCode::Unknown) => {
            QueryError::Wrong(wrong(connection, sql, error))
        }
        _ => QueryError::Failed(message(error)),
    }
}

/// Returns SQLite's message.
pub(super) fn message(error: &Error) -> String {
    match error {
        Error::SqlInputError { msg, .. } | Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        error => error.to_string(),
    }
}

/// Returns the message with the nearest name, and the query with a mark at the position.
fn wrong(connection: &Connection, sql: &str, error: &Error) -> String {
    let message = message(error);
    let offset = match error {
        Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        // SQLite reports missing tables without a position.
        _ => message.strip_prefix(NO_TABLE).and_then(|name| sql.find(name)),
    };
    let nearest = nearest(connection, sql, &message);
    match offset {
        Some(offset) => {
            let character = sql.get(..offset).unwrap_or(sql).chars().count() + 1;
            format!("invalid query at character {character}: {message}{nearest}\n{}", marked(sql, offset))
        }
        None => format!("invalid query: {message}{nearest}"),
    }
}

/// Returns a suggestion of the nearest names, if a name is unknown.
fn nearest(connection: &Connection, sql: &str, message: &str) -> String {
    if let Some(name) = message.strip_prefix(NO_TABLE) {
        let known = names(connection, TABLES, sql);
        return did_you_mean(name, known.iter().map(String::as_str));
    }
    let Some(name) = message.strip_prefix(NO_COLUMN) else { return String::new() };
    // For a name in double quotes, SQLite adds a question whether it should be a string.
    let name = name.split(" - should").next().unwrap_or(name).trim_matches('"');
    let known = names(connection, COLUMNS, sql);
    // The part before a dot may be a table, or part of a field's path.
    let forms = [name, name.split_once('.').map_or(name, |(_, name)| name)];
    let suggestions = forms.map(|name| did_you_mean(name, known.iter().map(String::as_str)));
    suggestions.into_iter().find(|suggestion| !suggestion.is_empty()).unwrap_or_default()
}

/// Returns the names that a query lists; none if the query fails.
fn names(connection: &Connection, list: &str, sql: &str) -> Vec<String> {
    let names = connection.prepare(list).and_then(|mut statement| {
        statement.query_map([sql], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
    });
    names.unwrap_or_default()
}
