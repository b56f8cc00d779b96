//! `scan plan`: shows what a scan would do, without scanning.

use std::path::{Path, PathBuf};
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
use crate::app::aws_target::AwsTarget;
use crate::app::plan::estimate;
use crate::app::settings::ScanSettings;
use crate::engine::estimate::estimate_text;
use crate::error::Failure;

/// Shows what a scan with the same options would do, without scanning.
#[derive(Args, Debug)]
pub(super) struct PlanArguments {
    #[command(flatten)]
    target: TargetArguments,

    #[command(flatten)]
    profile_choice: ProfileArguments,

    /// Earlier run whose numbers of items give the requests of child calls
    ///
    /// The plan then has the requests, time and cost of a scan with as many items as in that run.
    #[arg(long, value_name = "FOLDER", help_heading = "Input")]
    counts: Option<PathBuf>,

    #[command(flatten)]
    form: FormArguments,
}

/// The formats of an estimate.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlanFormat {
    /// Human-readable text.
    Text,
    /// One JSON document.
    Json,
}

pub(super) fn run(arguments: PlanArguments) -> Result<ExitCode, Failure> {
    let form = if arguments.form.is_json() { PlanFormat::Json } else { PlanFormat::Text };
    let terminal = Terminal::new(&DisplayArguments::default(), None);
    let settings =
        arguments.target.settings(&arguments.profile_choice, &SessionPolicyArguments::default())?;
    start(&settings, arguments.counts.as_deref(), form, &terminal)
}

/// Prints the plan of a scan with these settings.
pub(super) fn start(
    settings: &ScanSettings,
    counts: Option<&Path>,
    form: PlanFormat,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    runtime()?.block_on(render(settings, counts, AwsTarget::Real, form, terminal))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the estimate of a scan, and nothing else: another program may read standard output.
pub(super) async fn render(
    settings: &ScanSettings,
    counts: Option<&Path>,
    aws: AwsTarget,
    form: PlanFormat,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let planning = Box::pin(estimate(settings, counts, aws, terminal));
    let estimate = terminal.wait_for("Planning", planning).await?;
    match form {
        PlanFormat::Text => print_line(estimate_text(&estimate).trim_end()),
        PlanFormat::Json => {
            print_line(
                serde_json::to_string_pretty(&estimate)
                    .map_err(|cause| Failure::internal("cannot write the plan as JSON").with_source(cause))?,
            );
        }
    }
    Ok(())
}
