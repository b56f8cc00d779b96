//! `scan -s spec.json`: the main job.

use std::process::ExitCode;

use super::args::scan::ScanArguments;
use super::plan::{self, PlanFormat};
use super::run::{self, AwsTarget};
use super::settings::ScanSettings;
use crate::error::Failure;

pub(super) fn run(arguments: ScanArguments, dry_run: bool) -> Result<ExitCode, Failure> {
    let settings = ScanSettings::try_from(arguments)?;
    if dry_run { plan::start(&settings, PlanFormat::Text) } else { run::start(settings, AwsTarget::Real) }
}
