//! Looks up in `CloudTrail` who made the changes between two runs: a run of lookups, with the accounts and role of the
//! newer run, in a temporary folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::catalog::open_catalog;
use super::derived_run::manifest_with_calls;
use super::found_events::read_events;
use super::job::read_partitions;
use super::observer::Observer;
use super::read_run::unreadable;
use super::resume::{Resumed, resume};
use super::settings::ResumeSettings;
use super::settings::output::OutputTarget;
use super::settings::redaction::RedactionSettings;
use super::storage_errors::cannot_write_run;
use crate::arn::Arn;
use crate::aws::organization::{Account, ExclusionReason, Organization};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::RegionPattern;
use crate::plan::spec::{EVENT_DAYS, EVENT_LOOKUP, EventLookup, event_lookup_spec};
use crate::reports::diff::{ChangeLookups, FoundEvents};
use crate::reports::summary::RunOutcome;
use crate::run::{Manifest, Results, RunFolder, write_accounts};
use crate::util::atomic_file;
use crate::util::plural::plural;

/// The origin of the spec of lookups.
const ORIGIN: &str = "scan diff --who";
/// The region name of resources that are not in a region.
const GLOBAL: &str = "global";

/// The global region of a partition that is not in the catalog.
const GLOBAL_REGION: &str = "us-east-1";

/// The lookups of events, before they are sent.
pub(crate) struct WhoPlan {
    manifest: Manifest,
    accounts: Vec<Account>,
    lookups: Vec<EventLookup>,
    beyond_limit: usize,
    period: [DateTime<Utc>; 2],
    /// Whether the period starts after the older run.
    is_late: bool,
    catalog: Catalog,
}

/// The outcome of the lookups.
#[derive(Default)]
pub(crate) struct LookupOutcome {
    /// One for each lookup.
    pub(crate) found: Vec<FoundEvents>,
    /// Notices about lookups that failed.
    pub(crate) notices: Vec<String>,
    /// Whether a signal stopped the lookups.
    pub(crate) is_interrupted: bool,
}

impl LookupOutcome {
    /// Returns the outcome if nothing could be looked up.
    pub(crate) fn none(notice: String) -> Self {
        Self { notices: vec![notice], ..Self::default() }
    }
}

impl WhoPlan {
    /// Plans the lookups for the changes between two runs; `None` if CloudTrail no longer has events of that time.
    ///
    /// # Errors
    ///
    /// Returns an error if the catalog cannot be read.
    pub(crate) fn new(
        [old, new]: [&Results; 2],
        found: ChangeLookups,
        catalog: Option<&Path>,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, Failure> {
        let ended = |run: &Results| run.manifest().finished.unwrap_or(now);
        // The order of the arguments may be wrong, which a notice reports.
        let start = old.manifest().started.min(new.manifest().started);
        let end = ended(old).max(ended(new)).min(now);
        let oldest = now - TimeDelta::days(EVENT_DAYS);
        if end <= oldest {
            return Ok(None);
        }
        let mut manifest = new.manifest().clone();
        // Only the lookups are called, whatever the run was allowed to call.
        manifest.settings.allow = Vec::new();
        manifest.settings.allow_unreviewed = Vec::new();
        let mut catalog = open_catalog(catalog)?;
        let allowed = RedactionSettings {
            redact: true,
            paths: Vec::new(),
            allow: vec![allowed_lookup()],
            allow_unreviewed: Vec::new(),
        };
        allowed.open(&mut catalog)?;
        let mut lookups = found.lookups;
        let global = global_region(&manifest, &catalog)?;
        for lookup in lookups.iter_mut().filter(|lookup| lookup.region == GLOBAL) {
            lookup.region.clone_from(&global);
        }
        let period = [start.max(oldest), end];
        let accounts = new.accounts().to_vec();
        let beyond_limit = found.beyond_limit;
        Ok(Some(Self { manifest, accounts, lookups, beyond_limit, period, is_late: start < oldest, catalog }))
    }

    /// Returns what would be sent in one line.
    pub(crate) fn summary(&self) -> String {
        let places = self.places();
        let accounts: BTreeSet<&str> = places.keys().map(|(account, _)| *account).collect();
        let requests: usize = places.values().map(|(_, requests)| requests).sum();
        let more = match self.beyond_limit {
            0 => String::new(),
            1 => "; 1 more changed resource is beyond --who-limit".to_owned(),
            more => format!("; {} are beyond --who-limit", plural(more, "more changed resource")),
        };
        format!(
            "CloudTrail: {} in {}, at most {} of LookupEvents, two per second in each account and region{more}",
            plural(self.lookups.len(), "lookup"),
            plural(accounts.len(), "account"),
            plural(requests, "request"),
        )
    }

    /// Returns the lookups of each account and region, one line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |((account, region), (lookups, requests)): (&(&str, &str), &(usize, usize))| {
            let (lookups, requests) = (plural(*lookups, "lookup"), plural(*requests, "request"));
            format!("  {account} {region}: {lookups}, at most {requests}")
        };
        self.places().iter().map(line).collect()
    }

    /// Returns the numbers of lookups and requests in each account and region.
    fn places(&self) -> BTreeMap<(&str, &str), (usize, usize)> {
        let mut places: BTreeMap<_, (usize, usize)> = BTreeMap::new();
        for lookup in &self.lookups {
            let counts = places.entry((lookup.account.as_str(), lookup.region.as_str())).or_default();
            *counts = (counts.0 + 1, counts.1 + lookup.most_requests());
        }
        places
    }

    /// Sends the lookups, with the role of the newer run.
    ///
    /// # Errors
    ///
    /// Returns an error if no lookup can be sent, or their results cannot be written to a temporary folder.
    pub(crate) async fn call(
        &self,
        request: ResumeSettings,
        observer: Arc<dyn Observer>,
    ) -> Result<LookupOutcome, Failure> {
        if self.lookups.is_empty() {
            return Ok(LookupOutcome::default());
        }
        // It is removed at the end, with the events.
        let scratch = tempfile::tempdir().map_err(|cause| {
            Failure::internal("cannot create a temporary folder")
                .with_source(cause)
                .hint("set TMPDIR to another folder")
        })?;
        // A link to the last run is made beside it.
        let folder = scratch.path().join("lookups");
        self.prepare(&folder)?;
        let run = OutputTarget::Folder(folder.clone());
        let request = ResumeSettings { run, allow: vec![allowed_lookup()], ..request };
        let (Resumed::NothingLeft(finished) | Resumed::Finished(finished)) =
            Box::pin(resume(&request, observer)).await?;
        let (found, mut notices) = read_events(&folder, &self.lookups).map_err(|error| unreadable(&error))?;
        if self.is_late {
            let start = self.period[0].format("%Y-%m-%d %H:%M UTC");
            notices.push(format!(
                "CloudTrail: events before {start} are not known, because it keeps {EVENT_DAYS} days"
            ));
        }
        notices.extend(finished.credentials_failure().map(|failure| format!("{ORIGIN}: {failure}")));
        Ok(LookupOutcome { found, notices, is_interrupted: finished.outcome() == RunOutcome::Interrupted })
    }

    /// Writes the manifest and accounts of the run of lookups: only accounts with lookups, and only their regions.
    fn prepare(&self, path: &Path) -> Result<(), Failure> {
        let document = event_lookup_spec(&self.lookups, self.period);
        let mut manifest = manifest_with_calls(&self.manifest, &document, ORIGIN, &self.catalog)?;
        let mut regions: Vec<&str> = self.lookups.iter().map(|lookup| lookup.region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        manifest.settings.regions =
            Some(regions.into_iter().filter_map(|name| RegionPattern::parse(name).ok()).collect());
        // Events of global services are in a region that the run may have excluded.
        manifest.settings.exclude_regions = Vec::new();
        let is_needed = |account: &Account| self.lookups.iter().any(|lookup| lookup.account == account.id);
        let accounts = self.accounts.iter().cloned().map(|mut account| {
            account.overrides.regions = Vec::new();
            if !is_needed(&account) {
                account.excluded_by = Some(ExclusionReason::Accounts);
            }
            account
        });
        let organization = Organization {
            id: manifest.organization.clone(),
            management_account: manifest.management_account.clone(),
            accounts: accounts.collect(),
        };
        let folder = RunFolder::for_run(path);
        atomic_file::create_folder(path)
            .and_then(|()| write_accounts(&folder, &organization, None, None))
            .and_then(|()| manifest.write(&folder.manifest()))
            .map_err(|cause| cannot_write_run(&folder, path, cause))
    }
}

/// Returns the lookup in the form of `--allow`.
fn allowed_lookup() -> String {
    format!("{}:{}", EVENT_LOOKUP.0, EVENT_LOOKUP.1)
}

/// Returns the region with the events of the partition's global services: in the commercial partition, only `us-east-1` has
/// them since November 2021 (AWS's mail in `github.com/SummitRoute/aws_breaking_changes/issues/51`).
fn global_region(manifest: &Manifest, catalog: &Catalog) -> Result<String, Failure> {
    let partition = Arn::parse(&manifest.caller.arn).map(|arn| arn.partition());
    let partitions = read_partitions(catalog)?;
    let data = partition.and_then(|name| partitions.named(&name));
    Ok(data.map_or_else(|| GLOBAL_REGION.to_owned(), |data| data.implicit_global_region.to_string()))
}
