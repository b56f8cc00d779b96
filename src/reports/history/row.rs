//! The rows of resources: each as the last run that saw it described it.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use super::HistoryError;
use super::calls::StoredCalls;
use super::place_key::PlaceKey;
use super::span::SpanState;
use crate::reports::diff::{ResourceLabel, SeenResource};
use crate::util::json_indent::depth::{DEEPEST_FILE, parse};

/// The state of a stored resource before a run is added.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredState {
    pub(super) state: SpanState,
    /// The last run that saw it; `None` if that is the newest run.
    pub(super) seen_run: Option<i64>,
}

/// Stored resources of a place.
#[derive(Debug, Default)]
pub(super) struct StoredResources {
    pub(super) seen: Vec<SeenResource>,
    pub(super) states: HashMap<i64, StoredState>,
}

/// The columns that [`seen_of`] reads, by their positions.
const COLUMNS: &str =
    "resource, call, service, kind, function, id, arn, name, describes, for_item, parent, about, raw";

/// Reads the resources of a place that have not been removed.
pub(super) fn living(
    connection: &Connection,
    calls: &StoredCalls<'_>,
    place: &PlaceKey<'_>,
) -> Result<StoredResources, HistoryError> {
    read(connection, calls, place, "state <> 'absent'", &|_, _| true)
}

/// Reads the resources of a place that have been removed, of these services and kinds.
pub(super) fn removed(
    connection: &Connection,
    calls: &StoredCalls<'_>,
    place: &PlaceKey<'_>,
    kinds: &HashSet<(String, String)>,
) -> Result<StoredResources, HistoryError> {
    let is_wanted = |service: &str, kind: &str| kinds.contains(&(service.to_owned(), kind.to_owned()));
    read(connection, calls, place, "state = 'absent'", &is_wanted)
}

fn read(
    connection: &Connection,
    calls: &StoredCalls<'_>,
    place: &PlaceKey<'_>,
    condition: &str,
    is_wanted: &dyn Fn(&str, &str) -> bool,
) -> Result<StoredResources, HistoryError> {
    let mut stored = StoredResources::default();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, state, seen_run FROM resources
         WHERE account = ?1 AND region = ?2 AND {condition} ORDER BY resource"
    ))?;
    let mut rows = statement.query([place.account.as_str(), place.region])?;
    while let Some(row) = rows.next()? {
        let (service, kind): (String, String) = (row.get(2)?, row.get(3)?);
        if is_wanted(&service, &kind) {
            let state = SpanState::parse(&row.get::<_, String>(13)?)?;
            stored.states.insert(row.get(0)?, StoredState { state, seen_run: row.get(14)? });
            stored.seen.push(seen_of(row, calls, service, kind)?);
        }
    }
    Ok(stored)
}

fn seen_of(
    row: &Row<'_>,
    calls: &StoredCalls<'_>,
    service: String,
    kind: String,
) -> Result<SeenResource, HistoryError> {
    let for_item: Option<String> = row.get(9)?;
    let about: Option<String> = row.get(11)?;
    let about = about.map(|about| serde_json::from_str::<[String; 3]>(&about)).transpose()?;
    let raw: String = row.get(12)?;
    Ok(SeenResource {
        pair: calls.index_of(row.get(1)?)?,
        service,
        kind,
        // The type is stored for queries; nothing is matched by it.
        resource_type: None,
        function: row.get(4)?,
        id: row.get(5)?,
        arn: row.get(6)?,
        name: row.get(7)?,
        describes: row.get(8)?,
        for_item: for_item.map_or(Ok(Value::Null), |item| parse(item.as_bytes(), DEEPEST_FILE))?,
        parent: row.get(10)?,
        about: about.map(|[service, kind, id]| ResourceLabel { service, kind, id }),
        raw: parse(raw.as_bytes(), DEEPEST_FILE)?,
        row: Some(row.get(0)?),
    })
}

/// Stores a resource that no earlier run saw, and returns its number.
pub(super) fn insert(
    connection: &Connection,
    calls: &StoredCalls<'_>,
    place: &PlaceKey<'_>,
    seen: &SeenResource,
) -> Result<i64, HistoryError> {
    connection
        .prepare_cached(
            "INSERT INTO resources (account, region, service, kind, state, call, describes, function, raw)
             VALUES (?1, ?2, ?3, ?4, '', 0, 0, '', '')",
        )?
        .execute(params![place.account.as_str(), place.region, seen.service, seen.kind])?;
    let row = connection.last_insert_rowid();
    update(connection, calls, row, seen)?;
    Ok(row)
}

/// Stores a resource as a run saw it in place of what an earlier run saw.
pub(super) fn update(
    connection: &Connection,
    calls: &StoredCalls<'_>,
    row: i64,
    seen: &SeenResource,
) -> Result<(), HistoryError> {
    let about =
        seen.about.as_ref().map(|about| serde_json::to_string(&[&about.service, &about.kind, &about.id]));
    let for_item = (!seen.for_item.is_null()).then(|| seen.for_item.to_string());
    connection
        .prepare_cached(
            "UPDATE resources SET type = ?2, function = ?3, id = ?4, arn = ?5, name = ?6, call = ?7, describes = ?8,
                 for_item = ?9, parent = ?10, about = ?11, raw = ?12 WHERE resource = ?1",
        )?
        .execute(params![
            row,
            seen.resource_type,
            seen.function,
            seen.id,
            seen.arn,
            seen.name,
            calls.number(seen.pair),
            seen.describes,
            for_item,
            seen.parent,
            about.transpose()?,
            seen.raw.to_string(),
        ])?;
    Ok(())
}

/// Returns whether a run saw something else than what is stored.
pub(super) fn is_other(stored: &SeenResource, seen: &SeenResource) -> bool {
    let identity = |seen: &SeenResource| {
        (seen.pair, seen.describes, seen.id.clone(), seen.arn.clone(), seen.name.clone())
    };
    identity(stored) != identity(seen) || stored.for_item != seen.for_item || stored.raw != seen.raw
}

/// Notes of which resource an answer is a detail, such as a policy of its bucket, unless several may be meant.
pub(super) fn set_owner(
    connection: &Connection,
    place: &PlaceKey<'_>,
    row: i64,
    about: &ResourceLabel,
) -> Result<(), HistoryError> {
    let mut statement = connection.prepare_cached(
        "SELECT resource FROM resources WHERE (id = ?5 OR arn = ?5) AND account = ?1 AND region = ?2
             AND service = ?3 AND kind = ?4 AND about IS NULL AND state <> 'absent' LIMIT 2",
    )?;
    let key = params![place.account.as_str(), place.region, about.service, about.kind, about.id];
    let owners = statement.query_map(key, |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    if let [owner] = owners[..] {
        connection
            .prepare_cached("UPDATE resources SET detail_of = ?2 WHERE resource = ?1")?
            .execute([row, owner])?;
    }
    Ok(())
}
