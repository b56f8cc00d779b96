//! Tests of limits and circuit breakers in whole runs, in virtual time.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Limits;
use super::fake::{FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::run::{DeniedBy, Status};

/// Returns a spec with `count` entries that each call `ListQueues`.
fn queue_lists(count: usize) -> Value {
    (0..count)
        .map(|index| json!({"service": "sqs", "function": "list_queues", "name": format!("list-{index}")}))
        .collect()
}

/// Returns the requested page; the third is the last.
fn queue_page(request: &FakeRequest) -> FakeOutcome {
    let token = |page: &str| request.body.contains(&format!("\"NextToken\":\"{page}\""));
    let next = match (token("2"), token("3")) {
        (false, false) => json!({"QueueUrls": ["a"], "NextToken": "2"}),
        (true, _) => json!({"QueueUrls": ["b"], "NextToken": "3"}),
        _ => json!({"QueueUrls": ["c"]}),
    };
    FakeOutcome::ok(next.to_string())
}

/// The token bucket of an account on AWS's side.
struct ThrottlingAccount(Mutex<(f64, Option<Instant>)>);

impl ThrottlingAccount {
    fn one_a_second() -> Self {
        Self(Mutex::new((1.0, None)))
    }

    fn take(&self) -> bool {
        let mut state = self.0.lock().expect("no test panicked here");
        let now = Instant::now();
        let elapsed = state.1.map_or(0.0, |filled| (now - filled).as_secs_f64());
        let tokens = (state.0 + elapsed).min(1.0);
        let taken = tokens >= 1.0;
        *state = (if taken { tokens - 1.0 } else { tokens }, Some(now));
        taken
    }
}

/// Scans a hundred accounts with six permits in total; account 42 may be throttled to one request per second.
async fn hundred_accounts(throttled: bool) -> Finished {
    let allowance = ThrottlingAccount::one_a_second();
    let answer = move |request: &FakeRequest| {
        if throttled && request.account == "000000000042" && !allowance.take() {
            return FakeOutcome::error(400, "ThrottlingException", "Rate exceeded");
        }
        queue_page(request)
    };
    let run = FakeRun {
        accounts: 100,
        limits: Limits { requests: 6, accounts: 100, ..Limits::default() },
        ..FakeRun::new(answer, queue_lists(4))
    };
    run.finish().await
}

#[tokio::test(start_paused = true)]
async fn a_throttled_account_slows_nobody_else() {
    let undisturbed = hundred_accounts(false).await;
    let run = hundred_accounts(true).await;
    let last_of_others = run.done.iter().filter(|(account, _)| *account != "000000000042");
    let last_of_others = last_of_others.map(|(_, done)| *done).max().expect("99 accounts");
    assert!(
        last_of_others <= undisturbed.end().mul_f64(1.05),
        "the others took {last_of_others:?} and not {:?}",
        undisturbed.end()
    );
    // The throttled account needs a second for each of its 12 pages, and gets all of them.
    assert!(run.end() >= Duration::from_secs(11), "{:?}", run.end());
    assert!(run.records.iter().all(|record| record.status == Status::Ok), "a call is lost to throttling");
    let sent = run.requests.iter().filter(|(_, request)| request.account == "000000000042").count();
    assert!(sent < 12 * 3, "{sent} requests for 12 pages");
}

/// With one request at a time, further units would only wait.
#[tokio::test(start_paused = true)]
async fn units_start_when_their_requests_can_be_sent() {
    let run = FakeRun {
        regions: vec!["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "us-east-1", "us-east-2"],
        limits: Limits { requests: 1, ..Limits::default() },
        ..FakeRun::new(queue_page, queue_lists(1))
    };
    let run = run.finish().await;
    let (mut started, mut most) = (HashSet::new(), 0);
    for (_, request) in &run.requests {
        if request.body.contains("\"NextToken\":\"3\"") {
            started.remove(&request.region);
        } else {
            started.insert(&request.region);
            most = most.max(started.len());
        }
    }
    assert_eq!(run.requests.len(), 18);
    assert!(most <= 3, "{most} lists were read at once");
}

#[tokio::test(start_paused = true)]
async fn a_call_asks_no_faster_than_its_quota() {
    let spec = json!((0..20)
        .map(|index| json!({"service": "kinesis", "function": "list_streams", "name": format!("list-{index}")}))
        .collect::<Value>());
    let run = FakeRun::new(|_| FakeOutcome::ok(r#"{"StreamNames": [], "HasMoreStreams": false}"#), spec);
    let run = run.finish().await;
    let times: Vec<Duration> = run.requests.iter().map(|(at, _)| *at).collect();
    for (first, sixth) in times.iter().zip(&times[5..]) {
        let apart = sixth.saturating_sub(*first);
        // Burst of five, then five per second.
        assert!(apart >= Duration::from_millis(200), "{apart:?}");
    }
    assert!(times[19].saturating_sub(times[0]) >= Duration::from_millis(2900), "{times:?}");
}

const SERVICES: [(&str, &str); 9] = [
    ("athena", "list_data_catalogs"),
    ("codebuild", "list_projects"),
    ("codepipeline", "list_pipelines"),
    ("dynamodb", "list_tables"),
    ("events", "list_rules"),
    ("glue", "list_jobs"),
    ("kms", "list_keys"),
    ("logs", "describe_log_groups"),
    ("sqs", "list_queues"),
];

fn nine_services() -> Value {
    SERVICES.iter().map(|(service, function)| json!({"service": service, "function": function})).collect()
}

/// Scans ten accounts whose endpoints in one of two regions accept no connections.
async fn dead_region(ask_everything: bool) -> Finished {
    let answer = |request: &FakeRequest| match &*request.region {
        "me-south-1" => FakeOutcome::no_connection(),
        _ => FakeOutcome::ok("{}"),
    };
    let run = FakeRun {
        accounts: 10,
        regions: vec!["eu-west-1", "me-south-1"],
        ask_everything,
        // Scanning one account after the other keeps the network busy for long enough.
        limits: Limits { accounts: 1, ..Limits::default() },
        ..FakeRun::new(answer, nine_services())
    };
    run.finish().await
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_does_not_answer_costs_seconds() {
    let run = dead_region(false).await;
    assert!(run.in_region("eu-west-1").iter().all(|record| record.status == Status::Empty));
    let dead = run.in_region("me-south-1");
    assert_eq!(dead.len(), 10 * SERVICES.len());
    for record in &dead {
        assert_eq!(record.status, Status::Unreachable, "{record:?}");
        assert_eq!(record.inferred, record.attempts == 0, "{record:?}");
        let message = record.message.as_deref().unwrap_or_default();
        assert!(message.contains("no connection within 3 s"), "{message}");
        assert!(!record.inferred || message.contains("me-south-1.amazonaws.com"), "{message}");
    }
    let inferred = dead.iter().filter(|record| record.inferred).count();
    assert!(inferred >= 7 * SERVICES.len(), "only {inferred} are inferred");
    assert!(run.end() < Duration::from_mins(1), "{:?}", run.end());
    let everything = dead_region(true).await;
    assert!(everything.records.iter().all(|record| !record.inferred));
    assert!(everything.end() > run.end() * 5, "{:?} and {:?}", everything.end(), run.end());
}

/// An endpoint that accepts connections and never responds costs seconds as well.
#[tokio::test(start_paused = true)]
async fn silent_endpoint_costs_seconds() {
    let answer = |request: &FakeRequest| match &*request.region {
        "me-south-1" => FakeOutcome::no_answer(),
        // The other endpoints respond, so the network works.
        _ => FakeOutcome::ok("{}").after(Duration::from_secs(2)),
    };
    let run = FakeRun {
        accounts: 10,
        regions: vec!["eu-west-1", "me-south-1"],
        ..FakeRun::new(answer, nine_services())
    };
    let run = run.finish().await;
    let dead = run.in_region("me-south-1");
    assert_eq!(dead.len(), 10 * SERVICES.len());
    assert!(dead.iter().all(|record| record.status == Status::Unreachable));
    assert!(run.end() < Duration::from_secs(40), "{:?}", run.end());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_slow_at_first_is_given_its_time() {
    let slow = |_: &FakeRequest| FakeOutcome::ok(r#"{"QueueUrls": ["a"]}"#).after(Duration::from_secs(40));
    let run = FakeRun::new(slow, queue_lists(1)).finish().await;
    let record = &run.records[0];
    assert_eq!((record.status, record.attempts), (Status::Ok, 3), "{record:?}");
}

/// Scans one account in which an SCP denies all but one exempt service in one of two regions.
async fn denied_region(ask_everything: bool, sequential: bool) -> Finished {
    let answer = |request: &FakeRequest| match (&*request.region, &*request.service) {
        ("ap-south-2", "kms") | ("eu-west-1", _) => FakeOutcome::ok("{}"),
        _ => FakeOutcome::error(
            400,
            "AccessDeniedException",
            "User is not authorized to perform this with an explicit deny in a service control policy",
        ),
    };
    let services = if sequential { 1 } else { 32 };
    let run = FakeRun {
        regions: vec!["eu-west-1", "ap-south-2"],
        ask_everything,
        limits: Limits { services, ..Limits::default() },
        ..FakeRun::new(answer, nine_services())
    };
    run.finish().await
}

/// A region that the organization denies is not called to the end.
#[tokio::test(start_paused = true)]
async fn denied_region_stops_being_called() {
    let run = denied_region(false, true).await;
    let denied = run.in_region("ap-south-2");
    assert_eq!(denied.len(), SERVICES.len(), "every planned call has its record");
    for record in denied {
        if record.service.as_str() == "kms" {
            assert_eq!((record.status, record.inferred), (Status::Empty, false), "{record:?}");
        } else {
            assert_eq!(
                (record.status, record.denied_by),
                (Status::Denied, Some(DeniedBy::Scp)),
                "{record:?}"
            );
        }
    }
    let inferred = run.records.iter().filter(|record| record.inferred).count();
    assert!((4..=5).contains(&inferred), "{inferred} are inferred");
    assert_eq!(run.requests_in("ap-south-2"), SERVICES.len() - inferred);
}

/// A call that is being retried is waited for before a region is given up.
#[tokio::test(start_paused = true)]
async fn region_breaker_waits_for_retried_call() {
    // All services of the region except one are denied, and that one responds at its third attempt.
    let attempts = Mutex::new(0);
    let answer = move |request: &FakeRequest| match (&*request.region, &*request.service) {
        ("ap-south-2", "sqs") => {
            let mut attempts = attempts.lock().expect("no test panicked here");
            *attempts += 1;
            if *attempts < 3 {
                FakeOutcome::error(400, "ThrottlingException", "Rate exceeded")
            } else {
                FakeOutcome::ok("{}")
            }
        }
        ("eu-west-1", _) => FakeOutcome::ok("{}"),
        _ => FakeOutcome::error(
            400,
            "AccessDeniedException",
            "with an explicit deny in a service control policy",
        ),
    };
    let run = FakeRun { regions: vec!["eu-west-1", "ap-south-2"], ..FakeRun::new(answer, nine_services()) };
    let run = run.finish().await;
    let queues = run.in_region("ap-south-2").into_iter().find(|record| record.service.as_str() == "sqs");
    let queues = queues.expect("a record");
    assert_eq!((queues.status, queues.attempts), (Status::Empty, 3), "{queues:?}");
    assert!(run.records.iter().all(|record| !record.inferred));
}

/// With `--ask-everything`, every call is sent into the denied region.
#[tokio::test(start_paused = true)]
async fn ask_everything_disables_region_breaker() {
    let run = denied_region(true, true).await;
    assert_eq!(run.requests_in("ap-south-2"), SERVICES.len());
    assert!(run.records.iter().all(|record| !record.inferred));
}
