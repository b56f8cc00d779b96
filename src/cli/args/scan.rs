//! The arguments of a scan, and their conversion to settings.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::app::settings::profiles::ProfileChoice;
use crate::app::settings::role::RoleChoice;
use crate::app::settings::{RegionNames, ScanSettings};
use crate::aws::client::RetryPolicy;
use crate::aws::credentials::DEFAULT_ROLE_NAME;
use crate::aws::http::ResponseLimit;
use crate::aws::organization::AccountFilter;
use crate::cli::logging::LogArguments;
use crate::cli::options::accounts::AccountArguments;
use crate::cli::options::bucket::BucketArguments;
use crate::cli::options::display::DisplayArguments;
use crate::cli::options::profiles::ProfileArguments;
use crate::cli::options::redaction::RedactionArguments;
use crate::cli::options::retention::RetentionArguments;
use crate::cli::options::role::RoleArguments;
use crate::cli::options::shard::ShardArguments;
use crate::engine::Limits;
use crate::error::Failure;
use crate::run::ResultLayout;

/// The options of a scan. [`ScanSettings`] is their checked form.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct ScanArguments {
    /// The scan spec: a file, `-` for standard input, an http(s) URL, or the name of a built-in spec
    #[arg(short, long, value_name = "SPEC", value_parser = NonEmptyStringValueParser::new(), help_heading = "Input")]
    pub(in crate::cli) scan: Option<String>,

    /// Scan every account of the organization, not only the caller's own
    #[arg(long, help_heading = "Accounts")]
    pub(in crate::cli) organization_scan: bool,

    /// The role to assume in member accounts
    #[arg(long, alias = "org-role-name", alias = "org_role_name", env = "ORG_ROLE_NAME", value_name = "NAME",
        default_value = DEFAULT_ROLE_NAME, help_heading = "Role")]
    pub(in crate::cli) role_name: String,

    #[command(flatten)]
    pub(in crate::cli) role: RoleArguments,

    /// Regions to scan, separated by spaces or commas [default: those each account has enabled]
    #[arg(short, long, num_args = 1.., value_delimiter = ',', value_name = "REGION", help_heading = "Regions")]
    pub(in crate::cli) regions: Vec<String>,

    /// Regions to exclude
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "REGION", help_heading = "Regions")]
    pub(in crate::cli) exclude_regions: Vec<String>,

    /// Directory or S3 prefix to write runs to
    #[arg(
        short,
        long,
        alias = "output_dir",
        value_name = "FOLDER",
        default_value = "output",
        help = "Directory or S3 prefix (s3://bucket/prefix) to write runs to",
        help_heading = "Output"
    )]
    pub(in crate::cli) output_dir: PathBuf,

    /// One file per service, or one per call
    #[arg(long, value_enum, default_value_t = LayoutArgument::Service, help_heading = "Output")]
    pub(in crate::cli) layout: LayoutArgument,

    #[command(flatten)]
    pub(in crate::cli) log: LogArguments,

    /// Maximum retries per request
    #[arg(long, alias = "max_retries", value_name = "COUNT", default_value_t = 5, help_heading = "Limits")]
    pub(in crate::cli) max_retries: u32,

    /// Initial retry backoff in seconds (exponential, with jitter)
    #[arg(
        long,
        alias = "retry_delay",
        value_name = "SECONDS",
        default_value_t = 1.0,
        help_heading = "Limits"
    )]
    pub(in crate::cli) retry_delay: f64,

    /// Maximum size of a response body in MiB; a call with a larger one fails
    #[arg(long, value_name = "MIB", default_value_t = 256, help_heading = "Limits")]
    pub(in crate::cli) max_response_size: u32,

    /// Maximum concurrent requests across all accounts
    #[arg(long, value_name = "COUNT", default_value_t = 256, help_heading = "Limits")]
    pub(in crate::cli) concurrency: usize,

    /// Maximum regions scanned concurrently per account
    #[arg(
        long,
        alias = "concurrent_regions",
        value_name = "COUNT",
        default_value_t = 32,
        help_heading = "Limits"
    )]
    pub(in crate::cli) concurrent_regions: usize,

    /// Maximum services scanned concurrently per account and region
    #[arg(
        long,
        alias = "concurrent_services",
        value_name = "COUNT",
        default_value_t = 32,
        help_heading = "Limits"
    )]
    pub(in crate::cli) concurrent_services: usize,

    /// Disable the circuit breakers: send calls even to unresponsive endpoints and SCP-denied regions
    #[arg(long, help_heading = "Limits")]
    pub(in crate::cli) ask_everything: bool,

    /// A catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    pub(in crate::cli) catalog: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) redaction: RedactionArguments,

    #[command(flatten)]
    pub(in crate::cli) account_choice: AccountArguments,

    #[command(flatten)]
    pub(in crate::cli) profile_choice: ProfileArguments,

    #[command(flatten)]
    pub(in crate::cli) shard: ShardArguments,

    #[command(flatten)]
    pub(in crate::cli) bucket: BucketArguments,

    #[command(flatten)]
    pub(in crate::cli) retention: RetentionArguments,

    #[command(flatten)]
    pub(in crate::cli) display: DisplayArguments,
}

/// The values of `--layout`, which stand for a [`ResultLayout`].
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(in crate::cli) enum LayoutArgument {
    /// <service>.json with a key per call
    Service,
    /// <service>-<function>.json with the bare result
    Call,
}

impl From<LayoutArgument> for ResultLayout {
    fn from(argument: LayoutArgument) -> Self {
        match argument {
            LayoutArgument::Service => Self::Service,
            LayoutArgument::Call => Self::Call,
        }
    }
}

impl TryFrom<ScanArguments> for ScanSettings {
    type Error = Failure;

    fn try_from(arguments: ScanArguments) -> Result<Self, Failure> {
        let Some(spec) = arguments.scan else {
            return Err(Failure::usage("missing --scan: a scan needs a spec")
                .hint("run `scan -s s3.json --organization-scan`; `scan --help` lists all options")
                .hint("run `scan demo` to scan a simulated organization"));
        };
        let role = arguments.role.choice(&arguments.role_name)?;
        let selection = arguments.account_choice.selection(arguments.organization_scan, &spec)?;
        let profiles = arguments.profile_choice.choice()?;
        check_profiles(&profiles, arguments.organization_scan, &selection, &role)?;
        let output = arguments.bucket.destination(arguments.output_dir)?;
        let shard = arguments.shard.shard(arguments.organization_scan, |name| std::env::var(name).ok())?;
        Ok(Self {
            spec,
            organization_scan: arguments.organization_scan,
            selection,
            role,
            regions: RegionNames { given: arguments.regions, excluded: arguments.exclude_regions },
            retention: arguments.retention.retention(&output, shard.is_some())?,
            output,
            shard,
            run_name: arguments.shard.run_name()?,
            layout: arguments.layout.into(),
            profiles,
            retry: retry(arguments.max_retries, arguments.retry_delay)?,
            response_limit: response_limit(arguments.max_response_size)?,
            limits: Limits {
                requests: at_least_one("--concurrency", arguments.concurrency)?,
                regions: at_least_one("--concurrent-regions", arguments.concurrent_regions)?,
                services: at_least_one("--concurrent-services", arguments.concurrent_services)?,
                ..Limits::default()
            },
            ask_everything: arguments.ask_everything,
            catalog: arguments.catalog,
            redaction: arguments.redaction.into(),
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

fn retry(max_retries: u32, delay: f64) -> Result<RetryPolicy, Failure> {
    Duration::try_from_secs_f64(delay)
        .map_err(|_| Failure::usage(format!("--retry-delay: {delay} is not a number of seconds")))?;
    Ok(RetryPolicy { max_retries, first_pause: delay, ..RetryPolicy::default() })
}

fn response_limit(mebibytes: u32) -> Result<ResponseLimit, Failure> {
    ResponseLimit::of_mebibytes(mebibytes)
        .ok_or_else(|| Failure::usage("--max-response-size: at least 1 is needed"))
}

fn at_least_one(option: &str, count: usize) -> Result<usize, Failure> {
    if count == 0 { Err(Failure::usage(format!("{option}: at least 1 is needed"))) } else { Ok(count) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::app::settings::ScanSettings;
    use crate::app::settings::output::OutputTarget;
    use crate::cli::Cli;
    use crate::error::Failure;
    use crate::model::catalog::Catalog;
    use crate::model::endpoint::Partitions;

    fn settings(arguments: &[&str]) -> Result<ScanSettings, Failure> {
        let cli = Cli::try_parse_from(["scan"].iter().chain(arguments)).expect("an accepted command line");
        ScanSettings::try_from(cli.scan)
    }

    fn regions(arguments: &[&str]) -> Result<Vec<String>, Failure> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let partitions = Partitions::parse(catalog.partitions()).expect("partitions");
        let (given, _) = settings(arguments)?.regions.check(&partitions)?;
        Ok(given.unwrap_or_default().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn regions_are_separated_by_spaces_or_commas() {
        let expected = vec!["us-east-1", "eu-west-1"];
        for arguments in [
            vec!["-s", "s3", "-r", "us-east-1", "eu-west-1"],
            vec!["-s", "s3", "-r", "us-east-1,eu-west-1"],
            vec!["-s", "s3", "-r", "us-east-1 eu-west-1"],
            vec!["-s", "s3", "-r", "us-east-1, eu-west-1", "--organization-scan"],
        ] {
            assert_eq!(regions(&arguments).expect("regions"), expected, "{arguments:?}");
        }
    }

    #[test]
    fn unknown_region_suggests_the_nearest() {
        let failure = regions(&["-s", "s3", "-r", "eu-wset-1"]).expect_err("an unknown region");
        assert_eq!(
            failure.to_string(),
            "--regions: `eu-wset-1` is not an AWS region; did you mean `eu-west-1` or `eu-west-2` or `eu-west-3`?"
        );
    }

    #[test]
    fn the_older_spellings_of_options_work() {
        let settings = settings(&[
            "-s",
            "s3",
            "--output_dir",
            "out",
            "--log_level",
            "WARNING",
            "--org-role-name",
            "Audit",
            "--max_retries",
            "2",
            "--concurrent_regions",
            "3",
        ])
        .expect("settings");
        assert_eq!(settings.output, OutputTarget::Folder("out".into()));
        assert_eq!(settings.role.role.role_name, "Audit");
        assert_eq!(settings.retry.max_retries, 2);
        assert_eq!(settings.limits.regions, 3);
    }

    #[test]
    fn the_size_of_responses_is_a_number_of_mebibytes() {
        let limit = |value: &str| settings(&["-s", "s3.json", "--max-response-size", value]);
        assert_eq!(limit("64").expect("settings").response_limit.bytes(), 64 << 20);
        let failure = limit("0").err().expect("nothing could be read");
        assert_eq!(failure.to_string(), "--max-response-size: at least 1 is needed");
    }

    #[test]
    fn scan_without_spec_suggests_a_command() {
        let failure = settings(&[]).err().expect("no spec");
        assert!(failure.to_string().contains("scan -s s3.json --organization-scan"), "{failure}");
    }
}
