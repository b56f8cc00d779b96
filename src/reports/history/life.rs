//! The life of a resource: what the runs of a history have seen of it.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use super::find::HistoryResource;
use super::overview::runs;
use super::span::{SpanState, UnseenCause};
use super::{History, HistoryError};

/// The life of a resource.
#[derive(Debug, Serialize)]
pub(crate) struct ResourceLife {
    /// The resource.
    #[serde(flatten)]
    pub(crate) resource: HistoryResource,
    /// What the runs have seen, the oldest first.
    pub(crate) events: Vec<LifeEvent>,
}

/// What a run has seen of a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct LifeEvent {
    /// The name of the run.
    pub(crate) run: String,
    /// When the run started.
    pub(crate) started: String,
    /// What it is about, if it is not the resource itself: the function that returns its policy or its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function: Option<String>,
    /// What has happened.
    #[serde(flatten)]
    pub(crate) event: EventKind,
}

/// The kinds of events. Each `after` is the name of the last run before, which knew that it was otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// It was seen for the first time; no earlier run could have seen it.
    FirstSeen,
    /// It was added.
    Added { after: String },
    /// It was seen again after runs that could not see it.
    SeenAgain,
    /// A field has another value.
    Changed { after: String, path: String, old: Option<Value>, new: Option<Value> },
    /// The run could list it, but not describe it.
    OnlyListed { because: String },
    /// The run could not see it.
    Unknown { because: String },
    /// It was removed.
    Removed { after: String },
}

/// The numbers of runs, with their names and times.
type RunNames = BTreeMap<i64, (String, String)>;

/// An event, with what determines its place among the others.
type SortedEvent = ((i64, Option<String>, bool), EventKind);

impl History {
    /// Returns the life of a resource.
    pub(crate) fn life(&self, resource: HistoryResource) -> Result<ResourceLife, HistoryError> {
        self.with(|connection| {
            let names: RunNames =
                runs(connection)?.into_iter().map(|run| (run.run, (run.name, run.started))).collect();
            let mut events = spans(connection, resource.resource, &names)?;
            events.extend(changes(connection, resource.resource, &names)?);
            events.sort_by(|(one, _), (other, _)| one.cmp(other));
            let events = events.into_iter().map(|((run, function, _), event)| {
                let (name, started) = names.get(&run).cloned().unwrap_or_default();
                LifeEvent { run: name, started, function, event }
            });
            Ok(ResourceLife { events: events.collect(), resource })
        })
    }
}

fn name(names: &RunNames, run: i64) -> String {
    names.get(&run).map(|(name, _)| name.clone()).unwrap_or_default()
}

/// Returns the events of the states of a resource and of the answers about it. An answer comes and goes with its
/// resource, and a run that could not see that could not see the answer.
fn spans(connection: &Connection, resource: i64, names: &RunNames) -> Result<Vec<SortedEvent>, HistoryError> {
    let mut statement = connection.prepare(
        "SELECT first_run, spans.state, after_run, cause, denied_by, iif(detail_of IS NULL, NULL, function), (
                 SELECT state FROM spans AS earlier WHERE earlier.resource = spans.resource
                     AND earlier.first_run < spans.first_run ORDER BY earlier.first_run DESC LIMIT 1
             )
         FROM spans JOIN resources USING (resource)
         WHERE resource = ?1 OR (detail_of = ?1 AND NOT EXISTS (
             SELECT 1 FROM spans AS owner WHERE owner.resource = ?1 AND owner.first_run = spans.first_run
         ))
         ORDER BY first_run",
    )?;
    let mut rows = statement.query([resource])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let (run, after): (i64, Option<i64>) = (row.get(0)?, row.get(2)?);
        let because = row
            .get::<_, Option<String>>(3)?
            .map(|cause| UnseenCause::parse(&cause, row.get::<_, Option<String>>(4)?.as_deref()))
            .transpose()?;
        let because = || because.map(|cause| cause.to_string()).unwrap_or_default();
        let is_first = row.get::<_, Option<String>>(6)?.is_none();
        let event = match (SpanState::parse(&row.get::<_, String>(1)?)?, after) {
            (SpanState::Present, Some(after)) => EventKind::Added { after: name(names, after) },
            (SpanState::Present, None) if is_first => EventKind::FirstSeen,
            (SpanState::Present, None) => EventKind::SeenAgain,
            (SpanState::Listed, _) => EventKind::OnlyListed { because: because() },
            (SpanState::Unknown, _) => EventKind::Unknown { because: because() },
            (SpanState::Absent, after) => {
                EventKind::Removed { after: name(names, after.unwrap_or_default()) }
            }
        };
        events.push(((run, row.get(5)?, false), event));
    }
    Ok(events)
}

/// Returns the changed fields of a resource and of the answers about it.
fn changes(
    connection: &Connection,
    resource: i64,
    names: &RunNames,
) -> Result<Vec<SortedEvent>, HistoryError> {
    let mut statement = connection.prepare(
        "SELECT run, after_run, iif(detail_of IS NULL, NULL, function), path, old, new
         FROM changes JOIN resources USING (resource)
         WHERE resource = ?1 OR detail_of = ?1 ORDER BY run, changes.rowid",
    )?;
    let mut rows = statement.query([resource])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let value = |column: usize| -> Result<Option<Value>, HistoryError> {
            let text: Option<String> = row.get(column)?;
            Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
        };
        let (old, new) = (value(4)?, value(5)?);
        let event = EventKind::Changed { after: name(names, row.get(1)?), path: row.get(3)?, old, new };
        events.push(((row.get(0)?, row.get(2)?, true), event));
    }
    Ok(events)
}
