//! The cost model of `docs/scale.md`: its figures follow from the assumptions that stand in the page, and from
//! the arithmetic of `scan plan`.

use std::collections::BTreeMap;

use aws_auto_inventory::catalog::Catalog;
use aws_auto_inventory::engine::{Limits, QUOTAS, RetryPolicy};
use aws_auto_inventory::names::{AccountId, Region};
use aws_auto_inventory::organization::{Account, Organization};
use aws_auto_inventory::output::Caller;
use aws_auto_inventory::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice};
use aws_auto_inventory::report::{Circumstances, Estimate};
use aws_auto_inventory::spec::ScanSpec;
use regex_lite::Regex;

use super::read;

/// How many accounts the page speaks of.
const SIZES: [u64; 4] = [10, 1_000, 10_000, 50_000];

/// The regions that every account has ("AWS Regions", AWS Regions and Availability Zones user guide).
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

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
    /// A scan of the built-in spec `inventory` in all regions that every account has.
    fn of(accounts: u64) -> Self {
        let catalog = Catalog::embedded().expect("the catalog");
        let spec = ScanSpec::parse(&read("scan/inventory.json"), "inventory", &catalog).expect("a spec");
        let id = |number: u64| AccountId::new((100_000_000_000 + number).to_string());
        let regions = REGIONS.map(Region::new);
        let plan = Plan {
            accounts: (0..accounts).map(|number| PlannedAccount { id: id(number), name: None }).collect(),
            calls: spec.entries.into_iter().map(PlannedCall::new).collect(),
            skipped: Vec::new(),
            regions: RegionChoice::Enabled { except: Vec::new() },
            global_region: Region::new("us-east-1"),
        };
        let organization = Organization {
            accounts: (0..accounts).map(|number| Account::alone(id(number))).collect(),
            ..Organization::default()
        };
        let circumstances = Circumstances {
            caller: &Caller { account: id(0), arn: "arn:aws:iam::100000000000:user/me".to_owned() },
            organization: &organization,
            organization_scan: true,
            regions: &regions,
            regions_are_known: true,
            spec: "inventory",
            notices: &[],
            limits: Limits::default(),
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
        let pages = real(self.estimate.requests.account_list) * real(shards);
        let rate = QUOTAS.iter().find(|quota| quota.service == "organizations").expect("a quota").rate;
        share.max(time.sessions_seconds) + time.account_list_seconds.max(pages / f64::from(rate))
    }

    /// The fewest shards, doubled each time, that are done within the time that the page wants.
    fn shards(&self, assumed: &Assumptions) -> u64 {
        let wanted = assumed.value("hours_wanted") * 3_600.0;
        let mut candidates = (0..10).map(|power| 1 << power);
        candidates.find(|shards| self.time(*shards, assumed) <= wanted).expect("enough shards")
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

/// Seconds as people say them.
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
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        thousands(real(accounts)),
        thousands(real(calls.total)),
        thousands(real(requests.minimum)),
        duration(time.seconds),
        duration(scan.processor(assumed)),
        duration(scan.time(1, assumed)),
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
fn what_the_page_says_of_a_scan_is_what_the_spec_holds() {
    let (page, scan) = (read("docs/scale.md"), Scan::of(1));
    assert!(page.contains(&format!("{} calls in one account", scan.estimate.calls.per_account)));
    assert!(page.contains(&format!("{} result files at most", scan.files)));
    assert_eq!(Assumptions::of(&page).value("regions"), real(REGIONS.len() as u64));
}
