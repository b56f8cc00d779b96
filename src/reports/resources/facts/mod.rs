//! The facts that are of interest for every kind of resource: its state, its size or type, when it was created, its
//! environment, and whether it is public.

mod rows;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

pub(in crate::reports) use rows::{FactRow, NONE};

use crate::plan::redaction::is_redacted;
use crate::reports::members::{squashed, state_word, values_at};

/// The facts that all kinds of resources have in common. A fact is null if it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ResourceFacts {
    /// The state: `running`, `ACTIVE`.
    pub state: Option<String>,
    /// The size, or the type if it has no size: `m7g.large`, `100`.
    pub size_or_type: Option<String>,
    /// The time of its creation, as ISO 8601.
    pub created: Option<String>,
    /// The environment, from its tags.
    pub environment: Option<String>,
    /// Whether it can be reached, or used, from outside of the organization's networks and accounts.
    pub public: Option<bool>,
}

/// The names of members with creation times, without the name of the kind, in lower case.
const CREATED: [&str; 13] = [
    "creationdate",
    "createdate",
    "createddate",
    "creationtime",
    "createdtime",
    "createtime",
    "createdat",
    "createdon",
    "creationdatetime",
    "creationtimestamp",
    "datecreated",
    "launchtime",
    "uploaddate",
];
const STATES: [&str; 3] = ["state", "status", "lifecyclestate"];
const TYPES: [&str; 6] = ["type", "class", "instancetype", "instanceclass", "nodetype", "engine"];

/// A fact that most kinds have in members with usual names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reports) enum UsualFact {
    /// Its state.
    State,
    /// Its type.
    Type,
    /// The time of its creation.
    Created,
}

/// Keys of tags that usually name the environment, the best first.
const ENVIRONMENTS: [&str; 4] = ["environment", "env", "stage", "tier"];

impl ResourceFacts {
    /// Returns the facts of a resource; `row` is that of its kind. For kinds without a reviewed row, they are found by
    /// the usual names of members.
    pub(in crate::reports) fn of(
        row: Option<&FactRow>,
        kind: &str,
        raw: &Value,
        tags: Option<&Map<String, Value>>,
    ) -> Self {
        let usual = |fact: UsualFact| fact.find(raw, kind).map(|(_, value)| value);
        let field = |path: Option<&str>, fact: UsualFact| match path {
            Some(path) => at(raw, path),
            None => usual(fact),
        };
        let size = row.and_then(|row| at(raw, row.size));
        Self {
            state: field(row.map(|row| row.state), UsualFact::State).and_then(text),
            size_or_type: size.or_else(|| field(row.map(|row| row.type_of), UsualFact::Type)).and_then(text),
            created: field(row.map(|row| row.created), UsualFact::Created).and_then(time),
            environment: tags.and_then(environment),
            public: row.and_then(|row| is_public(row, raw)),
        }
    }
}

impl UsualFact {
    /// Returns the first member of a resource with a usual name, which may have the name of the kind before it, and
    /// its value.
    pub(in crate::reports) fn find<'raw>(
        self,
        raw: &'raw Value,
        kind: &str,
    ) -> Option<(&'raw str, &'raw Value)> {
        let names: &[&str] = match self {
            Self::State => &STATES,
            Self::Type => &TYPES,
            Self::Created => &CREATED,
        };
        let kind = squashed(kind);
        raw.as_object()?.iter().find_map(|(name, value)| {
            let squashed = squashed(name);
            let fits = names.contains(&squashed.strip_prefix(&kind).unwrap_or(&squashed));
            let value = state_word(value)?;
            (fits && value.is_string()).then_some((name.as_str(), value))
        })
    }
}

/// Returns the first value at a path of members.
fn at<'raw>(raw: &'raw Value, path: &str) -> Option<&'raw Value> {
    values_at(raw, path).first().copied()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() && !is_redacted(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a time. CloudWatch Logs returns milliseconds.
fn time(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(written(DateTime::parse_from_rfc3339(text).ok()?.to_utc())),
        Value::Number(number) => Some(written(DateTime::from_timestamp_millis(number.as_i64()?)?)),
        _ => None,
    }
}

fn written(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Returns the environment that tags name.
pub(super) fn environment(tags: &Map<String, Value>) -> Option<String> {
    ENVIRONMENTS.iter().find_map(|wanted| {
        let tag = tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted));
        tag.and_then(|(_, value)| text(value))
    })
}

/// Returns whether a resource is public according to its row: `Member` is a flag, `!Member` its opposite, and
/// `Member=value` a comparison; several are separated by `|`.
fn is_public(row: &FactRow, raw: &Value) -> Option<bool> {
    let conditions = row.public.split('|').filter(|condition| *condition != NONE);
    let answers = conditions.filter_map(|condition| match condition.split_once('=') {
        Some((path, expected)) => at(raw, path).map(|value| value == expected),
        None => match condition.strip_prefix('!') {
            Some(path) => at(raw, path)?.as_bool().map(|flag| !flag),
            None => at(raw, condition)?.as_bool(),
        },
    });
    answers.reduce(|one, other| one || other)
}

#[cfg(test)]
mod tests;
