//! The child calls of a spec, told by boto3: one for each item of an answer.

use serde_json::{Map, Value, json};

use super::jq::evaluate;
use super::moto::{Answer, Moto, Question};

/// What the children of one entry leave in a result file: its service, the key in it and the value.
pub(crate) struct Child {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) results: Value,
}

/// Makes the calls of the entry's `each` for the answer that the entry's own call got.
#[track_caller]
pub(crate) fn children_of(moto: &Moto, entry: &Value, parent: &Question, answer: &Value) -> Vec<Child> {
    let each = entry.get("each").and_then(Value::as_array);
    each.into_iter().flatten().map(|child| ask(moto, child, parent, answer)).collect()
}

#[track_caller]
fn ask(moto: &Moto, child: &Value, parent: &Question, answer: &Value) -> Child {
    assert!(child.get("each").is_none(), "only one level of children is expected: {child}");
    let function = child["function"].as_str().expect("a function");
    let service = child.get("service").and_then(Value::as_str).unwrap_or(&parent.service);
    let items = evaluate(child["over"].as_str().expect("a filter"), answer);
    let none = Value::Object(Map::new());
    let questions: Vec<Question> = items
        .iter()
        .map(|item| Question {
            service: service.to_owned(),
            function: function.to_owned(),
            parameters: fill(child.get("parameters").unwrap_or(&none), item),
            ..parent.clone()
        })
        .collect();
    let answers = if questions.is_empty() { Vec::new() } else { moto.truth(&questions) };
    let mut results = Vec::new();
    for (item, answer) in items.into_iter().zip(answers) {
        // A child that is refused is in the ledger only.
        if let Answer::Answer(answer) = answer {
            results.push(json!({"item": item, "result": select(&answer, child.get("result_key"))}));
        }
    }
    let name = child.get("name").and_then(Value::as_str).unwrap_or(function).to_owned();
    Child { service: service.to_owned(), name, results: Value::Array(results) }
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
        Some(member) => answer.get(member).cloned().unwrap_or_else(|| Value::Array(Vec::new())),
    }
}
