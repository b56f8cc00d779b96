//! The manifest of a new run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::job::Job;
use super::settings::ScanSettings;
use crate::aws::credentials::BaseIdentity;
use crate::run::{
    FORMAT_VERSION, Manifest, ManifestCaller, ManifestSettings, ManifestSpec, ManifestTotals, RunState,
};

/// Returns the manifest of a new run: its caller, spec and settings. The organization and its accounts are added when
/// they are known.
pub(crate) fn manifest(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    started: DateTime<Utc>,
) -> Manifest {
    let regions = Some(job.region_patterns()).filter(|patterns| !patterns.is_empty());
    let caller = identity.caller();
    let side_by_side = settings.profiles.is_several();
    Manifest {
        format_version: FORMAT_VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalog_version: job.catalog.botocore_version().to_owned(),
        simulated: false,
        state: RunState::Running,
        started,
        finished: None,
        caller: ManifestCaller { account: caller.account.clone(), arn: caller.arn.clone() },
        organization: None,
        management_account: None,
        delegated_administrators: BTreeMap::new(),
        unknown_account_details: Vec::new(),
        spec: ManifestSpec {
            source: job.spec.origin.clone(),
            sha256: job.spec.hash.clone(),
            document: job.spec.document.clone(),
        },
        accepted_gaps: job.accepted_gaps.clone(),
        settings: ManifestSettings {
            organization_scan: settings.organization_scan,
            role_name: settings.assumes_roles().then(|| settings.role.role.role_name.clone()),
            role: settings.role.kept(),
            permission_sets: settings
                .permission_sets
                .as_ref()
                .map(|choice| choice.kept(identity.sso_session())),
            account_filters: settings.selection.describe(),
            profiles: if side_by_side { settings.profiles.names.clone() } else { Vec::new() },
            profiles_file: settings.profiles.file.clone().filter(|_| side_by_side),
            expected_accounts: settings.profiles.expected_accounts.clone(),
            regions,
            exclude_regions: job.exclude_regions.clone(),
            layout: settings.layout,
            retries: settings.retry,
            max_response_size: settings.response_limit,
            concurrency: settings.limits.requests,
            concurrent_regions: settings.limits.regions,
            concurrent_services: settings.limits.services,
            ask_everything: settings.ask_everything,
            redact: settings.redaction.redact,
            redact_paths: settings.redaction.paths.clone(),
            allow: settings.redaction.allow.clone(),
            allow_unreviewed: settings.redaction.allow_unreviewed.clone(),
            shard: settings.shard,
            bucket_folder: None,
        },
        totals: ManifestTotals::default(),
        missing_shards: Vec::new(),
    }
}
