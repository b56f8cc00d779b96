//! The job of a scan: catalog, spec and regions, checked before any request is sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::accepted_gaps;
use super::catalog::open_catalog;
use super::settings::ScanSettings;
use super::settings::redaction::RedactionSettings;
use crate::aws::credentials::Caller;
use crate::aws::http::foreign_http_client;
use crate::aws::organization::{Account, Organization};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::model::endpoint::{PartitionData, Partitions};
use crate::names::{Partition, Region, RegionName, RegionPattern};
use crate::plan::redaction::Redaction;
use crate::plan::spec::{AcceptedGap, ScanSpec};
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice, Shard, SkippedCall, Surroundings};
use crate::run::{Manifest, ManifestSettings, ManifestSpec};

/// The global region of a partition that is not in the catalog.
const GLOBAL_REGION: RegionName = RegionName::new("us-east-1");

/// The job of a scan, independent of the accounts.
pub(crate) struct Job {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) partitions: Arc<Partitions>,
    pub(crate) spec: ScanSpec,
    regions: RegionChoice,
    /// The regions that are excluded in every account.
    pub(crate) exclude_regions: Vec<RegionPattern>,
    redaction: RedactionSettings,
    shard: Option<Shard>,
    /// The gaps that are counted apart from others: those of the file, and those of the spec.
    pub(crate) accepted_gaps: Vec<AcceptedGap>,
}

impl Job {
    /// Reads and checks the settings. No request is sent, except to download a spec from a URL.
    pub(crate) async fn load(settings: &ScanSettings) -> Result<Self, Failure> {
        let catalog = catalog(settings)?;
        let partitions = read_partitions(&catalog)?;
        // Before the spec, which may be downloaded.
        let named = settings.regions.check(&partitions)?;
        let accepted = settings.accepted_gaps.as_deref().map(accepted_gaps::read).transpose()?;
        let spec = ScanSpec::load(&settings.specs, &catalog, settings.deep, foreign_http_client).await?;
        let mut job = Self::new(settings, catalog, partitions, named, spec)?;
        job.accepted_gaps = accepted.into_iter().flatten().chain(job.spec.accepted_gaps.clone()).collect();
        Ok(job)
    }

    /// Returns the job of a spec that is a constant of the program.
    pub(crate) fn of_text(settings: &ScanSettings, text: &str) -> Result<Self, Failure> {
        let catalog = catalog(settings)?;
        let spec = ScanSpec::parse(text, "the program", &catalog)?;
        let partitions = read_partitions(&catalog)?;
        let named = settings.regions.check(&partitions)?;
        Self::new(settings, catalog, partitions, named, spec)
    }

    fn new(
        settings: &ScanSettings,
        catalog: Arc<Catalog>,
        partitions: Partitions,
        (given, excluded): (Option<Vec<RegionPattern>>, Vec<RegionPattern>),
        spec: ScanSpec,
    ) -> Result<Self, Failure> {
        check_regions(&spec, settings, &partitions)?;
        settings.redaction.check(&catalog, &spec)?;
        let given = given.or_else(|| spec.regions.clone());
        let exclude_regions = [excluded, spec.exclude_regions.clone()].concat();
        let job = Self::with_regions(settings, catalog, partitions, spec, given, exclude_regions);
        let known = job.partitions.iter().flat_map(|partition| partition.regions.clone());
        if job.regions.choose(&known.collect::<Vec<Region>>()).is_empty() {
            return Err(Failure::usage("--exclude-regions excludes every region"));
        }
        check_places(&job.spec, &job.regions)?;
        Ok(job)
    }

    /// Returns the job in these regions, or in all enabled ones, without those that are excluded.
    fn with_regions(
        settings: &ScanSettings,
        catalog: Arc<Catalog>,
        partitions: Partitions,
        mut spec: ScanSpec,
        given: Option<Vec<RegionPattern>>,
        exclude_regions: Vec<RegionPattern>,
    ) -> Self {
        let regions = RegionChoice::new(given, exclude_regions.clone());
        settle_regions(&mut spec, &regions);
        let (redaction, shard) = (settings.redaction.clone(), settings.shard);
        let (partitions, accepted_gaps) = (Arc::new(partitions), Vec::new());
        Self { catalog, partitions, spec, regions, exclude_regions, redaction, shard, accepted_gaps }
    }

    /// Returns the job of a resumed run, from its manifest: neither the spec's file nor the command line is read
    /// again.
    pub(crate) fn from_manifest(manifest: &Manifest, settings: &ScanSettings) -> Result<Self, Failure> {
        let catalog = catalog(settings)?;
        let partitions = read_partitions(&catalog)?;
        let ManifestSpec { source, sha256, document } = &manifest.spec;
        let spec = ScanSpec::check(document.clone(), sha256.clone(), source, &catalog).map_err(|error| {
            let (old, new) = (&manifest.catalog_version, catalog.botocore_version());
            Failure::from(error).hint(format!(
                "choose another catalog with --catalog: the run was started with scan {} and the catalog of \
                     botocore {old}, but this catalog is of botocore {new}",
                manifest.version
            ))
        })?;
        let ManifestSettings { regions, exclude_regions, .. } = manifest.settings.clone();
        Ok(Self::with_regions(settings, catalog, partitions, spec, regions, exclude_regions))
    }

    /// Returns the redaction of the results.
    pub(crate) fn redaction(&self) -> Result<Redaction, Failure> {
        self.redaction.check(&self.catalog, &self.spec)
    }

    /// Returns whether this process scans an account.
    pub(crate) fn scans(&self, account: &Account) -> bool {
        account.is_scanned() && self.shard.is_none_or(|shard| shard.holds(&account.id))
    }

    /// Returns those of the accounts that are scanned by this process.
    pub(crate) fn planned_accounts(&self, accounts: &[Account]) -> Vec<PlannedAccount> {
        let scanned = accounts.iter().filter(|account| self.scans(account));
        let planned = scanned.map(|account| {
            let Account { id, name, overrides, .. } = account;
            let own = (!overrides.regions.is_empty()).then(|| overrides.regions.clone());
            let regions = own.map(|own| RegionChoice::new(Some(own), self.exclude_regions.clone()));
            PlannedAccount { id: id.clone(), name: name.clone(), regions }
        });
        planned.collect()
    }

    /// Returns the regions to scan, by name or pattern; empty for the regions that each account has enabled.
    pub(crate) fn region_patterns(&self) -> Vec<RegionPattern> {
        self.regions.patterns()
    }

    /// Returns the plan for these accounts, of a run that starts at `started`.
    pub(crate) fn plan(
        &self,
        organization: &Organization,
        caller: &Caller,
        surroundings: &Surroundings,
        started: DateTime<Utc>,
    ) -> Result<Plan, Failure> {
        check_partition(&self.regions, &caller.partition, &self.partitions)?;
        let skipped = self.spec.skipped.iter().map(|entry| SkippedCall {
            service: entry.service.clone(),
            function: entry.function.clone(),
            reason: entry.reason.to_string(),
            hint: None,
            account: None,
        });
        let mut skipped: Vec<SkippedCall> = skipped.collect();
        let (calls, nowhere) = surroundings.calls(&self.spec.entries);
        skipped.extend(nowhere);
        skipped.extend(Plan::without_any_region(&calls, &self.regions));
        let partition = self.partitions.named(&caller.partition);
        Ok(Plan {
            accounts: self.planned_accounts(&organization.accounts),
            calls,
            skipped,
            regions: self.regions.clone(),
            global_region: partition
                .map_or_else(|| GLOBAL_REGION.region(), |data| data.implicit_global_region.clone()),
            partition: caller.partition.clone(),
            started,
        })
    }
}

/// Returns an error if a plan has no calls.
pub(crate) fn check_calls(job: &Job, plan: &Plan) -> Result<(), Failure> {
    if plan.calls_something() || job.spec.entries.is_empty() {
        return Ok(());
    }
    let origin = &job.spec.origin;
    let failure = match plan.skipped.iter().find(|skipped| skipped.account.is_none()) {
        None => return Ok(()),
        Some(SkippedCall { service, function, reason, hint, .. }) => {
            let failure =
                Failure::usage(format!("{origin}: nothing is left to call: {service} {function}: {reason}"));
            hint.iter().fold(failure, Failure::hint)
        }
    };
    Err(failure)
}

/// Applies the regions of an older configuration, unless the command line or the file's own `regions` override them.
fn settle_regions(spec: &mut ScanSpec, regions: &RegionChoice) {
    for entry in &mut spec.entries {
        let configured = entry.configured_regions.take();
        if matches!(regions, RegionChoice::Enabled { .. }) {
            entry.regions = entry.regions.take().or(configured);
        }
    }
}

/// Returns an error if the entries only name regions that are not scanned.
fn check_places(spec: &ScanSpec, regions: &RegionChoice) -> Result<(), Failure> {
    let calls = PlannedCall::all(spec.entries.iter().cloned());
    if calls.is_empty() || calls.iter().any(|call| !call.is_regional() || !regions.rules_out(call)) {
        return Ok(());
    }
    let named: BTreeSet<&str> = calls
        .iter()
        .flat_map(|call| call.entry.regions.iter().flatten())
        .map(RegionPattern::as_str)
        .collect();
    let named: Vec<&str> = named.into_iter().collect();
    let chosen: Vec<String> = regions.patterns().iter().map(ToString::to_string).collect();
    let scanned = if chosen.is_empty() {
        "these are excluded".to_owned()
    } else {
        format!("the scan is limited to {}", chosen.join(", "))
    };
    Err(Failure::usage(format!(
        "{}: nothing is left to call: its entries are for {}, but {scanned}",
        spec.origin,
        named.join(", ")
    ))
    .hint("name one of their regions with --regions, or change the `regions` of the entries"))
}

/// Opens the catalog, with the bulk-data functions that the settings allow.
fn catalog(settings: &ScanSettings) -> Result<Arc<Catalog>, Failure> {
    let mut catalog = open_catalog(settings.catalog.as_deref())?;
    settings.redaction.open(&mut catalog)?;
    Ok(Arc::new(catalog))
}

pub(crate) fn read_partitions(catalog: &Catalog) -> Result<Partitions, Failure> {
    Partitions::parse(catalog.partitions())
        .map_err(|cause| Failure::internal("cannot read the partitions of the catalog").with_source(cause))
}

/// Returns an error if a region of the spec, or of an account in a file, does not exist.
fn check_regions(spec: &ScanSpec, settings: &ScanSettings, partitions: &Partitions) -> Result<(), Failure> {
    let origin = &spec.origin;
    let entries = spec.entries.iter().flat_map(|entry| {
        let place = format!("{origin}: {} {}", entry.function, entry.name);
        let regions = entry.regions.iter().chain(&entry.configured_regions).flatten();
        regions.map(move |region| (place.clone(), region))
    });
    let run = spec.regions.iter().flatten().map(|region| (format!("{origin}: regions"), region));
    let except = spec.exclude_regions.iter().map(|region| (format!("{origin}: exclude_regions"), region));
    let accounts = settings.selection.accounts.iter().flatten().flat_map(|account| {
        let place = format!("--accounts-file: account {}", account.id);
        account.overrides.regions.iter().map(move |region| (place.clone(), region))
    });
    for (place, region) in run.chain(except).chain(entries).chain(accounts) {
        partitions
            .region(region.as_str())
            .map_err(|unknown| Failure::usage(format!("{place}: {unknown}")))?;
    }
    Ok(())
}

/// Returns an error if a region is in another partition than the credentials, which are not valid there.
fn check_partition(
    regions: &RegionChoice,
    partition: &Partition,
    partitions: &Partitions,
) -> Result<(), Failure> {
    for pattern in regions.patterns() {
        let its = match &pattern {
            RegionPattern::Region(region) => Some(partitions.of_region(region.as_str())),
            RegionPattern::Wildcard(_) if partitions.named(partition).is_none_or(|own| own.has(&pattern)) => {
                None
            }
            RegionPattern::Wildcard(_) => partitions.iter().find(|other| other.has(&pattern)),
        };
        if let Some(PartitionData { name, .. }) = its
            && name != partition
        {
            return Err(Failure::usage(format!(
                "{pattern} belongs to the partition {name}, but these credentials belong to {partition}"
            )));
        }
    }
    Ok(())
}
