//! The checked settings of a run, with all defaults filled in.

pub(crate) mod output;
pub(crate) mod permission_sets;
pub(crate) mod profiles;
pub(crate) mod redaction;
pub(crate) mod role;
pub(crate) mod session_policy;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::aws::client::RetryPolicy;
use crate::aws::credentials::MfaSettings;
use crate::aws::http::ResponseLimit;
use crate::aws::organization::AccountFilter;
use crate::engine::Limits;
use crate::error::Failure;
use crate::model::endpoint::Partitions;
use crate::names::{AccountId, RegionPattern};
use crate::plan::Shard;
use crate::plan::spec::DeepScan;
use crate::run::{LATEST, Manifest, ResultLayout, run_name, safe_name};
use output::{OutputTarget, Retention};
use permission_sets::PermissionSetChoice;
use profiles::ProfileChoice;
use redaction::RedactionSettings;
use role::RoleChoice;

/// All settings of a run.
pub(crate) struct ScanSettings {
    pub(crate) specs: Vec<String>,
    /// Whether the details of what the spec lists are called too, and how far.
    pub(crate) deep: Option<DeepScan>,
    pub(crate) organization_scan: bool,
    /// The filter of accounts; by default, all accounts.
    pub(crate) selection: AccountFilter,
    pub(crate) role: RoleChoice,
    /// The permission sets to use instead of a role; all accounts that are assigned to the user are scanned.
    pub(crate) permission_sets: Option<PermissionSetChoice>,
    /// The regions, not yet checked against the partitions of the catalog.
    pub(crate) regions: RegionNames,
    pub(crate) output: OutputTarget,
    pub(crate) shard: Option<Shard>,
    /// The settings about other runs in the output folder.
    pub(crate) retention: Retention,
    /// The name of the run's folder; by default, the kind of scan and the time.
    pub(crate) run_name: Option<String>,
    pub(crate) layout: ResultLayout,
    pub(crate) profiles: ProfileChoice,
    pub(crate) retry: RetryPolicy,
    pub(crate) response_limit: ResponseLimit,
    pub(crate) limits: Limits,
    /// How many times AWS's request quotas the accounts have: 1, or [`SIMULATED_QUOTAS`].
    pub(crate) quota_factor: u32,
    pub(crate) ask_everything: bool,
    /// A file of gaps that are counted apart from others.
    pub(crate) accepted_gaps: Option<PathBuf>,
    pub(crate) catalog: Option<PathBuf>,
    pub(crate) redaction: RedactionSettings,
}

/// How many times AWS's request quotas the accounts of a demonstration have. Its server has no quotas, and AWS's
/// would be most of its time.
pub(crate) const SIMULATED_QUOTAS: u32 = 50;

/// The settings of the user who resumes a run.
#[derive(Clone, Debug)]
pub(crate) struct ResumeSettings {
    /// The run's folder, or its address in a bucket.
    pub(crate) run: OutputTarget,
    /// Whether calls that were denied or failed are sent again.
    pub(crate) retry_failed: bool,
    /// Bulk-data functions that the command itself calls, in addition to those that the run was allowed to call.
    pub(crate) allow: Vec<String>,
    /// A catalog file to use instead of the built-in catalog.
    pub(crate) catalog: Option<PathBuf>,
    /// Profiles to use instead of those of the run.
    pub(crate) profiles: Vec<String>,
    /// The file with the profiles.
    pub(crate) profiles_file: Option<PathBuf>,
    /// The accounts that the credentials must belong to, instead of those of the run.
    pub(crate) expected_accounts: Vec<AccountId>,
    /// The MFA device of the user.
    pub(crate) mfa: MfaSettings,
}

impl ResumeSettings {
    /// Returns the settings to continue an earlier attempt of a scan.
    pub(crate) fn of_attempt(scan: &ScanSettings) -> Self {
        Self {
            run: scan.output.clone(),
            retry_failed: false,
            allow: Vec::new(),
            catalog: scan.catalog.clone(),
            profiles: scan.profiles.names.clone(),
            profiles_file: scan.profiles.file.clone(),
            expected_accounts: scan.profiles.expected_accounts.clone(),
            mfa: MfaSettings::default(),
        }
    }
}

/// Region names and patterns, not yet checked.
#[derive(Default)]
pub(crate) struct RegionNames {
    pub(crate) given: Vec<String>,
    pub(crate) excluded: Vec<String>,
}

impl ScanSettings {
    /// Returns the settings of a scan of this spec with all defaults.
    pub(crate) fn new(spec: impl Into<String>) -> Self {
        Self::of_specs(vec![spec.into()])
    }

    /// Returns the settings of a scan of these specs with all defaults.
    pub(crate) fn of_specs(specs: Vec<String>) -> Self {
        Self {
            specs,
            deep: None,
            organization_scan: false,
            selection: AccountFilter::default(),
            role: RoleChoice::default(),
            permission_sets: None,
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
            quota_factor: 1,
            ask_everything: false,
            accepted_gaps: None,
            catalog: None,
            redaction: RedactionSettings {
                redact: true,
                paths: Vec::new(),
                allow: Vec::new(),
                allow_unreviewed: Vec::new(),
            },
        }
    }

    /// Returns the settings of a run from its manifest. Only the settings of the resuming user are new.
    pub(crate) fn from_manifest(manifest: &Manifest, request: &ResumeSettings) -> Result<Self, Failure> {
        let its = &manifest.settings;
        let role = RoleChoice::from_manifest(its.role_name.as_deref(), &its.role)?;
        Ok(Self {
            specs: vec![manifest.spec.source.clone()],
            // The spec in the manifest has them.
            deep: None,
            organization_scan: its.organization_scan,
            // The run has its own list of accounts.
            selection: AccountFilter::default(),
            role,
            permission_sets: PermissionSetChoice::from_manifest(manifest),
            // The job reads the resolved regions from the manifest.
            regions: RegionNames::default(),
            output: match &request.run {
                OutputTarget::Folder(run) => {
                    OutputTarget::Folder(run.parent().map_or_else(PathBuf::new, PathBuf::from))
                }
                bucket @ OutputTarget::Bucket(..) => bucket.clone(),
            },
            shard: its.shard,
            // Another user may resume the run, and must not remove runs of the first.
            retention: Retention::default(),
            run_name: None,
            layout: its.layout,
            profiles: ProfileChoice::resumed(request, its)?,
            retry: its.retries,
            response_limit: its.max_response_size,
            limits: Limits {
                requests: its.concurrency,
                regions: its.concurrent_regions,
                services: its.concurrent_services,
                ..Limits::default()
            },
            quota_factor: if manifest.simulated { SIMULATED_QUOTAS } else { 1 },
            ask_everything: its.ask_everything,
            // The manifest has them.
            accepted_gaps: None,
            catalog: request.catalog.clone(),
            redaction: RedactionSettings {
                redact: its.redact,
                paths: its.redact_paths.clone(),
                allow: [its.allow.as_slice(), &request.allow].concat(),
                allow_unreviewed: its.allow_unreviewed.clone(),
            },
        })
    }

    /// Returns whether roles are assumed: in the members of the organization, or in the given accounts.
    pub(crate) fn assumes_roles(&self) -> bool {
        self.permission_sets.is_none() && (self.organization_scan || self.selection.accounts.is_some())
    }

    /// Returns whether accounts are scanned in addition to those of the base credentials.
    pub(crate) fn scans_other_accounts(&self) -> bool {
        self.assumes_roles() || self.permission_sets.is_some()
    }

    /// Returns the name of the run's folder; the folder of a shard is below the folder of the run.
    pub(crate) fn name_of_run(&self, started: DateTime<Utc>) -> String {
        let name = self
            .run_name
            .clone()
            .unwrap_or_else(|| run_name(self.organization_scan || self.permission_sets.is_some(), started));
        match self.shard {
            Some(shard) => format!("{name}/{}", shard.folder()),
            None => name,
        }
    }
}

impl RegionNames {
    /// Returns the regions to scan (`None`: those that each account has enabled) and those to exclude.
    pub(crate) fn check(
        &self,
        partitions: &Partitions,
    ) -> Result<(Option<Vec<RegionPattern>>, Vec<RegionPattern>), Failure> {
        let given = regions("--regions", &self.given, partitions)?;
        let excluded = regions("--exclude-regions", &self.excluded, partitions)?;
        Ok(((!given.is_empty()).then_some(given), excluded))
    }
}

/// Checks the name of a run's folder.
///
/// # Errors
///
/// Returns an error if some file systems do not allow the name, or it is the name of the link to the last run.
pub(crate) fn checked_run_name(name: String) -> Result<String, Failure> {
    if safe_name(&name) != name {
        return Err(Failure::usage(format!("--run-name: `{name}` is not a valid folder name"))
            .hint("use up to 100 letters, digits, `.`, `_` and `-`, no `.` at either end, and no name of a device (`NUL`)"));
    }
    // Some file systems take no notice of the case.
    if name.eq_ignore_ascii_case(LATEST) {
        return Err(Failure::usage(format!("--run-name: `{name}` is the name of the link to the last run")));
    }
    Ok(name)
}

/// Parses region names and patterns, separated by spaces or commas.
fn regions(option: &str, names: &[String], partitions: &Partitions) -> Result<Vec<RegionPattern>, Failure> {
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
