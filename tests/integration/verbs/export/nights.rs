//! Exports of two nights: the same spec, and values that differ as AWS's do. Other programs read both exports
//! as one table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Map, Value, json};

use super::workbook;
use crate::sandbox::{Sandbox, python};

const FIRST: &str = "first";
const SECOND: &str = "second";
const NIGHTS: [&str; 2] = [FIRST, SECOND];
const PROGRAMS: [&str; 4] = ["duckdb", "pandas", "polars", "pyarrow"];

/// A run of each night.
struct Nights(Sandbox);

impl Nights {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let spec = json!([
            {"service": "cloudwatch", "function": "describe_alarms"},
            {"service": "comprehend", "function": "list_document_classifiers"},
            {"service": "gamelift", "function": "describe_game_sessions"},
            {"service": "glue", "function": "get_tables", "parameters": {"DatabaseName": "events"}},
            {"service": "iam", "function": "list_roles"},
            {"service": "lambda", "function": "list_functions"},
            {"service": "sqs", "function": "list_queues", "result_key": ".QueueUrls[]? | {url: ., age: 1}"},
        ]);
        fs::write(sandbox.path("spec.json"), spec.to_string()).expect("writes");
        for night in NIGHTS {
            let run = ["demo", "-s", "spec.json", "-r", "us-east-1", "--accounts", "104205104205"];
            sandbox.run([&run[..], &["-o", "output", "--run-name", night]].concat()).expect_exit(0);
            let account = sandbox.path(&format!("output/{night}/104205104205-Blue_Heron"));
            for (service, function, result) in results(night) {
                let place = if service == "iam" { "global" } else { "us-east-1" };
                let path = account.join(place).join(format!("{service}.json"));
                fs::write(path, json!({function: result}).to_string()).expect("writes");
            }
        }
        Self(sandbox)
    }

    /// Exports both runs, and returns their paths.
    #[track_caller]
    fn export(&self, format: &str) -> [PathBuf; 2] {
        NIGHTS.map(|night| {
            let (run, output) = (format!("output/{night}"), format!("{night}.{format}"));
            self.0.run(["export", &run, "--format", format, "--output", &output]).expect_exit(0);
            self.0.path(&output)
        })
    }
}

/// The results of a night.
fn results(night: &str) -> Vec<(&'static str, &'static str, Value)> {
    let is_first = night == FIRST;
    let of = |first: Value, second: Value| if is_first { first } else { second };
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:us-east-1:104205104205:{rest}");
    let alarm = |name: &str, threshold: Value| json!({"AlarmName": name, "AlarmArn": arn("cloudwatch", &format!("alarm:{name}")), "Threshold": threshold});
    let classifier = json!({"DocumentClassifierArn": arn("comprehend", "document-classifier/c")});
    let mut measured = classifier.clone();
    measured["ClassifierMetadata"] =
        json!({"NumberOfLabels": "[redacted]", "EvaluationMetrics": {"Accuracy": "[redacted]"}});
    let condition = of(
        json!({"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
    );
    let role = json!({
        "RoleName": "r", "RoleId": "AROA", "Arn": "arn:aws:iam::104205104205:role/r",
        "CreateDate": of(json!("2024-05-01T00:00:00+00:00"), json!("[redacted]")),
        "MaxSessionDuration": of(json!(3600), json!("an hour")),
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Condition": condition}]},
        "Tags": [{"Key": "team", "Value": "shop"}],
    });
    let variables = of(json!({"Order": "1", "order": "2"}), json!({"order": "2", "Order": "1", "NEW": "3"}));
    let parameters =
        of(json!({"a_b": "underscore", "a-b": "dash"}), json!({"a-b": "dash", "a_b": "underscore"}));
    let queues = of(
        json!([{"url": "a", "age": 1}, {"url": "b", "age": 2}]),
        json!([{"age": "[redacted]", "url": "b"}, {"age": 3, "url": "a"}]),
    );
    vec![
        (
            "cloudwatch",
            "describe_alarms",
            json!({"MetricAlarms": of(
                json!([alarm("cpu", json!(1.5)), alarm("disk", json!(9))]),
                json!([alarm("cpu", json!("NaN")), alarm("disk", json!(9.0)), alarm("net", json!("-Infinity"))]),
            )}),
        ),
        (
            "comprehend",
            "list_document_classifiers",
            json!({
                "DocumentClassifierPropertiesList": [of(classifier, measured)],
            }),
        ),
        (
            "gamelift",
            "describe_game_sessions",
            json!({"GameSessions": [of(
                json!({"GameSessionId": "g", "CreationTime": "2024-05-01T12:00:00.250000+00:00"}),
                json!({"GameSessionId": "g", "CreationTime": "0001-01-01T00:00:00+00:00", "Port": 33_000}),
            )]}),
        ),
        (
            "glue",
            "get_tables",
            json!({
                "TableList": [{"Name": "t", "DatabaseName": "events", "Parameters": parameters}],
            }),
        ),
        ("iam", "list_roles", json!({"Roles": [role]})),
        (
            "lambda",
            "list_functions",
            json!({"Functions": [{
                "FunctionName": "f", "FunctionArn": arn("lambda", "function:f"),
                "Environment": {"Variables": variables},
            }]}),
        ),
        ("sqs", "list_queues", queues),
    ]
}

/// What `tests/export/read_back.py` prints.
#[track_caller]
fn read_back(arguments: &[&str]) -> Map<String, Value> {
    let output = python("../export/read_back.py", arguments).stderr(Stdio::inherit()).output();
    let output = output.expect("starts");
    assert!(output.status.success(), "{arguments:?} failed; the messages are above");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a name in UTF-8")
}

/// The rows of a statement of DuckDB, each as a list.
#[track_caller]
fn duckdb(sql: &str) -> Vec<Value> {
    let rows = read_back(&["sql", sql])["rows"].as_array().expect("rows").clone();
    rows.into_iter().map(|row| row.as_object().expect("a row").values().cloned().collect()).collect()
}

/// Four programs read the files of both nights as one table, and find the same in them.
#[test]
fn two_nights_are_one_table_for_every_program() {
    let nights = Nights::new();
    let [first, second] = nights.export("parquet");
    let tables = read_back(&["together", text(&first), text(&second)]);
    for (name, table) in &tables {
        let rows = |program: &str| -> Vec<String> {
            let rows = table[program]["rows"].as_array().expect("rows");
            let mut rows: Vec<String> = rows.iter().map(Value::to_string).collect();
            rows.sort();
            rows
        };
        for program in PROGRAMS {
            assert_eq!(rows(program), rows("duckdb"), "{program} reads something else in {name}");
        }
    }
    let type_of = |table: &str, column: &str| {
        PROGRAMS
            .map(|program| tables[table][program]["types"][column].as_str().unwrap_or("no column").to_owned())
    };
    for (table, column, [duckdb, arrow, polars]) in [
        ("cloudwatch-metric_alarm", "Threshold", ["DOUBLE", "double", "Float64"]),
        ("comprehend-document_classifier", "ClassifierMetadata_NumberOfLabels", ["BIGINT", "int64", "Int64"]),
        ("gamelift-game_session", "Port", ["BIGINT", "int64", "Int64"]),
        ("sqs-queue", "age", ["BIGINT", "int64", "Int64"]),
    ] {
        assert_eq!(type_of(table, column), [duckdb, arrow, polars, arrow], "{table} {column}");
    }
    for (table, column) in
        [("glue-table", "Parameters"), ("lambda-function", "Environment_Variables"), ("iam-role", "tags")]
    {
        let types = type_of(table, column);
        assert_eq!(types[0], "MAP(VARCHAR, VARCHAR)", "{table} {column}");
        assert!(types[3].starts_with("map<string, string"), "{table} {column}: {types:?}");
    }
    let times = type_of("iam-role", "CreateDate");
    assert_eq!([&*times[0], &*times[3]], ["TIMESTAMP WITH TIME ZONE", "timestamp[us, tz=UTC]"]);
}

/// A statement for one night means the same for the other, and for both.
#[test]
fn sql_means_the_same_in_both_nights() {
    let nights = Nights::new();
    let paths = nights.export("parquet");
    let both = |table: &str| {
        let files = paths.each_ref().map(|path| format!("'{}/{table}/**/*.parquet'", text(path)));
        format!("read_parquet([{}], hive_partitioning = false)", files.join(", "))
    };
    let sql = |columns: &str, table: &str, rest: &str| {
        duckdb(&format!("SELECT {columns} FROM {} {rest}", both(table)))
    };
    assert_eq!(
        sql("AlarmName", "cloudwatch-metric_alarm", "WHERE isfinite(Threshold) AND Threshold > 5"),
        [json!(["disk"]), json!(["disk"])]
    );
    assert_eq!(sql("count(*)", "cloudwatch-metric_alarm", "WHERE isnan(Threshold)"), [json!([1])]);
    assert_eq!(
        sql("DISTINCT Parameters['a-b'], Parameters['a_b']", "glue-table", ""),
        [json!(["dash", "underscore"])]
    );
    let variables = "Environment_Variables['Order'] AS upper, Environment_Variables['order'] AS lower";
    assert_eq!(sql(&format!("DISTINCT {variables}"), "lambda-function", ""), [json!(["1", "2"])]);
    assert_eq!(sql("count(*)", "iam-role", "WHERE tags['team'] = 'shop'"), [json!([2])]);
    assert_eq!(sql("count(*)", "iam-role", "WHERE CreateDate < '2025-01-01'"), [json!([1])]);
}

#[test]
fn query_compares_and_prints_infinities() {
    let nights = Nights::new();
    let sql = "SELECT AlarmName, Threshold FROM cloudwatch_metric_alarm WHERE Threshold < 5";
    for (night, row) in [(FIRST, json!(["cpu", 1.5])), (SECOND, json!(["net", "-Infinity"]))] {
        let run = nights.0.run(["query", &format!("output/{night}"), sql, "--format", "ndjson"]);
        run.expect_exit(0);
        let found: Map<String, Value> = serde_json::from_str(&run.stdout).expect("one row");
        assert_eq!(found.into_iter().map(|(_, value)| value).collect::<Value>(), row);
    }
}

/// A value without the type of its column is in the last column, and the column keeps its type.
#[test]
fn value_of_another_type_is_kept_in_the_last_column() {
    let nights = Nights::new();
    let expected = json!({"CreateDate": "[redacted]", "MaxSessionDuration": "an hour"});
    let others = |value: &Value| serde_json::from_str::<Value>(value.as_str().expect("JSON")).expect("JSON");
    let sqlite = nights.export("sqlite").map(|path| read_back(&["sqlite", text(&path)]));
    for (name, table) in &sqlite[0] {
        assert_eq!(table["types"], sqlite[1][name]["types"], "{name}");
    }
    let [first, second] = sqlite.each_ref().map(|tables| &tables["iam_role"]["rows"][0]);
    assert_eq!((&first["MaxSessionDuration"], first.get("other_fields")), (&json!(3600), None));
    assert_eq!((others(&second["other_fields"]), second.get("MaxSessionDuration")), (expected.clone(), None));
    let thresholds = sqlite[1]["cloudwatch_metric_alarm"]["rows"].as_array().expect("rows").iter();
    let thresholds: Vec<_> = thresholds.map(|alarm| alarm.get("Threshold").cloned()).collect();
    assert_eq!(thresholds, [None, Some(json!(9.0)), Some(json!("-Infinity"))], "SQLite has no NaN");

    let [_, second] = nights.export("xlsx");
    let sheets = workbook(&second);
    let roles = sheets["iam role"]["rows"].as_array().expect("rows");
    let header = roles[0].as_array().expect("a header");
    let columns: BTreeSet<&str> = header.iter().filter_map(Value::as_str).collect();
    assert!(!columns.contains("CreateDate") && columns.contains("raw.Arn"), "{header:?}");
    assert_eq!(header.last(), Some(&json!("other fields")));
    assert_eq!(roles[1].as_array().and_then(|row| row.last()).map(others), Some(expected));
    let session = &sheets["gamelift game_session"]["rows"];
    let time = session[0].as_array().expect("a header").iter().position(|name| name == "CreationTime");
    assert_eq!(session[1][time.expect("the column")], "0001-01-01T00:00:00+00:00", "no date of a workbook");
}

/// The headers of CSV files are equal, and DuckDB finds the types of the model in both.
#[test]
fn csv_of_two_nights_has_equal_headers() {
    let nights = Nights::new();
    let paths = nights.export("csv");
    let header = |folder: &Path, name: &str| {
        let table = fs::read_to_string(folder.join(name)).expect("a table");
        table.lines().next().expect("a header").to_owned()
    };
    for entry in fs::read_dir(&paths[0]).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        assert_eq!(header(&paths[0], &name), header(&paths[1], &name), "{name}");
    }
    let files = paths.each_ref().map(|path| format!("'{}/cloudwatch-metric_alarm.csv'", text(path)));
    let sql = format!(
        "SELECT AlarmName, Threshold FROM read_csv([{}]) WHERE isfinite(Threshold) AND Threshold > 5",
        files.join(", ")
    );
    assert_eq!(duckdb(&sql), [json!(["disk", 9.0]), json!(["disk", 9.0])]);
}

/// Times are numbers with the format of a date.
#[test]
fn workbook_has_dates() {
    let nights = Nights::new();
    let [first, _] = nights.export("xlsx");
    let sheet = &workbook(&first)["gamelift game_session"];
    let header = sheet["rows"][0].as_array().expect("a header");
    let time = header.iter().position(|name| name == "CreationTime").expect("the column");
    let day = sheet["rows"][1][time].as_f64().expect("a number");
    let midday_of_may = 45_413.5;
    assert!((day - midday_of_may - 0.25 / 86_400.0).abs() < 1e-9, "{day}");
    let dates = sheet["dates"].as_array().expect("cells");
    // The fact `created`, and the member that it is from.
    assert!(dates.len() == 2 && dates[1].as_str().is_some_and(|cell| cell.ends_with('2')), "{dates:?}");
}
