//! From what was typed to what is meant: checked once, no defaults left open behind this border.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::logging::LogLevel;
use super::options::bucket::Destination;
use super::resume::ResumeArguments;
use super::scan::ScanArguments;
use crate::client::RetryPolicy;
use crate::client::endpoint::Partitions;
use crate::engine::Limits;
use crate::failure::Failure;
use crate::identity::RoleSettings;
use crate::names::Region;
use crate::output::{Layout, Manifest, run_name};
use crate::plan::Shard;

/// Everything a run was told.
pub(super) struct Settings {
    pub(super) spec: String,
    pub(super) organization_scan: bool,
    pub(super) role: RoleSettings,
    /// Not yet checked against the partitions, which the catalog knows.
    pub(super) regions: RegionNames,
    pub(super) output: Destination,
    pub(super) shard: Option<Shard>,
    /// The name of the run's folder; without one, the time makes it.
    pub(super) run_name: Option<String>,
    pub(super) layout: Layout,
    pub(super) log_level: LogLevel,
    pub(super) profile: Option<String>,
    pub(super) retry: RetryPolicy,
    pub(super) limits: Limits,
    pub(super) ask_everything: bool,
    pub(super) catalog: Option<PathBuf>,
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
        // An empty variable in `.env` counts as unset, as AWS's own do.
        let role = match arguments.role_name {
            name if name.is_empty() => RoleSettings::default(),
            role_name => RoleSettings { role_name, ..RoleSettings::default() },
        };
        role.check()?;
        Ok(Self {
            spec,
            organization_scan: arguments.organization_scan,
            role,
            regions: RegionNames { given: arguments.regions, excluded: arguments.exclude_regions },
            output: arguments.bucket.destination(arguments.output_dir)?,
            shard: arguments.shard.shard(arguments.organization_scan, |name| std::env::var(name).ok())?,
            run_name: arguments.shard.run_name()?,
            layout: arguments.layout.into(),
            log_level: arguments.log_level,
            profile: arguments.profile,
            retry: retry(arguments.max_retries, arguments.retry_delay)?,
            limits: Limits {
                requests: at_least_one("--concurrency", arguments.concurrency)?,
                regions: at_least_one("--concurrent-regions", arguments.concurrent_regions)?,
                services: at_least_one("--concurrent-services", arguments.concurrent_services)?,
                ..Limits::default()
            },
            ask_everything: arguments.ask_everything,
            catalog: arguments.catalog,
        })
    }
}

impl Settings {
    /// What the run in this manifest was told. Only what belongs to who resumes it is new.
    pub(super) fn of_run(manifest: &Manifest, arguments: &ResumeArguments) -> Result<Self, Failure> {
        let its = &manifest.settings;
        let role_name = its.role_name.clone();
        let role = role_name
            .map_or_else(RoleSettings::default, |role_name| RoleSettings { role_name, ..Default::default() });
        role.check()?;
        Ok(Self {
            spec: manifest.spec.source.clone(),
            organization_scan: its.organization_scan,
            role,
            // The job takes them from the manifest, where they are resolved.
            regions: RegionNames::default(),
            output: Destination::Folder(arguments.run.parent().map_or_else(PathBuf::new, PathBuf::from)),
            shard: its.shard,
            run_name: None,
            layout: its.layout,
            log_level: arguments.log_level,
            profile: arguments.profile.clone(),
            retry: its.retries,
            limits: Limits {
                requests: its.concurrency,
                regions: its.concurrent_regions,
                services: its.concurrent_services,
                ..Limits::default()
            },
            ask_everything: its.ask_everything,
            catalog: arguments.catalog.clone(),
        })
    }
}

impl Settings {
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

fn retry(max_retries: u32, delay: f64) -> Result<RetryPolicy, Failure> {
    Duration::try_from_secs_f64(delay)
        .map_err(|_| Failure::usage(format!("--retry-delay: {delay} is not a number of seconds")))?;
    Ok(RetryPolicy { max_retries, first_pause: delay, ..RetryPolicy::default() })
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
        assert_eq!(settings.role.role_name, "Audit");
        assert_eq!(settings.retry.max_retries, 2);
        assert_eq!(settings.limits.regions, 3);
    }

    #[test]
    fn nothing_at_all_is_answered_with_what_to_type() {
        let failure = settings(&[]).err().expect("no spec");
        assert!(failure.to_string().contains("scan -s s3.json --organization-scan"), "{failure}");
    }
}
