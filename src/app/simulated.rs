//! Simulated organizations, which replace AWS in demonstrations and tests.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_credential_types::provider::token::SharedTokenProvider;

use super::aws_target::AwsTarget;
use crate::aws::organization::{Account, Organization};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::RegionName;
use crate::run::Manifest;
use crate::simulator::world::Amounts;
use crate::simulator::{Scenario, Simulator, World};

/// The region of the simulated caller.
pub(crate) const HOME: RegionName = RegionName::new("us-east-1");

/// The number of enabled regions in each of many accounts: those enabled by default, and one more.
const REGIONS: usize = 18;

/// The number of items on a page in many accounts: small, so that lists have several pages.
const PAGE: usize = 3;

/// Starts a simulated organization; it stops when it is dropped.
pub(crate) async fn simulate(
    world: World,
    scenario: Option<&Scenario>,
    catalog: &Arc<Catalog>,
) -> Result<(Simulator, AwsTarget), Failure> {
    let mut simulator = Simulator::setup(world).catalog(Arc::clone(catalog));
    if let Some(scenario) = scenario {
        simulator = simulator.faults(scenario.clone());
    }
    let simulator = simulator.start().await?;
    let configuration = simulator.sdk_config(&HOME.region())?;
    Ok((simulator, AwsTarget::Simulated(Box::new(configuration))))
}

/// Adds the token of the simulated user of IAM Identity Center to a configuration.
pub(super) fn signed_in(config: SdkConfig) -> SdkConfig {
    let token = SharedTokenProvider::new(Simulator::bearer_token());
    config.into_builder().token_provider(token).build()
}

/// Starts the simulated organization of a run that is resumed, if the run is a demonstration.
pub(crate) async fn of_run(
    manifest: &Manifest,
    organization: &Organization,
    catalog: &Arc<Catalog>,
) -> Result<(Option<Simulator>, AwsTarget), Failure> {
    if !manifest.simulated {
        return Ok((None, AwsTarget::Real));
    }
    let (simulator, aws) = simulate(world_of(organization), None, catalog).await?;
    Ok((Some(simulator), aws))
}

/// The simulated organization that has these accounts: worlds are the same whenever they are made.
fn world_of(organization: &Organization) -> World {
    let demo = World::demo();
    let has = |account: &Account| demo.accounts().iter().any(|its| its.id == account.id);
    if organization.accounts.iter().all(has) { demo } else { sized(organization.accounts.len()) }
}

/// Returns an organization of accounts with a few resources of each kind, and several pages of some kinds.
pub(crate) fn sized(accounts: usize) -> World {
    let amounts = Amounts {
        vpcs: 1,
        reservations: 2,
        snapshots: 2,
        buckets: 1,
        tables: PAGE + 1,
        load_balancers: 1,
        functions: 2,
        databases: 1,
        ecs_clusters: 1,
        eks_clusters: 1,
        keys: 2,
        queues: 2,
        topics: PAGE + 1,
        stacks: PAGE + 1,
        ..Amounts::default()
    };
    let mut world = World::sized(accounts, REGIONS, amounts);
    world.page_size = PAGE;
    world
}
