//! Finds a resource of a history by what the user calls it.

use rusqlite::{Connection, Row};
use serde::Serialize;

use super::schema::{ACCOUNT_NAME, TYPE};
use super::{History, HistoryError};

/// A resource of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct HistoryResource {
    /// Its number in the history.
    pub(crate) resource: i64,
    /// The account's ID.
    pub(crate) account: String,
    /// The account's last known name.
    pub(crate) account_name: Option<String>,
    /// The region, or `global`.
    pub(crate) region: String,
    /// CloudFormation's name of its type, or service and kind.
    #[serde(rename = "type")]
    pub(crate) type_name: String,
    /// Its ID.
    pub(crate) id: Option<String>,
    /// Its ARN.
    pub(crate) arn: Option<String>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// Its state in the last run: `present`, `listed`, `absent` or `unknown`.
    pub(crate) state: String,
}

/// The ways to find a resource, the surest first; the last one finds addresses and hosts in values.
const WAYS: [&str; 3] = [
    "(id = ?1 OR arn = ?1)",
    "name = ?1",
    "(instr(raw, json_quote(?1)) OR resource IN (SELECT resource FROM changes WHERE json_quote(?1) IN (old, new)))",
];

impl History {
    /// Returns the resources with this ID or ARN, or else with this name, or else with this value in any field.
    pub(crate) fn find(&self, text: &str) -> Result<Vec<HistoryResource>, HistoryError> {
        if self.is_empty()? {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            for way in WAYS {
                let found = found(connection, way, text)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
            Ok(Vec::new())
        })
    }
}

fn found(connection: &Connection, way: &str, text: &str) -> Result<Vec<HistoryResource>, HistoryError> {
    let mut statement = connection.prepare(&format!(
        "SELECT resource, account, {ACCOUNT_NAME}, region, {TYPE}, id, arn, name, state
         FROM resources WHERE detail_of IS NULL AND {way} ORDER BY account, region, type, resource"
    ))?;
    let found = statement.query_map([text], resource)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn resource(row: &Row<'_>) -> Result<HistoryResource, rusqlite::Error> {
    Ok(HistoryResource {
        resource: row.get(0)?,
        account: row.get(1)?,
        account_name: row.get(2)?,
        region: row.get(3)?,
        type_name: row.get(4)?,
        id: row.get(5)?,
        arn: row.get(6)?,
        name: row.get(7)?,
        state: row.get(8)?,
    })
}
