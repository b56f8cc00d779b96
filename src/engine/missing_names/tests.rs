//! Tests of unresolved host names: single calls, and whole runs with all orders of calls.

use std::time::Duration;

use serde_json::{Value, json};

use super::{may_be_absent, resolve};
use crate::aws::client::HostOf;
use crate::engine::fake::{FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::names::{AccountId, Region};
use crate::run::{CallRecord, Status};

fn record(service: &str, region: &str, of: HostOf) -> CallRecord {
    let account = AccountId::new("123456789012");
    let mut record = CallRecord::new(&account, region, service, "list", "list");
    (record.status, record.missing_host) = (Status::Unreachable, Some(of));
    record.message = Some("dns error".to_owned());
    record
}

#[track_caller]
fn settled(mut record: CallRecord, is_proved: bool) -> CallRecord {
    resolve([&mut record], &Region::new("us-east-1"), |_, _| is_proved);
    record
}

/// A service is absent where AWS does not offer it and other services have responded.
#[test]
fn service_is_absent_when_not_offered_and_others_respond() {
    let absent = settled(record("apprunner", "eu-north-1", HostOf::Service), true);
    assert_eq!((absent.status, absent.hint), (Status::NotAvailable, None));
    assert_eq!(absent.message.as_deref(), Some("AWS does not offer apprunner in eu-north-1: dns error"));
    let silent = settled(record("apprunner", "eu-north-1", HostOf::Service), false);
    assert_eq!(silent.status, Status::Unreachable);
    assert!(silent.hint.is_some_and(|hint| hint.contains("no other service has responded")));
}

#[test]
fn offered_or_unknown_service_is_never_absent() {
    for (service, region, words) in [
        ("ec2", "eu-north-1", "AWS offers ec2 in eu-north-1"),
        ("s3", "us-east-1", "AWS offers s3 in us-east-1"),
        ("iam", "global", "AWS offers iam in this partition"),
        ("apprunner", "eu-west-1", "AWS offers apprunner in eu-west-1"),
        ("codeguru-security", "eu-west-1", "exclude it there with `regions`"),
    ] {
        let undecided = record(service, region, HostOf::Service);
        assert!(!may_be_absent(&undecided, &Region::new("us-east-1")), "{service} {region}");
        let settled = settled(undecided, true);
        assert_eq!(settled.status, Status::Unreachable, "{service} {region}");
        assert!(settled.hint.as_deref().is_some_and(|hint| hint.contains(words)), "{:?}", settled.hint);
    }
}

#[test]
fn a_name_that_is_not_the_services_own_proves_nothing() {
    for (of, words) in [
        (HostOf::Resource, "wildcard record"),
        (HostOf::Configured, "AWS_ENDPOINT_URL"),
        (HostOf::Proxy, "HTTPS_PROXY"),
    ] {
        let settled = settled(record("apprunner", "eu-north-1", of), true);
        assert_eq!(settled.status, Status::Unreachable, "{of:?}");
        assert!(settled.hint.as_deref().is_some_and(|hint| hint.contains(words)), "{:?}", settled.hint);
    }
}

/// A call that was not sent is settled like one that was, and the hint explains how to send it.
#[test]
fn unsent_call_is_settled_like_sent_one() {
    let inferred = |of| CallRecord { inferred: true, ..record("apprunner", "eu-north-1", of) };
    assert_eq!(settled(inferred(HostOf::Service), true).status, Status::NotAvailable);
    let hint = settled(inferred(HostOf::Service), false).hint.unwrap_or_default();
    assert!(hint.ends_with("\nuse --ask-everything to send the call anyway"), "{hint}");
}

#[test]
fn other_outcomes_stay_as_they_are() {
    let mut refused = record("apprunner", "eu-north-1", HostOf::Service);
    refused.missing_host = None;
    let mut denied = record("apprunner", "eu-north-1", HostOf::Service);
    denied.status = Status::Denied;
    for record in [refused, denied] {
        assert_eq!(settled(record.clone(), true), record);
    }
}

const NORTH: &str = "eu-north-1";

/// Returns a spec with these services. AWS does not offer App Runner in `eu-north-1`, but SQS in every region.
fn spec(services: &[&str]) -> Value {
    let function = |service: &str| match service {
        "apprunner" => "list_services",
        "iam" => "list_roles",
        "kms" => "list_keys",
        "codeguru-security" => "list_scans",
        _ => "list_queues",
    };
    services.iter().map(|service| json!({"service": service, "function": function(service)})).collect()
}

fn queues() -> FakeOutcome {
    FakeOutcome::ok(json!({"QueueUrls": ["a"]}).to_string())
}

/// Returns the status of a service's call.
#[track_caller]
fn status(run: &Finished, service: &str) -> Status {
    let found: Vec<_> = run.records.iter().filter(|record| record.service.as_str() == service).collect();
    let [record] = found[..] else { panic!("{service}: {found:?}") };
    record.status
}

fn run(services: &[&str], answer: impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync + 'static) -> FakeRun {
    FakeRun { regions: vec![NORTH], ..FakeRun::new(answer, spec(services)) }
}

/// Whether the missing name or the response of another service comes first makes no difference.
#[tokio::test(start_paused = true)]
async fn absence_ignores_order_of_missing_name_and_answer() {
    for (order, delay) in [
        (["apprunner", "sqs"], Duration::ZERO),
        (["sqs", "apprunner"], Duration::ZERO),
        (["apprunner", "sqs"], Duration::from_secs(50)),
        (["sqs", "apprunner"], Duration::from_secs(50)),
    ] {
        for services_at_once in [1, 8] {
            let mut run = run(&order, move |request| match request.service.as_str() {
                "sqs" => queues().after(delay),
                // No other service of the region responds.
                _ => FakeOutcome::no_name_for(request),
            });
            run.limits.services = services_at_once;
            let run = run.finish().await;
            let found = (status(&run, "apprunner"), status(&run, "sqs"));
            assert_eq!(found, (Status::NotAvailable, Status::Ok), "{order:?} {delay:?} {services_at_once}");
        }
    }
}

/// A region in which nothing else is called gets a request that shows whether it responds.
#[tokio::test(start_paused = true)]
async fn lone_service_of_region_triggers_probe() {
    let answered = run(&["apprunner"], |request| match request.service.as_str() {
        "sts" => FakeOutcome::error(403, "AccessDenied", "no"),
        _ => FakeOutcome::no_name_for(request),
    });
    let mut answered = answered;
    answered.accounts = 5;
    let answered = answered.finish().await;
    assert!(answered.records.iter().all(|record| record.status == Status::NotAvailable));
    let probes = answered.requests.iter().filter(|(_, request)| request.service == "sts").count();
    assert_eq!((answered.records.len(), probes), (5, 1));

    let silent = run(&["apprunner"], FakeOutcome::no_name_for).finish().await;
    assert_eq!(status(&silent, "apprunner"), Status::Unreachable);
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_denies_all_names_leaves_gaps() {
    let services = ["apprunner", "iam", "kms", "sqs", "codeguru-security"];
    let run = run(&services, |request| match request.service.as_str() {
        "iam" => FakeOutcome::no_name("iam.amazonaws.com"),
        _ => FakeOutcome::no_name_for(request),
    });
    let run = FakeRun { accounts: 3, regions: vec![NORTH, "us-east-1"], ..run }.finish().await;
    assert_eq!(run.records.len(), 3 * (1 + 2 * 4));
    for record in &run.records {
        assert_eq!(record.status, Status::Unreachable, "{record:?}");
        assert!(record.missing_host.is_some() && record.hint.is_some(), "{record:?}");
    }
}

/// A service that every region has is a gap, although the rest of the region responds.
#[tokio::test(start_paused = true)]
async fn missing_name_of_universal_service_is_gap() {
    let run = run(&["sqs", "kms", "codeguru-security"], |request| match request.service.as_str() {
        "sqs" => queues(),
        _ => FakeOutcome::no_name_for(request),
    });
    let run = run.finish().await;
    assert_eq!(status(&run, "kms"), Status::Unreachable);
    assert_eq!(status(&run, "codeguru-security"), Status::Unreachable, "the endpoint data do not contain it");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_from_the_region_proves_nothing() {
    // IAM has one host name for all regions.
    let run = run(&["apprunner", "iam"], |request| match request.service.as_str() {
        "iam" => FakeOutcome::ok("<ListRolesResponse><ListRolesResult/></ListRolesResponse>"),
        _ => FakeOutcome::no_name_for(request),
    });
    let run = run.finish().await;
    assert_eq!((status(&run, "apprunner"), status(&run, "iam")), (Status::Unreachable, Status::Empty));
}

#[tokio::test(start_paused = true)]
async fn inferred_calls_use_same_evidence_for_absence() {
    let entries = |service: &str, function: &str, count: usize| -> Vec<Value> {
        (0..count)
            .map(|index| json!({"service": service, "function": function, "name": format!("{service}-{index}")}))
            .collect()
    };
    for (answers, expected) in [(true, Status::NotAvailable), (false, Status::Unreachable)] {
        let spec = Value::from(
            [entries("apprunner", "list_services", 40), entries("sqs", "list_queues", 1)].concat(),
        );
        let mut run = FakeRun::new(
            move |request| match request.service.as_str() {
                "sqs" if answers => queues(),
                _ => FakeOutcome::no_name_for(request),
            },
            spec,
        );
        run.regions = vec![NORTH];
        run.limits.calls = 1;
        let run = run.finish().await;
        let absent: Vec<_> =
            run.records.iter().filter(|record| record.service.as_str() == "apprunner").collect();
        assert_eq!(absent.len(), 40);
        assert_eq!(absent.iter().any(|record| record.inferred), answers);
        assert!(absent.iter().all(|record| record.status == expected), "{answers}");
    }
}
