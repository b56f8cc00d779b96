//! `scan check`: tries out what a scan needs, and says how to mend what is missing.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::args::scan::ScanArguments;
use super::console::{print_line, warn};
use super::job::{Job, check_calls};
use super::run::{self, AwsTarget};
use super::settings::ScanSettings;
use super::surroundings;
use crate::aws::credentials::{BaseIdentity, RoleSessions};
use crate::aws::http::OpenFiles;
use crate::aws::organization::{Organization, describe_organization};
use crate::engine::check::{Findings, Preflight, findings_text};
use crate::error::{Failure, FailureKind};

/// What is called where no spec is given. The first needs no permission, the second what finding regions
/// needs anyway.
const CALLER_ONLY: &str = r#"[
    {"service": "sts", "function": "get_caller_identity"},
    {"service": "ec2", "function": "describe_regions"}
]"#;

/// Tries out credentials, organization, roles, regions, and one call of each service of the spec.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    scan: ScanArguments,
}

pub(super) fn run(arguments: CheckArguments) -> Result<ExitCode, Failure> {
    let mut scan = arguments.scan;
    let has_spec = scan.scan.is_some();
    scan.scan.get_or_insert_with(|| "sts".to_owned());
    let settings = ScanSettings::try_from(scan)?;
    run::runtime()?.block_on(async {
        let job = if has_spec { Job::load(&settings).await? } else { Job::of_text(&settings, CALLER_ONLY)? };
        let identity = run::identify(&settings, AwsTarget::Real).await?;
        let findings = check(&settings, &job, &identity).await?;
        print_line(if arguments.json {
            serde_json::to_string_pretty(&findings).map_err(|cause| {
                Failure::internal("the findings cannot be written as JSON").with_source(cause)
            })?
        } else {
            findings_text(&findings).trim_end().to_owned()
        });
        let code = if findings.ready { 0 } else { FailureKind::Incomplete.code() };
        Ok(ExitCode::from(code))
    })
}

async fn check(settings: &ScanSettings, job: &Job, identity: &BaseIdentity) -> Result<Findings, Failure> {
    let mut organization = run::accounts(settings, identity).await?;
    let (surroundings, notices) = surroundings::look_up(settings, job, identity, &organization).await?;
    notices.iter().for_each(warn);
    let plan = job.plan(&organization, identity.caller(), &surroundings)?;
    check_calls(job, &plan)?;
    let role = run::member_role(settings, job, identity, &plan)?;
    let preflight = Preflight {
        sessions: Arc::new(RoleSessions::new(identity, role)?),
        plan,
        client: run::client(settings, job, identity),
        regions: run::region_finder(job, identity),
        home: identity.region(),
        limits: settings.limits.within(OpenFiles::allowed()),
    };
    if !settings.organization_scan {
        let (id, management_account) = describe_organization(identity.config()).await;
        organization = Organization { id, management_account, ..organization };
    }
    let accounts = preflight.run().await;
    Ok(Findings::new(identity.caller(), &organization, settings.organization_scan, accounts))
}
