//! Questions to a run: what is found, in which form, and what no question can do.

mod guard;
mod kept;
mod several;
mod types;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox};

/// A run of the demonstration.
struct Demo {
    sandbox: Sandbox,
}

impl Demo {
    fn new(more: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        let run = ["demo", "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", "run"];
        sandbox.run([&run, more].concat()).expect_exit(0);
        Self { sandbox }
    }

    /// A small run, with little to query.
    fn small() -> Self {
        Self::new(&["-s", "rds"])
    }

    fn query(&self, arguments: &[&str]) -> Finished {
        self.sandbox.run([&["query", "output/run"], arguments].concat())
    }

    /// What a query finds.
    #[track_caller]
    fn rows(&self, sql: &str) -> Vec<Value> {
        let run = self.query(&[sql, "--format", "json"]);
        run.expect_exit(0);
        serde_json::from_str::<Vec<Value>>(&run.stdout).expect("a list")
    }

    /// All resources, as an export has them.
    #[track_caller]
    fn resources(&self) -> Vec<Value> {
        let run = self.sandbox.run(["export", "output/run", "--format", "ndjson", "--output", "-"]);
        run.expect_exit(0);
        lines(&run)
    }
}

#[track_caller]
fn lines(run: &Finished) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn files(sandbox: &Sandbox) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    let mut folders = vec![sandbox.path(".")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            files.insert(path);
        }
    }
    files
}

#[test]
fn a_query_finds_what_the_run_has() {
    let demo = Demo::new(&[]);
    let found = demo.rows(
        "SELECT account, region, id, raw, tags FROM resources WHERE service = 'ec2' AND kind = 'volume' \
         ORDER BY resource",
    );
    let mut expected = demo.resources();
    expected.retain(|resource| resource["service"] == "ec2" && resource["kind"] == "volume");
    assert!(expected.len() > 100, "{}", expected.len());
    assert_eq!(found.len(), expected.len());
    for (row, resource) in found.iter().zip(&expected) {
        for name in ["account", "region", "id"] {
            assert_eq!(row[name], resource[name]);
        }
        assert_eq!(row["raw"], resource["raw"].to_string());
        let tags = &resource["tags"];
        assert_eq!(row["tags"], if tags.is_null() { Value::Null } else { tags.to_string().into() });
    }
    let sizes = demo.rows("SELECT sum(Size) AS gib FROM ec2_volume WHERE Encrypted");
    let encrypted = expected.iter().filter(|volume| volume["raw"]["Encrypted"] == true);
    let sum: u64 = encrypted.map(|volume| volume["raw"]["Size"].as_u64().expect("a size")).sum();
    assert_eq!(sizes, [json!({"gib": sum})]);
}

#[test]
fn a_run_and_its_export_answer_alike() {
    let demo = Demo::small();
    demo.sandbox.run(["export", "output/run", "-f", "sqlite", "-o", "run.sqlite"]).expect_exit(0);
    for question in [
        &["SELECT * FROM resources"][..],
        &["SELECT * FROM rds_db_instance", "--format", "csv"],
        &["SELECT * FROM gaps_per_account", "--format", "ndjson"],
        &["--tables"],
        &["--jq", "."],
        &["--jq", "select(.kind == \"db_instance\") | {id, engine: .raw.Engine}", "--format", "csv"],
    ] {
        let (of_run, of_file) =
            (demo.query(question), demo.sandbox.run([&["query", "run.sqlite"], question].concat()));
        of_run.expect_exit(0).stderr_contains("denied or failed");
        of_file.expect_exit(0);
        assert!(!of_run.stdout.is_empty());
        assert_eq!(of_run.stdout, of_file.stdout, "{question:?}");
    }
}

#[test]
fn a_filter_is_asked_of_each_resource() {
    let demo = Demo::small();
    let run = demo.query(&["--jq", "."]);
    run.expect_exit(0);
    assert_eq!(lines(&run), demo.resources());
    let run = demo.query(&["--jq", "select(.kind == \"db_instance\") | .id, .raw.Engine", "-f", "json"]);
    let outputs: Vec<Value> = serde_json::from_str(&run.stdout).expect("a list");
    let instances = demo.resources().into_iter().filter(|resource| resource["kind"] == "db_instance");
    let expected: Vec<Value> =
        instances.flat_map(|instance| [instance["id"].clone(), instance["raw"]["Engine"].clone()]).collect();
    assert_eq!(outputs, expected);
    // A filter that starts with a dash is no option.
    let run = demo.query(&["--jq", "-5 % 2 | select(. == -1)"]);
    run.expect_exit(0);
    assert_eq!(lines(&run), vec![Value::from(-1); demo.resources().len()]);
}

#[test]
fn every_format_says_the_same() {
    let demo = Demo::small();
    let sql = "SELECT account, id, AllocatedStorage FROM rds_db_instance ORDER BY account, id";
    let of = |format: &str| demo.query(&[sql, "--format", format]);
    let rows = demo.rows(sql);
    assert!(rows.len() > 3, "{rows:?}");
    assert_eq!(lines(&of("ndjson")), rows);
    let mut reader = csv::Reader::from_reader(of("csv").stdout.into_bytes().leak() as &[u8]);
    assert_eq!(reader.headers().expect("a header"), ["account", "id", "AllocatedStorage"].as_slice());
    for (record, row) in reader.records().zip(&rows) {
        let record = record.expect("a row");
        let expected = ["account", "id", "AllocatedStorage"].map(|name| match &row[name] {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        });
        assert_eq!(record.iter().collect::<Vec<_>>(), expected);
    }
    let table = demo.query(&[sql]);
    assert_eq!(table.stdout, of("table").stdout, "the table is the default");
    assert_eq!(table.stdout.lines().count(), rows.len() + 2);
    assert!(table.stdout.starts_with("account       id "), "{}", table.stdout);
}

#[test]
fn tables_lists_what_can_be_asked() {
    let demo = Demo::small();
    let run = demo.query(&["--tables", "--format", "ndjson"]);
    run.expect_exit(0);
    let columns = lines(&run);
    for expected in [
        json!({"table": "rds_db_instance", "column": "AllocatedStorage", "type": "INTEGER"}),
        json!({"table": "rds_db_instance", "column": "MultiAZ", "type": "INTEGER"}),
        json!({"table": "rds_db_instance", "column": "Endpoint_Address", "type": "TEXT"}),
        json!({"table": "resources", "column": "raw", "type": "TEXT"}),
        json!({"table": "ledger", "column": "status", "type": "TEXT"}),
    ] {
        assert!(columns.contains(&expected), "{expected} is not among {columns:?}");
    }
    assert!(columns.iter().any(|column| column["table"] == "gaps_per_service"), "views, too");
}

#[test]
fn a_kind_that_was_asked_for_and_not_found_has_its_table() {
    let spec = json!([{"service": "sagemaker", "function": "list_models"}]);
    let demo = Demo::new(&["-s", &spec_file(&spec)]);
    let run = demo.query(&["SELECT ModelName FROM sagemaker_model WHERE CreationTime < '2026'"]);
    run.expect_exit(0).stderr_contains("nothing found");
}

/// A file with a spec, which stays for the time of the tests.
fn spec_file(spec: &Value) -> String {
    let file = tempfile::Builder::new().suffix(".json").tempfile().expect("a file");
    let (_, path) = file.keep().expect("a file");
    fs::write(&path, spec.to_string()).expect("writes");
    path.display().to_string()
}

/// A fenced block of the page of queries: the file that is called so.
#[track_caller]
fn of_the_page(name: &str) -> &'static str {
    let page = include_str!("../../../docs/queries.md");
    let (_, rest) = page.split_once(&format!("<!-- file: {name} -->\n")).expect("the block");
    rest.split("```").nth(1).and_then(|block| block.split_once('\n')).expect("a block").1
}

#[test]
fn the_queries_of_the_page_find_what_the_run_has() {
    let demo =
        Demo::new(&["-s", &spec_file(&serde_json::from_str(of_the_page("questions.json")).expect("JSON"))]);
    demo.sandbox.run(["export", "output/run", "-f", "sqlite", "-o", "run.sqlite"]).expect_exit(0);
    let resources = demo.resources();
    let ids_of = |kind: &str, wanted: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let of_kind = resources.iter().filter(|resource| resource["kind"] == kind);
        let wanted = of_kind.filter(|resource| wanted(&resource["raw"]));
        wanted.map(|resource| resource["id"].as_str().expect("an id").to_owned()).collect()
    };
    let of_query = |file: &str, column: &str| -> BTreeSet<String> {
        let run = demo.sandbox.run(["query", "run.sqlite", of_the_page(file), "--format", "ndjson"]);
        run.expect_exit(0);
        lines(&run).iter().map(|row| row[column].as_str().expect("a text").to_owned()).collect()
    };
    let blocks = |bucket: &&Value| bucket["details"]["get_public_access_block"].is_object();
    let blocked = resources
        .iter()
        .filter(blocks)
        .filter_map(|bucket| bucket["id"].as_str().map(str::to_owned))
        .collect();
    let all_of = |kinds: [BTreeSet<String>; 3]| kinds.into_iter().flatten().collect();
    for (file, column, expected) in [
        ("untagged-instances.sql", "id", ids_of("instance", &|instance| instance.get("Tags").is_none())),
        ("unattached-volumes.sql", "id", ids_of("volume", &|volume| volume["Attachments"] == json!([]))),
        ("stopped-instances.sql", "id", ids_of("instance", &|instance| instance["State"]["Code"] == 80)),
        (
            "old-metadata.sql",
            "id",
            ids_of("instance", &|instance| instance["MetadataOptions"]["HttpTokens"] == "optional"),
        ),
        (
            "unused-addresses.sql",
            "AllocationId",
            ids_of("address", &|address| address.get("AssociationId").is_none()),
        ),
        (
            "unencrypted.sql",
            "id",
            all_of([
                ids_of("table", &|table| table.get("SSEDescription").is_none()),
                ids_of("volume", &|volume| volume["Encrypted"] == false),
                ids_of("db_instance", &|instance| instance["StorageEncrypted"] == false),
            ]),
        ),
        ("public-buckets.sql", "id", ids_of("bucket", &|_| true).difference(&blocked).cloned().collect()),
    ] {
        assert!(!expected.is_empty(), "the demonstration has something for {file}");
        assert_eq!(of_query(file, column), expected, "{file}");
    }
    let roles = of_query("unused-roles.sql", "name");
    let never_used =
        resources.iter().filter(|role| role["kind"] == "role" && role["raw"]["RoleLastUsed"] == json!({}));
    let never_used: BTreeSet<&str> = never_used.map(|role| role["name"].as_str().expect("a name")).collect();
    assert!(!roles.is_empty() && roles.iter().all(|role| never_used.contains(role.as_str())), "{roles:?}");
}

#[test]
fn a_query_can_be_read_from_standard_input() {
    let demo = Demo::small();
    fs::write(demo.sandbox.path("count.sql"), "SELECT count(*) AS number\nFROM rds_db_instance;\n")
        .expect("writes");
    let run = demo.sandbox.shell("scan query output/run - --format ndjson < count.sql");
    run.expect_exit(0);
    assert_eq!(lines(&run), demo.rows("SELECT count(*) AS number FROM rds_db_instance"));
}

#[test]
fn a_question_without_an_answer_says_so_and_is_no_error() {
    let demo = Demo::small();
    let run = demo.query(&["SELECT id FROM rds_db_instance WHERE id = 'none'"]);
    run.expect_exit(0).stderr_contains("nothing found");
    assert_eq!(run.stdout, "id\n──\n");
    let run = demo.query(&["--jq", "empty", "--format", "json"]);
    run.expect_exit(0).stderr_contains("nothing found");
    assert_eq!(run.stdout, "[]\n");
}

/// A query that is wrong is shown with the place of the error, and the nearest name.
#[test]
fn query_error_shows_place_and_nearest_name() {
    let demo = Demo::small();
    for (sql, complaint) in [
        (
            "SELECT id FROM rds_db_instances",
            "at character 16: no such table: rds_db_instances; did you mean `rds_db_instance`?\n    \
             SELECT id FROM rds_db_instances\n                   ^",
        ),
        (
            "SELECT id,\n  Engin FROM rds_db_instance",
            "at character 14: no such column: Engin; did you mean `Engine`?\n      \
             Engin FROM rds_db_instance\n      ^",
        ),
        ("SELECT i.Endpoint.Address FROM rds_db_instance i", "did you mean `Endpoint_Address`?"),
        ("SELECT \"Endpoint.Address\" FROM rds_db_instance", "did you mean `Endpoint_Address`?"),
        ("SELECT id FORM rds_db_instance", "at character 16: near \"rds_db_instance\": syntax error"),
        ("SELECT sum(id FROM tags", "syntax error"),
    ] {
        let run = demo.query(&[sql]);
        run.expect_exit(2).stderr_contains(complaint).stderr_contains("--tables").stderr_is_one_paragraph();
        assert_eq!(run.stdout, "");
    }
    demo.query(&["--jq", ".raw | lenght"]).expect_exit(2).stderr_contains("no function `lenght`");
    let run = demo.query(&["--jq", ".raw.Engine[]"]);
    run.expect_exit(2).stderr_contains("of account").stderr_contains("select(.kind");
}

#[test]
fn a_name_that_is_a_formula_is_a_text_in_comma_separated_values() {
    let demo = Demo::small();
    let run = demo.query(&["SELECT '=1+1' AS \"@name\", -1 AS number", "--format", "csv"]);
    run.expect_exit(0);
    assert_eq!(run.stdout, "'@name,number\n'=1+1,-1\n");
}

#[test]
fn query_of_other_file_is_refused() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("text.sqlite"), "hello, world; this is no database\n".repeat(200))
        .expect("writes");
    let run = sandbox.run(["query", "text.sqlite", "SELECT 1"]);
    run.expect_exit(2).stderr_contains("cannot read text.sqlite").stderr_is_one_paragraph();
    sandbox.run(["query", "nowhere", "SELECT 1"]).expect_exit(2).stderr_contains("manifest.json");
    sandbox.run(["query", "nowhere"]).expect_exit(2).stderr_contains("--tables");
    sandbox.run(["query", "nowhere", "SELECT 1", "--jq", "."]).expect_exit(2).stderr_contains("--jq");
}

#[test]
fn a_reader_who_goes_away_ends_a_query() {
    let demo = Demo::new(&[]);
    let run = demo.sandbox.shell("scan query output/run 'SELECT raw FROM resources' | head -n 3");
    run.expect_exit(0);
    assert_eq!(run.stdout.lines().count(), 3);
    assert!(!run.stderr.contains("error"), "{}", run.report());
}
