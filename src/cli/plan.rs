//! `scan plan`: what a scan would ask, without asking it.

use std::process::ExitCode;

use clap::Args;

use super::args::scan::ScanArguments;
use super::console::print_line;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::aws_target::AwsTarget;
use crate::app::observer::Observer;
use crate::app::plan::estimate;
use crate::app::settings::ScanSettings;
use crate::engine::estimate::estimate_text;
use crate::error::Failure;

/// Says what a scan with the same options would ask, and asks nothing of it.
#[derive(Args, Debug)]
pub(super) struct PlanArguments {
    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    scan: ScanArguments,
}

/// How an estimate is printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

pub(super) fn run(arguments: PlanArguments) -> Result<ExitCode, Failure> {
    let form = if arguments.json { PlanFormat::Json } else { PlanFormat::Text };
    start(arguments.scan, form)
}

/// Prints what a scan comes to, on a runtime of its own.
pub(super) fn start(arguments: ScanArguments, form: PlanFormat) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&arguments.display, None);
    let settings = ScanSettings::try_from(arguments)?;
    runtime()?.block_on(render(&settings, AwsTarget::Real, form, &*terminal))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what a scan comes to, and nothing else: standard output may be read by a program.
pub(super) async fn render(
    settings: &ScanSettings,
    aws: AwsTarget,
    form: PlanFormat,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let estimate = estimate(settings, aws, observer).await?;
    match form {
        PlanFormat::Text => print_line(estimate_text(&estimate).trim_end()),
        PlanFormat::Json => {
            print_line(serde_json::to_string_pretty(&estimate).map_err(|cause| {
                Failure::internal("the plan cannot be written as JSON").with_source(cause)
            })?);
        }
    }
    Ok(())
}
