//! The data of the page's overview: run, caller, outcome and gaps.

use serde::Serialize;
use serde_json::{Value, json};

use super::coverage::CallCoverage;
use super::tables::KindTables;
use crate::aws::organization::Account;
use crate::reports::summary::{AcceptedFailures, CauseGroup, CauseSubject};
use crate::run::{AccountOutcome, Manifest, Results, RunState, Status, account_folder};

/// How many causes of failure are shown; the ledger has them all.
const CAUSES: usize = 50;
/// How many accounts of a cause are listed; the map shows them all.
const NAMES: usize = 10;

/// The page's own data, apart from the resources and the map.
#[derive(Debug, Default, Serialize)]
pub(super) struct Overview {
    runs: Vec<RunOverview>,
    /// The accounts of all runs. An account that is in two of them is there twice.
    accounts: Vec<Value>,
    regions: Value,
    kinds: Value,
}

/// The outcome of one run.
#[derive(Debug, Serialize)]
struct RunOverview {
    name: String,
    run: Value,
    exit: Exit,
    /// Calls by [`Status::ALL`].
    statuses: Vec<Value>,
    resources: u64,
    /// Those owned by the account that returned them, or with an unknown owner.
    owned: u64,
    calls: u64,
    gaps: u64,
    /// The accepted gaps, by the entry that accepts them.
    accepted: Vec<Value>,
    /// Items in the responses; their number differs from the number of resources.
    items: u64,
    /// Planned calls without a result.
    unfinished: u64,
    requests: u64,
    redacted: u64,
    secrets: u64,
    buckets_in_unscanned_regions: u64,
    /// The services that were called; the map of the run refers to them by index.
    services: Vec<String>,
    failures: Vec<Value>,
    further_causes: usize,
    not_called: Vec<(String, String)>,
    /// The comparison with witnesses; null if there is none.
    witnesses: Value,
}

/// The exit code of a scan with this outcome.
#[derive(Debug, Serialize)]
struct Exit {
    code: u8,
    meaning: &'static str,
}

impl Overview {
    /// Adds a run after its resources and calls were counted.
    pub(super) fn add(
        &mut self,
        results: &Results,
        name: &str,
        tables: &KindTables,
        coverage: &CallCoverage,
        witnesses: Value,
    ) {
        let (run, first) = (self.runs.len(), self.accounts.len());
        let manifest = results.manifest();
        self.accounts.extend(results.accounts().iter().enumerate().map(|(index, of)| {
            let outcome = coverage.tally.outcome(&of.id);
            account(of, run, tables.of_account(first + index), outcome, manifest)
        }));
        (self.regions, self.kinds) = (tables.regions(), tables.kinds());
        self.runs.push(RunOverview::new(manifest, name, tables, coverage, witnesses));
    }
}

impl RunOverview {
    fn new(
        manifest: &Manifest,
        name: &str,
        tables: &KindTables,
        coverage: &CallCoverage,
        witnesses: Value,
    ) -> Self {
        let tally = &coverage.tally;
        let failures = tally.causes.groups();
        Self {
            name: name.to_owned(),
            run: run(manifest),
            exit: exit(manifest.state, tally.is_complete(), tally.gaps().accepted_calls()),
            statuses: Status::ALL
                .iter()
                .map(|status| json!({"status": status, "count": tally.of(*status)}))
                .collect(),
            resources: tables.count(),
            owned: tables.owned(),
            calls: tally.calls(),
            gaps: tally.incomplete(),
            accepted: tally.accepted().iter().map(accepted).collect(),
            items: tally.items,
            unfinished: manifest.totals.unfinished,
            requests: tally.requests,
            redacted: tally.redacted,
            secrets: tally.secrets,
            buckets_in_unscanned_regions: tally.buckets_in_unscanned_regions,
            services: coverage.services().into_iter().map(str::to_owned).collect(),
            further_causes: failures.len().saturating_sub(CAUSES),
            failures: failures.iter().take(CAUSES).map(failure).collect(),
            not_called: coverage.not_called.clone(),
            witnesses,
        }
    }
}

fn run(manifest: &Manifest) -> Value {
    let settings = &manifest.settings;
    json!({
        "version": manifest.version,
        "catalog_version": manifest.catalog_version,
        "simulated": manifest.simulated,
        "state": manifest.state,
        "started": manifest.started,
        "finished": manifest.finished,
        "caller": manifest.caller,
        "organization": manifest.organization,
        "organization_scan": settings.organization_scan,
        "role": settings.role_name,
        "regions": settings.regions,
        "exclude_regions": settings.exclude_regions,
        "account_filters": settings.account_filters,
        "redact": settings.redact,
        "shard": settings.shard,
        "missing_shards": manifest.missing_shards,
        "unknown_account_details": manifest.unknown_account_details.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "spec": {"source": manifest.spec.source, "sha256": manifest.spec.sha256},
    })
}

fn exit(state: RunState, is_complete: bool, accepted: u64) -> Exit {
    let (code, meaning) = match (state, is_complete) {
        (RunState::Finished, true) if accepted > 0 => (0, "complete, except for accepted gaps"),
        (RunState::Finished, true) => (0, "complete"),
        (RunState::Finished, false) => (4, "finished, but some calls were denied or failed"),
        (RunState::Interrupted, _) => (130, "interrupted; finish it with scan resume"),
        (RunState::Listing | RunState::Running, _) => {
            (130, "still running, or killed; finish it with scan resume")
        }
    };
    Exit { code, meaning }
}

fn account(
    account: &Account,
    run: usize,
    resources: u64,
    outcome: AccountOutcome,
    manifest: &Manifest,
) -> Value {
    let of_other_shard = manifest.settings.shard.filter(|shard| !shard.holds(&account.id));
    let reason = account
        .not_scanned()
        .or_else(|| of_other_shard.map(|_| "the account belongs to another shard".to_owned()));
    json!({
        "run": run,
        "id": account.id,
        "name": account.name,
        "management": account.management,
        "units": account.ou_path.iter().flatten().map(|unit| &unit.name).collect::<Vec<_>>(),
        "tags": account.tags,
        "folder": account_folder(&account.id, account.name.as_deref()),
        "outcome": reason.is_none().then_some(outcome),
        "reason": reason,
        "resources": resources,
    })
}

fn failure(group: &CauseGroup) -> Value {
    let example = &group.example;
    let is_regional = group.subject == CauseSubject::Region;
    let names_regions =
        group.regions.len() > 1 && matches!(group.subject, CauseSubject::Region | CauseSubject::Service);
    json!({
        "status": group.status,
        "cause": group.cause(),
        "extent": group.extent(),
        "count": group.calls,
        "accounts": group.accounts.iter().take(NAMES).collect::<Vec<_>>(),
        "further_accounts": group.accounts.len().saturating_sub(NAMES),
        "regions": if names_regions { group.regions.as_slice() } else { &[] },
        "services": if is_regional { group.services.as_slice() } else { &[] },
        "message": group.message(),
        "hints": group.hints,
        "request_id": example.request_id,
    })
}

fn accepted(failures: &AcceptedFailures) -> Value {
    json!({
        "title": failures.title(),
        "entry": failures.entry,
        "calls": failures.calls,
        "causes": failures.causes.iter().map(CauseGroup::title).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::exit;
    use crate::run::RunState;

    #[test]
    fn the_exit_code_is_the_one_that_the_run_stands_for() {
        for (state, is_complete, code) in [
            (RunState::Finished, true, 0),
            (RunState::Finished, false, 4),
            (RunState::Interrupted, true, 130),
            (RunState::Running, false, 130),
        ] {
            assert_eq!(exit(state, is_complete, 0).code, code, "{state:?}, {is_complete}");
        }
    }
}
