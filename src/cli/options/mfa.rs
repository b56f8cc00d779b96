//! The options of a user with an MFA device.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;

use crate::aws::credentials::MfaSettings;
use crate::error::Failure;

/// The options of a user with an MFA device.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Input")]
pub(in crate::cli) struct MfaArguments {
    /// MFA device of the user, by ARN or serial number [default: that of the profile]
    ///
    /// Its code is entered once, on the terminal. The session lasts up to 36 hours and is used for all roles.
    #[arg(long, value_name = "ARN", env = "SCAN_MFA_SERIAL", hide_env = true, hide_short_help = true)]
    mfa_serial: Option<String>,

    /// Code of the MFA device, instead of entering it on the terminal
    #[arg(long, value_name = "CODE", hide_env_values = true, hide_short_help = true)]
    mfa_code: Option<String>,
}

impl MfaArguments {
    /// Returns the settings, with a question to the user if there is a terminal. An empty variable counts as unset.
    pub(in crate::cli) fn settings(&self) -> Result<MfaSettings, Failure> {
        let has_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let settings = MfaSettings {
            serial: self.mfa_serial.clone().filter(|serial| !serial.is_empty()),
            code: self.mfa_code.clone(),
            prompt: has_terminal.then_some(ask),
        };
        settings.check()?;
        Ok(settings)
    }
}

/// Requests a code on the terminal. It is visible while it is typed, because it cannot be used a second time.
fn ask(question: &str) -> io::Result<String> {
    let mut terminal = anstream::stderr();
    terminal.write_all(question.as_bytes())?;
    terminal.flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line)
}
