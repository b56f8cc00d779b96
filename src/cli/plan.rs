//! `scan plan`: what a scan would ask, without asking it.

use std::process::ExitCode;

use clap::Args;

use super::args::scan::ScanArguments;
use super::console::print_line;
use super::job::{Job, check_calls};
use super::run::{self, AwsTarget};
use super::settings::ScanSettings;
use super::surroundings;
use crate::aws::credentials::{BaseIdentity, RoleSessions};
use crate::aws::http::OpenFiles;
use crate::engine::estimate::{Estimate, EstimateInputs, estimate_text};
use crate::error::Failure;
use crate::names::Region;
use crate::plan::Plan;
use crate::run::ManifestCaller;

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
    start(&ScanSettings::try_from(arguments.scan)?, form)
}

/// Prints what a scan comes to, on a runtime of its own.
pub(super) fn start(settings: &ScanSettings, form: PlanFormat) -> Result<ExitCode, Failure> {
    run::runtime()?.block_on(render(settings, AwsTarget::Real, form))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what a scan comes to, and nothing else: standard output may be read by a program.
pub(super) async fn render(settings: &ScanSettings, aws: AwsTarget, form: PlanFormat) -> Result<(), Failure> {
    let estimate = estimate(settings, aws).await?;
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

/// Asks who calls, which accounts there are, and which regions the caller's own has.
async fn estimate(settings: &ScanSettings, aws: AwsTarget) -> Result<Estimate, Failure> {
    let job = Job::load(settings).await?;
    let identity = run::identify(settings, aws).await?;
    let organization = run::accounts(settings, &identity).await?;
    let caller = identity.caller();
    let (surroundings, notices) =
        Box::pin(surroundings::look_up(settings, &job, &identity, &organization)).await?;
    let plan = job.plan(&organization, caller, &surroundings)?;
    check_calls(&job, &plan)?;
    let notices: Vec<String> = job.spec.notices.iter().cloned().chain(notices).collect();
    let (regions, regions_are_known) = expected_regions(settings, &job, &identity, &plan).await?;
    Ok(Estimate::new(
        &plan,
        &EstimateInputs {
            caller: &ManifestCaller { account: caller.account.clone(), arn: caller.arn.clone() },
            callers: identity.all().count() as u64,
            organization: &organization,
            organization_scan: settings.organization_scan,
            regions: &regions,
            regions_are_known,
            spec: &job.spec.origin,
            notices: &notices,
            limits: settings.limits.within(OpenFiles::allowed()),
            retries: settings.retry,
        },
    ))
}

/// The regions that accounts most likely have, and whether AWS told them. Only the caller's own
/// account is asked.
async fn expected_regions(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Plan,
) -> Result<(Vec<Region>, bool), Failure> {
    if !plan.needs_regions() {
        return Ok((Vec::new(), true));
    }
    let account = &identity.caller().account;
    let sessions = RoleSessions::new(identity, settings.role.role.clone())?;
    let client = run::client(settings, job, identity).account(account, sessions.provider(account));
    let finder = run::region_finder(job, identity);
    let regions = finder.expect(&client, &plan.regions).await;
    Ok((regions, finder.knows_what_to_expect()))
}
