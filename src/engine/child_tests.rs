//! Tests of child calls in whole runs: placeholders, batches, the order of requests, and missing lists.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::fake::{FakeOutcome, FakeRequest, FakeRun, Finished};
use crate::run::{CallRecord, Status};

/// A record by the function's name, for all items.
fn record<'run>(run: &'run Finished, name: &str) -> &'run CallRecord {
    let mut records = run.records.iter().filter(|record| record.name == name && record.item.is_none());
    records.next().unwrap_or_else(|| panic!("no line of {name}"))
}

fn body(request: &FakeRequest) -> Value {
    serde_json::from_str(&request.body).unwrap_or_default()
}

/// Returns the numbers of a page of `TableNames` with 10 names: `table-0` to `table-9`, and so on.
fn tables(request: &FakeRequest, pages: usize) -> FakeOutcome {
    let page = match body(request)["ExclusiveStartTableName"].as_str() {
        None => 0,
        Some(last) => (last.trim_start_matches("table-").parse::<usize>().expect("a number") + 1) / 10,
    };
    let names: Vec<String> = (page * 10..page * 10 + 10).map(|number| format!("table-{number}")).collect();
    let mut answer = json!({"TableNames": names});
    if page + 1 < pages {
        answer["LastEvaluatedTableName"] = json!(names[9]);
    }
    FakeOutcome::ok(answer.to_string())
}

fn is_list(request: &FakeRequest) -> bool {
    body(request).get("TableName").is_none() && body(request).get("ResourceArn").is_none()
}

/// Returns a spec of tables with these functions for each of them.
fn spec_of_tables(functions: &[&str]) -> Value {
    let each: Vec<Value> = functions
        .iter()
        .map(|function| {
            json!({"over": ".TableNames[]", "function": function, "parameters": {"TableName": "{.}"}})
        })
        .collect();
    json!([{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": each}])
}

const THREE: [&str; 3] = ["describe_table", "describe_continuous_backups", "describe_time_to_live"];

#[tokio::test(start_paused = true)]
async fn placeholders_are_filled_in_calls_and_children() {
    let spec = json!([{"service": "dynamodb", "function": "list_tables",
        "parameters": {"ExclusiveStartTableName": "{account}-{region}"}, "each": [{
            "over": ".TableNames[]", "function": "list_tags_of_resource",
            "parameters": {"ResourceArn": "arn:{partition}:dynamodb:{region}:{account}:table/x"}}]}]);
    let answer = |_: &FakeRequest| FakeOutcome::ok(r#"{"TableNames": ["x"]}"#);
    let run = FakeRun::new(answer, spec).finish().await;
    let sent: Vec<Value> = run.requests.iter().map(|(_, request)| body(request)).collect();
    assert_eq!(sent[0]["ExclusiveStartTableName"], "000000000001-eu-west-1");
    assert_eq!(sent[1]["ResourceArn"], "arn:aws:dynamodb:eu-west-1:000000000001:table/x");
}

fn spec_of_clusters() -> Value {
    json!([{"service": "ecs", "function": "list_clusters", "result_key": "clusterArns", "each": [
        {"over": ".clusterArns[]", "batch": 2, "function": "describe_clusters", "result_key": "clusters",
         "parameters": {"clusters": "{.}"}}]}])
}

/// Answers as ECS, but with an error if one of the clusters does not exist.
fn clusters(names: &'static [&'static str]) -> impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync {
    move |request| match body(request)["clusters"].as_array() {
        None => FakeOutcome::ok(json!({"clusterArns": names}).to_string()),
        Some(clusters) if clusters.contains(&json!("removed")) => {
            FakeOutcome::error(400, "InvalidParameterException", "The cluster removed was not found.")
        }
        Some(clusters) => FakeOutcome::ok(json!({"clusters": clusters}).to_string()),
    }
}

#[tokio::test(start_paused = true)]
async fn items_of_a_batch_are_sent_in_one_call() {
    let run = FakeRun::new(clusters(&["a", "b", "c", "d", "e"]), spec_of_clusters()).finish().await;
    assert_eq!(
        run.results["describe_clusters"],
        json!([
            {"item": ["a", "b"], "result": ["a", "b"]},
            {"item": ["c", "d"], "result": ["c", "d"]},
            {"item": ["e"], "result": ["e"]},
        ])
    );
    assert_eq!((run.requests.len(), record(&run, "describe_clusters").attempts), (4, 3));
}

#[tokio::test(start_paused = true)]
async fn batch_with_a_deleted_item_is_sent_one_by_one() {
    let run = FakeRun::new(clusters(&["a", "removed", "c", "d"]), spec_of_clusters()).finish().await;
    assert_eq!(
        run.results["describe_clusters"],
        json!([{"item": ["a"], "result": ["a"]}, {"item": ["c", "d"], "result": ["c", "d"]}])
    );
    let line = run.records.iter().find(|record| record.item.is_some()).expect("a line of the item");
    assert_eq!((line.status, &line.item), (Status::Vanished, &Some(json!(["removed"]))));
    assert_eq!(
        (record(&run, "describe_clusters").vanished, record(&run, "describe_clusters").attempts),
        (1, 4)
    );
}

#[tokio::test(start_paused = true)]
async fn batches_have_items_of_one_parent() {
    let spec = json!([{"service": "ecs", "function": "list_clusters", "each": [
        {"over": ".clusterArns[] | {c: (. / \"/\")[0], s: (. / \"/\")[1]}", "batch": 2,
         "function": "describe_services", "result_key": "services",
         "parameters": {"cluster": "{.c}", "services": "{.s}"}}]}]);
    let answer = |request: &FakeRequest| match body(request)["services"].as_array() {
        None => FakeOutcome::ok(json!({"clusterArns": ["x/1", "y/1", "x/2", "y/2", "x/3"]}).to_string()),
        Some(services) => FakeOutcome::ok(json!({"services": services}).to_string()),
    };
    let run = FakeRun::new(answer, spec).finish().await;
    let item = |cluster: &str, service: &str| json!({"c": cluster, "s": service});
    assert_eq!(
        run.results["describe_services"],
        json!([
            {"item": [item("x", "1"), item("x", "2")], "result": ["1", "2"]},
            {"item": [item("y", "1"), item("y", "2")], "result": ["1", "2"]},
            {"item": [item("x", "3")], "result": ["3"]},
        ])
    );
}

/// The items that the list has returned and the calls that were made for them are counted at each page of the list.
#[tokio::test(start_paused = true)]
async fn few_items_wait_between_list_and_children() {
    let (listed, called, most) = (AtomicUsize::new(0), AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let waiting = Arc::clone(&most);
    let answer = move |request: &FakeRequest| {
        if !is_list(request) {
            called.fetch_add(1, Ordering::Relaxed);
            return FakeOutcome::ok("{}");
        }
        let waits = THREE.len() * listed.fetch_add(10, Ordering::Relaxed) - called.load(Ordering::Relaxed);
        waiting.fetch_max(waits, Ordering::Relaxed);
        tables(request, 40)
    };
    let run = FakeRun::new(answer, spec_of_tables(&THREE)).finish().await;
    for function in THREE {
        assert_eq!(record(&run, function).items, 400);
    }
    // For each of the three functions, eight items are called and eight wait.
    let most = most.load(Ordering::Relaxed);
    assert!(most <= THREE.len() * 2 * (8 + 1), "{most} items were waiting");
}

#[tokio::test(start_paused = true)]
async fn results_have_the_order_of_the_items() {
    // The later an item is listed, the sooner its response arrives.
    let answer = |request: &FakeRequest| match body(request)["TableName"].as_str() {
        None => tables(request, 3),
        Some(name) => {
            let number: u64 = name.trim_start_matches("table-").parse().expect("a number");
            FakeOutcome::ok("{}").after(Duration::from_millis(500 - 10 * number))
        }
    };
    let run = FakeRun::new(answer, spec_of_tables(&THREE)).finish().await;
    for function in THREE {
        let items = run.results[function].as_array().expect("a list").iter();
        let expected: Vec<Value> =
            (0..30).map(|number| json!({"item": format!("table-{number}"), "result": {}})).collect();
        assert!(items.eq(&expected), "{function}");
    }
    assert_eq!(run.results["list_tables"].as_array().map(Vec::len), Some(30));
}

#[tokio::test(start_paused = true)]
async fn children_start_before_their_list_ends() {
    let answer =
        |request: &FakeRequest| if is_list(request) { tables(request, 5) } else { FakeOutcome::ok("{}") };
    let run = FakeRun::new(answer, spec_of_tables(&THREE)).finish().await;
    let lists = run.requests.iter().map(|(_, request)| is_list(request)).collect::<Vec<_>>();
    let last_page = lists.iter().rposition(|is_list| *is_list).expect("a list");
    let before = lists[..last_page].iter().filter(|is_list| !**is_list).count();
    assert!(before >= THREE.len() * 20, "{before} calls before the last page");
}

#[tokio::test(start_paused = true)]
async fn sibling_calls_run_side_by_side() {
    let answer = |request: &FakeRequest| {
        if is_list(request) {
            tables(request, 1)
        } else {
            FakeOutcome::ok("{}").after(Duration::from_secs(5))
        }
    };
    let alone = FakeRun::new(answer, spec_of_tables(&THREE[..1])).finish().await.end();
    let all = FakeRun::new(answer, spec_of_tables(&THREE)).finish().await.end();
    assert!(all < alone + Duration::from_secs(5), "{alone:?} for one, {all:?} for three");
}

/// A filter of the complete list gets all pages, and so does the result.
#[tokio::test(start_paused = true)]
async fn filter_of_the_whole_list_gets_all_pages() {
    let mut spec = spec_of_tables(&["describe_table"]);
    spec[0]["each"][0]["over"] = json!(".TableNames | {first: .[0], last: .[-1], count: length} | .last");
    let answer =
        |request: &FakeRequest| if is_list(request) { tables(request, 3) } else { FakeOutcome::ok("{}") };
    let run = FakeRun::new(answer, spec).finish().await;
    assert_eq!(run.results["describe_table"], json!([{"item": "table-29", "result": {}}]));
    assert_eq!(record(&run, "list_tables").items, 30);
}

#[tokio::test(start_paused = true)]
async fn max_items_limits_children_as_well() {
    let mut spec = spec_of_tables(&["describe_table"]);
    spec[0]["max_items"] = json!(15);
    let answer =
        |request: &FakeRequest| if is_list(request) { tables(request, 3) } else { FakeOutcome::ok("{}") };
    let run = FakeRun::new(answer, spec).finish().await;
    assert_eq!((record(&run, "list_tables").items, record(&run, "describe_table").items), (15, 15));
    assert_eq!(record(&run, "list_tables").status, Status::Truncated);
}

fn nested_spec() -> Value {
    let mut spec = spec_of_tables(&["describe_table"]);
    spec[0]["each"][0]["each"] = json!([{
        "over": ".Table.TableArn", "function": "list_tags_of_resource", "parameters": {"ResourceArn": "{.}"}}]);
    spec
}

/// Answers as DynamoDB; the tables in `denied` cannot be described.
fn tables_but(denied: &'static [&'static str]) -> impl Fn(&FakeRequest) -> FakeOutcome + Send + Sync {
    move |request| {
        let (request, of_list) = (body(request), is_list(request));
        match request["TableName"].as_str() {
            _ if of_list && denied.contains(&"list") => {
                FakeOutcome::error(400, "AccessDeniedException", "not authorized")
            }
            _ if of_list => FakeOutcome::ok(r#"{"TableNames": ["a", "b"]}"#),
            None => FakeOutcome::ok(r#"{"Tags": []}"#),
            Some(name) if denied.contains(&name) => {
                FakeOutcome::error(400, "AccessDeniedException", "not authorized")
            }
            Some(name) => FakeOutcome::ok(json!({"Table": {"TableArn": name}}).to_string()),
        }
    }
}

fn statuses(run: &Finished) -> HashMap<&str, (Status, Option<&str>)> {
    let all = run.records.iter().filter(|record| record.item.is_none());
    all.map(|record| (&*record.name, (record.status, record.message.as_deref()))).collect()
}

#[tokio::test(start_paused = true)]
async fn children_of_a_denied_list_are_skipped_with_the_reason() {
    let run = FakeRun::new(tables_but(&["list"]), nested_spec()).finish().await;
    let statuses = statuses(&run);
    assert_eq!(statuses["list_tables"].0, Status::Denied);
    for name in ["describe_table", "list_tags_of_resource"] {
        assert_eq!(statuses[name], (Status::Skipped, Some("its list was denied")), "{name}");
    }
    assert_eq!(run.records.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn calls_below_denied_children_are_skipped_with_the_reason() {
    let run = FakeRun::new(tables_but(&["a", "b"]), nested_spec()).finish().await;
    let of_all = statuses(&run);
    assert_eq!(of_all["describe_table"].0, Status::Denied);
    assert_eq!(of_all["list_tags_of_resource"], (Status::Skipped, Some("its list was denied")));
    let run = FakeRun::new(tables_but(&["a"]), nested_spec()).finish().await;
    let of_one = statuses(&run);
    assert_eq!(of_one["describe_table"].0, Status::Truncated);
    let why = "not called for the items of 1 list: its list was denied";
    assert_eq!(of_one["list_tags_of_resource"], (Status::Ok, Some(why)));
}

#[tokio::test(start_paused = true)]
async fn failing_filter_keeps_items_of_earlier_pages() {
    let mut spec = spec_of_tables(&["describe_table"]);
    spec[0]["each"][0]["over"] = json!(".TableNames[] | if . == \"table-15\" then error(\"no\") else . end");
    let described = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&described);
    let answer = move |request: &FakeRequest| {
        if is_list(request) {
            return tables(request, 2);
        }
        seen.lock().expect("no test panicked here").push(body(request)["TableName"].clone());
        FakeOutcome::ok("{}")
    };
    let run = FakeRun::new(answer, spec).finish().await;
    assert_eq!(described.lock().expect("no test panicked here").len(), 10);
    let record = record(&run, "describe_table");
    assert_eq!((record.status, record.items, record.failed_items), (Status::Truncated, 10, 1));
}

/// A missing value may be a typo in a path, unless the filter of the items expects it.
#[tokio::test(start_paused = true)]
async fn items_without_value_fail_unless_the_filter_omits_them() {
    let describe = |over: &str, function: &str| json!({"over": over, "function": function, "parameters": {"TableName": "{.}"}});
    let spec = json!([{"service": "dynamodb", "function": "list_global_tables", "each": [
        describe(".GlobalTables[].GlobalTableName", "describe_table"),
        describe(".GlobalTables[].GlobalTableName | values", "describe_time_to_live"),
    ]}]);
    let answer = |_: &FakeRequest| FakeOutcome::ok(r#"{"GlobalTables": [{"GlobalTableName": "a"}, {}]}"#);
    let run = FakeRun::new(answer, spec).finish().await;
    let [typo, expected] = ["describe_table", "describe_time_to_live"].map(|name| record(&run, name));
    assert_eq!((typo.status, typo.attempts, typo.failed_items), (Status::Truncated, 1, 1));
    assert_eq!((expected.status, expected.attempts, expected.failed_items), (Status::Ok, 1, 0));
}
