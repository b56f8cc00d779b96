//! Tests of the estimates of plans.

use std::collections::HashMap;

use super::{Bound, Estimate, EstimateInputs, ExpectedRegions, RegionSource, estimate_text};
use crate::aws::client::RetryPolicy;
use crate::aws::organization::{Account, AccountLifecycle, Organization};
use crate::engine::Limits;
use crate::model::catalog::Catalog;
use crate::names::{AccountId, Partition, Region};
use crate::plan::spec::ScanSpec;
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice, SkippedCall};
use crate::run::ManifestCaller;

const CALLER: u64 = 100_000_000_000;

/// Returns the plan of a spec in the given number of accounts, of which the caller's is the first.
pub(super) fn plan(spec: &str, accounts: u64) -> Plan {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
    let skipped = spec.skipped.iter().map(|entry| SkippedCall {
        service: entry.service.clone(),
        function: entry.function.clone(),
        reason: entry.reason.to_string(),
        hint: None,
        account: None,
    });
    Plan {
        skipped: skipped.collect(),
        accounts: (0..accounts)
            .map(|number| PlannedAccount { id: id(number), name: None, regions: None })
            .collect(),
        calls: PlannedCall::all(spec.entries),
        regions: RegionChoice::Given(regions()),
        global_region: Region::new("us-east-1"),
        partition: Partition::new("aws"),
        started: chrono::DateTime::UNIX_EPOCH,
    }
}

fn id(number: u64) -> AccountId {
    AccountId::new((CALLER + number).to_string())
}

fn regions() -> Vec<Region> {
    vec![Region::new("eu-west-1"), Region::new("us-east-1")]
}

/// Estimates a plan in two regions of an organization that has one more account.
pub(super) fn estimate(plan: &Plan) -> Estimate {
    inputs_of(plan, |inputs| Estimate::new(plan, inputs))
}

/// Passes the inputs of an estimate of a plan in two regions to `make`.
pub(super) fn inputs_of(plan: &Plan, make: impl FnOnce(&EstimateInputs<'_>) -> Estimate) -> Estimate {
    let mut organization = Organization { id: Some("o-example".to_owned()), ..Organization::default() };
    organization.accounts = plan.accounts.iter().map(|account| Account::alone(account.id.clone())).collect();
    let closed =
        Account { state: AccountLifecycle::Closed, ..Account::alone(AccountId::new("999999999999")) };
    organization.accounts.push(closed);
    let common = if plan.needs_regions() { regions() } else { Vec::new() };
    let own = plan.accounts.iter().filter_map(|account| match &account.regions {
        Some(RegionChoice::Given(regions)) => Some((account.id.clone(), regions.clone())),
        _ => None,
    });
    let expected = ExpectedRegions { common, own: own.collect() };
    make(&EstimateInputs {
        caller: &ManifestCaller { account: id(0), arn: "arn:aws:iam::100000000000:user/me".to_owned() },
        callers: 1,
        organization: &organization,
        organization_scan: true,
        permission_sets: false,
        regions: &expected,
        regions_are_known: true,
        spec: "test.json",
        notices: &[],
        limits: Limits::default(),
        retries: RetryPolicy { max_retries: 0, ..RetryPolicy::default() },
    })
}

/// Returns a spec with the same call repeated `times` times.
fn repeated(service: &str, function: &str, times: usize) -> String {
    let call = format!(r#"{{"service": "{service}", "function": "{function}"}}"#);
    format!("[{}]", vec![call; times].join(","))
}

/// Formats seconds with three decimals.
fn thousandths(seconds: f64) -> String {
    format!("{seconds:.3}")
}

/// One regional call, one for the account, the list of buckets, and one with a child.
const MIXED: &str = r#"[
    {"service": "sqs", "function": "list_queues"},
    {"service": "iam", "function": "list_roles"},
    {"service": "s3", "function": "list_buckets"},
    {"service": "dynamodb", "function": "list_tables",
     "each": [{"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}}]}
]"#;

/// Calls are lines of the ledger, and requests are the minimum that these calls take.
#[test]
fn estimate_counts_ledger_lines_and_minimum_requests() {
    let estimate = estimate(&plan(MIXED, 3));
    // Queues, buckets, tables and their items in two regions; roles once.
    assert_eq!((estimate.calls.per_account, estimate.calls.total), (9, 27));
    let services: Vec<_> = estimate
        .calls
        .services
        .iter()
        .map(|service| (service.service.as_str(), service.calls, service.requests))
        .collect();
    assert_eq!(services, [("dynamodb", 12, 6), ("s3", 6, 3), ("sqs", 6, 6), ("iam", 3, 3)]);
    let requests = estimate.requests;
    assert_eq!((requests.calls, requests.sessions, requests.region_look_ups), (18, 2, 0));
    // DescribeOrganization, a page of accounts, GetCallerIdentity.
    assert_eq!((requests.account_list, requests.caller), (2, 1));
    // The root, its units and accounts; the tags of each account, as the caller is not the management account.
    assert_eq!((requests.account_details, requests.minimum), (6, 29));
    assert_eq!(estimate.child_calls[0].function.as_str(), "describe_table");
}

/// Regions that are not given are looked up in every account in which a call needs them.
#[test]
fn estimate_counts_region_lookups_where_needed() {
    let mut mixed = plan(MIXED, 3);
    mixed.regions = RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() };
    let looked_up = estimate(&mixed);
    assert_eq!((looked_up.requests.region_look_ups, looked_up.requests.minimum), (3, 32));
    assert_eq!(looked_up.places.regions_from, RegionSource::Caller);

    let mut global = plan(&repeated("iam", "list_roles", 1), 3);
    global.regions = RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() };
    let not_needed = estimate(&global);
    assert_eq!(not_needed.requests.region_look_ups, 0);
    assert_eq!(not_needed.places.regions_from, RegionSource::NotNeeded);
}

/// An account with its own regions is counted with these, and the region look-up with the choice of each.
#[test]
fn estimate_counts_own_regions_of_accounts() {
    let mut plan = plan(MIXED, 3);
    let given = ["eu-west-1", "eu-west-2", "us-east-1", "us-east-2"].map(Region::new);
    plan.accounts[1].regions = Some(RegionChoice::Given(given.to_vec()));
    let estimate = estimate(&plan);
    // 9 calls in two accounts with two regions; 17 in the one with four: the roles once, all others in each.
    assert_eq!((estimate.calls.per_account, estimate.calls.total), (9, 35));
    // 6 requests in two accounts; in the one with four, two more for queues and for tables.
    assert_eq!((estimate.requests.calls, estimate.requests.region_look_ups), (22, 0));
    plan.regions = RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() };
    assert_eq!(super::tests::estimate(&plan).requests.region_look_ups, 2);
}

/// A scan of the caller's account assumes no role and lists no accounts.
#[test]
fn estimate_of_own_account_has_no_sessions() {
    let plan = plan(MIXED, 1);
    let estimate = Estimate::new(
        &plan,
        &EstimateInputs {
            caller: &ManifestCaller { account: id(0), arn: "arn:aws:iam::100000000000:user/me".to_owned() },
            callers: 1,
            organization: &Organization { accounts: vec![Account::alone(id(0))], ..Organization::default() },
            organization_scan: false,
            permission_sets: false,
            regions: &ExpectedRegions { common: regions(), own: HashMap::new() },
            regions_are_known: false,
            spec: "test.json",
            notices: &[],
            limits: Limits::default(),
            retries: RetryPolicy::default(),
        },
    );
    let requests = estimate.requests;
    assert_eq!((requests.sessions, requests.account_list, requests.minimum), (0, 0, 7));
}

/// A quota binds when an account needs more requests than may be sent at once.
#[test]
fn quota_binds_when_account_exceeds_its_burst() {
    // Burst of five, then five per second, per account; 64 accounts are scanned concurrently.
    let mut estimate = estimate(&plan(&repeated("route53", "list_hosted_zones", 12), 130));
    let quota = estimate.time.quota.take().expect("a quota");
    assert_eq!((&*quota.shared_by, quota.requests, quota.burst), ("route53", 12, 5));
    assert_eq!((thousandths(quota.seconds), quota.published), ("1.400".to_owned(), true));
    assert_eq!(estimate.time.bound_by, Bound::Quota);
    assert_eq!(thousandths(estimate.time.quota_seconds), "4.200");
    // Seven pages of ListAccounts come first.
    assert_eq!(thousandths(estimate.time.seconds), "4.550");
}

#[test]
fn operations_share_a_quota_or_have_their_own() {
    let spec = r#"[{"service": "lambda", "function": "list_functions"}, {"service": "lambda", "function": "list_layers"},
        {"service": "wafv2", "function": "list_web_acls", "parameters": {"Scope": "REGIONAL"}}]"#;
    let quota = estimate(&plan(spec, 1)).time.quota.expect("a quota");
    // 1 of 5 is more than 2 of 15.
    assert_eq!((&*quota.shared_by, quota.requests), ("wafv2 ListWebACLs", 1));
    assert_eq!(thousandths(quota.seconds), "0.000");
    let quota = estimate(&plan(&repeated("lambda", "list_functions", 30), 1)).time.quota.expect("a quota");
    assert_eq!((&*quota.shared_by, thousandths(quota.seconds)), ("lambda", "1.000".to_owned()));
}

#[test]
fn sts_binds_where_accounts_are_many_and_calls_few() {
    let time = estimate(&plan(&repeated("iam", "list_roles", 1), 1_801)).time;
    // 1,800 sessions: burst of 600, then 600 per second.
    assert_eq!((time.bound_by, thousandths(time.sessions_seconds)), (Bound::Sessions, "2.000".to_owned()));
}

#[test]
fn otherwise_the_requests_at_once_bind() {
    let time = estimate(&plan(&repeated("sns", "list_topics", 10), 64)).time;
    // 1,280 requests, 256 concurrently, 50 ms each.
    assert_eq!(
        (time.bound_by, thousandths(time.concurrency_seconds)),
        (Bound::Concurrency, "0.250".to_owned())
    );
}

#[test]
fn paid_requests_are_counted_and_child_calls_named() {
    let spec = r#"[{"service": "ce", "function": "list_cost_allocation_tags"},
        {"service": "dynamodb", "function": "list_tables",
         "each": [{"over": ".TableNames[]", "service": "location", "function": "list_maps"}]}]"#;
    let paid = estimate(&plan(spec, 3)).paid;
    let paid: Vec<_> =
        paid.iter().map(|paid| (paid.function.as_str(), paid.requests, paid.usd.map(thousandths))).collect();
    assert_eq!(paid, [("list_cost_allocation_tags", 3, Some("0.030".to_owned())), ("list_maps", 0, None)]);
}

#[test]
fn a_plan_without_accounts_comes_to_nothing() {
    let estimate = estimate(&plan(MIXED, 0));
    assert_eq!((estimate.calls.total, estimate.requests.calls), (0, 0));
}

#[test]
fn people_read_a_table() {
    let spec = r#"[
        {"service": "ce", "function": "list_cost_allocation_tags"},
        {"service": "dynamodb", "function": "list_tables",
         "each": [{"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}}]},
        {"service": "s3", "function": "get_paginator"}]"#;
    let text = estimate_text(&estimate(&plan(spec, 2)));
    let expected = "\
Plan for test.json (dry run, no calls sent)

Caller         arn:aws:iam::100000000000:user/me in account 100000000000
Accounts       3 found in organization o-example, 2 to scan
               1 not scanned, the account is closed: 999999999999
Regions        2: eu-west-1 us-east-1
               plus global calls, once per account
Calls          10 in 2 accounts, 5 in each
Requests       at least 15, if the role can be assumed in every account:
                      6  calls, one page each
                      1  sts AssumeRole, one per account except the caller's own
                      2  organizations, to list the accounts
                      5  organizational units and tags of the accounts
                      1  sts GetCallerIdentity
               plus child calls, pagination and retries, which cannot be predicted
Shortest time  0.1 s; a scan takes longer
               limited by --concurrency 256, assuming 0.05 s per response
Quota          not a limit; closest is ce: 1 request per account in us-east-1; burst 100, then 50/s
               (not published)
Concurrency    256 requests, 64 accounts, 32 regions per account, 32 services per region
Retries        no retries
Pages          all of each call, up to 1000000 pages or 2500 in a row without items

Calls per service, and minimum requests
         8         4  dynamodb
         2         2  ce

Child calls: 1 function for the items of 1 list
  dynamodb list_tables: 1 call per item

Functions of the child calls
  dynamodb describe_table, for each item of list_tables: at most 50/s per account and region

Calls that cost money
  ce list_cost_allocation_tags: at least 2 requests, at least 0.02 USD; 0.01 USD per request, \
including further pages (aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing)

Not called
  s3 get_paginator: a helper method of boto3, not an API call
";
    assert_eq!(text, expected);
}

#[test]
fn the_document_outlives_being_written_down() {
    let estimate = estimate(&plan(MIXED, 3));
    let written = serde_json::to_string(&estimate).expect("JSON");
    assert_eq!(serde_json::from_str::<Estimate>(&written).expect("an estimate"), estimate);
}

/// A large spec shows the lists with most calls per item, and no functions.
#[test]
fn large_specs_show_lists_with_most_calls_per_item() {
    let child =
        r#"{"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}}"#;
    let list = |children: usize| {
        let each = vec![child; children].join(",");
        format!(r#"{{"service": "dynamodb", "function": "list_tables", "each": [{each}]}}"#)
    };
    let lists: Vec<String> = (1..=17).map(list).collect();
    let estimate = estimate(&plan(&format!("[{}]", lists.join(",")), 1));
    assert_eq!((estimate.child_lists.len(), estimate.child_calls.len()), (17, 153));
    let text = estimate_text(&estimate);
    let (_, children) = text.split_once("Child calls: ").expect("child calls");
    let lines: Vec<&str> = children.lines().collect();
    assert_eq!(lines[0], "153 functions for the items of 17 lists");
    assert_eq!(lines[1], "  dynamodb list_tables-17: 17 calls per item");
    assert_eq!(lines[16], "  and 2 more: see --json");
    assert!(!text.contains("Functions of the child calls"), "{text}");
}
