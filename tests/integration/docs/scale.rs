//! The cost model of `docs/scale.md`: its figures follow from the assumptions that stand in the page, and from
//! the arithmetic of `scan plan`.

use std::collections::{BTreeMap, HashMap};

use aws_auto_inventory::aws::client::RetryPolicy;
use aws_auto_inventory::aws::http::OpenFiles;
use aws_auto_inventory::aws::organization::{Account, Organization};
use aws_auto_inventory::engine::enabled_regions::ENABLED_BY_DEFAULT;
use aws_auto_inventory::engine::estimate::{Estimate, EstimateInputs, ExpectedRegions};
use aws_auto_inventory::engine::{Limits, QUOTAS};
use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::names::{AccountId, Partition, RegionName};
use aws_auto_inventory::plan::spec::ScanSpec;
use aws_auto_inventory::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice};
use aws_auto_inventory::run::ManifestCaller;
use regex_lite::Regex;

use super::read;

/// How many accounts the page speaks of.
const SIZES: [u64; 4] = [10, 1_000, 10_000, 50_000];

/// What the page assumes, by the names in its table.
struct Assumptions(BTreeMap<String, f64>);

impl Assumptions {
    fn of(page: &str) -> Self {
        let row = Regex::new(r"(?m)^\| `([a-z_0-9]+)` \| ([0-9.,]+) \|").expect("a pattern");
        let number = |text: &str| text.replace(',', "").parse().expect("a number");
        Self(row.captures_iter(page).map(|found| (found[1].to_owned(), number(&found[2]))).collect())
    }

    #[track_caller]
    fn value(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("docs/scale.md lacks the assumption `{name}`"))
    }
}

/// What a scan by so many shards comes to.
struct Scan {
    estimate: Estimate,
    /// Result files in one account, at most.
    files: u64,
}

impl Scan {
    /// A scan of the built-in spec `inventory` in all regions that every account has, with the usual
    /// number of requests at once.
    fn of(accounts: u64) -> Self {
        Self::with(accounts, Limits::default())
    }

    fn with(accounts: u64, limits: Limits) -> Self {
        let catalog = Catalog::embedded().expect("the catalog");
        let spec = ScanSpec::parse(&read("scan/inventory.json"), "inventory", &catalog).expect("a spec");
        let id = |number: u64| AccountId::new((100_000_000_000 + number).to_string());
        let regions = ENABLED_BY_DEFAULT.map(RegionName::region);
        let plan = Plan {
            accounts: (0..accounts)
                .map(|number| PlannedAccount { id: id(number), name: None, regions: None })
                .collect(),
            calls: PlannedCall::all(spec.entries),
            skipped: Vec::new(),
            regions: RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() },
            global_region: RegionName::new("us-east-1").region(),
            partition: Partition::new("aws"),
            started: chrono::DateTime::UNIX_EPOCH,
        };
        let organization = Organization {
            management_account: Some(id(0)),
            accounts: (0..accounts).map(|number| Account::alone(id(number))).collect(),
            ..Organization::default()
        };
        let circumstances = EstimateInputs {
            caller: &ManifestCaller { account: id(0), arn: "arn:aws:iam::100000000000:user/me".to_owned() },
            callers: 1,
            organization: &organization,
            organization_scan: true,
            permission_sets: false,
            regions: &ExpectedRegions { common: regions.to_vec(), own: HashMap::new() },
            regions_are_known: true,
            spec: "inventory",
            notices: &[],
            limits,
            retries: RetryPolicy::default(),
        };
        let files = plan.units(&regions).iter().map(|unit| unit.services.len() as u64).sum();
        Self { estimate: Estimate::new(&plan, &circumstances), files }
    }

    fn requests(&self, assumed: &Assumptions) -> f64 {
        real(self.estimate.requests.minimum) * assumed.value("requests_per_minimum")
    }

    /// Processor time, in seconds.
    fn processor(&self, assumed: &Assumptions) -> f64 {
        self.requests(assumed) * assumed.value("milliseconds_per_request") / 1_000.0
    }

    /// How long a shard takes of several at once, in seconds: what it cannot be shorter than, or the
    /// processor; before that, all shards list the accounts under one quota.
    fn time(&self, shards: u64, assumed: &Assumptions) -> f64 {
        let time = &self.estimate.time;
        let share = (time.seconds - time.account_list_seconds).max(self.processor(assumed)) / real(shards);
        share.max(time.sessions_seconds) + self.time_of_the_list(shards)
    }

    /// The fewest shards, doubled each time, that are done within the time that the page wants.
    #[track_caller]
    fn shards(&self, assumed: &Assumptions) -> u64 {
        let wanted = assumed.value("hours_wanted") * 3_600.0;
        let candidates: Vec<u64> = (0..8).map(|power| 1 << power).collect();
        let times: Vec<String> =
            candidates.iter().map(|shards| duration(self.time(*shards, assumed))).collect();
        let found = candidates.into_iter().find(|shards| self.time(*shards, assumed) <= wanted);
        found.unwrap_or_else(|| panic!("no number of shards is enough: {times:?}"))
    }

    /// How long one process takes on a large machine, in seconds, when it is allowed as many requests
    /// at once as the program can have.
    fn time_of_a_large_machine(accounts: u64, assumed: &Assumptions) -> f64 {
        let limits = Limits { requests: OpenFiles::of(10_240).requests(), ..Limits::default() };
        let scan = Self::with(accounts, limits);
        let time = &scan.estimate.time;
        let processor = scan.processor(assumed) / assumed.value("large_machine_vcpus");
        let share = (time.seconds - time.account_list_seconds).max(processor);
        share.max(time.sessions_seconds) + scan.time_of_the_list(1)
    }

    /// How long so many shards take to list the accounts under one quota, in seconds.
    fn time_of_the_list(&self, shards: u64) -> f64 {
        let pages = real(self.estimate.requests.account_list) * real(shards);
        let quota = QUOTAS
            .iter()
            .find(|quota| quota.service == "organizations" && quota.operations.contains(&"ListAccounts"))
            .expect("a quota");
        self.estimate.time.account_list_seconds.max(pages / f64::from(quota.rate))
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn real(count: u64) -> f64 {
    count as f64
}

/// `12,345`
fn thousands(count: f64) -> String {
    let digits = format!("{:.0}", count.round());
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

/// Seconds as text for readers.
fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds < 120.0 => format!("{seconds:.0} s"),
        seconds if seconds < 7_200.0 => format!("{:.0} min", seconds / 60.0),
        seconds => format!("{:.1} h", seconds / 3_600.0),
    }
}

fn dollars(amount: f64) -> String {
    format!("${amount:.2}")
}

fn time_row(accounts: u64, scan: &Scan, assumed: &Assumptions) -> String {
    let Estimate { calls, requests, time, .. } = &scan.estimate;
    let shards = scan.shards(assumed);
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        thousands(real(accounts)),
        thousands(real(calls.total)),
        thousands(real(requests.minimum)),
        duration(time.seconds),
        duration(scan.processor(assumed)),
        duration(scan.time(1, assumed)),
        duration(Scan::time_of_a_large_machine(accounts, assumed)),
        shards,
        duration(scan.time(shards, assumed)),
    )
}

fn cost_row(accounts: u64, scan: &Scan, assumed: &Assumptions) -> String {
    let shards = scan.shards(assumed);
    let hours = scan.time(shards, assumed) * real(shards) / 3_600.0;
    let fargate =
        assumed.value("fargate_vcpu_hour") + assumed.value("fargate_gb_hour") * assumed.value("gb_per_shard");
    let objects = real(scan.files * accounts + 4 * shards);
    format!(
        "| {} | {:.2} | {} | {} | {} | {} | {} |",
        thousands(real(accounts)),
        hours,
        dollars(hours * fargate),
        dollars(hours * assumed.value("ec2_vcpu_hour")),
        thousands(objects),
        dollars(objects / 1_000.0 * assumed.value("s3_put_per_thousand")),
        dollars(scan.requests(assumed) / 100_000.0 * assumed.value("second_trail_per_100_000")),
    )
}

#[test]
fn the_cost_model_follows_from_its_assumptions() {
    let page = read("docs/scale.md");
    let assumed = Assumptions::of(&page);
    let scans: Vec<(u64, Scan)> = SIZES.map(|accounts| (accounts, Scan::of(accounts))).into();
    let rows = |row: fn(u64, &Scan, &Assumptions) -> String| -> Vec<String> {
        scans.iter().map(|(accounts, scan)| row(*accounts, scan, &assumed)).collect()
    };
    let expected = [rows(time_row), rows(cost_row)].concat();
    let missing: Vec<_> = expected.iter().filter(|row| !page.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "docs/scale.md should have\n{}", expected.join("\n"));
}

#[test]
fn scale_page_matches_estimate_of_spec() {
    let (page, scan) = (read("docs/scale.md"), Scan::of(1));
    let calls = scan.estimate.calls.per_account;
    let told = format!("{calls} calls in one account, {} result files at most", scan.files);
    assert!(
        page.split_whitespace().collect::<Vec<_>>().join(" ").contains(&told),
        "docs/scale.md lacks: {told}"
    );
    assert_eq!(thousands(Assumptions::of(&page).value("regions")), ENABLED_BY_DEFAULT.len().to_string());
}
