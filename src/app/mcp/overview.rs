//! The tool `describe`: the run and its tables, or the columns of one.

use serde_json::{Map, Value, json};

use super::gaps;
use super::rows::objects;
use super::run_tools::RunTools;
use super::tool_error::ToolError;
use crate::reports::query::quoted;

/// The most tables: a run of all services has about 2,000 kinds.
const TABLES: usize = 10_000;

const NAMES: &str = "SELECT name, type FROM sqlite_schema \
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

impl RunTools {
    /// Describes the run: what it is, how many resources it has, its tables, and what it could not see.
    pub(super) fn describe(&self) -> Result<Value, ToolError> {
        let database = self.database();
        let run = "SELECT state, simulated, started, finished, version, organization, accounts, accounts_scanned, \
            requests, calls, spec_source FROM run";
        let (run, _) = objects(database, run, &[], 1)?;
        let (tables, _) = objects(database, NAMES, &[], TABLES)?;
        let mut described = Vec::with_capacity(tables.len());
        for table in &tables {
            let name = table.get("name").and_then(Value::as_str).unwrap_or_default();
            // The rows of views are those of tables.
            described.push(match table.get("type").and_then(Value::as_str) {
                Some("table") => json!({"name": name, "rows": self.count(name)?}),
                _ => json!({"name": name, "view": true}),
            });
        }
        let kinds = "SELECT service, kind, max(type) AS type, count(*) AS resources \
            FROM resources GROUP BY service, kind ORDER BY resources DESC, service, kind";
        let (kinds, _) = objects(database, kinds, &[], TABLES)?;
        Ok(json!({
            "run": run.into_iter().next(),
            "folder": self.run().display().to_string(),
            "kinds": kinds,
            "tables": described,
            "gaps": gaps::of_account(database, None)?,
        }))
    }

    /// Describes a table or view: its columns, the number of its rows, and its first row.
    pub(super) fn describe_table(&self, table: &str) -> Result<Value, ToolError> {
        let database = self.database();
        let columns = "SELECT columns.name, columns.type FROM sqlite_schema AS names, \
            pragma_table_info(names.name) AS columns WHERE names.name = ?1 ORDER BY columns.cid";
        let (columns, _) = objects(database, columns, &[table], TABLES)?;
        if columns.is_empty() {
            return Err(ToolError::new(
                format!("no table or view is called `{table}`"),
                "call `describe` without a table for their names",
            ));
        }
        let (first, _): (Vec<Map<String, Value>>, _) =
            objects(database, &format!("SELECT * FROM {} LIMIT 1", quoted(table)), &[], 1)?;
        Ok(json!({
            "table": table, "rows": self.count(table)?, "columns": columns, "first_row": first.into_iter().next(),
        }))
    }

    fn count(&self, table: &str) -> Result<Value, ToolError> {
        let sql = format!("SELECT count(*) AS count FROM {}", quoted(table));
        let (mut rows, _) = objects(self.database(), &sql, &[], 1)?;
        Ok(rows.pop().and_then(|mut row| row.remove("count")).unwrap_or_default())
    }
}
