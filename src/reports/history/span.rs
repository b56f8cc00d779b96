//! Spans of runs in which a resource was in one state.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::HistoryError;
use crate::reports::diff::Gap;

/// The state of a resource in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpanState {
    /// The run saw it.
    Present,
    /// The run listed it, but could not describe it.
    Listed,
    /// The run could have seen it, and did not.
    Absent,
    /// The run could not have seen it.
    Unknown,
}

/// Why a run could not see a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnseenCause {
    /// The call has a gap, or was not planned in this account and region.
    Gap(Gap),
    /// The spec does not have the call.
    NotInSpec,
}

/// The cause of a spec without the call, as it is stored.
const NOT_IN_SPEC: &str = "not_in_spec";

/// A state that starts in a run.
pub(super) struct SpanStart {
    pub(super) state: SpanState,
    pub(super) run: i64,
    /// The last run before it that knew that the resource was in another state.
    pub(super) after: Option<i64>,
    pub(super) cause: Option<UnseenCause>,
}

impl SpanState {
    /// Returns the word that is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Listed => "listed",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the state with this word.
    pub(super) fn parse(word: &str) -> Result<Self, HistoryError> {
        [Self::Present, Self::Listed, Self::Absent, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| HistoryError::Damaged(format!("`{word}` is no state of a resource")))
    }
}

impl UnseenCause {
    /// Returns the words that are stored: the cause, and the kind of policy that denied the call.
    fn words(self) -> (Option<String>, Option<String>) {
        let Self::Gap(gap) = self else { return (Some(NOT_IN_SPEC.to_owned()), None) };
        let word = |value: Result<Value, _>| value.ok().and_then(|value| value.as_str().map(str::to_owned));
        (
            word(serde_json::to_value(gap.cause)),
            gap.denied_by.and_then(|denied_by| word(serde_json::to_value(denied_by))),
        )
    }

    /// Returns the cause with these words.
    pub(super) fn parse(cause: &str, denied_by: Option<&str>) -> Result<Self, HistoryError> {
        if cause == NOT_IN_SPEC {
            return Ok(Self::NotInSpec);
        }
        let denied_by = denied_by.map(|word| serde_json::from_value(word.into())).transpose()?;
        let cause = serde_json::from_value(cause.into())?;
        Ok(Self::Gap(Gap { cause, denied_by, accepted: false }))
    }
}

impl fmt::Display for UnseenCause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap(gap) => gap.fmt(formatter),
            Self::NotInSpec => formatter.write_str("the spec does not have the call"),
        }
    }
}

impl SpanStart {
    /// Ends the current span of a resource with the run before, and starts this one. Does nothing if the resource is in
    /// the same state for the same cause.
    pub(super) fn store(&self, connection: &Connection, row: i64) -> Result<(), HistoryError> {
        let Self { state, run, after, cause } = self;
        let (cause, denied_by) = cause.map_or((None, None), UnseenCause::words);
        let mut current = connection.prepare_cached(
            "SELECT state, cause, denied_by FROM spans WHERE resource = ?1 AND last_run IS NULL",
        )?;
        let current = current.query_row([row], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<String>>(2)?))
        });
        if let Some(current) = current.optional()? {
            if current == (state.as_str().to_owned(), cause.clone(), denied_by.clone()) {
                return Ok(());
            }
            connection
                .prepare_cached("UPDATE spans SET last_run = ?2 WHERE resource = ?1 AND last_run IS NULL")?
                .execute([row, run - 1])?;
        }
        connection
            .prepare_cached(
                "INSERT INTO spans (resource, state, first_run, after_run, cause, denied_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![row, state.as_str(), run, after, cause, denied_by])?;
        connection
            .prepare_cached(
                "UPDATE resources SET state = ?2, seen_run = CASE
                     WHEN ?2 = 'present' THEN NULL
                     WHEN state = 'present' THEN ?3
                     ELSE seen_run
                 END WHERE resource = ?1",
            )?
            .execute(params![row, state.as_str(), run - 1])?;
        Ok(())
    }
}
