//! The options of `scan diff` that look up who made the changes.

use std::path::Path;
use std::process::ExitCode;

use chrono::Utc;
use clap::Args;

use super::console::warn;
use super::diff_failure::failed;
use super::options::display::DisplayArguments;
use super::options::profiles::ProfileArguments;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::RunOutcome;
use crate::app::settings::output::OutputTarget;
use crate::app::who::{LookupOutcome, WhoPlan};
use crate::error::Failure;
use crate::reports::diff::{Difference, UnknownWho};
use crate::run::Results;

/// The options that look up who made the changes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Input")]
pub(super) struct WhoArguments {
    /// Look up in CloudTrail who added, changed or removed each resource
    ///
    /// Events are looked up in the accounts and regions of the changes, through the role of the newer run, which needs
    /// cloudtrail:LookupEvents. CloudTrail keeps management events for 90 days.
    #[arg(long)]
    who: bool,

    /// Maximum number of changed resources to look up; each takes one or two requests
    #[arg(long, value_name = "COUNT", default_value_t = 100, requires = "who")]
    who_limit: usize,

    #[command(flatten)]
    profile_choice: ProfileArguments,
}

impl WhoArguments {
    /// Adds to each change who made it, or only prints what would be sent. Returns an exit code if a signal stopped it.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is wrong. Lookups that fail are noted in the comparison.
    pub(super) fn look_up(
        &self,
        runs: [&Results; 2],
        difference: &mut Difference,
        catalog: Option<&Path>,
        dry_run: bool,
    ) -> Result<Option<ExitCode>, Failure> {
        if !self.who {
            return Ok(None);
        }
        let target = OutputTarget::Folder(runs[1].path().to_owned());
        let request = self.profile_choice.settings_for_run(target, catalog)?;
        let found = difference.event_lookups(self.who_limit).map_err(failed)?;
        let Some(plan) = WhoPlan::new(runs, found, catalog, Utc::now())? else {
            warn("CloudTrail: nothing is looked up, because both runs are older than its 90 days of events");
            if !dry_run {
                difference.add_who(Vec::new(), UnknownWho::TooOld).map_err(failed)?;
            }
            return Ok(None);
        };
        warn(plan.summary());
        if dry_run {
            plan.lines().iter().for_each(warn);
            return Ok(None);
        }
        let terminal = Terminal::new(&DisplayArguments::beside_document(false), None);
        let (outcome, otherwise) = match runtime()?.block_on(plan.call(request, terminal)) {
            Ok(outcome) => (outcome, UnknownWho::BeyondLimit),
            Err(failure) => (LookupOutcome::none(format!("CloudTrail: {failure}")), UnknownWho::Failed),
        };
        if outcome.is_interrupted {
            return Ok(Some(RunOutcome::Interrupted.exit_code().into()));
        }
        difference.add_who(outcome.found, otherwise).map_err(failed)?;
        difference.summary.notices.extend(outcome.notices);
        Ok(None)
    }
}
