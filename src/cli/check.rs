//! `scan check`: checks what a scan needs, and prints how to fix problems.

use std::process::ExitCode;

use clap::Args;

use super::args::target::TargetArguments;
use super::console::print_line;
use super::options::display::DisplayArguments;
use super::options::form::FormArguments;
use super::options::profiles::ProfileArguments;
use super::options::session_policy::SessionPolicyArguments;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::check::check;
use crate::engine::check::findings_text;
use crate::error::{Failure, FailureKind};

/// Checks credentials, organization, roles, regions, and one call of each service of the spec.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    target: TargetArguments,

    #[command(flatten)]
    session_policy: SessionPolicyArguments,

    #[command(flatten)]
    profile_choice: ProfileArguments,

    #[command(flatten)]
    form: FormArguments,
}

pub(super) fn run(arguments: CheckArguments) -> Result<ExitCode, Failure> {
    let mut target = arguments.target;
    let has_spec = !target.scan.is_empty();
    if !has_spec {
        target.scan.push("sts".to_owned());
    }
    let terminal = Terminal::new(&DisplayArguments::default(), None);
    let settings = target.settings(&arguments.profile_choice, &arguments.session_policy)?;
    runtime()?.block_on(async {
        let checking = Box::pin(check(&settings, has_spec, &*terminal));
        let findings = terminal.wait_for("Checking accounts, roles and calls", checking).await?;
        print_line(if arguments.form.is_json() {
            serde_json::to_string_pretty(&findings)
                .map_err(|cause| Failure::internal("cannot write the findings as JSON").with_source(cause))?
        } else {
            findings_text(&findings).trim_end().to_owned()
        });
        let code = if findings.ready { 0 } else { FailureKind::Incomplete.code() };
        Ok(ExitCode::from(code))
    })
}
