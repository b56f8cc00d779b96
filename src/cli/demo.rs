//! `scan demo`: the main job, unchanged, on a simulated organization.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::args::scan::ScanArguments;
use super::catalog::open_catalog;
use super::options::bucket::OutputTarget;
use super::plan::{self, PlanFormat};
use super::run::{self, AwsTarget, RunOutcome};
use super::settings::ScanSettings;
use crate::aws::organization::{Account, Organization};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::RegionName;
use crate::simulator::world::Amounts;
use crate::simulator::{Scenario, Simulator, World};

/// The spec that is run unless another is asked for: what most people want to see.
const SPEC: &str = "inventory";

/// Where the simulated organization is asked.
const HOME: RegionName = RegionName::new("us-east-1");

/// How many regions each of many accounts has enabled: those that all have, and one more.
const REGIONS: usize = 18;

/// How many items a page holds in many accounts: few, so that lists have several pages.
const PAGE: usize = 3;

/// Scans a simulated organization.
#[derive(Args, Debug)]
pub(super) struct DemoArguments {
    /// A scenario: a file that says what goes wrong in the simulated AWS
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// Simulate so many accounts, all alike, in place of the small company
    #[arg(long, value_name = "COUNT")]
    size: Option<usize>,

    /// Say what the scan would ask, and ask nothing of it
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    scan: ScanArguments,
}

pub(super) fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let mut scan = arguments.scan;
    scan.scan.get_or_insert_with(|| SPEC.to_owned());
    scan.organization_scan = true;
    let settings = ScanSettings::try_from(scan)?;
    let display = settings.display;
    if let OutputTarget::Bucket(address, _) = &settings.output {
        return Err(Failure::usage(format!("a demonstration cannot write to {address}"))
            .hint("nothing of it leaves this machine: name a folder with --output-dir"));
    }
    let scenario = arguments.scenario.as_deref().map(Scenario::load).transpose()?;
    let world = match arguments.size {
        None => World::demo(),
        Some(0) => return Err(Failure::usage("--size: at least 1 is needed")),
        Some(accounts) => sized(accounts),
    };
    let catalog = Arc::new(open_catalog(settings.catalog.as_deref())?);
    run::runtime()?.block_on(async {
        let (simulator, aws) = simulate(world, scenario.as_ref(), &catalog).await?;
        display.note(format!(
            "This is a demonstration: the organization is simulated, by a server of this program at {}.\n\
             Nothing is asked of AWS, and no account, resource or credential in it exists.\n",
            simulator.url()
        ));
        if arguments.dry_run {
            plan::render(&settings, aws, PlanFormat::Text).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let outcome = run::run(settings, aws).await?;
        if let Some(scenario) = &scenario {
            display.note(faults_met(scenario));
        }
        if outcome == RunOutcome::Incomplete {
            display.note(
                "The simulated organization has a few refusals on purpose, to show how they are told.\n\
                 A real scan that meets such gaps ends with exit code 4; the demonstration ends with 0.",
            );
            return Ok(ExitCode::SUCCESS);
        }
        Ok(outcome.exit_code())
    })
}

/// Starts a simulated organization; it ends when it is dropped.
pub(super) async fn simulate(
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

/// The simulated organization that has these accounts: worlds are the same whenever they are made.
pub(super) fn world_of(organization: &Organization) -> World {
    let demo = World::demo();
    let has = |account: &Account| demo.accounts().iter().any(|its| its.id == account.id);
    if organization.accounts.iter().all(has) { demo } else { sized(organization.accounts.len()) }
}

/// An organization of accounts that have a little of everything, and more than a page of some.
fn sized(accounts: usize) -> World {
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

/// How often each rule of a scenario came true: a rule that never did may name things wrongly.
fn faults_met(scenario: &Scenario) -> String {
    let mut text = "The scenario's rules, and how many requests met them:\n".to_owned();
    for (index, (rule, met)) in scenario.rules().zip(scenario.met()).enumerate() {
        let what = rule.description.as_deref().unwrap_or("without a description");
        let _ = writeln!(text, "{met:>10}  rules[{index}], {what}");
    }
    text
}
