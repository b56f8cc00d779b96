//! The settings of a run: checked once, without open defaults. `args` makes them from what was typed.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::logging::LogArguments;
use super::options::bucket::OutputTarget;
use super::options::display::DisplaySettings;
use super::options::profiles::ProfileChoice;
use super::options::redaction::RedactionSettings;
use super::options::retention::Retention;
use super::options::role::RoleChoice;
use crate::aws::client::RetryPolicy;
use crate::aws::http::ResponseLimit;
use crate::aws::organization::AccountFilter;
use crate::engine::Limits;
use crate::error::Failure;
use crate::model::endpoint::Partitions;
use crate::names::Region;
use crate::plan::Shard;
use crate::run::{ResultLayout, run_name};

/// Everything a run was told.
pub(super) struct ScanSettings {
    pub(super) spec: String,
    pub(super) organization_scan: bool,
    /// Which accounts are wanted; all that there are by default.
    pub(super) selection: AccountFilter,
    pub(super) role: RoleChoice,
    /// Not yet checked against the partitions, which the catalog knows.
    pub(super) regions: RegionNames,
    pub(super) output: OutputTarget,
    pub(super) shard: Option<Shard>,
    /// What becomes of other runs in the folder for results.
    pub(super) retention: Retention,
    /// The name of the run's folder; without one, the time makes it.
    pub(super) run_name: Option<String>,
    pub(super) layout: ResultLayout,
    pub(super) log: LogArguments,
    pub(super) profiles: ProfileChoice,
    pub(super) retry: RetryPolicy,
    pub(super) response_limit: ResponseLimit,
    pub(super) limits: Limits,
    pub(super) ask_everything: bool,
    pub(super) catalog: Option<PathBuf>,
    pub(super) redaction: RedactionSettings,
    pub(super) display: DisplaySettings,
}

/// Regions as they were typed.
#[derive(Default)]
pub(super) struct RegionNames {
    pub(super) given: Vec<String>,
    pub(super) excluded: Vec<String>,
}

impl ScanSettings {
    /// Whether roles are assumed: in the members of the organization, or in the accounts that are named.
    pub(super) fn assumes_roles(&self) -> bool {
        self.organization_scan || self.selection.accounts.is_some()
    }

    /// The name of the run's folder; that of a shard stands in the folder that all shards share.
    pub(super) fn name_of_run(&self, started: DateTime<Utc>) -> String {
        let name = self.run_name.clone().unwrap_or_else(|| run_name(self.organization_scan, started));
        match self.shard {
            Some(shard) => format!("{name}/{}", shard.folder()),
            None => name,
        }
    }
}

impl RegionNames {
    /// The regions to scan (`None`: those each account has enabled) and those to leave out.
    pub(super) fn check(
        &self,
        partitions: &Partitions,
    ) -> Result<(Option<Vec<Region>>, Vec<Region>), Failure> {
        let given = regions("--regions", &self.given, partitions)?;
        let excluded = regions("--exclude-regions", &self.excluded, partitions)?;
        Ok(((!given.is_empty()).then_some(given), excluded))
    }
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
