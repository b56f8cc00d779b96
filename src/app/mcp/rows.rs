//! Rows of the database, as tools return them.

use std::time::Duration;

use serde_json::{Map, Value};

use super::tool_error::ToolError;
use crate::reports::query::{Database, LimitedRows, QueryLimits};

/// The most bytes of rows in a response. An agent reads all of them.
const BYTES: usize = 200_000;
/// The longest time of a query.
const TIME: Duration = Duration::from_mins(1);

/// The columns whose texts are JSON.
const JSON: [&str; 6] = [TAGS, "account_tags", "details", "raw", "calls", "missing_shards"];

/// Returns the first rows of a query.
pub(super) fn first_rows(
    database: &Database,
    sql: &str,
    parameters: &[&str],
    rows: usize,
) -> Result<LimitedRows, ToolError> {
    let limits = QueryLimits { rows, bytes: BYTES, time: TIME };
    Ok(database.limited(sql, parameters, limits)?)
}

/// The member that is null if it is not known, unlike an empty one.
const TAGS: &str = "tags";

/// Returns the first rows of a query as objects, and whether there are more. Members without a value are omitted, except
/// for unknown tags, and JSON is not quoted.
pub(super) fn objects(
    database: &Database,
    sql: &str,
    parameters: &[&str],
    rows: usize,
) -> Result<(Vec<Map<String, Value>>, bool), ToolError> {
    let LimitedRows { columns, rows, is_truncated, .. } = first_rows(database, sql, parameters, rows)?;
    let objects = rows.into_iter().map(|values| {
        let members =
            columns.iter().cloned().zip(values).filter(|(name, value)| name == TAGS || !value.is_null());
        members.map(|(name, value)| (name.clone(), unquoted(&name, value))).collect()
    });
    Ok((objects.collect(), is_truncated))
}

fn unquoted(name: &str, value: Value) -> Value {
    let text = value.as_str().filter(|_| JSON.contains(&name));
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
}
