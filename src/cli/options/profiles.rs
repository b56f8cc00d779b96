//! The options that choose the base credentials.

use std::path::{Path, PathBuf};

use clap::Args;

use super::accounts::ids;
use super::mfa::MfaArguments;
use crate::app::settings::ResumeSettings;
use crate::app::settings::output::OutputTarget;
use crate::app::settings::profiles::ProfileChoice;
use crate::aws::credentials::MfaSettings;
use crate::error::Failure;
use crate::names::AccountId;

/// The options that choose the base credentials.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Input")]
pub(in crate::cli) struct ProfileArguments {
    /// Profile of the shared AWS configuration to use (repeatable)
    ///
    /// With several profiles, the account of each is scanned with its own credentials.
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,

    /// JSON file with profiles and their credentials, as AWS Inventory has it
    ///
    /// All profiles of the file are used, or those that --profile names.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    profiles_file: Option<PathBuf>,

    /// Account that the credentials must belong to (repeatable)
    ///
    /// The scan is not started with credentials of another account. With several profiles, name the account of each.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "ID",
        env = "SCAN_EXPECT_ACCOUNT",
        hide_short_help = true
    )]
    expect_account: Vec<String>,

    #[command(flatten)]
    mfa: MfaArguments,
}

impl ProfileArguments {
    /// Returns the chosen profiles.
    pub(in crate::cli) fn choice(&self) -> Result<ProfileChoice, Failure> {
        let mut profiles = ProfileChoice::named(self.profile.clone(), self.profiles_file.clone())?;
        profiles.expected_accounts = self.expected_accounts()?;
        profiles.set_mfa(self.mfa()?)?;
        Ok(profiles)
    }

    /// Returns the settings of a command that calls AWS with the accounts and role of a run.
    pub(in crate::cli) fn settings_for_run(
        &self,
        run: OutputTarget,
        catalog: Option<&Path>,
    ) -> Result<ResumeSettings, Failure> {
        Ok(ResumeSettings {
            run,
            retry_failed: false,
            allow: Vec::new(),
            catalog: catalog.map(Path::to_owned),
            profiles: self.profile.clone(),
            profiles_file: self.profiles_file.clone(),
            expected_accounts: self.expected_accounts()?,
            mfa: self.mfa()?,
        })
    }

    /// Returns the settings of the user's MFA device.
    pub(in crate::cli) fn mfa(&self) -> Result<MfaSettings, Failure> {
        self.mfa.settings()
    }

    /// Returns the accounts that the credentials must belong to. An empty variable counts as unset.
    pub(in crate::cli) fn expected_accounts(&self) -> Result<Vec<AccountId>, Failure> {
        let typed: Vec<String> = self.expect_account.iter().filter(|id| !id.is_empty()).cloned().collect();
        ids("--expect-account", &typed)
    }
}
