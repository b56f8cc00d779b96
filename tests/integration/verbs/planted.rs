//! Secrets that were planted in the answers of many services are nowhere in what a run leaves and prints, nor in
//! what is made of it.
//!
//! `planted/answers.json` has the answers. Each word such as `plover001Zq` in them is a secret; what stands under
//! `stays` has to be in the results. `{"base64": …}` stands for the text in base64.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, LazyLock};

use aws_auto_inventory::model::catalog::{Catalog, Function, read_only};
use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Behaviour, Site, World};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value, json};

use crate::conformance::round_trip::parameters;
use crate::faults::crash::run_of;
use crate::sandbox::{Finished, Sandbox, Simulated, Tree, python};

const ANSWERS: &str = include_str!("planted/answers.json");

/// An answer with its secrets.
struct Planted {
    service: String,
    operation: String,
    function: String,
    parameters: Map<String, Value>,
    answer: Map<String, Value>,
    stays: Vec<String>,
}

static PLANTED: LazyLock<Vec<Planted>> = LazyLock::new(|| {
    let answers =
        std::env::var_os("SCAN_TEST_ANSWERS").map(|path| fs::read_to_string(path).expect("answers"));
    let answers: Vec<Value> = serde_json::from_str(answers.as_deref().unwrap_or(ANSWERS)).expect("JSON");
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    answers.into_iter().filter_map(|answer| Planted::of(&catalog, answer)).collect()
});

impl Planted {
    /// `None` for what is never requested.
    fn of(catalog: &Catalog, mut data: Value) -> Option<Self> {
        let text = |name: &str| data[name].as_str().expect("a name").to_owned();
        let (service, operation) = (text("service"), text("operation"));
        let model = catalog.service(&service).expect("loads").expect("exists");
        let mut functions = Function::all(&model);
        let function =
            functions.find(|function| *function.operation().name == *operation).expect("an operation");
        if read_only::denial(&service, &operation).is_some() {
            return None;
        }
        let Value::Object(answer) = encoded(data["answer"].take()) else { panic!("an answer is an object") };
        let stays = data["stays"].as_array().into_iter().flatten();
        Some(Self {
            stays: stays.map(|text| text.as_str().expect("a text").to_owned()).collect(),
            function: function.name().to_owned(),
            parameters: parameters::least(&function),
            service,
            operation,
            answer,
        })
    }
}

/// An answer with base64 in the place of what is written out.
fn encoded(value: Value) -> Value {
    match value {
        Value::Object(members) if members.len() == 1 && members.contains_key("base64") => {
            json!(BASE64_STANDARD.encode(members["base64"].as_str().expect("a text")))
        }
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, encoded(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.into_iter().map(encoded).collect(),
        value => value,
    }
}

/// The secrets that are in a text, or in what is base64 in it.
fn secrets_in(text: &str) -> BTreeSet<String> {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "+/=".contains(sign);
    let words = text.split(|sign: char| !is_sign(sign)).filter(|word| word.len() >= 16);
    let mut texts: Vec<String> =
        words.filter_map(|word| String::from_utf8(BASE64_STANDARD.decode(word).ok()?).ok()).collect();
    texts.push(text.to_owned());
    let mut found = BTreeSet::new();
    for text in texts {
        for (place, _) in text.match_indices("Zq") {
            let digits = &text.as_bytes()[place.saturating_sub(3)..place];
            if digits.len() == 3 && digits.iter().all(u8::is_ascii_digit) {
                let before = text[..place - 3].bytes().rev().take_while(u8::is_ascii_lowercase).count();
                found.insert(text[place - 3 - before..place].to_owned());
            }
        }
    }
    found
}

/// A page with its tables, which are compressed and stand in it as base64.
fn unpacked(page: &str) -> String {
    let mut text = page.to_owned();
    for piece in page.split("<script type=\"application/gzip\"").skip(1) {
        let packed = piece.split(['>', '<']).nth(1).expect("what the element has");
        let packed = BASE64_STANDARD.decode(packed.trim()).expect("base64");
        MultiGzDecoder::new(&*packed).read_to_string(&mut text).expect("gzip");
    }
    text
}

/// The service, its operation, and what it answers.
type Answer<'data> = (&'data str, &'data str, Map<String, Value>);

/// A scan in which every call of the data gets its answer.
struct Scanned {
    tree: Tree,
    run: Finished,
    sandbox: Sandbox,
    _aws: Simulated,
}

static REDACTED: LazyLock<Scanned> = LazyLock::new(|| Scanned::scan(&[]));

impl Scanned {
    #[track_caller]
    fn scan(arguments: &[&str]) -> Self {
        let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
        let planted: Arc<[Answer<'_>]> = PLANTED
            .iter()
            .map(|planted| (&*planted.service, &*planted.operation, planted.answer.clone()))
            .collect();
        aws.fault(move |site: &Site<'_>| {
            let found =
                planted.iter().find(|planted| (planted.0, planted.1) == (site.service, site.operation));
            found.map(|planted| Behaviour::Answer(planted.2.clone()))
        });
        let call = |planted: &Planted| json!({"service": planted.service, "function": planted.function, "parameters": planted.parameters});
        let spec: Value = PLANTED.iter().map(call).collect();
        let sandbox = aws.sandbox().spec(&spec);
        let command = ["-s", "spec.json", "-r", "us-east-1", "-l", "trace"].into_iter();
        let run = sandbox.run(command.chain(arguments.iter().copied()));
        run.expect_exit(0);
        let tree = Tree::open(&sandbox.path("output"), "");
        Self { tree, run, sandbox, _aws: aws }
    }

    /// Everything that the run has left and printed.
    fn texts(&self) -> Vec<String> {
        let files = self.tree.texts().into_iter().map(|(_, text)| text);
        files.chain([self.run.stdout.clone(), self.run.stderr.clone()]).collect()
    }

    fn secrets(&self) -> BTreeSet<String> {
        self.texts().iter().flat_map(|text| secrets_in(text)).collect()
    }
}

/// All secrets of the data.
fn planted() -> BTreeSet<String> {
    PLANTED.iter().flat_map(|planted| secrets_in(&Value::from(planted.answer.clone()).to_string())).collect()
}

/// No planted secret is in results, ledger or log, or on the terminal.
#[test]
fn planted_secret_is_in_no_file_and_no_output() {
    let run = &*REDACTED;
    let calls = run.tree.ledger.iter().filter(|line| line["status"] == "ok").count();
    assert_eq!(calls, PLANTED.len(), "every answer has arrived");
    assert!(PLANTED.len() > 90 && planted().len() > 170, "{} {}", PLANTED.len(), planted().len());
    assert_eq!(run.secrets(), BTreeSet::new());
}

#[test]
fn harmless_values_are_still_in_results() {
    let results: String = REDACTED.tree.texts().into_iter().map(|(_, text)| text).collect();
    for planted in PLANTED.iter() {
        for text in &planted.stays {
            // JSON within JSON has its quotes marked.
            let is_there = results.contains(text) || results.contains(&text.replace('"', "\\\""));
            assert!(is_there, "{text} of {} {} has gone", planted.service, planted.operation);
        }
    }
}

#[test]
fn no_planted_secret_is_in_an_export_or_on_the_page() {
    let run = &*REDACTED;
    let folder = run_of(&run.sandbox);
    let made = |name: &str| run.sandbox.path(name);
    for (format, name) in [
        ("ndjson", "a.ndjson"),
        ("csv", "csv"),
        ("xlsx", "a.xlsx"),
        ("sqlite", "a.sqlite"),
        ("parquet", "parquet"),
    ] {
        run.sandbox.run(["export", &folder, "-f", format, "-o", name]).expect_exit(0);
        assert!(made(name).exists(), "{name}");
    }
    run.sandbox.run(["report", &folder, "-o", "page.html"]).expect_exit(0);
    let read = |name: &str| String::from_utf8_lossy(&fs::read(made(name)).expect("a file")).into_owned();
    let python = |script: &str, arguments: &[&str]| {
        let output = python(script, arguments).stderr(Stdio::inherit()).output().expect("starts");
        assert!(output.status.success(), "the messages are above");
        String::from_utf8(output.stdout).expect("JSON")
    };
    let path = |name: &str| made(name).to_str().expect("a name in UTF-8").to_owned();
    let tables: String = fs::read_dir(made("csv"))
        .expect("a folder")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a table"))
        .collect();
    let texts = [
        ("ndjson", read("a.ndjson")),
        ("csv", tables),
        ("xlsx", python("../export/workbook.py", &[&path("a.xlsx")])),
        ("sqlite, its bytes", read("a.sqlite")),
        ("sqlite", python("../export/read_back.py", &["sqlite", &path("a.sqlite")])),
        ("parquet", python("../export/read_back.py", &["duckdb", &path("parquet")])),
        ("page", unpacked(&read("page.html"))),
    ];
    for (format, text) in texts {
        assert_eq!(secrets_in(&text), BTreeSet::new(), "{format}");
        assert!(text.contains("[redacted"), "{format} has the answers in it");
    }
}

#[test]
fn no_redact_keeps_all_planted_secrets() {
    let run = Scanned::scan(&["--no-redact"]);
    let left: BTreeSet<String> = planted().difference(&run.secrets()).cloned().collect();
    assert_eq!(left, BTreeSet::new(), "these cannot have been found because they never arrived");
    let beside = ["scan.log", "ledger.ndjson", "manifest.json"]
        .map(|name| fs::read_to_string(Path::new(&run_of(&run.sandbox)).join(name)).expect("a file"));
    assert_eq!(beside.iter().flat_map(|text| secrets_in(text)).collect::<BTreeSet<_>>(), BTreeSet::new());
}
