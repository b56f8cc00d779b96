//! Tests of endless pagination, of pagination markers and of rejected page sizes, in whole runs.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::fake::{FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::aws::client::MOST_EMPTY_PAGES;
use crate::model::catalog::Function;
use crate::run::{CallRecord, Status};

async fn run(spec: Value, answer: impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync + 'static) -> Finished {
    FakeRun::new(answer, spec).finish().await
}

/// Runs a spec whose first function is called although it is on the deny list.
async fn allowed(
    answer: impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync + 'static,
    spec: Value,
) -> Finished {
    let mut run = FakeRun::new(answer, spec);
    let name = |key: &str| run.spec[0][key].as_str().expect("a name").to_owned();
    let service = run.catalog.service(&name("service")).expect("a catalog").expect("a service");
    let function = Function::find(&service, &name("function")).expect("a function");
    run.catalog.allow(&function);
    run.finish().await
}

/// Returns the only record of a run.
fn record(run: &Finished) -> &CallRecord {
    assert_eq!(run.records.len(), 1, "{:?}", run.records);
    &run.records[0]
}

/// Asserts a truncated record that keeps the pages before the error, with these words in its message.
fn assert_cut_off(record: &CallRecord, words: &str) {
    assert_eq!((record.status, record.truncated_by), (Status::Truncated, Some(Status::Failed)), "{record:?}");
    assert!(record.is_gap());
    let message = record.message.as_deref().unwrap_or_default();
    assert!(message.contains(words), "{message}");
}

fn parameter_of(request: &FakeRequest, member: &str) -> Option<String> {
    let body: Value = serde_json::from_str(&request.body).expect("JSON");
    body[member].as_str().map(str::to_owned)
}

/// Returns tables, one per page; `next` returns the next token for a token.
async fn tables(next: impl Fn(Option<&str>) -> Option<String> + Send + Sync + 'static) -> Finished {
    let spec = json!([{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"}]);
    run(spec, move |request| {
        let token = parameter_of(request, "ExclusiveStartTableName");
        let mut page = json!({"TableNames": [format!("table after {token:?}")]});
        if let Some(next) = next(token.as_deref()) {
            page["LastEvaluatedTableName"] = json!(next);
        }
        FakeOutcome::ok(page.to_string())
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn tokens_in_a_circle_of_any_length_end_the_pages() {
    for period in [1, 2, 3, 7, 100] {
        // The first page leads into the cycle of tokens, and each page of the cycle is kept once.
        let run = tables(move |token| {
            let number: usize = token.map_or(0, |token| token.parse().expect("a number"));
            Some(((number + 1) % period).to_string())
        })
        .await;
        let record = record(&run);
        assert_cut_off(record, "the same page token twice");
        assert_eq!(record.items, period as u64 + u64::from(period > 0), "{period}: {record:?}");
        assert_eq!(u64::from(record.attempts), record.items, "{period}");
        let names = run.results["list_tables"].as_array().expect("a list");
        let mut different = names.clone();
        different.dedup();
        assert_eq!((names.len() as u64, different.len()), (record.items, names.len()), "{period}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_comes_again_is_not_kept_twice() {
    let spec = json!([{"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"}]);
    let run = run(spec, |_| FakeOutcome::ok(r#"{"QueueUrls": ["a", "b"], "NextToken": "same"}"#)).await;
    assert_cut_off(record(&run), "the same page token twice");
    assert_eq!((record(&run).items, record(&run).attempts), (2, 2));
    assert_eq!(run.results["list_queues"], json!(["a", "b"]));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_the_spec_begins_with_is_known() {
    let spec = json!([{"service": "sqs", "function": "list_queues", "parameters": {"NextToken": "x"}}]);
    let run = run(spec, |_| FakeOutcome::ok(r#"{"QueueUrls": ["a"], "NextToken": "x"}"#)).await;
    assert_cut_off(record(&run), "the same page token twice");
    assert_eq!(record(&run).items, 1);
}

/// Returns queues, with empty pages before the pages with items.
async fn queues_after(empty: u32) -> Finished {
    let spec = json!([{"service": "sqs", "function": "list_queues"}]);
    run(spec, move |request| {
        let page: u32 =
            parameter_of(request, "NextToken").map_or(0, |token| token.parse().expect("a number"));
        FakeOutcome::ok(match page {
            0 => json!({"QueueUrls": ["first"], "NextToken": "1"}).to_string(),
            page if page <= empty => json!({"NextToken": (page + 1).to_string()}).to_string(),
            _ => json!({"QueueUrls": ["last"]}).to_string(),
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn empty_pages_are_passed_over() {
    let run = queues_after(MOST_EMPTY_PAGES - 1).await;
    assert_eq!((record(&run).status, record(&run).items), (Status::Ok, 2));
    assert_eq!(run.results["list_queues"], json!({"QueueUrls": ["first", "last"]}));
}

#[tokio::test(start_paused = true)]
async fn ever_new_tokens_with_empty_pages_end_at_the_bound() {
    let run = queues_after(u32::MAX).await;
    assert_cut_off(record(&run), "the last 2500 pages had no items");
    assert_eq!((record(&run).items, record(&run).pages), (1, MOST_EMPTY_PAGES + 1));
    assert_eq!(run.results["list_queues"], json!({"QueueUrls": ["first"]}));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_says_itself_that_more_exists_is_not_complete() {
    let xml = |body: &str| body.to_owned();
    let answers: HashMap<&str, (&str, String, &str)> = HashMap::from([
        (
            "kms",
            ("list_keys", json!({"Keys": [{"KeyId": "k"}], "Truncated": true}).to_string(), "`Truncated`"),
        ),
        (
            "iam",
            (
                "list_users",
                xml("<R><ListUsersResult><IsTruncated>true</IsTruncated><Users/></ListUsersResult></R>"),
                "`IsTruncated`",
            ),
        ),
        (
            "route53",
            (
                "list_hosted_zones",
                xml("<R><HostedZones/><Marker>m</Marker><IsTruncated>true</IsTruncated></R>"),
                "`IsTruncated`",
            ),
        ),
        (
            "cloudfront",
            (
                "list_distributions",
                xml("<R><Marker>m</Marker><IsTruncated>true</IsTruncated><Quantity>0</Quantity></R>"),
                "`DistributionList.IsTruncated`",
            ),
        ),
        // No request has a parameter for this token.
        ("guardduty", ("get_findings_statistics", json!({"nextToken": "t"}).to_string(), "`NextToken`")),
    ]);
    for (service, (function, body, words)) in answers {
        let mut call = json!({"service": service, "function": function});
        if service == "guardduty" {
            call["parameters"] = json!({"DetectorId": "d"});
        }
        let run = run(json!([call]), move |_| FakeOutcome::ok(body.clone())).await;
        assert_cut_off(record(&run), words);
        assert!(run.results.contains_key(function), "{service}: what was read is kept");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_repeats_what_was_asked_is_complete() {
    let answers = [
        (
            "route53",
            "list_hosted_zones",
            "<R><HostedZones/><Marker>m</Marker><IsTruncated>false</IsTruncated></R>",
        ),
        (
            "route53",
            "list_traffic_policies",
            "<R><TrafficPolicySummaries/><IsTruncated>false</IsTruncated><TrafficPolicyIdMarker>m</TrafficPolicyIdMarker></R>",
        ),
        ("cloudfront", "list_distributions", "<R><Marker>m</Marker><IsTruncated>false</IsTruncated></R>"),
    ];
    for (service, function, body) in answers {
        let run =
            run(json!([{"service": service, "function": function}]), move |_| FakeOutcome::ok(body)).await;
        assert_eq!(
            (record(&run).status, record(&run).truncated_by),
            (Status::Empty, None),
            "{:?}",
            record(&run)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_page_that_is_enough_is_no_gap() {
    let spec = json!([{"service": "kms", "function": "list_keys", "paginate": false}]);
    let run = run(spec, |_| FakeOutcome::ok(r#"{"Keys": [{"KeyId": "k"}], "Truncated": true}"#)).await;
    assert_eq!((record(&run).status, record(&run).is_gap()), (Status::Truncated, false));
}

/// Runs a spec with a service that rejects a page size, or every request.
async fn refusing(spec: Value, code: &'static str, always: bool) -> Finished {
    run(spec, move |request| {
        if always || parameter_of(request, "Limit").is_some() || request.body.contains("Limit") {
            FakeOutcome::error(400, code, "1 validation error detected")
        } else {
            FakeOutcome::ok(r#"{"Keys": [{"KeyId": "k"}]}"#)
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_size_that_nobody_asked_for_is_taken_back() {
    for options in [json!({}), json!({"paginate": false}), json!({"max_items": 1})] {
        let mut call = json!({"service": "kms", "function": "list_keys"});
        for (name, value) in options.as_object().expect("options") {
            call[name] = value.clone();
        }
        let run = refusing(json!([call]), "ValidationException", false).await;
        let record = record(&run);
        assert_eq!((record.status, record.items, record.attempts), (Status::Ok, 1, 2), "{record:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_sent_no_third_time_and_its_own_size_is_kept() {
    let run =
        refusing(json!([{"service": "kms", "function": "list_keys"}]), "ValidationException", true).await;
    assert_eq!((record(&run).status, record(&run).attempts), (Status::Failed, 2));
    let own = json!([{"service": "kms", "function": "list_keys", "parameters": {"Limit": 5}}]);
    let run = refusing(own, "ValidationException", false).await;
    assert_eq!((record(&run).status, record(&run).attempts), (Status::Failed, 1));
    let run =
        refusing(json!([{"service": "kms", "function": "list_keys"}]), "DependencyException", false).await;
    assert_eq!((record(&run).status, record(&run).attempts), (Status::Failed, 1), "not for its parameters");
}

/// Returns two streams with tags in pages; the second page of one stream fails.
fn tags_of_streams(request: &FakeRequest) -> FakeOutcome {
    if request.body.contains("StreamNames") || !request.body.contains("StreamName") {
        return FakeOutcome::ok(r#"{"StreamNames": ["good", "bad"], "HasMoreStreams": false}"#);
    }
    let stream = parameter_of(request, "StreamName").expect("a name");
    match (stream.as_str(), parameter_of(request, "ExclusiveStartTagKey").as_deref()) {
        (_, None) => FakeOutcome::ok(r#"{"Tags": [{"Key": "a", "Value": "1"}], "HasMoreTags": true}"#),
        ("good", Some("a")) => {
            FakeOutcome::ok(r#"{"Tags": [{"Key": "b", "Value": "2"}], "HasMoreTags": false}"#)
        }
        _ => FakeOutcome::error(400, "InvalidArgumentException", "no such key"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_whose_later_page_fails_keeps_the_pages_before() {
    let spec = json!([{"service": "kinesis", "function": "list_streams", "each": [{
        "over": ".StreamNames[]", "function": "list_tags_for_stream", "parameters": {"StreamName": "{.}"},
        "result_key": "Tags"}]}]);
    let run = run(spec, tags_of_streams).await;
    let of_item = run.records.iter().find(|record| record.item.is_some()).expect("a line of the item");
    assert_eq!((of_item.status, of_item.truncated_by), (Status::Truncated, Some(Status::Failed)));
    assert_eq!(of_item.item, Some(json!("bad")));
    let child =
        run.records.iter().find(|record| &*record.name == "list_tags_for_stream" && record.item.is_none());
    let child = child.expect("the line of all items");
    assert_eq!((child.status, child.items), (Status::Truncated, 2), "{child:?}");
    assert_eq!(child.failed_items, 1, "{child:?}");
    let tags = |names: &[&str]| -> Value {
        names.iter().map(|name| json!({"Key": name, "Value": if *name == "a" { "1" } else { "2" }})).collect()
    };
    assert_eq!(
        run.results["list_tags_for_stream"],
        json!([{"item": "good", "result": tags(&["a", "b"])}, {"item": "bad", "result": tags(&["a"])}])
    );
}

#[tokio::test(start_paused = true)]
async fn bucket_list_keeps_pages_before_failed_page() {
    let requests = Mutex::new(0);
    let answer = move |_: &FakeRequest| {
        let mut requests = requests.lock().expect("no test panicked here");
        *requests += 1;
        if *requests == 1 {
            return FakeOutcome::ok(
                "<R><Buckets><Bucket><Name>b</Name><BucketRegion>eu-west-1</BucketRegion></Bucket></Buckets>\
                 <ContinuationToken>t</ContinuationToken></R>",
            );
        }
        let body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        FakeOutcome { outcome: Ok((403, body.to_owned())), ..FakeOutcome::ok("") }
    };
    let run =
        run(json!([{"service": "s3", "function": "list_buckets", "result_key": "Buckets"}]), answer).await;
    let record = record(&run);
    assert_eq!(
        (record.status, record.truncated_by, record.items),
        (Status::Truncated, Some(Status::Denied), 1)
    );
    assert_eq!(record.attempts, 2);
    assert_eq!(run.results["list_buckets"], json!([{"Name": "b", "BucketRegion": "eu-west-1"}]));
}

/// A log is read forward from its head and backward from its tail.
#[tokio::test(start_paused = true)]
async fn log_events_are_read_from_head_and_tail() {
    // Three pages; at both ends, the returned token equals the one that was sent.
    let page = |request: &FakeRequest| {
        let token = parameter_of(request, "pageToken").unwrap_or_default();
        let at: i64 = token
            .trim_start_matches(['f', 'b'])
            .parse()
            .unwrap_or(if request.body.contains("true") { 0 } else { 2 });
        let (forward, backward) = ((at + 1).min(3), (at - 1).max(-1));
        let events: Vec<_> =
            (0..3).filter(|event| *event == at).map(|event| json!({"message": event.to_string()})).collect();
        let page = json!({"resourceLogEvents": events, "nextForwardToken": format!("f{forward}"), "nextBackwardToken": format!("b{backward}")});
        FakeOutcome::ok(page.to_string())
    };
    for (head, expected) in [(true, ["0", "1", "2"]), (false, ["2", "1", "0"])] {
        let mut catalog = crate::model::catalog::Catalog::embedded().expect("opens");
        let lightsail = catalog.service("lightsail").expect("loads").expect("exists");
        let function =
            crate::model::catalog::Function::find(&lightsail, "get_relational_database_log_events");
        catalog.allow(&function.expect("exists"));
        let spec = json!([{"service": "lightsail", "function": "get_relational_database_log_events",
            "parameters": {"relationalDatabaseName": "d", "logStreamName": "s", "startFromHead": head}}]);
        let run = FakeRun { catalog, ..FakeRun::new(page, spec) }.finish().await;
        let record = record(&run);
        assert_eq!((record.status, record.items, record.pages), (Status::Ok, 3, 4), "{record:?}");
        let events = run.results["get_relational_database_log_events"]["resourceLogEvents"]
            .as_array()
            .expect("events")
            .clone();
        let messages: Vec<_> = events.iter().filter_map(|event| event["message"].as_str()).collect();
        assert_eq!(messages, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn pages_and_items_can_be_counted() {
    let found = |request: &FakeRequest| {
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let page = body["PageNumber"].as_u64().unwrap_or(1);
        let items: Vec<_> =
            (0..3).filter(|_| page < 3).map(|item| json!({"Id": format!("{page}-{item}")})).collect();
        FakeOutcome::ok(json!({"ResultItems": items, "TotalNumberOfResults": 6}).to_string())
    };
    let spec = json!([{"service": "kendra", "function": "query", "parameters": {"IndexId": "i".repeat(36), "QueryText": "q"}}]);
    let all = allowed(found, spec.clone()).await;
    assert_eq!((record(&all).status, record(&all).items, record(&all).pages), (Status::Ok, 6, 2));
    // The count of the service is higher than the number of items that it returns.
    let more = move |request: &FakeRequest| {
        let Ok((status, body)) = found(request).outcome else { unreachable!("always an answer") };
        FakeOutcome { outcome: Ok((status, body.replace(":6", ":192"))), ..FakeOutcome::ok("") }
    };
    let some = allowed(more, spec).await;
    assert_cut_off(record(&some), "192 items and returns only 6");
}
