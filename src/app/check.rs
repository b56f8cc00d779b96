//! Checks what a scan needs, without scanning.

use std::sync::Arc;

use chrono::Utc;

use super::account_details;
use super::aws_target::AwsTarget;
use super::engine::{client, member_role, region_finder};
use super::identity::{FoundAccounts, FoundCaller, accounts, identify};
use super::job::{Job, check_calls};
use super::observer::Observer;
use super::settings::ScanSettings;
use super::surroundings;
use crate::aws::credentials::AccountSessions;
use crate::aws::http::OpenFiles;
use crate::aws::organization::{Organization, describe_organization};
use crate::engine::check::{CheckedPermissionSets, Findings, Preflight, policies_of};
use crate::error::Failure;

/// The calls if no spec is given. The first needs no permission, the second only one that a scan needs anyway to
/// look up regions.
const CALLER_ONLY: &str = r#"[
    {"service": "sts", "function": "get_caller_identity"},
    {"service": "ec2", "function": "describe_regions"}
]"#;

/// Checks credentials, organization, roles, regions, and one call of each service of the spec.
///
/// # Errors
///
/// Returns an error if nothing can be checked: without credentials, or with an invalid spec.
pub(crate) async fn check(
    settings: &ScanSettings,
    has_spec: bool,
    observer: &dyn Observer,
) -> Result<Findings, Failure> {
    let job = if has_spec { Job::load(settings).await? } else { Job::of_text(settings, CALLER_ONLY)? };
    let caller = Box::pin(identify(settings, AwsTarget::Real, observer)).await?;
    check_job(settings, &job, caller, observer).await
}

async fn check_job(
    settings: &ScanSettings,
    job: &Job,
    FoundCaller { identity, source }: FoundCaller,
    observer: &dyn Observer,
) -> Result<Findings, Failure> {
    let identity = &identity;
    let FoundAccounts { mut organization, tree, .. } = accounts(settings, identity, source).await?;
    if let Some(tree) = tree {
        account_details::look_up(settings, job, identity, &mut organization, tree, observer).await;
    }
    let (surroundings, notices) = surroundings::look_up(settings, job, identity, &organization).await?;
    for notice in &notices {
        observer.warn(notice);
    }
    let plan = job.plan(&organization, identity.caller(), &surroundings, Utc::now())?;
    check_calls(job, &plan)?;
    let role = member_role(settings, job, identity, &plan, &organization.accounts)?;
    let preflight = Preflight {
        sessions: Arc::new(AccountSessions::new(identity, role)?),
        plan,
        client: client(settings, job, identity),
        regions: region_finder(job, identity),
        home: identity.region(),
        limits: settings.limits.within(OpenFiles::allowed()),
    };
    if !settings.organization_scan {
        let (id, management_account) = describe_organization(identity.config()).await;
        organization = Organization { id, management_account, ..organization };
    }
    let accounts = preflight.run().await;
    let findings = Findings::new(identity.caller(), &organization, settings.organization_scan, accounts);
    let Some(choice) = &settings.permission_sets else { return Ok(findings) };
    let caller = identity.caller();
    let client = preflight.client.account(&caller.account, preflight.sessions.provider(&caller.account));
    let policies = policies_of(caller, &client, &job.catalog, &preflight.plan.global_region).await;
    let permission_sets = Some(CheckedPermissionSets { names: choice.names.clone(), policies });
    Ok(Findings { permission_sets, ..findings })
}
