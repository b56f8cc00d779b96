//! The child calls of a spec, according to boto3: one for each item of an answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::jq::evaluate;
use super::moto::{Answer, Moto, Question};

/// A call that was answered, whose entry may have children.
pub(crate) struct Parent<'a> {
    pub(crate) entry: &'a Value,
    pub(crate) question: Question,
    pub(crate) region: &'a str,
    /// The item that it was called for, where it is a child itself.
    pub(crate) item: Value,
    pub(crate) answer: Value,
}

/// What the children of a spec leave: by result file and key in it the items with their results.
#[derive(Default)]
pub(crate) struct Children {
    pub(crate) results: BTreeMap<(String, String), Vec<Value>>,
    /// Whether boto3 was refused an answer for some item.
    pub(crate) refused: bool,
}

/// Calls the children of all parents with boto3, all of one level at once.
#[track_caller]
pub(crate) fn children_of(moto: &Moto, mut parents: Vec<Parent>) -> Children {
    let mut children = Children::default();
    for parent in &parents {
        reserve(&mut children, parent, parent.entry);
    }
    while !parents.is_empty() {
        let mut planned = Vec::new();
        for parent in &parents {
            for child in parent.entry.get("each").and_then(Value::as_array).into_iter().flatten() {
                let items = evaluate(&over(child, &parent.item), &parent.answer);
                let items = if child.get("batch").is_some() { batches(child, &items) } else { items };
                planned.extend(
                    items.into_iter().map(|item| (parent, child, question(parent, child, &item), item)),
                );
            }
        }
        let questions: Vec<Question> = planned.iter().map(|(.., question, _)| question.clone()).collect();
        let mut answered = Vec::new();
        for ((parent, entry, question, item), answer) in planned.into_iter().zip(moto.truth(&questions)) {
            let Answer::Answer(answer) = answer else {
                children.refused = true;
                continue;
            };
            let result = json!({"item": item, "result": select(&answer, entry.get("result_key"))});
            children.results.entry(place(parent, entry)).or_default().push(result);
            answered.push(Parent { entry, question, region: parent.region, item, answer });
        }
        parents = answered;
    }
    children
}

/// A child has a result also when there was nothing to call it for.
fn reserve(children: &mut Children, parent: &Parent, entry: &Value) {
    for child in entry.get("each").and_then(Value::as_array).into_iter().flatten() {
        children.results.entry(place(parent, child)).or_default();
        reserve(children, parent, child);
    }
}

/// The filter that finds the items, with the parent's own item as the variable `$item`.
fn over(child: &Value, item: &Value) -> String {
    format!(". as $answer | {item} as $item | $answer | {}", child["over"].as_str().expect("a filter"))
}

/// The result file as `<account id>/<region>/<file name>`, and the key in it.
fn place(parent: &Parent, child: &Value) -> (String, String) {
    let name = child.get("name").unwrap_or(&child["function"]).as_str().expect("a function").to_owned();
    (format!("{}/{}/{}.json", parent.question.account, parent.region, service(parent, child)), name)
}

fn question(parent: &Parent, child: &Value, item: &Value) -> Question {
    let none = Value::Object(Map::new());
    Question {
        service: service(parent, child),
        function: child["function"].as_str().expect("a function").to_owned(),
        parameters: parameters(child, child.get("parameters").unwrap_or(&none), item),
        ..parent.question.clone()
    }
}

/// The parameters of a call. In a batch, the items' values are in the parameter whose name is a plural.
fn parameters(child: &Value, template: &Value, item: &Value) -> Value {
    let (Some(items), Some(_)) = (item.as_array(), child.get("batch")) else { return fill(template, item) };
    let mut parameters = fill(template, &items[0]);
    for (name, value) in template.as_object().expect("an object").iter().filter(|(name, _)| takes_list(name))
    {
        if value.is_string() {
            parameters[name] = items.iter().map(|item| fill(value, item)).collect();
        }
    }
    parameters
}

fn takes_list(name: &str) -> bool {
    name.ends_with('s')
}

/// The items that are sent together, as lists: those with equal values in the other parameters.
fn batches(child: &Value, items: &[Value]) -> Vec<Value> {
    let size = child["batch"].as_u64().expect("a number");
    let others = |item: &Value| {
        let template = child["parameters"].as_object().expect("parameters").iter();
        template.filter(|(name, _)| !takes_list(name)).map(|(_, value)| fill(value, item)).collect::<Vec<_>>()
    };
    let alike = items.chunk_by(|one, other| others(one) == others(other));
    let size = usize::try_from(size).expect("a small number");
    alike.flat_map(|items| items.chunks(size)).map(|items| Value::Array(items.to_vec())).collect()
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
        // Services omit what is empty. Which kind of nothing it is, the model of the API knows.
        Some(member) => answer.get(member).cloned().unwrap_or_default(),
    }
}
