//! `scan demo`: the main job on a simulated organization.

use std::process::ExitCode;

use clap::Args;

use crate::failure::Failure;

/// Scans a simulated organization.
#[derive(Args, Debug)]
pub(super) struct DemoArguments {}

pub(super) fn run(_: DemoArguments) -> Result<ExitCode, Failure> {
    Err(Failure::internal("the simulated organization is not built yet"))
}
