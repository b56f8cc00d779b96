//! Adds a finished run to a history, in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::calls::StoredCalls;
use super::error::RunRejection;
use super::place::RunAddition;
use super::place_key::PlaceKey;
use super::{History, HistoryError, facts};
use crate::names::AccountId;
use crate::reports::diff::{Ignore, RunCoverage, redaction_of};
use crate::reports::resources::Resources;
use crate::run::{Manifest, RunState};
use crate::util::plural::plural;

/// The number of cached prepared statements.
const STATEMENTS: usize = 64;

/// What a run changed in a history, in resources. Answers about a resource, such as its policy, belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AdditionCounts {
    /// Resources that exist, as far as it is known.
    pub(crate) resources: u64,
    /// Those that an earlier run could have seen, and did not.
    pub(crate) added: u64,
    /// Those that an earlier run saw, and this one could have seen and did not.
    pub(crate) removed: u64,
    /// Those with other values.
    pub(crate) changed: u64,
    /// Those that the run could not see, or could only list.
    pub(crate) unknown: u64,
}

impl fmt::Display for AdditionCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resources, added, removed, changed, unknown } = self;
        let resources = plural(*resources, "resource");
        write!(
            formatter,
            "{resources}, {added} added, {removed} removed, {changed} changed, {unknown} unknown"
        )
    }
}

/// Returns the time as it is stored.
fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Returns the organization of a run, or the account of the caller if there is none.
fn organization_of(manifest: &Manifest) -> String {
    let name = manifest.organization.clone().unwrap_or_else(|| manifest.caller.account.to_string());
    if manifest.simulated { format!("{name} (simulated)") } else { name }
}

impl History {
    /// Returns whether the run that started at this time is in the history.
    pub(crate) fn has(&self, started: DateTime<Utc>) -> Result<bool, HistoryError> {
        Ok(!self.is_empty()? && self.with(|connection| has(connection, started))?)
    }

    /// Returns whether the newest run of the history is this one, and was resumed after it was added.
    pub(crate) fn is_outdated(&self, manifest: &Manifest) -> Result<bool, HistoryError> {
        let newest = "SELECT 1 FROM runs WHERE run = (SELECT max(run) FROM runs) AND started = ?1 AND finished IS NOT ?2";
        let resumed = params![time(manifest.started), manifest.finished.map(time)];
        self.with(|connection| Ok(connection.prepare(newest)?.exists(resumed)?))
    }

    /// Returns why a run cannot be added; `None` if it can be.
    pub(crate) fn rejection(&self, manifest: &Manifest) -> Result<Option<RunRejection>, HistoryError> {
        if manifest.state != RunState::Finished {
            return Ok(Some(RunRejection::Unfinished));
        }
        if manifest.settings.shard.is_some() {
            return Ok(Some(RunRejection::Shard));
        }
        if self.is_empty()? { Ok(None) } else { self.with(|connection| rejection(connection, manifest)) }
    }

    /// Adds a run, and returns what it changed; `None` if the run is in the history already, which is then unchanged.
    ///
    /// # Errors
    ///
    /// Returns an error if the run cannot be read or does not belong into the history, or if that cannot be written.
    pub(crate) fn add(
        &mut self,
        resources: &Resources,
        folder: &Path,
    ) -> Result<Option<AdditionCounts>, HistoryError> {
        let manifest = resources.results().manifest();
        if self.has(manifest.started)? {
            return Ok(None);
        }
        if let Some(reason) = self.rejection(manifest)? {
            return Err(HistoryError::Rejected(folder.to_owned(), reason));
        }
        let coverage = RunCoverage::read(resources)?;
        self.connection.set_prepared_statement_cache_capacity(STATEMENTS);
        self.write(|connection| {
            // Another process may have added a run in the meantime.
            if has(connection, manifest.started)? {
                return Ok(None);
            }
            if let Some(reason) = rejection(connection, manifest)? {
                return Err(HistoryError::Rejected(folder.to_owned(), reason));
            }
            add(connection, resources, &coverage, folder).map(Some)
        })
    }
}

fn has(connection: &Connection, started: DateTime<Utc>) -> Result<bool, HistoryError> {
    let mut statement = connection.prepare("SELECT 1 FROM runs WHERE started = ?1")?;
    Ok(statement.exists([time(started)])?)
}

fn rejection(connection: &Connection, manifest: &Manifest) -> Result<Option<RunRejection>, HistoryError> {
    let newest = connection
        .query_row("SELECT name, started, organization FROM runs ORDER BY run DESC LIMIT 1", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
    let Some((name, started, organization)) = newest else { return Ok(None) };
    let own = organization_of(manifest);
    if organization != own {
        return Ok(Some(RunRejection::OtherOrganization(organization, own)));
    }
    let started = DateTime::parse_from_rfc3339(&started)
        .map_err(|cause| HistoryError::Damaged(format!("the start of {name}: {cause}")))?;
    Ok((manifest.started <= started).then_some(RunRejection::Older(name)))
}

fn add(
    connection: &Connection,
    resources: &Resources,
    coverage: &RunCoverage,
    folder: &Path,
) -> Result<AdditionCounts, HistoryError> {
    let results = resources.results();
    let manifest = results.manifest();
    let redaction = serde_json::to_string(&redaction_of(manifest))?;
    let redacted_otherwise =
        connection.prepare("SELECT 1 FROM runs WHERE redaction <> ?1")?.exists([&redaction])?;
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    connection.execute(
        "INSERT INTO runs (name, started, finished, organization, caller, spec, spec_sha256, redaction, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            name,
            time(manifest.started),
            manifest.finished.map(time),
            organization_of(manifest),
            manifest.caller.account.as_str(),
            manifest.spec.source,
            manifest.spec.sha256,
            redaction,
            manifest.version,
        ],
    )?;
    let run = connection.last_insert_rowid();
    facts::add_accounts(connection, results, run)?;
    facts::add_gaps(connection, results, run)?;
    let calls = StoredCalls::store(connection, resources.calls())?;
    // Ignoring is for values that change by themselves.
    let ignore = Ignore::new([], true).unwrap_or_default();
    let addition = RunAddition {
        connection,
        resources,
        coverage,
        calls: &calls,
        ignore: &ignore,
        redacted_otherwise,
        run,
    };
    for (account, places) in places(connection, resources, coverage)? {
        let found = results.accounts().iter().find(|found| found.id == account);
        for region in &places {
            addition.add_place(&PlaceKey { account: &account, region }, found)?;
        }
    }
    count(connection, run)
}

/// Returns the regions of all accounts, of the run and of the resources in the history.
fn places(
    connection: &Connection,
    resources: &Resources,
    coverage: &RunCoverage,
) -> Result<BTreeMap<AccountId, BTreeSet<String>>, HistoryError> {
    let results = resources.results();
    let mut places: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
    for account in results.accounts() {
        let regions = places.entry(account.id.clone()).or_default();
        regions.extend(coverage.places(&account.id).map(str::to_owned));
        regions.extend(results.places(account)?);
    }
    let mut statement = connection.prepare("SELECT account, region FROM places")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        places.entry(AccountId::new(row.get::<_, String>(0)?)).or_default().insert(row.get(1)?);
    }
    Ok(places)
}

/// Counts what a run changed, and stores it with the run.
fn count(connection: &Connection, run: i64) -> Result<AdditionCounts, HistoryError> {
    let number = |sql: &str| connection.query_row(sql, [run], |row| row.get::<_, i64>(0));
    let starts = |state: &str| {
        format!(
            "SELECT count(*) FROM spans JOIN resources USING (resource)
             WHERE first_run = ?1 AND spans.state = '{state}' AND after_run IS NOT NULL AND detail_of IS NULL"
        )
    };
    let have = |states: &str| {
        format!(
            "SELECT count(*) FROM resources WHERE detail_of IS NULL AND state IN ({states}) AND ?1 IS NOT NULL"
        )
    };
    let counts = [
        number(&have("'present', 'listed', 'unknown'"))?,
        number(&starts("present"))?,
        number(&starts("absent"))?,
        number("SELECT count(*) FROM changed_resources WHERE run = ?1")?,
        number(&have("'listed', 'unknown'"))?,
    ];
    let [resources, added, removed, changed, unknown] = counts;
    connection.execute(
        "UPDATE runs SET resources = ?2, added = ?3, removed = ?4, changed = ?5, unknown = ?6 WHERE run = ?1",
        params![run, resources, added, removed, changed, unknown],
    )?;
    let [resources, added, removed, changed, unknown] =
        counts.map(|count| u64::try_from(count).unwrap_or_default());
    Ok(AdditionCounts { resources, added, removed, changed, unknown })
}
