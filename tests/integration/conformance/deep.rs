//! A deep scan of every service that moto has: no child call fails because of its identifier, and the results equal
//! boto3's.
//!
//! `tests/moto/deep.py` makes two of everything, and returns the calls that read them back, with the identifiers that
//! the creating calls returned. The expected calls are therefore independent of the derivation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::conformance::{Suite, sources};
use crate::sandbox::{Answer, Moto, Question, Sandbox, Tree, select};

const REGION: &str = "us-east-1";

/// Failures that are moto's, or what AWS answers as well.
const FAILURES: &str = include_str!("deep/failures.txt");

/// Members that differ from one call to the next.
const DIFFERENCES: &str = include_str!("deep/differences.txt");

/// A service and its function.
type Function = (String, String);

/// A finished deep scan, and the answers that it has to have.
struct DeepRun {
    tree: Tree,
    children: BTreeMap<Function, Child>,
    /// The calls of the seed, with boto3's answers.
    expected: Vec<(Question, Answer)>,
    account: String,
    _sandbox: Sandbox,
}

/// What the spec does with the answers of a function that is called for items.
struct Child {
    result_key: Option<Value>,
    is_batched: bool,
    /// The members that are not compared.
    ignored: BTreeSet<String>,
}

impl DeepRun {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<DeepRun> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut moto = Moto::empty();
        let seed = moto.ask("deep.py", &[]);
        moto.organization = serde_json::from_value(seed.clone()).expect("an organization");
        let user = &moto.organization;
        let sandbox = Sandbox::new().aws(&moto.endpoint, &user.access_key_id, &user.secret_access_key);
        let services = seed["services"].as_array().expect("a list").iter().map(text);
        let generate = ["spec", "--deep=history", "-o", "spec.json"].into_iter().map(str::to_owned);
        sandbox.run(generate.chain(services)).expect_exit(0);
        let spec = std::fs::read_to_string(sandbox.path("spec.json")).expect("a spec");
        let spec: Value = serde_json::from_str(&spec).expect("a spec in JSON");
        // moto resets a connection now and then, and some of its failures would open the circuit breaker.
        let arguments = ["-s", "spec.json", "-r", REGION, "-o", "output", "--no-redact", "--ask-everything"];
        sandbox
            .run(arguments.into_iter().chain(["--max-retries", "2", "--retry-delay", "0.05"]))
            .expect_exit(4);
        let reads = seed["reads"].as_array().expect("a list").iter();
        let questions: Vec<Question> = reads.map(|read| question(&user.management_account, read)).collect();
        let answers = moto.truth(&questions);
        let mut children = BTreeMap::new();
        add_children(&mut children, spec.as_array().expect("a list"), "");
        Self {
            tree: Tree::open(&sandbox.path("output"), ""),
            children,
            expected: questions.into_iter().zip(answers).collect(),
            account: user.management_account.clone(),
            _sandbox: sandbox,
        }
    }

    /// Returns how often the scan has each answer, by function.
    fn found(&self) -> BTreeMap<Function, BTreeMap<String, usize>> {
        let mut found: BTreeMap<Function, BTreeMap<String, usize>> = BTreeMap::new();
        let complete = ["ok", "empty", "truncated"];
        for line in &self.tree.ledger {
            let function = function_of(line);
            let Some(child) = self.children.get(&function) else { continue };
            if line.get("item").is_some() || !complete.contains(&line["status"].as_str().expect("a status")) {
                continue;
            }
            let (region, name) = (text(&line["region"]), text(&line["name"]));
            let result = &self.tree.result(&self.account, &region, &function.0)[&name];
            let answers = found.entry(function).or_default();
            for piece in answers_of(result).into_iter().flat_map(|answer| child.pieces(answer)) {
                *answers.entry(piece).or_default() += 1;
            }
        }
        found
    }
}

impl Child {
    /// Returns an answer as texts to compare: one, or one for each element of its lists if the call is for several
    /// items.
    fn pieces(&self, answer: &Value) -> Vec<String> {
        let lists: Vec<(&str, &Value)> = match answer {
            Value::Array(_) => vec![("", answer)],
            Value::Object(members) => members.iter().map(|(name, member)| (&**name, member)).collect(),
            _ => Vec::new(),
        };
        if !self.is_batched {
            return vec![self.canonical(answer).to_string()];
        }
        let elements = lists.into_iter().filter_map(|(name, list)| Some((name, list.as_array()?)));
        elements
            .flat_map(|(name, list)| {
                list.iter().map(move |element| format!("{name}: {}", self.canonical(element)))
            })
            .collect()
    }

    /// Returns the value with sorted members, without ignored ones and nulls. Anything empty is null.
    fn canonical(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let members: BTreeMap<&String, Value> = members
                    .iter()
                    .filter(|(name, _)| !self.ignored.contains(*name))
                    .map(|(name, member)| (name, self.canonical(member)))
                    .filter(|(_, member)| !member.is_null())
                    .collect();
                let members: Map<String, Value> =
                    members.into_iter().map(|(name, member)| (name.clone(), member)).collect();
                if members.is_empty() { Value::Null } else { members.into() }
            }
            Value::Array(items) if items.is_empty() => Value::Null,
            Value::Array(items) => items.iter().map(|item| self.canonical(item)).collect(),
            other => other.clone(),
        }
    }
}

/// Returns the responses in the result of a call: those for the items, or the one of a call of the spec.
fn answers_of(result: &Value) -> Vec<&Value> {
    let of_items = result.as_array().and_then(|list| {
        list.iter()
            .map(|entry| entry.get("item").and_then(|_| entry.get("result")))
            .collect::<Option<Vec<_>>>()
    });
    of_items.unwrap_or_else(|| vec![result])
}

fn add_children(children: &mut BTreeMap<Function, Child>, entries: &[Value], service: &str) {
    for entry in entries {
        let service = entry.get("service").map_or_else(|| service.to_owned(), text);
        let below = entry.get("each").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        add_children(children, below, &service);
        if entry.get("over").is_some() {
            let function = (service, text(&entry["function"]));
            let child = Child {
                result_key: entry.get("result_key").cloned(),
                is_batched: entry.get("batch").is_some(),
                ignored: rows(DIFFERENCES)
                    .filter(|row| row.covers(&function))
                    .flat_map(|row| words(row.what))
                    .collect(),
            };
            children.insert(function, child);
        }
    }
}

fn question(account: &str, read: &Value) -> Question {
    Question {
        account: account.to_owned(),
        region: REGION.to_owned(),
        service: text(&read["service"]),
        function: text(&read["function"]),
        parameters: read["parameters"].clone(),
    }
}

fn function_of(line: &Value) -> Function {
    (text(&line["service"]), text(&line["function"]))
}

#[track_caller]
fn text(value: &Value) -> String {
    String::deserialize(value).expect("a text")
}

/// A row of a table: what holds for some functions of a service.
struct Row {
    service: &'static str,
    functions: Vec<String>,
    /// An error code, or members.
    what: &'static str,
}

impl Row {
    fn covers(&self, (service, function): &Function) -> bool {
        self.service == *service && self.functions.contains(function)
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    sources::rows(table).map(|columns| {
        let [service, functions, what, _] = columns[..] else {
            panic!("a row with four columns: {columns:?}")
        };
        Row { service, functions: words(functions).collect(), what }
    })
}

fn words(text: &'static str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

#[test]
fn details_of_seeded_resources_equal_boto3() {
    let run = DeepRun::shared();
    let mut found = run.found();
    let mut suite = Suite::new("deep-answers");
    for (question, answer) in &run.expected {
        let function = (question.service.clone(), question.function.clone());
        let answers = found.entry(function.clone()).or_default();
        let outcome = match (run.children.get(&function), answer) {
            (None, _) => Err("the spec does not call it for items".to_owned()),
            (_, Answer::Error(code)) => Err(format!("boto3 has no answer, but `{code}`")),
            (Some(child), Answer::Answer(answer)) => {
                let pieces = child.pieces(&select(answer, child.result_key.as_ref()));
                let missing = pieces.iter().find(|piece| !take(answers, piece));
                missing.map_or(Ok(()), |piece| Err(format!("missing in the run: {piece}")))
            }
        };
        suite
            .count(outcome, || format!("{} {} {}", question.service, question.function, question.parameters));
    }
    suite.finish();
}

/// Takes one of the equal answers away, and returns whether there was one.
fn take(answers: &mut BTreeMap<String, usize>, answer: &str) -> bool {
    let left = answers.get_mut(answer).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

#[test]
fn deep_functions_are_answered_or_missing_in_moto() {
    let run = DeepRun::shared();
    let mut suite = Suite::new("deep-functions");
    let answered: BTreeSet<(&str, &str)> =
        run.expected.iter().map(|(question, _)| (&*question.service, &*question.function)).collect();
    for _ in &answered {
        suite.count(Ok(()), String::new);
    }
    let mut services = Suite::new("deep-services");
    let names: BTreeSet<&str> = answered.iter().map(|(service, _)| *service).collect();
    for _ in &names {
        services.count(Ok(()), String::new);
    }
    services.finish();
    let lacking: BTreeSet<Function> =
        run.tree.ledger.iter().filter(|line| is_lacking(line)).map(function_of).collect();
    for (service, function) in lacking.iter().filter(|function| run.children.contains_key(*function)) {
        if !answered.contains(&(&**service, &**function)) {
            suite.exclude("moto has none");
        }
    }
    suite.finish();
}

/// Returns whether moto does not implement the function of a failed call.
fn is_lacking(line: &Value) -> bool {
    line["message"].as_str().is_some_and(|message| message.starts_with("Not Implemented"))
}

#[test]
fn child_calls_fail_for_reviewed_reasons() {
    let run = DeepRun::shared();
    let failed = run.tree.ledger.iter().filter(|line| line.get("item").is_some() && !is_lacking(line));
    let code = |line: &Value| line["code"].as_str().unwrap_or("-").to_owned();
    let failed: BTreeMap<(Function, String), &Value> =
        failed.map(|line| ((function_of(line), code(line)), line)).collect();
    let reviewed: BTreeSet<(Function, String)> = rows(FAILURES)
        .flat_map(|row| row.functions.into_iter().map(move |name| (row.service, name, row.what)))
        .map(|(service, function, code)| ((service.to_owned(), function), code.to_owned()))
        .collect();
    let surprising: Vec<String> = failed
        .iter()
        .filter(|(failure, _)| !reviewed.contains(*failure))
        .map(|(failure, line)| format!("{failure:?}: {} for {}", line["message"], line["item"]))
        .collect();
    assert!(surprising.is_empty(), "{} failures:\n{}", surprising.len(), surprising.join("\n"));
    let unused: Vec<_> = reviewed.iter().filter(|row| !failed.contains_key(*row)).collect();
    assert!(unused.is_empty(), "rows that are not needed: {unused:?}");
    let mut suite = Suite::new("deep-failures");
    for _ in &reviewed {
        suite.exclude("reviewed");
    }
    suite.finish();
}

#[test]
fn ignored_members_are_in_answers() {
    let run = DeepRun::shared();
    for row in rows(DIFFERENCES) {
        for function in &row.functions {
            let answers = run
                .expected
                .iter()
                .filter(|(question, _)| question.service == row.service && question.function == *function);
            let answers: String = answers
                .filter_map(|(_, answer)| match answer {
                    Answer::Answer(answer) => Some(answer.to_string()),
                    Answer::Error(_) => None,
                })
                .collect();
            let has_some = words(row.what).any(|member| answers.contains(&format!("\"{member}\"")));
            assert!(has_some, "{} {function} has none of {}", row.service, row.what);
        }
    }
}
