//! The option of the session policy.

use clap::Args;

use crate::app::settings::session_policy::SessionPolicyChoice;
use crate::error::Failure;

/// The session policy, not yet checked.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Role")]
pub(in crate::cli) struct SessionPolicyArguments {
    /// Session policy: a JSON file, a managed policy ARN, or `none` [default: exactly what the spec needs]
    #[arg(long, value_name = "FILE|ARN|none", hide_short_help = true)]
    session_policy: Option<String>,
}

impl SessionPolicyArguments {
    /// Returns whether the option is given.
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.session_policy.is_some()
    }

    /// Returns the choice of the user, after reading the file if there is one.
    pub(in crate::cli) fn choice(&self) -> Result<SessionPolicyChoice, Failure> {
        let choice = self.session_policy.as_deref().map(SessionPolicyChoice::typed).transpose()?;
        Ok(choice.unwrap_or_default())
    }
}
