//! Estimates a scan without running it.

use std::collections::HashMap;
use std::path::Path;

use chrono::Utc;

use super::aws_target::AwsTarget;
use super::engine::{client, region_finder};
use super::identity::{FoundCaller, accounts, identify};
use super::job::{Job, check_calls};
use super::observer::Observer;
use super::read_run::{check_is_local, spec_of, unreadable};
use super::settings::ScanSettings;
use super::surroundings;
use crate::aws::credentials::{AccountSessions, BaseIdentity};
use crate::aws::http::OpenFiles;
use crate::engine::estimate::{EarlierRun, Estimate, EstimateInputs, ExpectedRegions, FilteredItems};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::plan::Plan;
use crate::run::{ManifestCaller, Results};

/// Estimates a scan. Only the caller's identity, the organization and the regions of the caller's account are looked
/// up. `counts` is the folder of an earlier run, whose numbers of items are expected again.
pub(crate) async fn estimate(
    settings: &ScanSettings,
    counts: Option<&Path>,
    aws: AwsTarget,
    observer: &dyn Observer,
) -> Result<Estimate, Failure> {
    let job = Job::load(settings).await?;
    let earlier = counts.map(|folder| earlier_run(folder, &job.catalog)).transpose()?;
    let FoundCaller { identity, source } = Box::pin(identify(settings, aws, observer)).await?;
    let organization = accounts(settings, &identity, source).await?.organization;
    let caller = identity.caller();
    let (surroundings, notices) =
        Box::pin(surroundings::look_up(settings, &job, &identity, &organization)).await?;
    let plan = job.plan(&organization, caller, &surroundings, Utc::now())?;
    check_calls(&job, &plan)?;
    let notices: Vec<String> = job.spec.notices.iter().cloned().chain(notices).collect();
    let (regions, regions_are_known) = expected_regions(settings, &job, &identity, &plan).await?;
    let inputs = EstimateInputs {
        caller: &ManifestCaller { account: caller.account.clone(), arn: caller.arn.clone() },
        callers: identity.all().count() as u64,
        organization: &organization,
        organization_scan: settings.organization_scan,
        permission_sets: identity.uses_permission_sets(),
        regions: &regions,
        regions_are_known,
        spec: &job.spec.origin,
        notices: &notices,
        limits: settings.limits.within(OpenFiles::allowed()),
        retries: settings.retry,
    };
    let estimate = Estimate::new(&plan, &inputs);
    Ok(match earlier {
        Some((results, earlier)) => {
            let filtered = FilteredItems::count(&earlier, &results, &plan);
            let filtered = filtered.map_err(|error| unreadable(&error))?;
            estimate.with_counts(&plan, &inputs, &earlier, &filtered)
        }
        None => estimate,
    })
}

/// Reads the counts of an earlier run.
fn earlier_run(folder: &Path, catalog: &Catalog) -> Result<(Results, EarlierRun), Failure> {
    check_is_local(folder)?;
    let results = Results::open(folder).map_err(|error| unreadable(&error))?;
    let spec = spec_of(results.manifest(), catalog)?;
    let name = folder.display().to_string();
    let run = EarlierRun::read(&name, &results, &spec).map_err(|error| unreadable(&error))?;
    Ok((results, run))
}

/// Returns the regions that accounts most likely have enabled, and whether AWS has returned them. They are looked up
/// in the caller's own account.
async fn expected_regions(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Plan,
) -> Result<(ExpectedRegions, bool), Failure> {
    if !plan.needs_regions() {
        return Ok((ExpectedRegions::default(), true));
    }
    let account = &identity.caller().account;
    let sessions = AccountSessions::new(identity, settings.role.role.clone())?;
    let client = client(settings, job, identity).account(account, sessions.provider(account));
    let finder = region_finder(job, identity);
    let mut regions =
        ExpectedRegions { common: finder.expect(&client, &plan.regions).await, own: HashMap::new() };
    for account in &plan.accounts {
        if let Some(choice) = &account.regions {
            regions.own.insert(account.id.clone(), finder.expect(&client, choice).await);
        }
    }
    Ok((regions, finder.knows_what_to_expect()))
}
