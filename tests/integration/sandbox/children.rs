//! The child calls of a spec, told by boto3: one for each item of an answer.

use serde_json::{Map, Value, json};

use super::jq::evaluate;
use super::moto::{Answer, Moto, Question};

/// A call that was answered, whose entry may have children.
pub(crate) struct Parent<'a> {
    pub(crate) entry: &'a Value,
    pub(crate) question: Question,
    pub(crate) region: &'a str,
    pub(crate) answer: Value,
}

/// What one child entry leaves in a result file.
pub(crate) struct Child {
    /// The result file, as `<account id>/<region>/<file name>`.
    pub(crate) path: String,
    /// The key in it.
    pub(crate) name: String,
    /// The items with their results.
    pub(crate) results: Value,
}

/// Asks boto3, all at once, for the children of all parents.
#[track_caller]
pub(crate) fn children_of(moto: &Moto, parents: &[Parent]) -> Vec<Child> {
    let mut children = Vec::new();
    let mut planned = Vec::new();
    for parent in parents {
        for child in parent.entry.get("each").and_then(Value::as_array).into_iter().flatten() {
            assert!(child.get("each").is_none(), "only one level of children is expected: {child}");
            let items = evaluate(child["over"].as_str().expect("a filter"), &parent.answer);
            planned.extend(items.into_iter().map(|item| {
                let question = question(parent, child, &item);
                (children.len(), child, item, question)
            }));
            children.push(empty(parent, child));
        }
    }
    let questions: Vec<Question> = planned.iter().map(|(.., question)| question.clone()).collect();
    for ((index, child, item, _), answer) in planned.into_iter().zip(moto.truth(&questions)) {
        // A child that is refused is in the ledger only.
        if let (Answer::Answer(answer), Value::Array(results)) = (answer, &mut children[index].results) {
            results.push(json!({"item": item, "result": select(&answer, child.get("result_key"))}));
        }
    }
    children
}

fn empty(parent: &Parent, child: &Value) -> Child {
    let name = child.get("name").unwrap_or(&child["function"]).as_str().expect("a function").to_owned();
    let path = format!("{}/{}/{}.json", parent.question.account, parent.region, service(parent, child));
    Child { path, name, results: json!([]) }
}

fn question(parent: &Parent, child: &Value, item: &Value) -> Question {
    let none = Value::Object(Map::new());
    Question {
        service: service(parent, child),
        function: child["function"].as_str().expect("a function").to_owned(),
        parameters: fill(child.get("parameters").unwrap_or(&none), item),
        ..parent.question.clone()
    }
}

fn service(parent: &Parent, child: &Value) -> String {
    child.get("service").and_then(Value::as_str).unwrap_or(&parent.question.service).to_owned()
}

/// The parameters with every text that is exactly `{filter}` replaced by the filter's output for the item.
fn fill(template: &Value, item: &Value) -> Value {
    match template {
        Value::String(text) => match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(filter) => evaluate(filter, item).into_iter().next().expect("an output"),
            None => template.clone(),
        },
        Value::Array(items) => items.iter().map(|one| fill(one, item)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, one)| (name.clone(), fill(one, item))).collect())
        }
        _ => template.clone(),
    }
}

/// What an entry's `result_key` takes from the answer: all of it, a member, or a filter's outputs.
pub(crate) fn select(answer: &Value, result_key: Option<&Value>) -> Value {
    match result_key.and_then(Value::as_str) {
        None => answer.clone(),
        Some(filter) if filter.starts_with('.') => Value::Array(evaluate(filter, answer)),
        // Services leave out a list that is empty.
        Some(member) => answer.get(member).cloned().unwrap_or_else(|| json!([])),
    }
}
