//! `scan -s spec.json`: the main job.

use std::process::ExitCode;

use super::args::scan::ScanArguments;
use super::plan::{self, Form};
use super::run::{self, Aws};
use super::settings::Settings;
use crate::error::Failure;

pub(super) fn run(arguments: ScanArguments, dry_run: bool) -> Result<ExitCode, Failure> {
    let settings = Settings::try_from(arguments)?;
    if dry_run { plan::start(&settings, Form::Text) } else { run::start(settings, Aws::Real) }
}
