//! Runs a jq filter on each resource.

use rusqlite::Row;
use serde_json::{Map, Value};

use super::database::Database;
use super::print::Printer;
use super::rows::values;
use super::several::RUN;
use super::{QueryError, explain};
use crate::plan::spec::JqFilter;
use crate::reports::links::LinkGraph;
use crate::reports::resources::Resources;
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// The members of a resource, in the order of an export.
const RESOURCES: &str = "
    SELECT account, account_name, account_ou, region, service, kind, type, function, id, arn, name, parent,
        owner_account, state, size_or_type, created, environment, public, tags, account_tags, uses, used_by, raw, details
    FROM resources ORDER BY resource";

/// The order of the resources of one run; those of several runs are read run by run.
const ORDER: &str = "ORDER BY resource";

/// The members that the table stores as JSON.
const JSON: [&str; 4] = ["tags", "account_tags", "raw", "details"];

/// The member that is true or false.
const FLAG: &str = "public";

/// Prints the outputs of a filter for each resource of a run, and returns how many there are.
pub fn each_output(
    resources: &Resources,
    filter: &JqFilter,
    printer: &mut Printer<'_>,
) -> Result<u64, QueryError> {
    LinkGraph::of(resources)?;
    let mut count = 0;
    resources.each::<QueryError>(&mut |resource| {
        let resource = serde_json::to_value(resource).map_err(std::io::Error::from)?;
        count += print(&resource, filter, printer)?;
        Ok(())
    })?;
    printer.finish()?;
    Ok(count)
}

impl Database {
    /// Prints the outputs of a filter for each resource of a database, and returns how many there are.
    pub fn each_output(&self, filter: &JqFilter, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
        let connection = self.connection();
        let failed = |cause: rusqlite::Error| explain::explain(connection, RESOURCES, &cause);
        let of_runs = RESOURCES.replacen("SELECT", &format!("SELECT {RUN},"), 1).replace(ORDER, "");
        let sql = if self.has_runs() { &of_runs } else { RESOURCES };
        let mut statement = connection.prepare(sql).map_err(|_| QueryError::NotOfARun)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            count += print(&resource(row).map_err(failed)?, filter, printer)?;
        }
        printer.finish()?;
        Ok(count)
    }
}

/// Returns the resource of a row, as an export writes it.
fn resource(row: &Row<'_>) -> Result<Value, rusqlite::Error> {
    let names = row.as_ref().column_names().map(str::to_owned).collect::<Vec<_>>();
    let values = values(row, names.len())?;
    let members = names.into_iter().zip(values).map(|(name, value)| match value {
        Value::String(text) if JSON.contains(&name.as_str()) => {
            (name, parse(text.as_bytes(), DEEPEST_FILE).unwrap_or(Value::String(text)))
        }
        // SQLite has no flags.
        Value::Number(number) if name == FLAG => (name, Value::Bool(number.as_i64() == Some(1))),
        value => (name, value),
    });
    Ok(Value::Object(members.collect::<Map<_, _>>()))
}

fn print(resource: &Value, filter: &JqFilter, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
    let outputs =
        filter.run(resource, &Value::Null).map_err(|error| QueryError::Filter(name_of(resource), error))?;
    let mut count = 0;
    for output in outputs {
        printer.value(output)?;
        count += 1;
    }
    Ok(count)
}

/// Returns a description of a resource for error messages.
fn name_of(resource: &Value) -> String {
    let member = |name: &str| resource[name].as_str().unwrap_or("-").to_owned();
    let [service, kind, id, account, region] = ["service", "kind", "id", "account", "region"].map(member);
    format!("{service} {kind} {id} of account {account} in {region}")
}
