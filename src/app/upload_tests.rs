//! Uploads during a run, in virtual time.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::aws_target::AwsTarget;
use super::finished_run::FinishedRun;
use super::observer::Silent;
use super::scan::run;
use super::settings::ScanSettings;
use super::settings::output::OutputTarget;
use crate::aws::credentials::fake::{FakeAws, Sent, caller_identity, query_error};
use crate::error::Failure;
use crate::run::UploadSettings;

/// The time between a request and its response: a list of several pages takes longer than the time between uploads.
const ROUND_TRIP: Duration = Duration::from_secs(10);

/// The number of pages of the long list.
const PAGES: usize = 6;

/// Scans one account into a bucket: a long list and a short one. `fault` returns the response to a request instead of
/// the usual one; it also gets the number of earlier requests for the lock.
async fn scan(
    fault: impl Fn(&Sent, u64) -> Option<(u16, String)> + Send + Sync + 'static,
) -> (Result<FinishedRun, Failure>, Vec<Sent>) {
    let of_lock = AtomicU64::new(0);
    let fake = FakeAws::new(move |request| {
        let is_lock = request.uri.contains("/scan.lock");
        let earlier = if is_lock { of_lock.fetch_add(1, Ordering::Relaxed) } else { 0 };
        fault(request, earlier).unwrap_or_else(|| response_to(request, is_lock && earlier == 1))
    })
    .delayed(ROUND_TRIP);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("spec.json");
    let spec = json!([
        {"service": "sqs", "function": "list_queues"},
        {"service": "sns", "function": "list_topics"},
    ]);
    fs::write(&file, spec.to_string()).expect("a spec");
    let mut settings = ScanSettings::new(file.display().to_string());
    settings.regions.given = vec!["us-east-1".to_owned()];
    let address = "s3://inventory/daily".parse().expect("an address");
    settings.output = OutputTarget::Bucket(address, UploadSettings::default());
    let aws = AwsTarget::Configured(Box::new(fake.config("us-east-1")));
    let outcome = Box::pin(run(settings, aws, Arc::new(Silent))).await;
    (outcome, fake.sent())
}

fn response_to(request: &Sent, is_taken: bool) -> (u16, String) {
    if request.uri.contains("s3") {
        let error = "<Error><Code>PreconditionFailed</Code><Message>taken</Message></Error>";
        return if is_taken { (412, error.to_owned()) } else { (200, String::new()) };
    }
    if request.target.ends_with("ListQueues") {
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let page: usize = body["NextToken"].as_str().map_or(1, |page| page.parse().expect("a number"));
        let next = (page < PAGES).then(|| (page + 1).to_string());
        return (200, json!({"QueueUrls": [format!("queue-{page}")], "NextToken": next}).to_string());
    }
    match request.body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        Some("GetCallerIdentity") => {
            (200, caller_identity("100000000000", "arn:aws:iam::100000000000:user/me"))
        }
        Some("ListTopics") => (
            200,
            "<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>"
                .to_owned(),
        ),
        _ => (403, query_error("AccessDenied", "no")),
    }
}

#[tokio::test(start_paused = true)]
async fn ledger_is_in_the_bucket_while_a_call_runs() {
    let (outcome, sent) = scan(|_, _| None).await;
    outcome.expect("a finished run");
    let has_line =
        |request: &Sent| request.uri.contains("/ledger.ndjson") && request.body.contains("list_topics");
    let ledger = sent.iter().position(has_line).expect("an upload of the ledger");
    let is_page = |request: &Sent| request.target.ends_with("ListQueues");
    let last_page = sent.iter().rposition(is_page).expect("a request");
    assert!(ledger < last_page, "the ledger was uploaded after the last page");
    let released = sent.last().expect("a request");
    assert!(
        released.uri.contains("/scan.lock") && released.body.contains(r#""writer":null"#),
        "{released:?}"
    );
}

/// S3 lets only the process write the lock that wrote it last.
#[tokio::test(start_paused = true)]
async fn run_without_its_lock_stops_and_uploads_nothing_more() {
    let (outcome, sent) = scan(|request, earlier| {
        let is_lost = request.uri.contains("/scan.lock") && earlier > 2;
        let other = r#"{"writer": "another", "renewals": 1}"#;
        let taken = "<Error><Code>PreconditionFailed</Code><Message>taken</Message></Error>";
        is_lost.then(|| {
            if request.uri.contains("GetObject") { (200, other.to_owned()) } else { (412, taken.to_owned()) }
        })
    })
    .await;
    let failure = outcome.expect_err("a lost run").to_string();
    assert!(failure.starts_with("another process has taken over s3://inventory/daily/"), "{failure}");
    assert!(!failure.contains("scan resume"), "the other process finishes the run: {failure}");
    let lock = sent.iter().position(|request| request.uri.contains("GetObject")).expect("a look at the lock");
    let is_own =
        |request: &Sent| request.uri.contains("ledger.ndjson") || request.uri.contains("manifest.json");
    assert!(!sent[lock..].iter().any(is_own), "the ledger or the manifest was overwritten");
}
