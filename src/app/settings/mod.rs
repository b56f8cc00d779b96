//! The settings of a run: checked once, without open defaults.

pub(crate) mod output;
pub(crate) mod profiles;
pub(crate) mod redaction;
pub(crate) mod role;
pub(crate) mod session_policy;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::aws::client::RetryPolicy;
use crate::aws::http::ResponseLimit;
use crate::aws::organization::AccountFilter;
use crate::engine::Limits;
use crate::error::Failure;
use crate::model::endpoint::Partitions;
use crate::names::Region;
use crate::plan::Shard;
use crate::run::{LATEST, Manifest, ResultLayout, run_name, safe_name};
use output::{OutputTarget, Retention};
use profiles::ProfileChoice;
use redaction::RedactionSettings;
use role::RoleChoice;

/// All settings of a run.
pub(crate) struct ScanSettings {
    pub(crate) spec: String,
    pub(crate) organization_scan: bool,
    /// Which accounts are wanted; all that there are by default.
    pub(crate) selection: AccountFilter,
    pub(crate) role: RoleChoice,
    /// Not yet checked against the partitions, which the catalog knows.
    pub(crate) regions: RegionNames,
    pub(crate) output: OutputTarget,
    pub(crate) shard: Option<Shard>,
    /// What becomes of other runs in the folder for results.
    pub(crate) retention: Retention,
    /// The name of the run's folder; without one, the time makes it.
    pub(crate) run_name: Option<String>,
    pub(crate) layout: ResultLayout,
    pub(crate) profiles: ProfileChoice,
    pub(crate) retry: RetryPolicy,
    pub(crate) response_limit: ResponseLimit,
    pub(crate) limits: Limits,
    pub(crate) ask_everything: bool,
    pub(crate) catalog: Option<PathBuf>,
    pub(crate) redaction: RedactionSettings,
}

/// A request to resume a run: what belongs to the user who resumes it.
#[derive(Clone, Debug)]
pub(crate) struct ResumeSettings {
    /// The run's folder.
    pub(crate) folder: PathBuf,
    /// Whether calls that were denied or failed are sent again.
    pub(crate) retry_failed: bool,
    /// A catalog file in place of the built-in catalog.
    pub(crate) catalog: Option<PathBuf>,
    /// Profiles in place of those of the run.
    pub(crate) profiles: Vec<String>,
    /// The file that has the profiles.
    pub(crate) profiles_file: Option<PathBuf>,
}

/// Region names, not yet checked.
#[derive(Default)]
pub(crate) struct RegionNames {
    pub(crate) given: Vec<String>,
    pub(crate) excluded: Vec<String>,
}

impl ScanSettings {
    /// The settings of a scan of this spec for which nothing else is chosen.
    pub(crate) fn new(spec: impl Into<String>) -> Self {
        Self {
            spec: spec.into(),
            organization_scan: false,
            selection: AccountFilter::default(),
            role: RoleChoice::default(),
            regions: RegionNames::default(),
            output: OutputTarget::Folder(PathBuf::from("output")),
            shard: None,
            retention: Retention::default(),
            run_name: None,
            layout: ResultLayout::Service,
            profiles: ProfileChoice::default(),
            retry: RetryPolicy::default(),
            response_limit: ResponseLimit::default(),
            limits: Limits::default(),
            ask_everything: false,
            catalog: None,
            redaction: RedactionSettings { redact: true, paths: Vec::new(), allow: Vec::new() },
        }
    }

    /// The settings of the run in this manifest. Only what belongs to the resuming user is new.
    pub(crate) fn from_manifest(manifest: &Manifest, request: &ResumeSettings) -> Result<Self, Failure> {
        let its = &manifest.settings;
        let role = RoleChoice::from_manifest(its.role_name.as_deref(), &its.role)?;
        Ok(Self {
            spec: manifest.spec.source.clone(),
            organization_scan: its.organization_scan,
            // The accounts are chosen already, in the run's own list.
            selection: AccountFilter::default(),
            role,
            // The job takes them from the manifest, where they are resolved.
            regions: RegionNames::default(),
            output: OutputTarget::Folder(request.folder.parent().map_or_else(PathBuf::new, PathBuf::from)),
            shard: its.shard,
            // The user who resumes a run may be another one, and removes nothing of the first.
            retention: Retention::default(),
            run_name: None,
            layout: its.layout,
            profiles: ProfileChoice::resumed(request, &its.profiles, its.profiles_file.as_ref())?,
            retry: its.retries,
            response_limit: its.max_response_size,
            limits: Limits {
                requests: its.concurrency,
                regions: its.concurrent_regions,
                services: its.concurrent_services,
                ..Limits::default()
            },
            ask_everything: its.ask_everything,
            catalog: request.catalog.clone(),
            redaction: RedactionSettings {
                redact: its.redact,
                paths: its.redact_paths.clone(),
                allow: its.allow.clone(),
            },
        })
    }

    /// Whether roles are assumed: in the members of the organization, or in the accounts that are named.
    pub(crate) fn assumes_roles(&self) -> bool {
        self.organization_scan || self.selection.accounts.is_some()
    }

    /// The name of the run's folder; that of a shard stands in the folder that all shards share.
    pub(crate) fn name_of_run(&self, started: DateTime<Utc>) -> String {
        let name = self.run_name.clone().unwrap_or_else(|| run_name(self.organization_scan, started));
        match self.shard {
            Some(shard) => format!("{name}/{}", shard.folder()),
            None => name,
        }
    }
}

impl RegionNames {
    /// The regions to scan (`None`: those each account has enabled) and those to leave out.
    pub(crate) fn check(
        &self,
        partitions: &Partitions,
    ) -> Result<(Option<Vec<Region>>, Vec<Region>), Failure> {
        let given = regions("--regions", &self.given, partitions)?;
        let excluded = regions("--exclude-regions", &self.excluded, partitions)?;
        Ok(((!given.is_empty()).then_some(given), excluded))
    }
}

/// Checks the name of a run's folder.
///
/// # Errors
///
/// Where it cannot be the name of a folder on every file system, or is that of the link to the last run.
pub(crate) fn checked_run_name(name: String) -> Result<String, Failure> {
    if safe_name(&name) != name {
        return Err(Failure::usage(format!("--run-name: `{name}` cannot be the name of a folder"))
            .hint("use up to 100 letters, digits, `.`, `_` and `-`, and no `.` at either end"));
    }
    if name == LATEST {
        return Err(Failure::usage(format!(
            "--run-name: `{LATEST}` is what the link to the last run is called"
        )));
    }
    Ok(name)
}

/// Reads region names, in any of the forms that shells and habits make of a list.
fn regions(option: &str, names: &[String], partitions: &Partitions) -> Result<Vec<Region>, Failure> {
    let mut regions = Vec::new();
    for name in names.iter().flat_map(|names| names.split([',', ' '])).filter(|name| !name.is_empty()) {
        let region =
            partitions.region(name).map_err(|unknown| Failure::usage(format!("{option}: {unknown}")))?;
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(regions)
}
