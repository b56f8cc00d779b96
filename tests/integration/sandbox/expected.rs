//! What a scan of moto's organization must write, according to boto3.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::children::{Parent, children_of, select};
use super::moto::{Answer, Moto, Question};
use super::tree::Tree;
use super::{Finished, first_difference};

/// The services of the tests that answer the same in every region. (Of sts that is so for the one
/// function that the tests call: an identity belongs to an account.)
const GLOBAL_SERVICES: [&str; 6] = ["account", "cloudfront", "iam", "organizations", "route53", "sts"];

/// The functions of the tests that answer the same in every region, of services that do not.
const GLOBAL_FUNCTIONS: [(&str, &str); 1] = [("cloudwatch", "list_dashboards")];

/// Members that moto answers with another value each time: with the time of the request, or of the last session.
const VOLATILE: [&str; 3] = ["LatestRestorableTime", "RoleLastUsed", "list_work_groups"];

/// The result files and the ledger's statuses that a spec must lead to.
pub(crate) struct Expected {
    /// By `<account id>/<region>/<file name>`.
    files: BTreeMap<String, Value>,
    calls: Vec<Call>,
    /// Whether there are calls for the items of answers, which have lines in the ledger too.
    has_children: bool,
    /// Whether boto3 was refused an answer for the item of another.
    refused_child: bool,
}

/// Result files by their paths.
#[derive(Default)]
struct Files(BTreeMap<String, Value>);

impl Files {
    fn put(&mut self, path: String, name: String, result: Value) {
        self.0.entry(path).or_insert_with(|| Value::Object(Map::new()))[name] = result;
    }
}

/// One planned call and what becomes of it.
struct Call {
    question: Question,
    region: String,
    refused: Option<String>,
}

impl Expected {
    /// Calls with boto3 everything that the spec's entries plan in these accounts and regions, except for the items of
    /// calls that the ledger of the tree has as skipped.
    #[track_caller]
    pub(crate) fn of(moto: &Moto, spec: &Value, accounts: &[&str], regions: &[&str], tree: &Tree) -> Self {
        let entries = spec.as_array().expect("a spec is a list of calls");
        let mut planned = Vec::new();
        for account in accounts {
            for (name, entry) in names_of(entries).into_iter().zip(entries) {
                let service = entry["service"].as_str().expect("a service");
                let function = entry["function"].as_str().expect("a function");
                let global =
                    GLOBAL_SERVICES.contains(&service) || GLOBAL_FUNCTIONS.contains(&(service, function));
                let places = if global { &["us-east-1"][..] } else { regions };
                for place in places.iter().filter(|place| global || wants(entry, place)) {
                    let region = if global { "global" } else { place };
                    planned.push((name.clone(), entry, region, question(account, place, entry)));
                }
            }
        }
        let questions: Vec<Question> = planned.iter().map(|(.., question)| question.clone()).collect();
        let mut files = Files::default();
        let mut calls = Vec::new();
        let mut parents = Vec::new();
        for ((name, entry, region, question), answer) in planned.into_iter().zip(moto.truth(&questions)) {
            let refused = match answer {
                Answer::Answer(answer) => {
                    let path = format!("{}/{region}/{}.json", question.account, question.service);
                    let Question { account, service, function, .. } = &question;
                    let lines = tree.ledger_lines(account, region, service, function);
                    files.put(path, name, select(&answer, entry.get("result_key")));
                    if !lines.iter().any(|line| line["status"] == "skipped") {
                        let (question, item) = (question.clone(), Value::Null);
                        parents.push(Parent { entry, question, region, item, answer });
                    }
                    None
                }
                Answer::Error(code) => Some(code),
            };
            calls.push(Call { question, region: region.to_owned(), refused });
        }
        let children = children_of(moto, parents);
        let has_children = !children.results.is_empty();
        for ((path, name), results) in children.results {
            files.put(path, name, Value::Array(results));
        }
        Self { files: files.0, calls, has_children, refused_child: children.refused }
    }

    /// Ends the test unless the exit code reports whether every call was answered.
    #[track_caller]
    pub(crate) fn compare_exit(&self, run: &Finished) {
        if self.calls.iter().any(|call| call.refused.is_some()) {
            run.expect_exit(4);
        } else if !self.refused_child {
            // To have none of what a child requests, for example a bucket's policy, is an error to boto3 only.
            run.expect_exit(0);
        }
    }

    /// Ends the test unless the tree has exactly these files with exactly these values, and a line in the
    /// ledger for each call.
    #[track_caller]
    pub(crate) fn compare(&self, tree: &Tree, run: &Finished) {
        let files = self.files_of_what_is_called(tree);
        let found: Vec<String> = tree.result_files().into_iter().collect();
        let expected: Vec<String> = files.keys().cloned().collect();
        assert_eq!(found, expected, "the files of the tree are not the expected ones\n{}", run.report());
        let differences: Vec<String> =
            files.iter().filter_map(|(path, expected)| difference(tree, path, expected)).collect();
        let count = differences.len();
        assert!(count == 0, "{count} files differ from boto3's answers:\n{}", differences.join("\n"));
        self.compare_ledger(tree);
    }

    /// The files without calls that are not sent in a member account, since the management account alone answers
    /// them. moto answers members as well.
    fn files_of_what_is_called(&self, tree: &Tree) -> BTreeMap<String, Value> {
        let mut files = self.files.clone();
        for line in tree.ledger.iter().filter(|line| line["status"] == "skipped") {
            let part = |key: &str| line[key].as_str().expect("text");
            let path = format!("{}/{}/{}.json", part("account"), part("region"), part("service"));
            if let Some(Value::Object(results)) = files.get_mut(&path) {
                results.shift_remove(part("name"));
                if results.is_empty() {
                    files.remove(&path);
                }
            }
        }
        files
    }

    #[track_caller]
    fn compare_ledger(&self, tree: &Tree) {
        for Call { question, region, refused } in &self.calls {
            let Question { account, service, function, .. } = question;
            let place = format!("{account}/{region}/{service}.{function}");
            let lines = tree.ledger_lines(account, region, service, function);
            let planned = self.calls.iter().filter(|call| call.question.is_like(question)).count();
            assert_eq!(lines.len(), planned, "{place}: expected {planned} ledger lines, found {lines:?}");
            let answered =
                |line: &Value| ["ok", "empty", "skipped"].iter().any(|status| line["status"] == *status);
            let fits = |line: &Value| match refused {
                None => answered(line),
                Some(code) => {
                    line["status"] == "skipped"
                        || !answered(line) && (code.is_empty() || line["code"] == **code)
                }
            };
            assert!(lines.iter().any(|line| fits(line)), "{place}: boto3 has {refused:?}, found {lines:?}");
        }
        let surplus = tree.ledger.len() - self.calls.len();
        assert!(surplus == 0 || self.has_children, "the ledger has {surplus} lines that nobody planned");
    }
}

/// Whether the entry is for this region: for all, unless it names some.
fn wants(entry: &Value, region: &str) -> bool {
    let regions = entry.get("regions").and_then(Value::as_array);
    regions.is_none_or(|regions| regions.iter().any(|wanted| wanted == region))
}

/// Where a result file has something else than boto3's answers.
#[track_caller]
fn difference(tree: &Tree, path: &str, expected: &Value) -> Option<String> {
    let mut parts = path.trim_end_matches(".json").split('/');
    let mut part = || parts.next().expect("account, region and service");
    let found = tree.result(part(), part(), part());
    first_difference(&found, expected, &VOLATILE).map(|difference| format!("{path}: {difference}"))
}

/// The key of each entry in its result file: its name, else the function, numbered where it comes again.
fn names_of(entries: &[Value]) -> Vec<String> {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut names = Vec::new();
    for entry in entries {
        let service = entry["service"].as_str().expect("a service").to_owned();
        let name = entry.get("name").unwrap_or(&entry["function"]).as_str().expect("a function").to_owned();
        let count = seen.entry((service, name.clone())).or_default();
        *count += 1;
        names.push(if *count == 1 { name } else { format!("{name}-{count}") });
    }
    names
}

fn question(account: &str, region: &str, entry: &Value) -> Question {
    let text = |key: &str| entry[key].as_str().expect("text").to_owned();
    Question {
        account: account.to_owned(),
        region: region.to_owned(),
        service: text("service"),
        function: text("function"),
        parameters: entry.get("parameters").cloned().unwrap_or_else(|| Value::Object(Map::new())),
    }
}
