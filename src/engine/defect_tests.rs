//! Tests of panics in whole runs: only the affected calls fail.

use serde_json::{Value, json};

use super::fake::{FakeDefect, FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::run::{CallRecord, Status};

const HURT: &str = "000000000002";

fn spec() -> Value {
    json!([
        {"service": "sqs", "function": "list_queues"},
        {"service": "kms", "function": "list_keys", "each": [
            {"over": ".Keys[]", "function": "describe_key", "parameters": {"KeyId": "{.KeyId}"}, "name": "key"}
        ]},
        {"service": "sns", "function": "list_topics"},
    ])
}

fn answer(request: &FakeRequest) -> FakeOutcome {
    match &*request.service {
        "sns" => FakeOutcome::ok("<ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>"),
        "kms" => FakeOutcome::ok(r#"{"Keys": [{"KeyId": "1"}], "KeyMetadata": {}}"#),
        _ => FakeOutcome::ok("{}"),
    }
}

async fn run(
    answer: impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync + 'static,
    defect: Option<FakeDefect>,
) -> Finished {
    let run = FakeRun {
        accounts: 3,
        regions: vec!["eu-west-1", "us-east-1"],
        defect,
        ..FakeRun::new(answer, spec())
    };
    run.finish().await
}

/// Asserts that every planned call has one record, and that all accounts were finished.
fn assert_whole(run: &Finished) {
    let mut calls: Vec<_> = run
        .records
        .iter()
        .filter(|record| record.item.is_none())
        .map(|record| format!("{} {} {} {}", record.account, record.region, record.service, record.name))
        .collect();
    calls.sort();
    let reported = calls.len();
    calls.dedup();
    assert_eq!((reported, calls.len()), (3 * 2 * 4, 3 * 2 * 4), "{calls:#?}");
    assert_eq!(run.done.len(), 3, "{:?}", run.done);
}

fn failed(run: &Finished) -> Vec<&CallRecord> {
    run.records.iter().filter(|record| record.status == Status::Failed).collect()
}

fn assert_reported(records: &[&CallRecord], words: &str) {
    for record in records {
        let (message, hint) =
            (record.message.as_deref().unwrap_or_default(), record.hint.as_deref().unwrap_or_default());
        assert!(message.contains("has panicked") && message.contains(words), "{message}");
        assert!(hint.contains("please report"), "{hint}");
        assert!(!record.inferred, "{record:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_call_costs_that_call_with_its_children() {
    let run = run(
        |request| {
            let dies = request.account == HURT && request.region == "eu-west-1" && request.service == "kms";
            assert!(!dies, "no such index");
            answer(request)
        },
        None,
    )
    .await;
    assert_whole(&run);
    let failed = failed(&run);
    let names: Vec<_> = failed.iter().map(|record| (&*record.region, &*record.name)).collect();
    assert_eq!(names, [("eu-west-1", "list_keys"), ("eu-west-1", "key")]);
    assert!(failed.iter().all(|record| record.account.as_str() == HURT));
    assert_reported(&failed, "no such index");
}

#[tokio::test(start_paused = true)]
async fn a_panic_on_the_way_into_an_account_costs_that_account() {
    let run = run(answer, Some(FakeDefect::Entering(HURT))).await;
    assert_whole(&run);
    let failed = failed(&run);
    assert_eq!(failed.len(), 2 * 4);
    assert!(failed.iter().all(|record| record.account.as_str() == HURT));
    assert_reported(&failed, "no way in");
}

/// A panic while files are written costs the calls of these files and no others.
#[tokio::test(start_paused = true)]
async fn panic_while_writing_costs_calls_of_those_files() {
    let run = run(answer, Some(FakeDefect::Writing(HURT))).await;
    assert_whole(&run);
    let failed = failed(&run);
    assert!(!failed.is_empty());
    assert!(failed.iter().all(|record| record.account.as_str() == HURT));
    assert_reported(&failed, "no way to write");
}

/// A panic in every call still ends the run, with a line for each call.
#[tokio::test(start_paused = true)]
async fn panic_in_every_call_leaves_line_for_each() {
    let run = run(|_| panic!("nothing works"), None).await;
    assert_whole(&run);
    assert_reported(&failed(&run), "nothing works");
    assert_eq!(failed(&run).len(), 3 * 2 * 4);
}
