//! What a run could not see, beside the responses that it concerns.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::rows::objects;
use super::tool_error::ToolError;
use crate::reports::query::Database;

/// The most causes beside a response.
const CAUSES: usize = 10;
/// The most causes that are read: runs have far fewer.
const ALL: usize = 1_000;

/// The tables with resources of all kinds.
const OF_ALL_KINDS: [&str; 3] = ["resources", "tags", "links"];

/// The members of a cause beside a response.
const SHORT: &str = "SELECT cause, status, services, accounts, account_ids, regions, calls, accepted \
    FROM missing ORDER BY calls DESC";

/// Returns the causes of gaps in the tables that a query has read; `None` if there are none.
pub(super) fn of_tables(database: &Database, tables: &BTreeSet<String>) -> Result<Option<Value>, ToolError> {
    let is_of_all = OF_ALL_KINDS.iter().any(|table| tables.contains(*table));
    let (causes, _) = objects(database, SHORT, &[], ALL)?;
    let touching: Vec<Map<String, Value>> = causes
        .into_iter()
        .filter(|cause| is_of_all || services_of(cause).iter().any(|service| has_table_of(tables, service)))
        .collect();
    Ok(beside(touching))
}

/// Returns the causes of gaps in an account, or all of them.
pub(super) fn of_account(database: &Database, account: Option<&str>) -> Result<Option<Value>, ToolError> {
    let (mut causes, _) = objects(database, SHORT, &[], ALL)?;
    causes.retain(|cause| account.is_none_or(|account| names(cause, "account_ids").contains(&account)));
    Ok(beside(causes))
}

/// Returns causes as a member of a response.
fn beside(mut causes: Vec<Map<String, Value>>) -> Option<Value> {
    let count = causes.len();
    causes.truncate(CAUSES);
    (count > 0).then(|| {
        json!({
            "note": "the run did not see everything: what these causes concern is missing, and not known to be absent",
            "causes": causes,
            "more_causes": count - causes.len(),
        })
    })
}

fn services_of(cause: &Map<String, Value>) -> Vec<&str> {
    names(cause, "services")
}

fn names<'cause>(cause: &'cause Map<String, Value>, member: &str) -> Vec<&'cause str> {
    cause.get(member).and_then(Value::as_str).unwrap_or_default().split(", ").collect()
}

/// Returns whether one of the tables has resources of a service: its name starts with that of the service.
fn has_table_of(tables: &BTreeSet<String>, service: &str) -> bool {
    let prefix = format!("{}_", service.replace('-', "_"));
    tables.iter().any(|table| table.starts_with(&prefix))
}

/// Returns the causes of gaps with message and hint, as far as they concern an account, region and service.
pub(super) fn listed(
    database: &Database,
    wanted: [(&str, Option<&str>); 3],
    limit: usize,
) -> Result<Value, ToolError> {
    let (mut causes, _) = objects(database, "SELECT * FROM missing ORDER BY calls DESC", &[], ALL)?;
    causes.retain(|cause| {
        wanted.iter().all(|(member, name)| name.is_none_or(|name| names(cause, member).contains(&name)))
    });
    let count = causes.len();
    causes.truncate(limit);
    Ok(json!({"causes": causes, "count": count}))
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, has_table_of};

    #[test]
    fn table_belongs_to_service_of_its_name() {
        let tables = BTreeSet::from(["elbv2_load_balancer".to_owned()]);
        assert!(has_table_of(&tables, "elbv2"));
        assert!(!has_table_of(&tables, "elb"));
        let tables = BTreeSet::from(["resource_explorer_2_view".to_owned()]);
        assert!(has_table_of(&tables, "resource-explorer-2"));
    }
}
