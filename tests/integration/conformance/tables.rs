//! Exports with types, SQLite and Parquet, written by the real program and read back by others: Python's own
//! sqlite3, DuckDB and pandas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Map, Value, json};

use crate::sandbox::{Ledger, Sandbox, python};
use crate::verbs::export::COMMON;

/// A row, without the cells that are empty.
pub(crate) type Row = BTreeMap<String, Value>;

/// A run of the demonstration.
struct Demo {
    sandbox: Sandbox,
    folder: PathBuf,
}

/// What another program finds in a table.
pub(crate) struct Found {
    types: Map<String, Value>,
    pub(crate) rows: Vec<Row>,
}

impl Demo {
    fn new() -> Self {
        Self::of(Sandbox::new(), &[])
    }

    /// A run whose users have no model, because a filter makes them.
    fn with_filtered_users() -> Self {
        let sandbox = Sandbox::new();
        let spec = json!([{"service": "iam", "function": "list_users", "result_key": ".Users[]"}]);
        fs::write(sandbox.path("users.json"), spec.to_string()).expect("writes");
        Self::of(sandbox, &["-s", "users.json"])
    }

    fn of(sandbox: Sandbox, more: &[&str]) -> Self {
        let run = ["demo", "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", "run"];
        sandbox.run([&run, more].concat()).expect_exit(0);
        let folder = sandbox.path("output/run");
        Self { sandbox, folder }
    }

    #[track_caller]
    fn export(&self, format: &str, output: &str) -> PathBuf {
        self.sandbox.run(["export", "output/run", "--format", format, "--output", output]).expect_exit(0);
        self.sandbox.path(output)
    }

    /// All resources, as ndjson has them.
    #[track_caller]
    fn resources(&self) -> Vec<Value> {
        let run = self.sandbox.run(["export", "output/run", "--format", "ndjson", "--output", "-"]);
        run.expect_exit(0);
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// Changes the users of an account.
    fn change_users(&self, change: impl Fn(&mut Vec<Value>)) {
        let path = files(&self.folder).into_iter().find(|path| path.ends_with("global/iam.json"));
        let path = path.expect("an account with users");
        let text = fs::read_to_string(&path).expect("a file");
        let mut file: Value = serde_json::from_str(&text).expect("JSON");
        change(file["list_users"].as_array_mut().expect("users"));
        fs::write(path, file.to_string()).expect("writes");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The tables that every export has beside those of the kinds.
const FACTS: [&str; 7] = ["accounts", "ledger", "links", "missing", "run", "witness_types", "witnesses"];

/// What another program reads in an export.
#[track_caller]
pub(crate) fn read_back(program: &str, path: &Path) -> BTreeMap<String, Found> {
    let path = path.to_str().expect("a name in UTF-8");
    let output = python("../export/read_back.py", &[program, path]).stderr(Stdio::inherit()).output();
    let output = output.expect("starts");
    assert!(output.status.success(), "{program} cannot read it; the messages are above");
    let tables: Map<String, Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = |table: Value| Found {
        types: table["types"].as_object().expect("types").clone(),
        rows: serde_json::from_value(table["rows"].clone()).expect("rows"),
    };
    tables.into_iter().map(|(name, table)| (name, found(table))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The column of a field: derived separately, for fields as the demonstration has them.
fn column(path: &str) -> String {
    let name = path.replace('.', "_");
    let is_common = COMMON.iter().any(|common| common.eq_ignore_ascii_case(&name));
    if is_common { format!("raw_{name}") } else { name }
}

/// The row that a table with these columns has to have of a resource: objects without a column taken apart,
/// lists and other objects as JSON.
fn row(resource: &Value, types: &Map<String, Value>) -> Row {
    fn add(path: &str, value: &Value, types: &Map<String, Value>, row: &mut Row) {
        let column = column(path);
        match value {
            Value::Object(members) if path.is_empty() || !types.contains_key(&column) => {
                for (name, value) in members {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    add(&path, value, types, row);
                }
            }
            Value::Null => {}
            Value::Object(map) if types[&column].as_str().is_some_and(is_map) => {
                drop(row.insert(column, in_order(map)));
            }
            // Documents have other values, too.
            Value::Object(map) if map.values().all(Value::is_string) => {
                drop(row.insert(column, json!(in_order(map).to_string())));
            }
            Value::Array(_) | Value::Object(_) => drop(row.insert(column, json!(value.to_string()))),
            value => drop(row.insert(column, value.clone())),
        }
    }
    let mut row = Row::new();
    let raw = &resource["raw"];
    add(if raw.is_object() { "" } else { "value" }, raw, types, &mut row);
    for name in COMMON {
        match &resource[name] {
            Value::Object(details) if name == "details" && details.is_empty() => {}
            Value::Object(tags) if types[name].as_str().is_some_and(is_map) => {
                drop(row.insert(name.to_owned(), in_order(tags)));
            }
            Value::Object(tags) => drop(row.insert(name.to_owned(), json!(in_order(tags).to_string()))),
            Value::Null => {}
            value => drop(row.insert(name.to_owned(), value.clone())),
        }
    }
    row
}

/// Whether a type is that of keys and values: as DuckDB names it, and as pandas does.
fn is_map(name: &str) -> bool {
    name.to_lowercase().starts_with("map")
}

/// A map with sorted keys.
fn in_order(map: &Map<String, Value>) -> Value {
    json!(map.iter().collect::<BTreeMap<_, _>>())
}

/// The resources of all kinds, by service and kind.
fn kinds(resources: &[Value]) -> BTreeMap<(String, String), Vec<&Value>> {
    let mut kinds = BTreeMap::<_, Vec<_>>::new();
    for resource in resources {
        kinds.entry((text(&resource["service"]), text(&resource["kind"]))).or_default().push(resource);
    }
    kinds
}

/// Rows in an order that does not depend on their source.
fn sorted(mut rows: Vec<Row>) -> Vec<String> {
    let mut sorted: Vec<String> = rows.drain(..).map(|row| json!(row).to_string()).collect();
    sorted.sort();
    sorted
}

#[test]
fn a_database_holds_what_the_lines_hold() {
    let demo = Demo::new();
    let path = demo.export("sqlite", "run.sqlite");
    assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
    let mut tables = read_back("sqlite", &path);
    let resources = demo.resources();

    let all = tables.remove("resources").expect("the table");
    assert_eq!(all.rows.len(), resources.len());
    for (row, resource) in all.rows.iter().zip(&resources) {
        for (name, value) in resource.as_object().expect("an object") {
            let expected = match value {
                Value::Null => None,
                Value::Object(tags) if name != "raw" => Some(json!(in_order(tags).to_string())),
                Value::Object(_) => Some(json!(value.to_string())),
                Value::String(_) if name == "raw" => Some(json!(value.to_string())),
                // SQLite has no flags.
                Value::Bool(flag) => Some(json!(u8::from(*flag))),
                value => Some(value.clone()),
            };
            assert_eq!(row.get(name), expected.as_ref(), "{name} of {resource}");
        }
    }

    let tags = tables.remove("tags").expect("the table").rows;
    let expected: BTreeSet<(u64, String, String)> = (1..)
        .zip(&resources)
        .flat_map(|(number, resource)| {
            let tags = resource["tags"].as_object().into_iter().flatten();
            tags.map(move |(key, value)| (number, key.clone(), text(value)))
        })
        .collect();
    let found = tags
        .iter()
        .map(|tag| (tag["resource"].as_u64().expect("a number"), text(&tag["key"]), text(&tag["value"])));
    assert_eq!(found.collect::<BTreeSet<_>>(), expected);

    for ((service, kind), expected) in kinds(&resources) {
        let name = format!("{service}_{kind}").replace('-', "_");
        let table = tables.remove(&name).unwrap_or_else(|| panic!("there is no table {name}"));
        assert_eq!(table.rows.len(), expected.len(), "{name}");
        for (mut row, expected) in table.rows.into_iter().zip(expected) {
            let mut expected = self::row(expected, &table.types);
            let number = row.remove("resource").and_then(|number| number.as_u64()).expect("a number");
            let number = usize::try_from(number).expect("a small one");
            assert_eq!(resources[number - 1]["id"], row["id"], "{name}: joined by the number");
            for value in expected.values_mut() {
                // SQLite's flags are numbers.
                if let Value::Bool(flag) = value {
                    *value = json!(u8::from(*flag));
                }
            }
            assert_eq!(row, expected, "{name}");
        }
    }
}

#[test]
fn the_columns_of_a_database_have_types() {
    let demo = Demo::new();
    let tables = read_back("sqlite", &demo.export("sqlite", "run.sqlite"));
    let volumes = &tables["ec2_volume"].types;
    for (column, column_type) in [
        ("resource", "INTEGER"),
        ("account", "TEXT"),
        ("Size", "INTEGER"),
        ("Encrypted", "INTEGER"),
        ("CreateTime", "TEXT"),
        ("VolumeType", "TEXT"),
        ("Attachments", "TEXT"),
    ] {
        assert_eq!(volumes[column], column_type, "{column}");
    }
}

#[test]
fn a_database_says_what_became_of_every_call_and_account() {
    let demo = Demo::new();
    let tables = read_back("sqlite", &demo.export("sqlite", "run.sqlite"));
    let ledger = Ledger::read(&demo.folder).0;
    let found = &tables["ledger"].rows;
    assert_eq!(found.len(), ledger.len());
    for (row, line) in found.iter().zip(&ledger) {
        for name in ["account", "region", "service", "function", "status", "items", "message", "hint"] {
            assert_eq!(row.get(name).unwrap_or(&Value::Null), &line[name], "{line}");
        }
        assert_eq!(row.get("denied_by").unwrap_or(&Value::Null), &line["denied_by"], "{line}");
    }
    let gaps = |table: &str, count: &str| -> u64 {
        tables[table].rows.iter().map(|row| row[count].as_u64().expect("a number")).sum()
    };
    let denied = ledger.iter().filter(|line| line["status"] == "denied").count() as u64;
    assert!(denied > 10, "{denied}");
    assert_eq!(gaps("gaps", "calls"), denied);
    assert_eq!(gaps("gaps_per_service", "gaps"), denied);
    assert_eq!(gaps("gaps_per_account", "gaps"), denied);

    let accounts: Value =
        serde_json::from_str(&fs::read_to_string(demo.folder.join("accounts.json")).expect("a file"))
            .expect("JSON");
    let accounts = accounts.as_array().expect("a list");
    assert_eq!(tables["accounts"].rows.len(), accounts.len());
    for (row, account) in tables["accounts"].rows.iter().zip(accounts) {
        assert_eq!((&row["account"], &row["account_name"]), (&account["id"], &account["name"]));
        assert_eq!(row.get("reason").unwrap_or(&Value::Null), &account["reason"]);
        assert_eq!(row.get("outcome").unwrap_or(&Value::Null), &account["outcome"]);
    }
    let run = &tables["run"].rows;
    assert_eq!((run.len(), &run[0]["state"], &run[0]["simulated"]), (1, &json!("finished"), &json!(1)));
}

#[test]
fn the_views_count_all_resources() {
    let demo = Demo::new();
    let tables = read_back("sqlite", &demo.export("sqlite", "run.sqlite"));
    for view in ["resources_per_account", "resources_per_kind", "resources_per_region"] {
        let rows = tables[view].rows.iter();
        let sum: u64 = rows.map(|row| row["resources"].as_u64().expect("a number")).sum();
        assert_eq!(sum, demo.resources().len() as u64, "{view}");
    }
}

/// Fields that differ in case only, and values of several types, are kept.
#[test]
fn columns_keep_case_variants_and_mixed_types() {
    let demo = Demo::with_filtered_users();
    demo.change_users(|users| {
        users[0]["username"] = json!("other");
        users[0]["User.Name"] = json!("third");
        users[0]["Arn\"; DROP TABLE tags; --"] = json!(9_007_199_254_740_993_u64);
        users[0]["Mixed"] = json!(true);
        users[1]["Mixed"] = json!(12.5);
        users[0]["Number"] = json!(2);
        users[1]["Number"] = json!(0.5);
        users[0]["Nothing"] = json!(null);
    });
    let odd = "Arn___DROP_TABLE_tags____";
    let tables = read_back("sqlite", &demo.export("sqlite", "run.sqlite"));
    let users = &tables["iam_user"];
    let names = ["UserName", "username_2", "User_Name", odd, "Mixed", "Number", "Nothing"];
    assert_eq!(
        names.map(|name| users.types[name].clone()),
        [
            json!("TEXT"),
            json!("TEXT"),
            json!("TEXT"),
            json!("INTEGER"),
            json!("TEXT"),
            json!("REAL"),
            json!("TEXT"),
        ]
    );
    let changed: Vec<&Row> = users.rows.iter().filter(|row| row.contains_key("Mixed")).collect();
    let values = |name: &str| changed.iter().map(|row| row.get(name).cloned()).collect::<Vec<_>>();
    assert_eq!(values("Mixed"), [Some(json!("true")), Some(json!("12.5"))]);
    assert_eq!(values("Number"), [Some(json!(2.0)), Some(json!(0.5))]);
    assert_eq!(values("username_2"), [Some(json!("other")), None]);
    assert_eq!(values(odd), [Some(json!(9_007_199_254_740_993_u64)), None], "to the last digit");

    let folder = demo.export("parquet", "tables");
    for (program, types) in [
        ("duckdb", ["VARCHAR", "DOUBLE", "BIGINT"]),
        ("pandas", ["string[pyarrow]", "double[pyarrow]", "int64[pyarrow]"]),
    ] {
        let tables = read_back(program, &folder);
        let users = &tables["iam-user"];
        assert_eq!(
            ["Mixed", "Number", odd].map(|name| users.types[name].clone()),
            types.map(|name| json!(name))
        );
        let numbers = users.rows.iter().filter_map(|row| row.get(odd));
        assert_eq!(numbers.collect::<Vec<_>>(), [&json!(9_007_199_254_740_993_u64)], "{program}");
    }
}

#[test]
fn columns_hold_what_the_lines_hold_and_duckdb_and_pandas_agree() {
    let demo = Demo::new();
    let folder = demo.export("parquet", "tables");
    let resources = demo.resources();
    let expected = kinds(&resources);
    let facts = BTreeSet::from(FACTS.map(str::to_owned));
    let names = expected.keys().map(|(service, kind)| format!("{service}-{kind}"));
    let names: BTreeSet<String> = names.chain(facts).collect();
    for program in ["duckdb", "pandas"] {
        let mut tables = read_back(program, &folder);
        assert_eq!(tables.keys().cloned().collect::<BTreeSet<_>>(), names, "{program}");
        for ((service, kind), expected) in &expected {
            let table = tables.remove(&format!("{service}-{kind}")).expect("the table");
            let found = table.rows.into_iter().map(|mut row| {
                // The account of the folder's name may be a number.
                let id = row.remove("account_id").expect("an id");
                row.insert("account".to_owned(), id);
                row
            });
            assert_eq!(
                sorted(found.collect()),
                sorted(expected.iter().map(|resource| row(resource, &table.types)).collect()),
                "{program} reads something else in {service} {kind}"
            );
        }
        assert_eq!(tables["ledger"].rows.len(), Ledger::read(&demo.folder).0.len(), "{program}");
        assert_eq!(tables["run"].rows[0]["simulated"], json!(true), "{program}");
        let types = &tables["run"].types;
        let time =
            if program == "duckdb" { "TIMESTAMP WITH TIME ZONE" } else { "timestamp[us, tz=UTC][pyarrow]" };
        assert_eq!((&types["started"], &types["finished"]), (&json!(time), &json!(time)), "{program}");
    }
}

/// Parquet files are in folders by account and region, readable for their owner alone.
#[test]
fn parquet_is_partitioned_and_private() {
    let demo = Demo::new();
    let folder = demo.export("parquet", "tables");
    let mut places = BTreeSet::new();
    for path in files(&folder) {
        let mode = |path: &Path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        let below = path.strip_prefix(&folder).expect("below it").display().to_string();
        places.insert(below);
    }
    let mut expected: BTreeSet<String> = FACTS.map(|table| format!("{table}/part-0.parquet")).into();
    for resource in demo.resources() {
        let [service, kind, account, region] =
            ["service", "kind", "account", "region"].map(|name| text(&resource[name]));
        expected.insert(format!("{service}-{kind}/account={account}/region={region}/part-0.parquet"));
    }
    assert_eq!(places, expected);
}

#[test]
fn an_account_id_that_begins_with_zeros_keeps_them() {
    let demo = Demo::new();
    let (old, new) = ("104205104205", "000005104205");
    for name in ["accounts.json", "ledger.ndjson", "manifest.json"] {
        let path = demo.folder.join(name);
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(path, text.replace(old, new)).expect("writes");
    }
    let entries = fs::read_dir(&demo.folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let account = entries.into_iter().find(|path| path.display().to_string().contains(old));
    let account = account.expect("the account's folder");
    fs::rename(&account, account.display().to_string().replace(old, new)).expect("moves");
    let folder = demo.export("parquet", "tables");
    for program in ["duckdb", "pandas"] {
        let tables = read_back(program, &folder);
        let ids: BTreeSet<String> =
            tables["iam-role"].rows.iter().map(|role| text(&role["account_id"])).collect();
        assert!(ids.contains(new) && !ids.contains(old), "{program}: {ids:?}");
    }
}
