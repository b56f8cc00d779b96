//! The resources of a run, exported by the real program and read back by others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Map, Value, json};

use crate::sandbox::{Finished, Ledger, Sandbox, python};

mod described;
mod details;
mod first_sheets;
mod gaps;
mod lake;
mod nights;
mod tag_columns;

/// How many resources there are of each kind, by account, region, service and kind.
type Counts = BTreeMap<[String; 4], u64>;

/// The columns that every table starts with.
pub(crate) const COMMON: [&str; 22] = [
    "account",
    "account_name",
    "account_ou",
    "region",
    "service",
    "kind",
    "type",
    "id",
    "arn",
    "name",
    "parent",
    "owner_account",
    "state",
    "size_or_type",
    "created",
    "environment",
    "public",
    "uses",
    "used_by",
    "tags",
    "account_tags",
    "details",
];

/// A run of the demonstration.
struct Demo {
    sandbox: Sandbox,
    folder: PathBuf,
}

impl Demo {
    fn new(more: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        let run = ["demo", "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", "run"];
        sandbox.run([&run, more].concat()).expect_exit(0);
        let folder = sandbox.path("output/run");
        Self { sandbox, folder }
    }

    fn export(&self, format: &str, output: &str) -> Finished {
        self.sandbox.run(["export", "output/run", "--format", format, "--output", output])
    }

    /// All resources, as ndjson has them.
    #[track_caller]
    fn resources(&self) -> Vec<Value> {
        let run = self.export("ndjson", "-");
        run.expect_exit(0);
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// A result file that has this member, and its path.
    #[track_caller]
    fn file_with(&self, name: &str, member: &str) -> (PathBuf, Value) {
        let mut files = files(&self.folder);
        files.retain(|(path, file)| path.ends_with(name) && file[member][0].is_object());
        files.into_iter().next().expect("a file")
    }
}

/// The result files of a run: `<account>/<region>/<service>.json`.
fn files(run: &Path) -> Vec<(PathBuf, Value)> {
    let mut files = Vec::new();
    for account in folders(run) {
        for place in folders(&account) {
            for entry in fs::read_dir(place).expect("a folder") {
                let path = entry.expect("an entry").path();
                let text = fs::read_to_string(&path).expect("a file");
                files.push((path, serde_json::from_str(&text).expect("JSON")));
            }
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_dir()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// What must be exported, counted without the program: items as the ledger counts them, but the
/// instances in reservations, and what a child describes as often as its parent lists it.
fn expected(run: &Path) -> Counts {
    let mut counts = Counts::new();
    for line in Ledger::read(run).0 {
        let function = text(&line["function"]);
        let kind = match &*function {
            "describe_instances" | "describe_table" | "describe_clusters" | "list_services"
            | "describe_services" | "describe_cluster" | "list_nodegroups" | "describe_nodegroup"
            // Its items are tags of resources that other functions return.
            | "get_resources" => continue,
            "list_policies" => "policy".to_owned(),
            function => {
                let (_, noun) = function.split_once('_').expect("a verb and a noun");
                noun.trim_end_matches('s').to_owned()
            }
        };
        let items = line["items"].as_u64().expect("a number");
        if items > 0 {
            let place = [text(&line["account"]), text(&line["region"]), text(&line["service"]), kind];
            *counts.entry(place).or_default() += items;
        }
    }
    for (path, file) in files(run) {
        let names: Vec<String> = path
            .strip_prefix(run)
            .expect("below it")
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let lists = |member: &str, list: &str| -> u64 {
            let items = file[member].as_array().map_or(&[][..], Vec::as_slice);
            items.iter().map(|item| item[list].as_array().expect("a list").len() as u64).sum()
        };
        for (kind, count) in [
            ("instance", lists("describe_instances", "Instances")),
            ("service", lists("list_services", "result")),
            ("nodegroup", lists("list_nodegroups", "result")),
        ] {
            if count > 0 {
                let service = names[2].trim_end_matches(".json").to_owned();
                counts.insert([names[0][..12].to_owned(), names[1].clone(), service, kind.to_owned()], count);
            }
        }
    }
    counts
}

fn counted(resources: &[Value]) -> Counts {
    let mut counts = Counts::new();
    for resource in resources {
        let key = ["account", "region", "service", "kind"].map(|member| text(&resource[member]));
        *counts.entry(key).or_default() += 1;
    }
    counts
}

#[test]
fn every_resource_of_a_run_is_exported_exactly_once() {
    let demo = Demo::new(&[]);
    let resources = demo.resources();
    assert_eq!(counted(&resources), expected(&demo.folder));
    let mut seen = BTreeSet::new();
    for resource in &resources {
        assert!(resource["id"].is_string(), "{resource}");
        let key = ["account", "region", "service", "kind", "id"].map(|member| text(&resource[member]));
        // Services and node groups are unique in their cluster only, and have an ARN.
        assert!(seen.insert((key, resource["arn"].to_string())), "twice: {resource}");
    }
}

#[test]
fn undescribed_resource_is_exported_as_listed() {
    let demo = Demo::new(&[]);
    let (path, mut file) = demo.file_with("dynamodb.json", "describe_table");
    let described = file["describe_table"].as_array_mut().expect("a list").remove(0);
    fs::write(path, file.to_string()).expect("writes");
    let resources = demo.resources();
    assert_eq!(counted(&resources), expected(&demo.folder));
    let mut listed = resources.iter().filter(|resource| resource["function"] == "list_tables");
    let table = listed.next().expect("the table");
    assert_eq!((&table["id"], &table["raw"]), (&described["item"], &described["item"]));
    assert!(listed.next().is_none(), "all others are described");
}

#[test]
fn the_raw_value_of_a_resource_is_what_the_result_file_has() {
    let demo = Demo::new(&[]);
    let (path, file) = demo.file_with("ec2.json", "describe_volumes");
    let volume = &file["describe_volumes"][0];
    let resources = demo.resources();
    let mut found = resources.iter().filter(|resource| resource["id"] == volume["VolumeId"]);
    let resource = found.next().expect("the volume");
    assert!(found.next().is_none());
    assert_eq!(resource["raw"].to_string(), volume.to_string(), "members keep their order");
    assert_eq!((&resource["kind"], &resource["function"]), (&json!("volume"), &json!("describe_volumes")));
    let tags = volume["Tags"].as_array().expect("tags").iter();
    let tags: Map<String, Value> = tags.map(|tag| (text(&tag["Key"]), tag["Value"].clone())).collect();
    assert_eq!(resource["tags"], Value::Object(tags.clone()));
    assert_eq!(&resource["name"], &tags["Name"]);
    let place = format!(
        "{}-{}/{}",
        text(&resource["account"]),
        text(&resource["account_name"]),
        text(&resource["region"])
    );
    assert!(path.to_string_lossy().contains(&place), "{place}");
}

#[test]
fn both_layouts_of_a_run_are_exported_alike() {
    let of_services = Demo::new(&[]).resources();
    let of_calls = Demo::new(&["--layout", "call"]).resources();
    let lines = |resources: Vec<Value>| resources.iter().map(Value::to_string).collect::<BTreeSet<_>>();
    assert!(!of_services.is_empty());
    assert_eq!(lines(of_calls), lines(of_services));
}

/// A text as a table must have it.
fn guarded(text: &str) -> String {
    let is_like_a_formula = text.chars().next().is_some_and(|first| "=+-@\t\r\n".contains(first));
    format!("{}{text}", if is_like_a_formula { "'" } else { "" })
}

/// The fields that a table with these columns must have of a resource, derived separately.
fn fields(path: &str, value: &Value, columns: &BTreeSet<String>, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !columns.contains(path) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                self::fields(&path, value, columns, fields);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(fields.insert(path.to_owned(), guarded(text))),
        // Documents have other values, too.
        Value::Object(map) if map.values().all(Value::is_string) => {
            drop(fields.insert(path.to_owned(), sorted(map)));
        }
        other => drop(fields.insert(path.to_owned(), other.to_string())),
    }
}

/// The row that a table with these columns must have, without the cells that are empty.
fn row(resource: &Value, columns: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut row = BTreeMap::new();
    for name in COMMON {
        match &resource[name] {
            Value::String(text) => drop(row.insert(name.to_owned(), guarded(text))),
            Value::Object(map) if name != "details" || !map.is_empty() => {
                row.insert(name.to_owned(), sorted(map));
            }
            Value::Bool(flag) => drop(row.insert(name.to_owned(), flag.to_string())),
            Value::Number(count) => drop(row.insert(name.to_owned(), count.to_string())),
            _ => {}
        }
    }
    let raw = &resource["raw"];
    let path = if raw.is_object() { "" } else { "value" };
    let mut its = BTreeMap::new();
    fields(path, raw, columns, &mut its);
    row.extend(its.into_iter().map(|(name, value)| (format!("raw {name}"), value)));
    row.retain(|_, value| !value.is_empty());
    row
}

/// A map as a table must have it.
fn sorted(map: &Map<String, Value>) -> String {
    json!(map.iter().collect::<BTreeMap<_, _>>()).to_string()
}

/// The paths of the fields that have columns in a table.
fn columns(path: &Path) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let fields = reader.headers().expect("a header").iter().skip(COMMON.len());
    fields.map(|name| name.strip_prefix("raw.").unwrap_or(name).to_owned()).collect()
}

/// The rows of a table, without the cells that are empty.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header = reader.headers().expect("a header").clone();
    assert_eq!(header.iter().take(COMMON.len()).collect::<Vec<_>>(), COMMON, "{}", path.display());
    let lowercase: BTreeSet<String> = header.iter().map(str::to_lowercase).collect();
    assert_eq!(lowercase.len(), header.len(), "{header:?}");
    assert_eq!(header.iter().next_back(), Some("other fields"));
    let rows = reader.records().map(|record| {
        let record = record.expect("a row as long as the header");
        let named = header.iter().enumerate().map(|(column, name)| match column {
            column if column < COMMON.len() => name.to_owned(),
            _ => format!("raw {}", name.strip_prefix("raw.").unwrap_or(name)),
        });
        let cells = named.zip(record.iter().map(str::to_owned));
        cells.filter(|(_, cell)| !cell.is_empty()).collect()
    });
    rows.collect()
}

#[test]
fn tables_hold_what_the_lines_hold() {
    let demo = Demo::new(&[]);
    demo.export("csv", "tables").expect_exit(0);
    let mut expected: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for resource in demo.resources() {
        let name = format!("{}-{}.csv", text(&resource["service"]), text(&resource["kind"]));
        let columns = columns(&demo.sandbox.path("tables").join(&name));
        expected.entry(name).or_default().push(row(&resource, &columns));
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(demo.sandbox.path("tables")).expect("a folder") {
        let entry = entry.expect("an entry");
        assert_eq!(entry.metadata().expect("exists").permissions().mode() & 0o777, 0o600);
        if entry.file_name() == "missing.csv" {
            continue;
        }
        found.insert(entry.file_name().into_string().expect("a name"), table(&entry.path()));
    }
    assert!(found.len() >= 15 && found.keys().eq(expected.keys()), "{:?}", found.keys());
    for (name, rows) in &found {
        assert_eq!(rows.len(), expected[name].len(), "{name}");
        for (row, expected) in rows.iter().zip(&expected[name]) {
            assert_eq!(row, expected, "{name}");
        }
    }
}

const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"click\")";

/// A run with a user whose name is like a formula.
fn with_formula() -> Demo {
    let demo = Demo::new(&[]);
    let (path, mut file) = demo.file_with("iam.json", "list_users");
    file["list_users"][0]["UserName"] = json!(FORMULA);
    file["list_users"][0]["-2+3"] = json!(-5);
    fs::write(path, file.to_string()).expect("writes");
    demo
}

#[test]
fn a_name_that_is_a_formula_is_a_text_in_a_table() {
    let demo = with_formula();
    demo.export("csv", "tables").expect_exit(0);
    let rows = table(&demo.sandbox.path("tables/iam-user.csv"));
    let harmless = format!("'{FORMULA}");
    let mut found = rows.iter().filter(|row| row.get("raw UserName") == Some(&harmless));
    let user = found.next().expect("the user");
    assert_eq!(user["name"], harmless);
    assert_eq!(user["raw other fields"], "{\"-2+3\":-5}", "a field without a column");
    let all = fs::read_to_string(demo.sandbox.path("tables/iam-user.csv")).expect("a table");
    assert!(!all.contains(",=") && !all.contains(",\"="), "{all}");
}

/// What another program finds in a workbook.
#[track_caller]
pub(crate) fn workbook(path: &Path) -> Map<String, Value> {
    let path = path.to_str().expect("a name in UTF-8");
    let output = python("../export/workbook.py", &[path]).stderr(Stdio::inherit()).output().expect("starts");
    assert!(output.status.success(), "the workbook cannot be read; the messages are above");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The sheets before those of the kinds.
const FIRST_SHEETS: [&str; 4] = ["Summary", "Accounts", "Missing", "All resources"];

/// The first columns of the sheet of a kind.
const SHEET_COLUMNS: [&str; 20] = [
    "name",
    "id",
    "type",
    "state",
    "size_or_type",
    "created",
    "environment",
    "public",
    "uses",
    "used_by",
    "account",
    "account_name",
    "account_ou",
    "region",
    "arn",
    "owner_account",
    "parent",
    "tags",
    "account_tags",
    "details",
];

#[test]
fn a_workbook_has_a_sheet_for_each_kind_and_no_formula() {
    let demo = with_formula();
    demo.export("xlsx", "book.xlsx").expect_exit(0);
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    for resource in demo.resources() {
        let kind = format!("{} {}", text(&resource["service"]), text(&resource["kind"]));
        *expected.entry(kind).or_default() += 1;
    }
    let sheets = workbook(&demo.sandbox.path("book.xlsx"));
    let kinds = sheets.iter().filter(|(name, _)| !FIRST_SHEETS.contains(&name.as_str()));
    assert_eq!(kinds.clone().map(|(name, _)| name).collect::<BTreeSet<_>>(), expected.keys().collect());
    for (name, sheet) in kinds {
        let rows = sheet["rows"].as_array().expect("rows");
        assert_eq!(rows.len(), expected[name] + 1, "{name}: a header, and a row for each resource");
        let header = rows[0].as_array().expect("a header");
        assert_eq!(header[..SHEET_COLUMNS.len()], SHEET_COLUMNS.map(|column| json!(column)), "{name}");
        assert_eq!((&sheet["formulas"], &sheet["frozen"]), (&json!(0), &json!(true)), "{name}");
        assert!(sheet["widths"].as_u64().is_some_and(|widths| widths > 1), "{name}");
        assert!(text(&sheet["filter"]).ends_with(&rows.len().to_string()), "{name}: {}", sheet["filter"]);
    }
    let users = sheets["iam user"]["rows"].as_array().expect("rows");
    let named = users.iter().filter(|row| row[0] == FORMULA);
    assert_eq!(named.count(), 1, "the text is there, as it is");
}

#[test]
fn an_export_of_a_run_with_gaps_says_that_something_is_missing() {
    let demo = Demo::new(&["-s", "rds"]);
    let run = demo.export("ndjson", "lines.ndjson");
    run.expect_exit(0).stderr_contains("denied or failed").stdout_contains("resources: lines.ndjson");
    assert!(!run.stderr.contains("did not finish"), "{}", run.report());
    let path = demo.sandbox.path("lines.ndjson");
    assert_eq!(fs::metadata(path).expect("exists").permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_export_stands_beside_its_run_and_replaces_nothing() {
    let demo = Demo::new(&["-s", "rds"]);
    let formats = [
        ("ndjson", "run.ndjson"),
        ("csv", "run-csv"),
        ("xlsx", "run.xlsx"),
        ("sqlite", "run.sqlite"),
        ("parquet", "run-parquet"),
    ];
    for (format, name) in formats {
        demo.sandbox.run(["export", "output/run/", "-f", format]).expect_exit(0);
        assert!(demo.sandbox.path("output").join(name).exists(), "{name}");
        let again = demo.sandbox.run(["export", "output/run", "-f", format]);
        again.expect_exit(2).stderr_contains("already exists").stderr_is_one_paragraph();
    }
    for format in ["csv", "xlsx", "sqlite", "parquet"] {
        demo.export(format, "-").expect_exit(2).stderr_contains("standard output");
    }
    // Nothing unfinished is left beside them, the gaps of the lines, the run and the link to it.
    assert_eq!(fs::read_dir(demo.sandbox.path("output")).expect("lists").count(), formats.len() + 3);
}

/// Every format ends with an error on a full disk, and leaves nothing.
#[test]
fn export_on_full_disk_fails_and_leaves_no_file() {
    let demo = Demo::new(&[]);
    for format in ["ndjson", "csv", "xlsx", "sqlite", "parquet"] {
        // A limit of a file's size (in blocks of 512 bytes) fails writes as a full disk does.
        let line = format!("ulimit -f 2; scan export output/run --format {format} --output out-{format}");
        let run = demo.sandbox.shell(&line);
        run.expect_exit(1);
        // The limit is that of temporary files, too, of which each format needs one before it writes.
        let is_of_output = run.stderr.contains(&format!("cannot write out-{format}: "));
        assert!(is_of_output || run.stderr.contains("cannot use a temporary file: "), "{}", run.stderr);
        // SQLite has its own word for all that a disk refuses.
        let is_of_sqlite = format == "sqlite" && is_of_output;
        run.stderr_contains(if is_of_sqlite { "disk I/O error" } else { "File too large" });
        assert!(!run.stderr.contains("defect"), "{}", run.stderr);
        assert!(!demo.sandbox.path(&format!("out-{format}")).exists(), "{format}");
    }
}

#[test]
fn a_run_that_was_interrupted_is_exported_with_a_warning() {
    let demo = Demo::new(&["-s", "rds"]);
    let whole = demo.resources().len();
    let path = demo.folder.join("manifest.json");
    let manifest = fs::read_to_string(&path).expect("a manifest");
    fs::write(&path, manifest.replace("\"finished\",", "\"interrupted\",")).expect("writes");
    let ledger = demo.folder.join("ledger.ndjson");
    let lines = fs::read_to_string(&ledger).expect("a ledger");
    fs::write(&ledger, &lines[..lines.len() - 20]).expect("writes");
    let run = demo.export("ndjson", "-");
    run.expect_exit(0).stderr_contains("did not finish").stderr_contains("scan resume output/run");
    assert_eq!(run.stdout.lines().count(), whole);
}

#[test]
fn a_folder_that_is_no_run_or_damaged_is_told() {
    let demo = Demo::new(&[]);
    demo.sandbox.run(["export", "output", "-f", "ndjson"]).expect_exit(2).stderr_contains("manifest.json");
    demo.sandbox.run(["export", "nowhere", "-f", "ndjson"]).expect_exit(2).stderr_contains("nowhere");

    let (path, file) = demo.file_with("s3.json", "list_buckets");
    for text in ["{\"list_buckets\": [{\"Name\": }]}\n", "{\"list_buckets\": [", ""] {
        fs::write(&path, text).expect("writes");
        let run = demo.export("ndjson", "-");
        run.expect_exit(2).stderr_contains("s3.json").stderr_is_one_paragraph();
    }
    fs::remove_file(&path).expect("removes");
    demo.export("csv", "tables").expect_exit(2).stderr_contains("s3.json").stderr_contains("does not exist");
    assert!(!demo.sandbox.path("tables").exists());

    let outside = demo.sandbox.path("outside.json");
    fs::write(&outside, file.to_string()).expect("writes");
    symlink(&outside, &path).expect("links");
    demo.export("ndjson", "-").expect_exit(2).stderr_contains("s3.json");
}

#[test]
fn links_in_a_run_are_not_followed() {
    let demo = Demo::new(&["-s", "rds"]);
    let account = folders(&demo.folder).into_iter().next().expect("an account");
    let outside = demo.sandbox.path("outside");
    fs::rename(&account, &outside).expect("moves");
    symlink(&outside, &account).expect("links");
    let run = demo.export("ndjson", "-");
    run.expect_exit(2).stderr_contains("symbolic link, which is not followed");
}

#[test]
fn every_field_of_a_line_is_described() {
    let demo = Demo::new(&["-s", "rds"]);
    let formats = include_str!("../../../docs/formats.md");
    let (_, exports) = formats.split_once("\n## Exports\n").expect("the heading");
    let resources = demo.resources();
    for name in resources[0].as_object().expect("an object").keys() {
        assert!(exports.contains(&format!("| `{name}` |")), "docs/formats.md lacks {name}");
    }
}
