//! `scan demo`: the main job, unchanged, on a simulated organization.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::catalog::open_catalog;
use super::console::say;
use super::run::{self, Aws, Outcome};
use super::scan::ScanArguments;
use super::settings::Settings;
use crate::catalog::Catalog;
use crate::failure::Failure;
use crate::names::Region;
use crate::simulator::{Simulator, World};

/// The spec that is run unless another is asked for: what most people want to see.
const SPEC: &str = "inventory";

/// Scans a simulated organization.
#[derive(Args, Debug)]
pub(super) struct DemoArguments {
    #[command(flatten)]
    scan: ScanArguments,
}

pub(super) fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let mut scan = arguments.scan;
    scan.scan.get_or_insert_with(|| SPEC.to_owned());
    scan.organization_scan = true;
    let settings = Settings::new(scan)?;
    let catalog = Arc::new(open_catalog(settings.catalog.as_deref())?);
    run::runtime()?.block_on(async {
        let (simulator, aws) = simulate(&catalog).await?;
        say(format!(
            "This is a demonstration: the organization is simulated, by a server of this program at {}.\n\
             Nothing is asked of AWS, and no account, resource or credential in it exists.\n",
            simulator.url()
        ));
        let outcome = run::run(settings, aws).await?;
        if outcome == Outcome::Incomplete {
            say("The simulated organization has a few refusals on purpose, to show how they are told.\n\
                 A real scan that meets such gaps ends with exit code 4; the demonstration ends with 0.");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(outcome.exit_code())
    })
}

/// Starts the simulated organization; it ends when it is dropped.
pub(super) async fn simulate(catalog: &Arc<Catalog>) -> Result<(Simulator, Aws), Failure> {
    let simulator = Simulator::setup(World::demo()).catalog(Arc::clone(catalog)).start().await?;
    let configuration = simulator.sdk_config(&Region::new("us-east-1"))?;
    Ok((simulator, Aws::Simulated(Box::new(configuration))))
}
