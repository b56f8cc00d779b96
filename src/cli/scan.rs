//! `scan -s spec.json`: the main job.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::logging::LogArguments;
use super::options::accounts::AccountArguments;
use super::options::bucket::BucketArguments;
use super::options::display::DisplayArguments;
use super::options::profiles::ProfileArguments;
use super::options::redaction::RedactionArguments;
use super::options::retention::RetentionArguments;
use super::options::role::RoleArguments;
use super::options::shard::ShardArguments;
use super::plan::{self, Form};
use super::run::{self, Aws};
use super::settings::Settings;
use crate::failure::Failure;
use crate::identity::DEFAULT_ROLE_NAME;
use crate::output::Layout;

/// What can be typed. [`Settings`] is what it means.
#[derive(Args, Clone, Debug)]
pub(super) struct ScanArguments {
    /// The scan spec: a file, `-` for standard input, an http(s) URL, or the name of a built-in spec
    #[arg(short, long, value_name = "SPEC", value_parser = NonEmptyStringValueParser::new())]
    pub(super) scan: Option<String>,

    /// Scan every account of the organization, not only the caller's own
    #[arg(long)]
    pub(super) organization_scan: bool,

    /// The role to assume in member accounts
    #[arg(long, alias = "org-role-name", alias = "org_role_name", env = "ORG_ROLE_NAME", value_name = "NAME",
        default_value = DEFAULT_ROLE_NAME)]
    pub(super) role_name: String,

    #[command(flatten)]
    pub(super) role: RoleArguments,

    /// Regions to scan, separated by spaces or commas [default: those each account has enabled]
    #[arg(short, long, num_args = 1.., value_delimiter = ',', value_name = "REGION")]
    pub(super) regions: Vec<String>,

    /// Regions to leave out
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "REGION")]
    pub(super) exclude_regions: Vec<String>,

    /// The folder that gets a folder for each run
    #[arg(
        short,
        long,
        alias = "output_dir",
        value_name = "FOLDER",
        default_value = "output",
        help = "The folder, or the place in a bucket (s3://bucket/prefix), that gets a folder for each run"
    )]
    pub(super) output_dir: PathBuf,

    /// One file per service, or one per call
    #[arg(long, value_enum, default_value_t = LayoutArgument::Service)]
    pub(super) layout: LayoutArgument,

    #[command(flatten)]
    pub(super) log: LogArguments,

    /// How often a request is tried again when that can help
    #[arg(long, alias = "max_retries", value_name = "COUNT", default_value_t = 5)]
    pub(super) max_retries: u32,

    /// The longest pause before the first retry, in seconds; it doubles with each further one
    #[arg(long, alias = "retry_delay", value_name = "SECONDS", default_value_t = 1.0)]
    pub(super) retry_delay: f64,

    /// The largest body of a response that is read, in MiB; a call with a larger one fails
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub(super) max_response_size: u32,

    /// Requests under way at once, in all accounts together
    #[arg(long, value_name = "COUNT", default_value_t = 256)]
    pub(super) concurrency: usize,

    /// Regions of one account that are worked on at once
    #[arg(long, alias = "concurrent_regions", value_name = "COUNT", default_value_t = 32)]
    pub(super) concurrent_regions: usize,

    /// Services of one account and region that are worked on at once
    #[arg(long, alias = "concurrent_services", value_name = "COUNT", default_value_t = 32)]
    pub(super) concurrent_services: usize,

    /// Send every call, also to endpoints that do not answer and into regions that a service control
    /// policy denies; without it, such calls are concluded from others
    #[arg(long)]
    pub(super) ask_everything: bool,

    /// A catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE")]
    pub(super) catalog: Option<PathBuf>,

    #[command(flatten)]
    pub(super) redaction: RedactionArguments,

    #[command(flatten)]
    pub(super) account_choice: AccountArguments,

    #[command(flatten)]
    pub(super) profile_choice: ProfileArguments,

    #[command(flatten)]
    pub(super) shard: ShardArguments,

    #[command(flatten)]
    pub(super) bucket: BucketArguments,

    #[command(flatten)]
    pub(super) retention: RetentionArguments,

    #[command(flatten)]
    pub(super) display: DisplayArguments,
}

/// [`Layout`], as it is typed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum LayoutArgument {
    /// <service>.json with a key per call
    Service,
    /// <service>-<function>.json with the bare result
    Call,
}

impl From<LayoutArgument> for Layout {
    fn from(argument: LayoutArgument) -> Self {
        match argument {
            LayoutArgument::Service => Self::Service,
            LayoutArgument::Call => Self::Call,
        }
    }
}

pub(super) fn run(arguments: ScanArguments, dry_run: bool) -> Result<ExitCode, Failure> {
    let settings = Settings::new(arguments)?;
    if dry_run { plan::start(&settings, Form::Text) } else { run::start(settings, Aws::Real) }
}
