//! The arguments of a scan, and their conversion to settings.

use std::path::PathBuf;

use clap::Args;

use super::target::TargetArguments;
use crate::app::settings::output::OutputTarget;
use crate::app::settings::{ScanSettings, checked_run_name};
use crate::aws::http::ResponseLimit;
use crate::cli::logging::LogArguments;
use crate::cli::options::bucket::BucketArguments;
use crate::cli::options::display::DisplayArguments;
use crate::cli::options::profiles::ProfileArguments;
use crate::cli::options::redaction::RedactionArguments;
use crate::cli::options::retention::RetentionArguments;
use crate::cli::options::session_policy::SessionPolicyArguments;
use crate::error::Failure;
use crate::run::ResultLayout;

/// The options of a scan. [`ScanSettings`] is their checked form.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct ScanArguments {
    #[command(flatten)]
    pub(in crate::cli) run: ExecutionArguments,

    #[command(flatten)]
    pub(in crate::cli) profile_choice: ProfileArguments,

    #[command(flatten)]
    pub(in crate::cli) bucket: BucketArguments,
}

/// The arguments that also a scan of the simulated organization has.
#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct ExecutionArguments {
    #[command(flatten)]
    pub(in crate::cli) target: TargetArguments,

    #[command(flatten)]
    session_policy: SessionPolicyArguments,

    /// Directory or S3 prefix for runs
    ///
    /// A prefix is written `s3://bucket/prefix`.
    #[arg(
        short,
        long,
        alias = "output_dir",
        value_name = "FOLDER",
        default_value = "output",
        help_heading = "Output"
    )]
    output_dir: PathBuf,

    /// Name of the run's folder, shared by all its shards [default: organization-<timestamp>]
    #[arg(long, value_name = "NAME", env = "SCAN_RUN_NAME", help_heading = "Output", hide_short_help = true)]
    run_name: Option<String>,

    /// One file per service, or one per call
    #[arg(long, value_enum, default_value_t = LayoutArgument::Service, help_heading = "Output", hide_short_help = true)]
    layout: LayoutArgument,

    #[command(flatten)]
    pub(in crate::cli) retention: RetentionArguments,

    #[command(flatten)]
    pub(in crate::cli) display: DisplayArguments,

    /// Maximum size of a response body in MiB; a call with a larger one fails
    #[arg(long, value_name = "MIB", default_value_t = 256, help_heading = "Limits", hide_short_help = true)]
    max_response_size: u32,

    /// Disable the circuit breakers
    ///
    /// Sends calls even to unresponsive endpoints and into SCP-denied regions.
    #[arg(long, help_heading = "Limits", hide_short_help = true)]
    ask_everything: bool,

    /// File of known gaps, which are counted apart and do not make the scan incomplete
    ///
    /// `scan accept` writes one.
    #[arg(long, value_name = "FILE", help_heading = "Output", hide_short_help = true)]
    accepted_gaps: Option<PathBuf>,

    #[command(flatten)]
    redaction: RedactionArguments,

    #[command(flatten)]
    pub(in crate::cli) log: LogArguments,
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

impl ScanArguments {
    /// The settings of the scan.
    ///
    /// # Errors
    ///
    /// Where there is no spec, a value breaks a rule, or options contradict each other.
    pub(in crate::cli) fn settings(self) -> Result<ScanSettings, Failure> {
        self.run.settings(&self.profile_choice, self.bucket)
    }
}

impl ExecutionArguments {
    /// The settings of a scan with these arguments, which starts from these profiles.
    pub(in crate::cli) fn settings(
        self,
        profiles: &ProfileArguments,
        bucket: BucketArguments,
    ) -> Result<ScanSettings, Failure> {
        let mut settings = self.target.settings(profiles, &self.session_policy)?;
        settings.output = bucket.destination("--output-dir", self.output_dir)?;
        if let (Some(_), OutputTarget::Bucket(address, _)) = (&settings.permission_sets, &settings.output) {
            return Err(Failure::usage(format!(
                "--sso-permission-set: cannot write to {address}, because the credentials belong to a scanned account"
            ))
            .hint("choose a folder with --output-dir"));
        }
        settings.retention = self.retention.retention(&settings.output, settings.shard.is_some())?;
        // An empty variable counts as unset.
        let run_name = self.run_name.filter(|name| !name.is_empty());
        settings.run_name = run_name.map(checked_run_name).transpose()?;
        settings.layout = self.layout.into();
        settings.response_limit = response_limit(self.max_response_size)?;
        settings.ask_everything = self.ask_everything;
        settings.accepted_gaps = self.accepted_gaps;
        self.redaction.apply_to(&mut settings.redaction);
        Ok(settings)
    }
}

fn response_limit(mebibytes: u32) -> Result<ResponseLimit, Failure> {
    ResponseLimit::of_mebibytes(mebibytes)
        .ok_or_else(|| Failure::usage("--max-response-size: must be at least 1"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::OutputTarget;
    use crate::app::settings::ScanSettings;
    use crate::cli::Cli;
    use crate::error::Failure;
    use crate::model::catalog::Catalog;
    use crate::model::endpoint::Partitions;

    fn settings(arguments: &[&str]) -> Result<ScanSettings, Failure> {
        let cli = Cli::try_parse_from(["scan"].iter().chain(arguments)).expect("an accepted command line");
        cli.scan.settings()
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
        assert_eq!(failure.to_string(), "--max-response-size: must be at least 1");
    }

    #[test]
    fn permission_sets_write_to_no_bucket() {
        let failure = settings(&["-s", "s3", "--sso-permission-set", "Audit", "-o", "s3://results/scans"]);
        let failure = failure.err().expect("credentials of a scanned account").to_string();
        assert!(failure.contains("cannot write to s3://results/scans"), "{failure}");
    }

    #[test]
    fn scan_without_spec_suggests_a_command() {
        let failure = settings(&[]).err().expect("no spec");
        assert!(failure.to_string().contains("scan -s s3.json --organization-scan"), "{failure}");
    }
}
