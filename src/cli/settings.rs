//! From what was typed to what is meant: checked once, no defaults left open behind this border.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::logging::LogArguments;
use super::options::bucket::Destination;
use super::options::display::Display;
use super::options::profiles::ProfileChoice;
use super::options::redaction::RedactionSettings;
use super::options::retention::Retention;
use super::options::role::RoleChoice;
use super::resume::ResumeArguments;
use super::scan::ScanArguments;
use crate::client::RetryPolicy;
use crate::client::endpoint::Partitions;
use crate::engine::Limits;
use crate::failure::Failure;
use crate::names::Region;
use crate::organization::Selection;
use crate::output::{Layout, Manifest, run_name};
use crate::plan::Shard;
use crate::response_limit::ResponseLimit;

/// Everything a run was told.
pub(super) struct Settings {
    pub(super) spec: String,
    pub(super) organization_scan: bool,
    /// Which accounts are wanted; all that there are by default.
    pub(super) selection: Selection,
    pub(super) role: RoleChoice,
    /// Not yet checked against the partitions, which the catalog knows.
    pub(super) regions: RegionNames,
    pub(super) output: Destination,
    pub(super) shard: Option<Shard>,
    /// What becomes of other runs in the folder for results.
    pub(super) retention: Retention,
    /// The name of the run's folder; without one, the time makes it.
    pub(super) run_name: Option<String>,
    pub(super) layout: Layout,
    pub(super) log: LogArguments,
    pub(super) profiles: ProfileChoice,
    pub(super) retry: RetryPolicy,
    pub(super) response_limit: ResponseLimit,
    pub(super) limits: Limits,
    pub(super) ask_everything: bool,
    pub(super) catalog: Option<PathBuf>,
    pub(super) redaction: RedactionSettings,
    pub(super) display: Display,
}

/// Regions as they were typed.
#[derive(Default)]
pub(super) struct RegionNames {
    given: Vec<String>,
    excluded: Vec<String>,
}

impl Settings {
    pub(super) fn new(arguments: ScanArguments) -> Result<Self, Failure> {
        let Some(spec) = arguments.scan else {
            return Err(Failure::usage("no scan spec is given")
                .hint("scan -s s3.json --organization-scan; `scan --help` shows everything")
                .hint("`scan demo` scans a simulated organization"));
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
            log: arguments.log,
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
            display: Display::from(&arguments.display),
        })
    }
}

impl Settings {
    /// What the run in this manifest was told. Only what belongs to who resumes it is new.
    pub(super) fn of_run(manifest: &Manifest, arguments: &ResumeArguments) -> Result<Self, Failure> {
        let its = &manifest.settings;
        let role = RoleChoice::of_run(its.role_name.as_deref(), its.role.as_ref())?;
        Ok(Self {
            spec: manifest.spec.source.clone(),
            organization_scan: its.organization_scan,
            // The accounts are chosen already, in the run's own list.
            selection: Selection::default(),
            role,
            // The job takes them from the manifest, where they are resolved.
            regions: RegionNames::default(),
            output: Destination::Folder(arguments.run.parent().map_or_else(PathBuf::new, PathBuf::from)),
            shard: its.shard,
            // Whoever resumes a run is not the one who began it, and removes nothing of theirs.
            retention: Retention::default(),
            run_name: None,
            layout: its.layout,
            log: arguments.log,
            profiles: arguments.profile_choice.choice_or(&its.profiles, its.profiles_file.as_ref())?,
            retry: its.retries,
            response_limit: its.max_response_size,
            limits: Limits {
                requests: its.concurrency,
                regions: its.concurrent_regions,
                services: its.concurrent_services,
                ..Limits::default()
            },
            ask_everything: its.ask_everything,
            catalog: arguments.catalog.clone(),
            redaction: RedactionSettings {
                redact: its.redact,
                paths: its.redact_paths.clone(),
                allow: its.allow.clone(),
            },
            display: Display::from(&arguments.display),
        })
    }
}

impl Settings {
    /// Whether roles are assumed: in the members of the organization, or in the accounts that are named.
    pub(super) fn assumes_roles(&self) -> bool {
        self.organization_scan || self.selection.accounts.is_some()
    }

    /// The name of the run's folder; that of a shard stands in the folder that all shards share.
    pub(super) fn name_of_run(&self, started: DateTime<Utc>) -> String {
        let name = self.run_name.clone().unwrap_or_else(|| run_name(self.organization_scan, started));
        match self.shard {
            Some(shard) => format!("{name}/{}", shard.folder()),
            None => name,
        }
    }
}

impl RegionNames {
    /// The regions to scan (`None`: those each account has enabled) and those to leave out.
    pub(super) fn check(
        &self,
        partitions: &Partitions,
    ) -> Result<(Option<Vec<Region>>, Vec<Region>), Failure> {
        let given = regions("--regions", &self.given, partitions)?;
        let excluded = regions("--exclude-regions", &self.excluded, partitions)?;
        Ok(((!given.is_empty()).then_some(given), excluded))
    }
}

/// Reads region names, in any of the forms that shells and habits make of a list.
fn regions(option: &str, names: &[String], partitions: &Partitions) -> Result<Vec<Region>, Failure> {
    let mut regions = Vec::new();
    for name in names.iter().flat_map(|names| names.split([',', ' '])).filter(|name| !name.is_empty()) {
        let region =
            partitions.region(name).map_err(|unknown| Failure::usage(format!("{option}: {unknown}")))?;
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(regions)
}

/// Several profiles are an account each, and no roles are assumed from them.
fn check_profiles(
    profiles: &ProfileChoice,
    organization_scan: bool,
    selection: &Selection,
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
        "several profiles ({}) are an account each, but {option} starts from one caller",
        profiles.names.join(", ")
    ))
    .hint(format!("choose one with --profile, or leave out {option}")))
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

    use super::super::Cli;
    use super::{Destination, Settings};
    use crate::catalog::Catalog;
    use crate::client::endpoint::Partitions;
    use crate::failure::Failure;

    fn settings(arguments: &[&str]) -> Result<Settings, Failure> {
        let cli = Cli::try_parse_from(["scan"].iter().chain(arguments)).expect("an accepted command line");
        Settings::new(cli.scan)
    }

    fn regions(arguments: &[&str]) -> Result<Vec<String>, Failure> {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let partitions = Partitions::parse(catalog.partitions()).expect("partitions");
        let (given, _) = settings(arguments)?.regions.check(&partitions)?;
        Ok(given.unwrap_or_default().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn regions_are_separated_as_people_separate_them() {
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
    fn a_slip_in_a_region_names_the_nearest() {
        let failure = regions(&["-s", "s3", "-r", "eu-wset-1"]).expect_err("no region");
        assert_eq!(
            failure.to_string(),
            "--regions: `eu-wset-1` is not a region of AWS; did you mean `eu-west-1` or `eu-west-2` or `eu-west-3`?"
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
        assert_eq!(settings.output, Destination::Folder("out".into()));
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
    fn nothing_at_all_is_answered_with_what_to_type() {
        let failure = settings(&[]).err().expect("no spec");
        assert!(failure.to_string().contains("scan -s s3.json --organization-scan"), "{failure}");
    }
}
