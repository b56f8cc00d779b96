//! `scan demo`: the main job, unchanged, on a simulated organization.

use std::process::ExitCode;
use std::sync::Arc;

use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::region::Region;
use clap::Args;

use super::catalog::open_catalog;
use super::console::say;
use super::run::{self, Aws, Outcome};
use super::scan::ScanArguments;
use super::settings::Settings;
use crate::failure::Failure;
use crate::identity::{HttpSettings, http_client};
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
        let simulator = Simulator::setup(World::demo()).catalog(catalog).start().await?;
        say(format!(
            "This is a demonstration: the organization is simulated, by a server of this program at {}.\n\
             Nothing is asked of AWS, and no account, resource or credential in it exists.\n",
            simulator.url()
        ));
        let outcome = run::run(settings, Aws::Simulated(Box::new(configuration(&simulator)?))).await?;
        if outcome == Outcome::Incomplete {
            say("The simulated organization has a few refusals on purpose, to show how they are told.\n\
                 A real scan that meets such gaps ends with exit code 4; the demonstration ends with 0.");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(outcome.exit_code())
    })
}

/// The configuration of a client of the simulated organization: nothing of the environment's.
fn configuration(simulator: &Simulator) -> Result<SdkConfig, Failure> {
    let credentials = SharedCredentialsProvider::new(Simulator::credentials());
    let mut configuration = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(simulator.url())
        .http_client(http_client(&HttpSettings::default())?)
        .credentials_provider(credentials);
    configuration.set_app_name(AppName::new("aws-auto-inventory").ok());
    Ok(configuration.build())
}
