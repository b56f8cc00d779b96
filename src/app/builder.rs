//! Builds and runs a scan without the command line.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aws_config::SdkConfig;

use super::aws_target::AwsTarget;
use super::finished_run::FinishedRun;
use super::observer::{Observer, Silent};
use super::scan::run;
use super::settings::output::OutputTarget;
use super::settings::role::RoleChoice;
use super::settings::{ScanSettings, checked_run_name};
use crate::aws::client::RetryPolicy;
use crate::engine::Limits;
use crate::error::Failure;
use crate::run::ResultLayout;
#[cfg(feature = "demo")]
use crate::simulator::Simulator;

/// A scan that is ready to run.
pub struct Scan {
    settings: ScanSettings,
    aws: AwsTarget,
    observer: Arc<dyn Observer>,
}

impl Scan {
    /// Starts to build a scan of a spec: a file, `-` for standard input, an http(s) URL, or the name of a built-in
    /// spec such as `inventory`.
    pub fn builder(spec: impl Into<String>) -> ScanBuilder {
        ScanBuilder(Scan {
            settings: ScanSettings::new(spec),
            aws: AwsTarget::Real,
            observer: Arc::new(Silent),
        })
    }

    /// Scans to the end and returns the finished run; its results are in its folder.
    ///
    /// Denied and failed calls are no errors: they are in the ledger, and [`FinishedRun::outcome`] counts them.
    /// Responses can have 1,000 nested levels. To read such responses, the threads need a stack of 8 MiB
    /// (`tokio::runtime::Builder::thread_stack_size`).
    ///
    /// # Errors
    ///
    /// Returns an error if the spec or a setting is invalid, there are no credentials, the organization cannot be
    /// read, or results cannot be written.
    pub async fn run(self) -> Result<FinishedRun, Failure> {
        Box::pin(run(self.settings, self.aws, self.observer)).await
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Scan").field("specs", &self.settings.specs).finish_non_exhaustive()
    }
}

/// Builds a [`Scan`]; settings have the same defaults as on the command line.
#[must_use = "a scan does nothing until it is built and run"]
#[derive(Debug)]
pub struct ScanBuilder(Scan);

impl ScanBuilder {
    /// Scans every account of the organization, not only the caller's own.
    pub fn organization(mut self) -> Self {
        self.0.settings.organization_scan = true;
        self
    }

    /// Sets the role to assume in member accounts; its default is `OrganizationAccountAccessRole`.
    pub fn role_name(mut self, name: impl Into<String>) -> Self {
        self.0.settings.role.role.role_name = name.into();
        self
    }

    /// Sets the external ID that the role's trust policy requires.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.0.settings.role.role.external_id = Some(id.into());
        self
    }

    /// Sets the regions to scan; by default, those that each account has enabled.
    pub fn regions<Name: Into<String>>(mut self, names: impl IntoIterator<Item = Name>) -> Self {
        self.0.settings.regions.given = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the regions to exclude.
    pub fn exclude_regions<Name: Into<String>>(mut self, names: impl IntoIterator<Item = Name>) -> Self {
        self.0.settings.regions.excluded = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the folder for the folders of runs; its default is `output`.
    pub fn output(mut self, folder: impl Into<PathBuf>) -> Self {
        self.0.settings.output = OutputTarget::Folder(folder.into());
        self
    }

    /// Sets the name of the run's folder; its default is the kind of scan and the time.
    pub fn run_name(mut self, name: impl Into<String>) -> Self {
        self.0.settings.run_name = Some(name.into());
        self
    }

    /// Sets whether there is one file per service, or one per call.
    pub fn layout(mut self, layout: ResultLayout) -> Self {
        self.0.settings.layout = layout;
        self
    }

    /// Sets how requests are retried.
    pub fn retries(mut self, policy: RetryPolicy) -> Self {
        self.0.settings.retry = policy;
        self
    }

    /// Sets how many requests are sent concurrently, and how many regions, services and accounts are scanned.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.0.settings.limits = limits;
        self
    }

    /// Disables the redaction of sensitive values.
    pub fn without_redaction(mut self) -> Self {
        self.0.settings.redaction.redact = false;
        self
    }

    /// Disables the circuit breakers: calls are sent even to unresponsive endpoints and into denied regions.
    pub fn ask_everything(mut self) -> Self {
        self.0.settings.ask_everything = true;
        self
    }

    /// Sets a catalog file to use instead of the built-in catalog.
    pub fn catalog(mut self, file: impl Into<PathBuf>) -> Self {
        self.0.settings.catalog = Some(file.into());
        self
    }

    /// Sets the configuration with the credentials and endpoints; its default is the SDK's default chain.
    pub fn aws_config(mut self, config: SdkConfig) -> Self {
        self.0.aws = AwsTarget::Configured(Box::new(config));
        self
    }

    /// Scans a simulated organization instead of AWS.
    ///
    /// # Errors
    ///
    /// Returns an error if the simulator's address is not a valid endpoint.
    #[cfg(feature = "demo")]
    pub fn simulated(mut self, simulator: &Simulator) -> Result<Self, Failure> {
        let config = simulator.sdk_config(&super::simulated::HOME.region())?;
        self.0.aws = AwsTarget::Simulated(Box::new(config));
        Ok(self)
    }

    /// Sets the observer of notes, warnings and events while the scan runs.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.0.observer = observer;
        self
    }

    /// Checks the settings that need no network.
    ///
    /// # Errors
    ///
    /// Returns an error if the role or the name of the run breaks a rule of AWS or of file systems.
    pub fn build(self) -> Result<Scan, Failure> {
        let Scan { mut settings, aws, observer } = self.0;
        settings.run_name = settings.run_name.map(checked_run_name).transpose()?;
        let RoleChoice { role, session_policy, via_role, .. } = settings.role;
        settings.role = RoleChoice::new(role, session_policy, via_role)?;
        Ok(Scan { settings, aws, observer })
    }
}
