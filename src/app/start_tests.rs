//! The requests at the start of an organization scan, and the round trips before them, in virtual time.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;

use super::aws_target::AwsTarget;
use super::finished_run::FinishedRun;
use super::observer::Silent;
use super::scan::run;
use super::settings::ScanSettings;
use super::settings::output::OutputTarget;
use crate::aws::credentials::fake::{FakeAws, Sent, assumed_role, caller_identity, query_error};
use crate::error::{Failure, FailureKind};
use crate::names::AccountId;

/// The time between a request and its response.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// The number of accounts on a page of the list.
const PAGE: usize = 20;

/// The number of pages of the list.
const PAGES: usize = 5;

/// A scan of an organization of a hundred accounts, and its requests.
struct StartedScan {
    outcome: Result<FinishedRun, Failure>,
    /// The requests, and the number of round trips before each.
    requests: Vec<(String, u128)>,
    folder: TempDir,
}

impl StartedScan {
    /// Scans with these calls and settings. `fault` returns the response to a request instead of the usual one.
    async fn of(
        spec: Value,
        change: impl FnOnce(&mut ScanSettings),
        fault: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let requests: Arc<Mutex<Vec<(String, u128)>>> = Arc::default();
        let (sent, started) = (Arc::clone(&requests), Instant::now());
        let fake = FakeAws::new(move |request| {
            let name = name_of(request);
            let round_trips = started.elapsed().as_millis() / ROUND_TRIP.as_millis();
            sent.lock().expect("no test panicked here").push((name.clone(), round_trips));
            fault(&name).unwrap_or_else(|| response_to(request, &name))
        });
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("spec.json");
        fs::write(&file, spec.to_string()).expect("a spec");
        let mut settings = ScanSettings::new(file.display().to_string());
        settings.regions.given = vec!["us-east-1".to_owned()];
        settings.output = OutputTarget::Folder(folder.path().to_owned());
        settings.run_name = Some("run".to_owned());
        change(&mut settings);
        let config = fake.delayed(ROUND_TRIP).config("us-east-1");
        let aws = AwsTarget::Configured(Box::new(config));
        let outcome = Box::pin(run(settings, aws, Arc::new(Silent))).await;
        let requests = std::mem::take(&mut *requests.lock().expect("no test panicked here"));
        Self { outcome, requests, folder }
    }

    /// Returns the number of round trips before the first request with this name; `None` if there was none.
    fn before(&self, name: &str) -> Option<u128> {
        self.requests.iter().find(|(request, _)| request == name).map(|(_, round_trips)| *round_trips)
    }

    fn read(&self, file: &str) -> Value {
        let text = fs::read_to_string(self.folder.path().join("run").join(file)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// Returns the operation of a request; for a further page of the accounts, with its index: `ListAccounts 2`.
fn name_of(request: &Sent) -> String {
    let of_json = request.target.rsplit('.').next().filter(|name| !name.is_empty());
    let of_query = request.body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let operation = of_json.or(of_query).unwrap_or("another").to_owned();
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    match body["NextToken"].as_str() {
        Some(page) => format!("{operation} {page}"),
        None => operation,
    }
}

fn response_to(request: &Sent, name: &str) -> (u16, String) {
    let body = match name.split(' ').next().unwrap_or_default() {
        "GetCallerIdentity" => caller_identity("100000000000", "arn:aws:iam::100000000000:user/me"),
        "AssumeRole" => assumed_role("ASIATEST", "2027-11-18T13:06:40Z"),
        "DescribeOrganization" => {
            json!({"Organization": {"Id": "o-exampleorgid", "MasterAccountId": "100000000000"}}).to_string()
        }
        "ListAccounts" => {
            let page: usize = name.split(' ').nth(1).map_or(0, |index| index.parse().expect("an index"));
            let accounts = page * PAGE..(page + 1) * PAGE;
            let accounts: Vec<Value> = accounts.map(account).collect();
            let next = (page + 1 < PAGES).then(|| (page + 1).to_string());
            json!({"Accounts": accounts, "NextToken": next}).to_string()
        }
        "ListQueues" => json!({}).to_string(),
        _ if request.uri.contains("organizations") => {
            return (400, json!({"__type": "AccessDeniedException", "Message": "no"}).to_string());
        }
        _ => return (403, query_error("AccessDenied", "no")),
    };
    (200, body)
}

fn account(index: usize) -> Value {
    let id = format!("1{index:011}");
    let arn = format!("arn:aws:organizations::100000000000:account/o-exampleorgid/{id}");
    json!({"Id": id, "Arn": arn, "Name": format!("account {index}"), "State": "ACTIVE"})
}

fn queues() -> Value {
    json!([{"service": "sqs", "function": "list_queues"}])
}

fn organization(settings: &mut ScanSettings) {
    settings.organization_scan = true;
}

fn no_fault(_: &str) -> Option<(u16, String)> {
    None
}

#[tokio::test(start_paused = true)]
async fn scan_starts_with_first_page_of_accounts() {
    let scan = StartedScan::of(queues(), organization, no_fault).await;
    for first in ["GetCallerIdentity", "DescribeOrganization", "ListAccounts"] {
        assert_eq!(scan.before(first), Some(0), "{first}");
    }
    assert_eq!(scan.before("AssumeRole"), Some(1));
    assert_eq!(scan.before("ListAccounts 1"), Some(1));
    let finished = scan.outcome.as_ref().expect("a finished run");
    assert_eq!(finished.tally().calls(), 100);
    let manifest = scan.read("manifest.json");
    assert_eq!(manifest["state"], "finished");
    assert_eq!(
        (&manifest["totals"]["accounts"], &manifest["totals"]["accounts_scanned"]),
        (&json!(100), &json!(100))
    );
    let accounts = scan.read("accounts.json");
    let ids: Vec<&str> =
        accounts.as_array().expect("a list").iter().filter_map(|account| account["id"].as_str()).collect();
    assert_eq!(ids.len(), 100);
    assert!(ids.is_sorted(), "{ids:?}");
}

/// A filter, a shard, and a call that is made in certain accounts depend on accounts that are listed later.
#[tokio::test(start_paused = true)]
async fn scan_waits_for_accounts_that_its_calls_depend_on() {
    let whole = PAGES as u128;
    let excluded = |settings: &mut ScanSettings| {
        settings.organization_scan = true;
        settings.selection.exclude_accounts = vec![AccountId::new("100000000099")];
    };
    assert_eq!(StartedScan::of(queues(), excluded, no_fault).await.before("AssumeRole"), Some(whole));
    let listed = json!([{"service": "sqs", "function": "list_queues", "accounts": ["100000000099"]}]);
    let scan = StartedScan::of(listed, organization, no_fault).await;
    assert_eq!(scan.before("AssumeRole"), Some(whole));
    // The management account is on the first page.
    let roots = json!([{"service": "organizations", "function": "list_roots"}, {"service": "sqs", "function": "list_queues"}]);
    let scan = StartedScan::of(roots, organization, no_fault).await;
    assert_eq!(scan.before("AssumeRole"), Some(1));
}

#[tokio::test(start_paused = true)]
async fn scan_of_one_account_does_not_call_organizations() {
    let scan = StartedScan::of(queues(), |_| {}, no_fault).await;
    let names: Vec<&str> = scan.requests.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["GetCallerIdentity", "ListQueues"]);
}

/// The error of the credentials is reported, and not that of the list, which would have the same cause.
#[tokio::test(start_paused = true)]
async fn invalid_credentials_are_reported_before_failed_list() {
    let fault = |name: &str| {
        let error = json!({"__type": "UnrecognizedClientException", "Message": "no"}).to_string();
        match name {
            "GetCallerIdentity" => Some((403, query_error("InvalidClientTokenId", "no"))),
            _ => Some((400, error)),
        }
    };
    let scan = StartedScan::of(queues(), organization, fault).await;
    let failure = scan.outcome.expect_err("invalid credentials");
    assert_eq!(failure.kind(), FailureKind::Credentials);
    assert!(failure.to_string().contains("the access key is not valid"), "{failure}");
    assert!(!failure.to_string().contains("accounts"), "{failure}");
}

/// A list that fails during the scan ends the run. The accounts that were listed before are in its files.
#[tokio::test(start_paused = true)]
async fn failed_page_of_accounts_stops_scan_that_can_be_resumed() {
    let denied = || (400, json!({"__type": "AccessDeniedException", "Message": "no"}).to_string());
    let scan = StartedScan::of(queues(), organization, move |name| (name == "ListAccounts 3").then(denied));
    let scan = scan.await;
    let failure = scan.outcome.as_ref().expect_err("a failed list");
    assert_eq!(failure.kind(), FailureKind::Credentials);
    let text = failure.to_string();
    assert!(text.contains("is not allowed to list the accounts"), "{text}");
    assert!(text.contains("scan resume"), "{text}");
    let manifest = scan.read("manifest.json");
    assert_eq!((&manifest["state"], &manifest["totals"]["accounts"]), (&json!("listing"), &json!(60)));
    assert_eq!(scan.read("accounts.json").as_array().map(Vec::len), Some(60));
}
