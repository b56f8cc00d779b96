//! The options that choose the base credentials.

use std::path::PathBuf;

use clap::Args;

use crate::app::settings::profiles::ProfileChoice;
use crate::error::Failure;

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
}

impl ProfileArguments {
    /// Returns the chosen profiles.
    pub(in crate::cli) fn choice(&self) -> Result<ProfileChoice, Failure> {
        ProfileChoice::named(self.profile.clone(), self.profiles_file.clone())
    }

    /// Returns the names and the file.
    pub(in crate::cli) fn into_parts(self) -> (Vec<String>, Option<PathBuf>) {
        (self.profile, self.profiles_file)
    }
}
