//! A run that is open for tools.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::rows::first_rows;
use super::tool_error::ToolError;
use super::tools::{RunTool, ToolRequest, most_rows};
use super::{gaps, tools};
use crate::model::catalog::Catalog;
use crate::reports::query::{Database, LimitedRows};

/// A run that is open for tools.
#[derive(Debug)]
pub(crate) struct RunTools {
    database: Database,
    run: PathBuf,
    catalog: Catalog,
}

impl RunTools {
    /// Opens a run, of which the database exists already. `run` is the folder under its own name.
    pub(crate) fn new(database: Database, run: PathBuf, catalog: Catalog) -> Self {
        Self { database, run, catalog }
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn run(&self) -> &Path {
        &self.run
    }

    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Calls a tool.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such tool, its arguments are wrong, or it fails.
    pub(super) fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Value, ToolError> {
        let tool = RunTool::ALL.into_iter().find(|tool| tool.name() == name);
        let tool = tool.ok_or_else(|| {
            ToolError::new(format!("no tool is called `{name}`"), "list the tools for their names")
        })?;
        match tools::request(tool, arguments)? {
            ToolRequest::Describe(request) => match request.table.as_deref() {
                Some(table) => self.describe_table(table),
                None => self.describe(),
            },
            ToolRequest::Query(request) => self.query(&request.sql, most_rows(request.limit)),
            ToolRequest::Gaps(request) => gaps::listed(
                &self.database,
                [
                    ("account_ids", request.account.as_deref()),
                    ("regions", request.region.as_deref()),
                    ("services", request.service.as_deref()),
                ],
                most_rows(request.limit),
            ),
            ToolRequest::Resource(request) => self.resource(&request.resource),
            ToolRequest::Links(request) => match (&request.resource, request.dangling) {
                (Some(resource), _) => self.links_around(resource, request.depth(), most_rows(request.limit)),
                (None, true) => self.dangling_links(most_rows(request.limit)),
                (None, false) => self.foreign_links(most_rows(request.limit)),
            },
            ToolRequest::Diff(request) => self.changes(request.before.as_deref(), most_rows(request.limit)),
        }
    }

    /// Returns the first rows of a query, with the gaps of the tables that it reads.
    fn query(&self, sql: &str, limit: usize) -> Result<Value, ToolError> {
        let LimitedRows { columns, rows, is_truncated, tables } =
            first_rows(&self.database, sql, &[], limit)?;
        let mut response = json!({"columns": columns, "rows": rows, "is_truncated": is_truncated});
        if let Some(gaps) = gaps::of_tables(&self.database, &tables)? {
            response["gaps"] = gaps;
        }
        Ok(response)
    }
}
