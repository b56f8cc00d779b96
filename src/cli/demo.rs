//! `scan demo`: scans a simulated organization.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::args::scan::ExecutionArguments;
use super::history_after::add_finished;
use super::options::bucket::BucketArguments;
use super::options::profiles::ProfileArguments;
use super::plan::{self, PlanFormat};
use super::render_summary::report;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::RunOutcome;
use crate::app::catalog::open_catalog;
use crate::app::observer::Observer;
use crate::app::scan;
use crate::app::settings::SIMULATED_QUOTAS;
use crate::app::settings::output::OutputTarget;
use crate::app::simulated::{simulate, sized};
use crate::error::Failure;
use crate::simulator::world::PERMISSION_SET;
use crate::simulator::{Scenario, World};

/// The default spec.
const SPEC: &str = "inventory";

/// The permission sets of `--sso`. The first is not assigned in all accounts.
const PERMISSION_SETS: [&str; 2] = [PERMISSION_SET, "SecurityAudit"];

/// Scans a simulated organization.
#[derive(Args, Debug)]
pub(super) struct DemoArguments {
    /// Scenario file with the faults of the simulated AWS
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    scenario: Option<PathBuf>,

    /// Simulate COUNT similar accounts instead of the small default organization
    #[arg(long, value_name = "COUNT", help_heading = "Input")]
    size: Option<usize>,

    /// Show the plan without scanning
    #[arg(long, help_heading = "Input")]
    dry_run: bool,

    /// With --dry-run: earlier run whose numbers of items give the child calls
    #[arg(long, value_name = "FOLDER", requires = "dry_run", help_heading = "Input", hide_short_help = true)]
    counts: Option<PathBuf>,

    #[command(flatten)]
    run: ExecutionArguments,

    /// Scan as a user of IAM Identity Center, with two permission sets
    ///
    /// They are those of --sso-permission-set, or two that are not assigned in every account.
    #[arg(long, help_heading = "Accounts")]
    sso: bool,
}

pub(super) fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let mut run = arguments.run;
    if run.target.scan.is_empty() {
        run.target.scan.push(SPEC.to_owned());
    }
    if arguments.sso {
        run.target.permission_sets.set_default(&PERMISSION_SETS);
    }
    run.target.organization_scan = !run.target.permission_sets.is_given();
    let adds_to_history = run.retention.adds_to_history();
    let terminal = Terminal::new(&run.display, (!arguments.dry_run).then_some(run.log));
    let mut settings = run.settings(&ProfileArguments::default(), BucketArguments::default())?;
    if let OutputTarget::Bucket(address, _) = &settings.output {
        return Err(Failure::usage(format!("a demonstration cannot write to {address}"))
            .hint("choose a folder with --output-dir: a demonstration uses no AWS"));
    }
    let catalog_file = settings.catalog.clone();
    let scenario = arguments.scenario.as_deref().map(Scenario::load).transpose()?;
    if scenario.is_none() {
        settings.quota_factor = SIMULATED_QUOTAS;
    }
    let world = match arguments.size {
        None => World::demo(),
        Some(0) => return Err(Failure::usage("--size: at least 1 is needed")),
        Some(accounts) => sized(accounts),
    };
    let catalog = Arc::new(open_catalog(settings.catalog.as_deref())?);
    runtime()?.block_on(async {
        let (simulator, aws) = simulate(world, scenario.as_ref(), &catalog).await?;
        terminal.note(&format!(
            "This is a demonstration: the organization is simulated by a server of this program at {}.\n\
             No request is sent to AWS. The accounts, resources and credentials do not exist.\n",
            simulator.url()
        ));
        if settings.permission_sets.is_some() {
            terminal.note(
                "The user of this demonstration has signed in to IAM Identity Center. Its permission sets are not\n\
                 assigned in every account: the second one is used where the first is missing, and one account has\n\
                 none of them. accounts.json of the run lists them.\n",
            );
        }
        if arguments.dry_run {
            plan::render(&settings, arguments.counts.as_deref(), aws, PlanFormat::Text, &terminal).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let finished = Box::pin(scan::run(settings, aws, terminal.clone())).await?;
        let outcome = report(&finished, &terminal)?;
        if adds_to_history {
            add_finished(&finished, catalog_file.as_deref(), &terminal)?;
        }
        if let Some(scenario) = &scenario {
            terminal.note(&rule_matches(scenario));
        }
        if outcome == RunOutcome::Incomplete {
            terminal.note(
                "The simulated organization denies a few calls on purpose, to show how they are reported.\n\
                 A real scan with such gaps ends with exit code 4; the demonstration ends with 0.",
            );
            return Ok(ExitCode::SUCCESS);
        }
        Ok(outcome.exit_code().into())
    })
}

/// Lists the number of requests that each rule matched: a rule without matches may contain a wrong name.
fn rule_matches(scenario: &Scenario) -> String {
    let mut text = "Requests that matched the scenario's rules:\n".to_owned();
    for (index, (rule, met)) in scenario.rules().zip(scenario.met()).enumerate() {
        let what = rule.description.as_deref().unwrap_or("without a description");
        let _ = writeln!(text, "{met:>10}  rules[{index}], {what}");
    }
    text
}
