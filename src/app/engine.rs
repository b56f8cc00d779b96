//! Builds the engine of a run, and the parts that other verbs use as well.

use std::sync::Arc;

use super::job::Job;
use super::settings::ScanSettings;
use crate::aws::client::AwsClient;
use crate::aws::credentials::{AccountSessions, BaseIdentity, RoleSettings};
use crate::aws::http::OpenFiles;
use crate::aws::organization::{Account, role_overrides};
use crate::engine::Engine;
use crate::engine::enabled_regions::RegionFinder;
use crate::error::Failure;
use crate::model::endpoint::{EndpointResolver, EndpointSettings};
use crate::names::AccountId;
use crate::plan::Plan;
use crate::run::{RecordedCalls, ResultSink};

/// Returns the client for all calls.
pub(crate) fn client(settings: &ScanSettings, job: &Job, identity: &BaseIdentity) -> AwsClient {
    let config = identity.config_for_catalog();
    let endpoints =
        EndpointResolver::new(Arc::clone(&job.partitions), EndpointSettings::from_sdk_config(&config));
    let client = AwsClient::new(config, Arc::new(endpoints)).limited_to(settings.response_limit);
    if std::env::var_os("SCAN_DIRECT_REQUESTS").is_some_and(|choice| choice == "off") {
        client.without_direct_way()
    } else {
        client
    }
}

/// Returns the finder of the regions of accounts.
pub(crate) fn region_finder(job: &Job, identity: &BaseIdentity) -> RegionFinder {
    RegionFinder::new(
        Arc::clone(&job.catalog),
        Arc::clone(&job.partitions),
        identity.caller().partition.clone(),
        identity.region(),
    )
}

/// Returns the role of the member accounts, with the session policies that the plan needs.
pub(crate) fn member_role(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Plan,
    accounts: &[Account],
) -> Result<RoleSettings, Failure> {
    if identity.uses_permission_sets() {
        // No role is assumed, and so there is no session to limit.
        return Ok(settings.role.role.clone());
    }
    let partition = &identity.caller().partition;
    let is_own = |account: &AccountId| identity.all().any(|own| own.caller().account == *account);
    let session_policies = settings.role.session_policy.forms(&job.catalog, plan, partition, &is_own)?;
    let overrides = role_overrides(accounts);
    Ok(RoleSettings { session_policies, overrides, ..settings.role.role.clone() })
}

/// Returns the engine that runs a plan.
pub(crate) fn engine(
    settings: &ScanSettings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Arc<Plan>,
    accounts: &[Account],
    sink: Arc<dyn ResultSink>,
    recorded: RecordedCalls,
) -> Result<Engine, Failure> {
    let limits = settings.limits.within(OpenFiles::allowed());
    if limits != settings.limits {
        tracing::warn!(
            target: "scan::run", requests = limits.requests,
            accounts = limits.accounts,
            "fewer concurrent requests and accounts than requested, because the system allows few open files \
             (ulimit -n)"
        );
    }
    let sessions = AccountSessions::new(identity, member_role(settings, job, identity, plan, accounts)?)?;
    for account in accounts {
        if let Some(access) = &account.access {
            sessions.remember(&account.id, access);
        }
    }
    tracing::info!(
        target: "scan::run", version = env!("CARGO_PKG_VERSION"), catalog = job.catalog.botocore_version(),
        spec = %job.spec.origin, caller = %identity.caller().arn, accounts = plan.accounts.len(),
        calls = plan.calls.len(), retries = %settings.retry, "run started"
    );
    if !settings.redaction.redact {
        tracing::warn!(target: "scan::run", "--no-redact: results contain sensitive values and secrets");
    }
    if !settings.redaction.allow.is_empty() {
        tracing::warn!(target: "scan::run", allow = ?settings.redaction.allow, "bulk-data functions are called because of --allow");
    }
    if !settings.redaction.allow_unreviewed.is_empty() {
        tracing::warn!(target: "scan::run", allow = ?settings.redaction.allow_unreviewed, "functions that have not been reviewed are called because of --allow-unreviewed");
    }
    Ok(Engine {
        plan: Arc::clone(plan),
        client: client(settings, job, identity),
        sessions: Arc::new(sessions),
        regions: Arc::new(region_finder(job, identity)),
        sink,
        limits,
        quota_factor: settings.quota_factor,
        retries: settings.retry,
        ask_everything: settings.ask_everything,
        recorded,
        redaction: job.redaction()?,
    })
}
