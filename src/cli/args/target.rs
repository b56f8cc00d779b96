//! The arguments that choose what is called, in which accounts and regions, and as whom.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::app::settings::profiles::ProfileChoice;
use crate::app::settings::role::RoleChoice;
use crate::app::settings::{RegionNames, ScanSettings};
use crate::aws::client::RetryPolicy;
use crate::aws::credentials::DEFAULT_SESSION_NAME;
use crate::aws::organization::AccountFilter;
use crate::cli::options::accounts::AccountArguments;
use crate::cli::options::deep::DeepArguments;
use crate::cli::options::permission_sets::PermissionSetArguments;
use crate::cli::options::profiles::ProfileArguments;
use crate::cli::options::role::RoleArguments;
use crate::cli::options::session_policy::SessionPolicyArguments;
use crate::cli::options::shard::ShardArguments;
use crate::engine::Limits;
use crate::error::Failure;

/// The arguments that a scan, its plan and its check have in common.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct TargetArguments {
    /// Scan spec: a file, `-` (standard input), URL or built-in spec (repeatable)
    ///
    /// A file is JSON or YAML. Several specs are merged: a call that is in two of them is made once.
    #[arg(short, long, value_name = "SPEC", value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    pub(in crate::cli) scan: Vec<String>,

    #[command(flatten)]
    deep: DeepArguments,

    /// Scan all accounts of the organization, not only the caller's own
    #[arg(long, help_heading = "Accounts")]
    pub(in crate::cli) organization_scan: bool,

    #[command(flatten)]
    account_choice: AccountArguments,

    #[command(flatten)]
    pub(in crate::cli) permission_sets: PermissionSetArguments,

    #[command(flatten)]
    role: RoleArguments,

    /// Session name, as CloudTrail shows it
    #[arg(long, value_name = "NAME", default_value = DEFAULT_SESSION_NAME, help_heading = "Role", hide_short_help = true)]
    role_session_name: String,

    /// Regions to scan, also 'eu-*' or all [default: those enabled]
    #[arg(short, long, num_args = 1.., value_delimiter = ',', value_name = "REGION", help_heading = "Regions")]
    regions: Vec<String>,

    /// Regions to exclude
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "REGION", help_heading = "Regions")]
    exclude_regions: Vec<String>,

    #[command(flatten)]
    limits: LimitArguments,

    /// Allow a bulk-data function, such as `logs:get_log_events` (repeatable)
    ///
    /// Scans skip functions that return bulk data by default.
    #[arg(long, value_name = "SERVICE:FUNCTION", help_heading = "Redaction", hide_short_help = true)]
    allow: Vec<String>,

    /// Allow an unreviewed function of a newer catalog (repeatable)
    ///
    /// Scans skip functions that are newer than this program and whose name or response looks like a credential, an
    /// address that grants access, or data.
    #[arg(long, value_name = "SERVICE:FUNCTION", help_heading = "Redaction", hide_short_help = true)]
    allow_unreviewed: Vec<String>,

    #[command(flatten)]
    shard: ShardArguments,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input", hide_short_help = true)]
    catalog: Option<PathBuf>,
}

/// How much is sent at once, and how often again.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
struct LimitArguments {
    /// Maximum concurrent requests across all accounts
    #[arg(long, value_name = "COUNT", default_value_t = 256)]
    concurrency: usize,

    /// Maximum regions scanned concurrently per account
    #[arg(
        long,
        alias = "concurrent_regions",
        value_name = "COUNT",
        default_value_t = 32,
        hide_short_help = true
    )]
    concurrent_regions: usize,

    /// Maximum services scanned concurrently per account and region
    #[arg(
        long,
        alias = "concurrent_services",
        value_name = "COUNT",
        default_value_t = 32,
        hide_short_help = true
    )]
    concurrent_services: usize,

    /// Maximum retries per request
    #[arg(long, alias = "max_retries", value_name = "COUNT", default_value_t = 5)]
    max_retries: u32,

    /// Initial retry backoff in seconds (exponential, with jitter)
    #[arg(
        long,
        alias = "retry_delay",
        value_name = "SECONDS",
        default_value_t = 1.0,
        hide_short_help = true
    )]
    retry_delay: f64,
}

impl TargetArguments {
    /// The settings of a scan with these arguments, in which the rest has its default.
    ///
    /// # Errors
    ///
    /// Where there is no spec, a value breaks a rule, or options contradict each other.
    pub(in crate::cli) fn settings(
        self,
        profiles: &ProfileArguments,
        session_policy: &SessionPolicyArguments,
    ) -> Result<ScanSettings, Failure> {
        if self.scan.is_empty() {
            let failure = Failure::usage("missing --scan: a scan needs a spec")
                .hint("run `scan -s s3.json --organization-scan`; `scan --help` shows all options");
            return Err(if cfg!(feature = "demo") {
                failure.hint("run `scan demo` to scan a simulated organization")
            } else {
                failure
            });
        }
        let permission_sets =
            self.permission_sets.choice(self.organization_scan, &self.role, session_policy)?;
        let lists_accounts = self.organization_scan || permission_sets.is_some();
        let role = self.role.choice(self.role_session_name, session_policy.choice()?)?;
        let selection = self.account_choice.selection(lists_accounts, &self.scan)?;
        let profiles = profiles.choice()?;
        if permission_sets.is_some() && profiles.has_mfa() {
            return Err(Failure::usage(
                "--mfa-serial, --mfa-code: with --sso-permission-set, the user signs in with `aws sso login`",
            )
            .hint("remove the options of the MFA device"));
        }
        check_profiles(&profiles, self.organization_scan, &selection, &role)?;
        let mut settings = ScanSettings {
            organization_scan: self.organization_scan,
            selection,
            role,
            permission_sets,
            regions: RegionNames { given: self.regions, excluded: self.exclude_regions },
            shard: self.shard.shard(lists_accounts, |name| std::env::var(name).ok())?,
            profiles,
            retry: self.limits.retry()?,
            limits: self.limits.limits()?,
            catalog: self.catalog,
            deep: self.deep.scan(None),
            ..ScanSettings::of_specs(self.scan)
        };
        settings.redaction.allow = self.allow;
        settings.redaction.allow_unreviewed = self.allow_unreviewed;
        Ok(settings)
    }
}

impl LimitArguments {
    fn retry(&self) -> Result<RetryPolicy, Failure> {
        let delay = self.retry_delay;
        Duration::try_from_secs_f64(delay)
            .map_err(|_| Failure::usage(format!("--retry-delay: `{delay}` is not a number of seconds")))?;
        Ok(RetryPolicy { max_retries: self.max_retries, first_pause: delay, ..RetryPolicy::default() })
    }

    fn limits(&self) -> Result<Limits, Failure> {
        Ok(Limits {
            requests: at_least_one("--concurrency", self.concurrency)?,
            regions: at_least_one("--concurrent-regions", self.concurrent_regions)?,
            services: at_least_one("--concurrent-services", self.concurrent_services)?,
            ..Limits::default()
        })
    }
}

/// Rejects options that need a single caller if there are several profiles, which are an account each.
fn check_profiles(
    profiles: &ProfileChoice,
    organization_scan: bool,
    selection: &AccountFilter,
    role: &RoleChoice,
) -> Result<(), Failure> {
    let option = match selection.accounts {
        _ if !profiles.is_several() => return Ok(()),
        _ if organization_scan => "--organization-scan",
        _ if role.via_role.is_some() => "--via-role",
        Some(_) => "--accounts",
        None => return Ok(()),
    };
    Err(Failure::usage(format!(
        "several profiles ({}): {option} needs a single caller",
        profiles.names.join(", ")
    ))
    .hint(format!("choose one with --profile, or remove {option}")))
}

fn at_least_one(option: &str, count: usize) -> Result<usize, Failure> {
    if count == 0 { Err(Failure::usage(format!("{option}: must be at least 1"))) } else { Ok(count) }
}
