use std::path::Path;
use std::time::Duration;

use super::{RunOutcome, SummaryFacts};
use crate::aws::client::InferredFrom;
use crate::names::{AccountId, Partition, Region};
use crate::plan::{Plan, PlannedAccount, RegionChoice, SkippedCall};
use crate::reports::summary::RunTally;
use crate::run::{CallRecord, DeniedBy, Status};

fn plan() -> Plan {
    let account = |id: &str, name: &str| PlannedAccount {
        id: AccountId::new(id),
        name: Some(name.to_owned()),
        regions: None,
    };
    Plan {
        accounts: vec![account("111111111111", "Audit"), account("222222222222", "Shop")],
        calls: Vec::new(),
        skipped: Vec::new(),
        regions: RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() },
        global_region: Region::new("us-east-1"),
        partition: Partition::new("aws"),
        started: chrono::DateTime::UNIX_EPOCH,
    }
}

fn record(account: &str, service: &str, status: Status, items: u64) -> CallRecord {
    let mut record = CallRecord::new(&AccountId::new(account), "eu-west-1", service, "list", "list");
    (record.status, record.items, record.attempts) = (status, items, 1);
    record
}

fn summary_of(tally: &RunTally, ending: RunOutcome) -> SummaryFacts<'_> {
    let took = Duration::from_millis(1500);
    SummaryFacts::new(tally, &plan(), ending, took, Path::new("output/run"))
}

#[test]
fn says_what_was_found_what_is_missing_and_what_to_do() {
    let mut tally = RunTally::default();
    tally.count(&record("111111111111", "sqs", Status::Ok, 7));
    tally.count(&record("222222222222", "sqs", Status::Ok, 2));
    let mut denied = record("222222222222", "kms", Status::Denied, 0);
    denied.denied_by = Some(DeniedBy::Scp);
    denied.message = Some("explicit deny in a service control policy".to_owned());
    denied.hint = Some("exempt the role".to_owned());
    tally.count(&denied);
    let mut refused = record("222222222222", "sns", Status::Denied, 0);
    (refused.inferred, refused.inferred_from) = (true, Some(InferredFrom::Session));
    refused.role = Some("Audit".to_owned());
    refused.message = Some("cannot assume arn:aws:iam::222222222222:role/Audit: no".to_owned());
    tally.count(&refused);
    assert_eq!(
        summary_of(&tally, RunOutcome::Incomplete).text(None),
        "\n9 items in the responses to 4 calls (4 requests) in 1.5 s\n  2 ok, 2 denied\n\
         \nItems per service\n         9  sqs\n\
         \nItems per account\n         7  111111111111-Audit\n         2  222222222222-Shop\n\
         \nNot complete: 2 of 4 calls\n\
         \x20 kms in eu-west-1 denied by a service control policy: 1 call in account 222222222222\n\
         \x20     list: explicit deny in a service control policy\n\
         \x20     hint: exempt the role\n\
         \x20 cannot assume role Audit in account 222222222222: 1 call denied\n\
         \x20     cannot assume arn:aws:iam::222222222222:role/Audit: no\n\
         \nResults are in output/run\nExit code 4: finished, but not complete\n"
    );
}

#[test]
fn programs_get_everything_that_people_do() {
    let mut tally = RunTally::default();
    for service in 0..20 {
        tally.count(&record("111111111111", &format!("service{service}"), Status::Ok, 1 + service));
    }
    let mut throttled = record("222222222222", "kms", Status::Throttled, 0);
    throttled.code = Some("ThrottlingException".to_owned());
    tally.count(&throttled);
    tally.throttled = 7;
    let json = serde_json::to_value(summary_of(&tally, RunOutcome::Incomplete)).expect("JSON");
    assert_eq!(json["ending"], "incomplete");
    assert_eq!(json["exit_code"], 4);
    assert_eq!(json["throttled"], 7);
    assert_eq!(json["statuses"], serde_json::json!({"ok": 20, "throttled": 1}));
    assert_eq!(json["services"].as_array().map(Vec::len), Some(20));
    assert_eq!(json["services"][0], serde_json::json!({"name": "service19", "items": 20}));
    assert_eq!(json["accounts"][0]["name"], "111111111111-Audit");
    assert_eq!(json["failures"][0]["codes"], serde_json::json!(["ThrottlingException"]));
    assert_eq!(json["failures"][0]["subject"], "service");
    assert_eq!(
        json["failures"][0]["title"],
        "kms in eu-west-1 throttled (ThrottlingException): 1 call in account 222222222222"
    );
    assert_eq!(json["unfinished"], serde_json::Value::Null);
    assert_eq!(json["failures"][0]["example"]["account"], "222222222222");
}

#[test]
fn a_page_shows_ten_and_sums_up_the_rest() {
    let mut tally = RunTally::default();
    for service in 0..12 {
        tally.count(&record("111111111111", &format!("service{service:02}"), Status::Ok, 100 - service));
    }
    let page = summary_of(&tally, RunOutcome::Complete).markdown();
    assert!(page.starts_with("## ✅ AWS inventory: 1134 items\n"), "{page}");
    assert!(page.contains("| service09 | 91 |\n| 2 others | 179 |\n"), "{page}");
    assert!(page.contains("Exit code 0: complete. Results are in output/run."), "{page}");
}

#[test]
fn a_line_says_that_something_is_missing_and_where_to_look() {
    let mut tally = RunTally::default();
    tally.count(&record("111111111111", "kms", Status::Denied, 0));
    assert_eq!(
        summary_of(&tally, RunOutcome::Incomplete).line(),
        "Exit code 4: finished, but not complete; 1 call was denied or failed; see output/run/ledger.ndjson"
    );
}

#[test]
fn one_of_something_is_no_several() {
    let mut tally = RunTally::default();
    let mut one = record("111111111111", "sqs", Status::Ok, 1);
    (one.redacted, one.buckets_in_unscanned_regions) = (1, [(Region::new("eu-west-1"), 1)].into());
    tally.count(&one);
    let summary = summary_of(&tally, RunOutcome::Complete);
    for (form, text) in [("text", summary.text(None)), ("markdown", summary.markdown())] {
        for several in ["1 items", "1 calls", "1 requests", "1 buckets", "1 sensitive values"] {
            assert!(!text.contains(several), "{form}: {text}");
        }
        assert!(text.contains("1 bucket is in") && text.contains("1 sensitive value is"), "{text}");
    }
}

#[test]
fn a_run_that_was_stopped_says_how_many_calls_are_left() {
    let mut tally = RunTally::default();
    tally.start(&AccountId::new("111111111111"), 4);
    tally.count(&record("111111111111", "sqs", Status::Ok, 1));
    let summary = summary_of(&tally, RunOutcome::Interrupted);
    let text = summary.text(None);
    assert!(
        text.contains(
            "\nNot sent or interrupted: about 7 calls\n\
             \x20 3 calls in 1 account that was in progress: 111111111111\n\
             \x20 1 account was not started\n"
        ),
        "{text}"
    );
    assert_eq!(
        summary.line(),
        "Exit code 130: stopped by a signal; about 7 calls not sent; see output/run/ledger.ndjson"
    );
    assert!(summary.markdown().contains("Not sent or interrupted: about 7 calls."));
    let json = serde_json::to_value(&summary).expect("JSON");
    assert_eq!(
        json["unfinished"],
        serde_json::json!({
            "calls": 7, "is_estimate": true, "calls_in_progress": 3,
            "accounts_in_progress": ["111111111111"], "accounts_not_started": 1,
        })
    );
}

#[test]
fn ten_causes_are_shown_and_a_query_shows_the_others() {
    let mut tally = RunTally::default();
    for service in 0..12 {
        let mut failed = record("111111111111", &format!("service{service:02}"), Status::Failed, 0);
        failed.code = Some(format!("Error{service}"));
        tally.count(&failed);
    }
    let summary = summary_of(&tally, RunOutcome::Incomplete);
    let text = summary.text(None);
    assert_eq!(text.matches(" failed (Error").count(), 10, "{text}");
    assert!(text.contains("  and 2 more causes: scan query output/run \"select * from gaps\"\n"), "{text}");
    assert!(summary.markdown().contains("and 2 more causes"));
    let in_a_bucket = SummaryFacts { folder: "s3://bucket/run".to_owned(), ..summary };
    assert!(in_a_bucket.text(None).contains("  and 2 more causes: s3://bucket/run/ledger.ndjson\n"));
}

#[test]
fn a_run_with_nothing_to_call_says_so() {
    let skip = || SkippedCall {
        service: "s3".to_owned(),
        function: "get_waiter".to_owned(),
        reason: "a helper method of boto3, not an API call".to_owned(),
        hint: None,
        account: None,
    };
    let tally = RunTally::default();
    for (skipped, expected) in
        [(1, "1 entry of the spec is skipped"), (2, "2 entries of the spec are skipped")]
    {
        let plan = Plan { skipped: (0..skipped).map(|_| skip()).collect(), ..plan() };
        let took = Duration::from_millis(10);
        let summary = SummaryFacts::new(&tally, &plan, RunOutcome::Complete, took, Path::new("output/run"));
        let expected = format!("no calls were sent: {expected}");
        let text = summary.text(None);
        assert!(text.contains(&format!(" in 0.0 s\n  {expected}\n\nResults are in")), "{text}");
        assert!(summary.markdown().contains(&format!("\n{expected}.\n")), "{}", summary.markdown());
    }
    let stopped = summary_of(&tally, RunOutcome::Interrupted);
    assert!(stopped.text(None).contains(" in 1.5 s\n\n"), "no line of blanks");
}
