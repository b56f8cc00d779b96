//! The arguments of `scan resume`, and the settings of the run that is resumed.

use std::path::PathBuf;

use clap::Args;

use crate::aws::organization::AccountFilter;
use crate::cli::logging::LogArguments;
use crate::cli::options::bucket::OutputTarget;
use crate::cli::options::display::{DisplayArguments, DisplaySettings};
use crate::cli::options::profiles::ProfileArguments;
use crate::cli::options::redaction::RedactionSettings;
use crate::cli::options::retention::Retention;
use crate::cli::options::role::RoleChoice;
use crate::cli::settings::{RegionNames, ScanSettings};
use crate::engine::Limits;
use crate::error::Failure;
use crate::run::Manifest;

/// Finishes a run that was interrupted or killed, or asks again what failed.
#[derive(Args, Debug)]
pub(in crate::cli) struct ResumeArguments {
    /// The run's folder: output/organization-<timestamp>
    #[arg(value_name = "FOLDER")]
    pub(in crate::cli) run: PathBuf,

    /// Ask again what was denied, throttled, unreachable, expired or failed
    #[arg(long)]
    pub(in crate::cli) retry_failed: bool,

    #[command(flatten)]
    pub(in crate::cli) log: LogArguments,

    /// A catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    pub(in crate::cli) catalog: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) profile_choice: ProfileArguments,

    #[command(flatten)]
    pub(in crate::cli) display: DisplayArguments,
}

impl ResumeArguments {
    /// The settings of the run in this manifest. Only what belongs to the resuming user is new.
    pub(in crate::cli) fn settings(&self, manifest: &Manifest) -> Result<ScanSettings, Failure> {
        let its = &manifest.settings;
        let role = RoleChoice::from_manifest(its.role_name.as_deref(), its.role.as_ref())?;
        Ok(ScanSettings {
            spec: manifest.spec.source.clone(),
            organization_scan: its.organization_scan,
            // The accounts are chosen already, in the run's own list.
            selection: AccountFilter::default(),
            role,
            // The job takes them from the manifest, where they are resolved.
            regions: RegionNames::default(),
            output: OutputTarget::Folder(self.run.parent().map_or_else(PathBuf::new, PathBuf::from)),
            shard: its.shard,
            // Whoever resumes a run is not the one who began it, and removes nothing of theirs.
            retention: Retention::default(),
            run_name: None,
            layout: its.layout,
            log: self.log,
            profiles: self.profile_choice.choice_or(&its.profiles, its.profiles_file.as_ref())?,
            retry: its.retries,
            response_limit: its.max_response_size,
            limits: Limits {
                requests: its.concurrency,
                regions: its.concurrent_regions,
                services: its.concurrent_services,
                ..Limits::default()
            },
            ask_everything: its.ask_everything,
            catalog: self.catalog.clone(),
            redaction: RedactionSettings {
                redact: its.redact,
                paths: its.redact_paths.clone(),
                allow: its.allow.clone(),
            },
            display: DisplaySettings::from(&self.display),
        })
    }
}
