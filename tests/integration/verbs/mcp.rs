//! `scan mcp`: the official Python client of the Model Context Protocol calls its tools.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, answer_of, interpreter, program};

/// The role of this account cannot be assumed.
const CLOSED: &str = "515230977148";
/// Most calls to the databases of this account are denied.
const DENIED: &str = "509984416235";
const RUN: &str = "output/monday";

/// Calls that tests share, by name: they are sent at once in one session.
const CALLS: [(&str, &str, &str); 18] = [
    ("describe", "describe", "{}"),
    ("columns", "describe", r#"{"table": "ec2_instance"}"#),
    ("no table", "describe", r#"{"table": "ec2_instances"}"#),
    ("instances", "query", r#"{"sql": "SELECT id, account FROM ec2_instance ORDER BY id", "limit": 7}"#),
    (
        "all instances",
        "query",
        r#"{"sql": "SELECT id, account FROM ec2_instance ORDER BY id", "limit": 1000}"#,
    ),
    ("databases", "query", r#"{"sql": "SELECT count(*) FROM AWS_RDS_DBInstance"}"#),
    ("accounts", "query", r#"{"sql": "SELECT account FROM accounts"}"#),
    ("all", "query", r#"{"sql": "SELECT raw FROM resources", "limit": 100000}"#),
    ("write", "query", r#"{"sql": "DELETE FROM resources"}"#),
    ("attach", "query", r#"{"sql": "ATTACH '/etc/passwd' AS x"}"#),
    ("wrong column", "query", r#"{"sql": "SELECT InstanceTyp FROM ec2_instance"}"#),
    ("unknown argument", "query", r#"{"sql": "SELECT 1", "path": "/etc/passwd"}"#),
    ("gaps", "gaps", "{}"),
    ("gaps of account", "gaps", r#"{"account": "509984416235", "service": "rds"}"#),
    ("foreign", "links", r#"{"limit": 1000}"#),
    ("diff", "diff", "{}"),
    ("other folder", "diff", r#"{"before": "../output/sunday"}"#),
    ("no run", "diff", r#"{"before": "saturday"}"#),
];

/// A session with a run of the demonstration, one night after another.
struct Session {
    sandbox: Sandbox,
    response: Value,
}

impl Session {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Session> = OnceLock::new();
        SHARED.get_or_init(|| {
            let scenario = json!({"rules": [
                {"match": {"accounts": "310055471926", "services": "lambda"}, "fault": {"deny": {"by": "iam"}}},
            ]});
            let sandbox = Sandbox::new().file("scenario.json", &scenario.to_string());
            let nights = [("sunday", &["--scenario", "scenario.json"][..]), ("monday", &[])];
            for (name, more) in nights {
                let scan = ["demo", "-q", "-o", "output", "--run-name", name];
                sandbox.run([&scan, more].concat()).expect_exit(0);
            }
            let calls: Vec<Value> = CALLS
                .iter()
                .map(|(_, tool, arguments)| {
                    let arguments: Value = serde_json::from_str(arguments).expect("JSON");
                    json!({"tool": tool, "arguments": arguments})
                })
                .collect();
            let response = call(&sandbox, &calls);
            Self { sandbox, response }
        })
    }

    /// The result of a call of [`CALLS`]: the value, if the tool did not fail.
    #[track_caller]
    fn value(&self, name: &str) -> &Value {
        let result = self.result(name);
        assert_eq!(result["error"], false, "{name}: {result}");
        &result["value"]
    }

    /// The error of a call of [`CALLS`].
    #[track_caller]
    fn error(&self, name: &str) -> String {
        let result = self.result(name);
        assert_eq!(result["error"], true, "{name}: {result}");
        result["value"]["error"].as_str().expect("a message").to_owned()
    }

    fn result(&self, name: &str) -> &Value {
        let index = CALLS.iter().position(|(of, ..)| *of == name).expect("a call");
        &self.response["results"][index]
    }

    /// The rows that `scan query` prints.
    fn queried(&self, sql: &str) -> Vec<Value> {
        let query = self.sandbox.run(["query", RUN, sql, "--format", "json"]);
        query.expect_exit(0);
        serde_json::from_str(&query.stdout).expect("rows")
    }
}

/// Calls tools of the run, with the environment of the client alone: neither credentials nor a region.
#[track_caller]
fn call(sandbox: &Sandbox, calls: &[Value]) -> Value {
    let run = sandbox.path(RUN);
    let request = json!({"command": [program(), "mcp", run], "calls": calls});
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/client.py");
    let mut client = Command::new(interpreter());
    client.arg("-B").arg(script);
    serde_json::from_str(&answer_of(client, "the client", &request.to_string())).expect("a response")
}

fn causes(response: &Value) -> BTreeSet<&str> {
    let causes = response["gaps"]["causes"].as_array().into_iter().flatten();
    causes.map(|cause| cause["cause"].as_str().expect("a cause")).collect()
}

#[test]
fn tools_are_described_as_read_only() {
    let session = &Session::shared().response;
    let tools = session["tools"].as_array().expect("tools");
    let names: BTreeSet<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["describe", "diff", "gaps", "links", "query", "resource"]));
    for tool in tools {
        let hints = &tool["annotations"];
        assert_eq!(hints["readOnlyHint"], true, "{tool}");
        assert_eq!((&hints["destructiveHint"], &hints["openWorldHint"]), (&json!(false), &json!(false)));
        assert!(tool["description"].as_str().is_some_and(|text| text.len() > 60), "{tool}");
        for (name, argument) in tool["inputSchema"]["properties"].as_object().expect("arguments") {
            assert!(argument["description"].is_string(), "{name} of {tool}");
        }
    }
    let instructions = session["server"]["instructions"].as_str().expect("instructions");
    assert!(instructions.contains("`gaps`") && instructions.contains("no instructions"), "{instructions}");
}

#[test]
fn text_of_result_is_its_value() {
    for result in Session::shared().response["results"].as_array().expect("results") {
        assert_eq!(result["text"], json!([result["value"]]));
    }
}

#[test]
fn description_has_run_kinds_and_gaps() {
    let session = Session::shared();
    let described = session.value("describe");
    let run = &session.queried("SELECT accounts, requests FROM run")[0];
    assert_eq!(
        (&described["run"]["accounts"], &described["run"]["requests"]),
        (&run["accounts"], &run["requests"])
    );
    let kinds = described["kinds"].as_array().expect("kinds");
    let counted: u64 = kinds.iter().filter_map(|kind| kind["resources"].as_u64()).sum();
    let all = &session.queried("SELECT count(*) AS count FROM resources")[0];
    assert_eq!(Some(counted), all["count"].as_u64());
    let tables = described["tables"].as_array().expect("tables");
    assert!(tables.contains(&json!({"name": "resources", "rows": counted})), "{tables:?}");
    assert_eq!(causes(described).len(), 2, "{described}");
}

#[test]
fn description_of_table_has_its_columns() {
    let session = Session::shared();
    let described = session.value("columns");
    let instance = &session.queried("SELECT * FROM ec2_instance LIMIT 1")[0];
    let names: Vec<&Value> =
        described["columns"].as_array().expect("columns").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, instance.as_object().expect("a row").keys().collect::<Vec<_>>());
    assert_eq!(described["first_row"]["id"], instance["id"]);
    assert!(session.error("no table").contains("ec2_instances"));
}

/// A query returns the rows that `scan query` prints, as far as the limit.
#[test]
fn query_returns_rows_within_limits() {
    let session = Session::shared();
    let expected = session.queried("SELECT id, account FROM ec2_instance ORDER BY id");
    let rows: Vec<Value> = expected.iter().map(|row| json!([row["id"], row["account"]])).collect();
    let (first, all) = (session.value("instances"), session.value("all instances"));
    assert_eq!((&first["rows"], &first["is_truncated"]), (&json!(rows[..7]), &json!(true)));
    assert_eq!((&all["rows"], &all["is_truncated"]), (&json!(rows), &json!(false)));
    assert_eq!(all["columns"], json!(["id", "account"]));
    let large = session.value("all");
    let length = large["rows"].to_string().len();
    assert!(large["is_truncated"] == true && length > 100_000 && length <= 201_000, "{length} bytes");
}

/// A result has the gaps of the tables that it was read from, and of no others.
#[test]
fn query_returns_gaps_of_its_tables() {
    let session = Session::shared();
    let (instances, databases) = (session.value("instances"), session.value("databases"));
    let of_closed = format!("cannot assume role OrganizationAccountAccessRole in account {CLOSED}");
    assert_eq!(causes(instances), BTreeSet::from([&*of_closed]));
    let by_policy = "rds denied by a service control policy (AccessDenied)";
    assert_eq!(causes(databases), BTreeSet::from([&*of_closed, by_policy]));
    assert_eq!(session.value("accounts")["gaps"], Value::Null);
}

#[test]
fn query_that_does_more_than_read_fails() {
    let session = Session::shared();
    for name in ["write", "attach"] {
        assert_eq!(session.error(name), "the query is not read-only", "{name}");
    }
    assert!(session.error("wrong column").contains("InstanceType"));
    let hint = session.result("wrong column")["value"]["hint"].as_str().expect("a hint");
    assert!(hint.contains("`describe`"), "{hint}");
    assert!(session.error("unknown argument").contains("unknown field `path`"));
}

#[test]
fn gaps_are_those_of_an_account_and_service() {
    let session = Session::shared();
    assert_eq!(session.value("gaps")["count"], 2);
    let gaps = session.value("gaps of account");
    assert_eq!((&gaps["count"], &gaps["causes"][0]["account_ids"]), (&json!(1), &json!(DENIED)));
    let hint = gaps["causes"][0]["hint"].as_str().expect("a hint");
    assert!(hint.contains("service control policy"), "{hint}");
}

/// A resource is found by its ARN, ID and name; a name of several resources lists them.
#[test]
fn resource_is_found_by_each_of_its_names() {
    let session = Session::shared();
    let queried = session.queried(
        "SELECT arn, id, name, raw, used_by FROM ec2_instance JOIN resources USING (resource, arn, id, name, used_by) \
         WHERE name IN (SELECT name FROM resources GROUP BY name HAVING count(*) = 1) LIMIT 1",
    );
    let instance = &queried[0];
    let several = &session.queried("SELECT name, count(*) AS count FROM resources GROUP BY name HAVING count > 1 AND count < 20 AND name > ''")[0];
    let names = [&instance["arn"], &instance["id"], &instance["name"], &several["name"], &json!("nothing")];
    let calls: Vec<Value> =
        names.map(|name| json!({"tool": "resource", "arguments": {"resource": name}})).into();
    let response = call(&session.sandbox, &calls);
    let results: Vec<&Value> =
        response["results"].as_array().expect("results").iter().map(|one| &one["value"]).collect();
    let raw: Value = serde_json::from_str(instance["raw"].as_str().expect("a text")).expect("JSON");
    for found in &results[..3] {
        assert_eq!((&found["resource"]["arn"], &found["resource"]["raw"]), (&instance["arn"], &raw));
    }
    assert_eq!(Some(json!(results[3]["candidates"].as_array().map(Vec::len))), several.get("count").cloned());
    assert_eq!(results[4]["resource"], Value::Null);
    assert_eq!(causes(results[4]).len(), 2, "{}", results[4]);
}

/// The links are those that `scan links` prints.
#[test]
fn links_are_those_of_the_verb() {
    let session = Session::shared();
    let most = &session
        .queried("SELECT id, uses, used_by FROM resources WHERE uses > 0 ORDER BY used_by DESC LIMIT 1")[0];
    let id = most["id"].as_str().expect("an ID");
    let around =
        |depth| json!({"tool": "links", "arguments": {"resource": id, "limit": 1000, "depth": depth}});
    let outside = json!({"tool": "links", "arguments": {"resource": "777788889999"}});
    let dangling = json!({"tool": "links", "arguments": {"dangling": true}});
    let response = call(&session.sandbox, &[around(1), around(2), outside, dangling]);
    let links = |index: usize| response["results"][index]["value"]["links"].as_array().expect("links");
    let printed = |more: &[&str]| -> Vec<Value> {
        let run = session.sandbox.run([&["links", RUN, "--format", "json"], more].concat());
        run.expect_exit(0);
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("a link")).collect()
    };
    let pairs = |links: &[Value]| -> BTreeSet<String> {
        links.iter().map(|link| format!("{} {} {}", link["from"], link["path"], link["to"])).collect()
    };
    for (index, depth) in [(0, "1"), (1, "2")] {
        assert_eq!(pairs(links(index)), pairs(&printed(&[id, "--depth", depth])), "depth {depth}");
    }
    assert_eq!(pairs(links(2)), pairs(&printed(&["777788889999"])));
    assert_eq!(pairs(links(3)), pairs(&printed(&["--dangling"])));
    let foreign = session.value("foreign")["links"].as_array().expect("links");
    assert_eq!(foreign.len(), session.queried("SELECT * FROM foreign_access").len());
    assert!(foreign.iter().any(|link| link["statement"].is_string()), "{foreign:?}");
}

/// The changes are those that `scan diff` prints; only runs beside the served one can be named.
#[test]
fn changes_are_those_of_the_verb() {
    let session = Session::shared();
    let changes = session.value("diff");
    let diff = session.sandbox.run(["diff", "output/sunday", RUN, "--format", "json"]);
    diff.expect_exit(0);
    let printed: Value = serde_json::from_str(&diff.stdout).expect("JSON");
    assert_eq!(changes["summary"]["totals"], printed["totals"]);
    assert!(printed["totals"]["unknown"].as_u64() > Some(0), "{}", printed["totals"]);
    assert_eq!(changes["changes"], printed["changes"]);
    for name in ["other folder", "no run"] {
        assert!(session.error(name).contains("no run beside this one"), "{}", session.error(name));
    }
}

#[test]
fn server_ends_with_its_input() {
    let session = Session::shared();
    session.sandbox.run(["mcp", RUN]).expect_exit(0);
    // What is not the protocol is ignored.
    let unread = session.sandbox.shell(&format!("echo hello | scan mcp {RUN}"));
    unread.expect_exit(0);
    assert_eq!(unread.stdout, "");
    session.sandbox.run(["mcp", "output"]).expect_exit(2).stderr_contains("no manifest.json");
}
