//! Answers in several pages: the client has to ask for the next one with the tokens of the last.

use std::sync::Arc;

use aws_auto_inventory::catalog::{Function, Pagination, Service, ShapeKind, Structure};
use aws_auto_inventory::client::next_tokens;
use serde_json::{Map, Value, json};

use super::difference::difference;
use super::exchange::{Exchange, members};
use super::lane::Lane;
use super::random::Random;
use super::survey::{Report, seed};
use super::values::{Fill, Values};

/// How many pages an answer has.
const PAGES: usize = 3;

/// Has every operation of a service that pages answer in three pages.
pub(super) fn survey(lane: &mut Lane, service: &Arc<Service>, report: &mut Report) {
    let mut values = Values::new(service, Random::new(seed(&service.name)));
    for function in Function::all(service) {
        let Some(pagination) = &function.operation().pagination else {
            continue;
        };
        report.operations += 1;
        let outcome = read_all(lane, &function, pagination, &mut values);
        report.count(&function, outcome);
    }
}

fn read_all(
    lane: &Lane,
    function: &Function,
    pagination: &Pagination,
    values: &mut Values<'_>,
) -> Result<(), String> {
    let mut exchanges = Vec::new();
    for page in 1..=PAGES {
        let mut members = members(function, values, Fill::Sparse);
        turn(function, pagination, &mut members, (page < PAGES).then_some(page), values);
        let exchange = Exchange::of(function, members, values)?;
        let more = next_tokens(pagination, &exchange.expected).is_some();
        if more != (page < PAGES) {
            return Err(format!("page {page} has no fitting tokens: {:?}", exchange.expected));
        }
        exchanges.push(exchange);
    }
    let messages = exchanges.iter().map(|exchange| exchange.message.clone()).collect();
    let answers = lane.all_pages(function, messages).map_err(|error| format!("client: {error}"))?;
    if answers.len() != PAGES {
        return Err(format!("{} pages were read instead of {PAGES}", answers.len()));
    }
    for (page, (answer, exchange)) in answers.into_iter().zip(&exchanges).enumerate() {
        let expected = Value::Object(exchange.expected.clone());
        if let Some(difference) = difference(&Value::Object(answer.members), &expected) {
            return Err(format!("page {}: {difference}", page + 1));
        }
    }
    for (request, exchange) in lane.requests().iter().skip(1).zip(&exchanges) {
        for token in next_tokens(pagination, &exchange.expected).into_iter().flatten().flatten() {
            if let Value::String(token) = token
                && !request.contains(&token)
            {
                return Err(format!("the token {token} is not in the request {request}"));
            }
        }
    }
    Ok(())
}

/// Gives a page the tokens of the next one, or ends the answer.
fn turn(
    function: &Function,
    pagination: &Pagination,
    members: &mut Map<String, Value>,
    next: Option<usize>,
    values: &mut Values<'_>,
) {
    let (service, operation) = (function.service(), function.operation());
    let Some(output) = service.output(operation) else {
        return;
    };
    let mut put = |path: &str, value: Option<&dyn Fn(&ShapeKind) -> Value>| {
        let steps: Vec<&str> = path.trim().split('.').collect();
        set(service, output, members, &steps, value, values);
    };
    for path in &pagination.output_tokens {
        let path = path.to_string();
        for alternative in path.split("||") {
            match next {
                Some(page) => put(alternative, Some(&|kind| token(kind, page))),
                None => put(alternative, None),
            }
        }
    }
    if let Some(path) = &pagination.more_results {
        put(&path.to_string(), Some(&|_| json!(next.is_some())));
    }
}

fn token(kind: &ShapeKind, page: usize) -> Value {
    match kind {
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => json!(page),
        _ => json!(format!("token-{page}")),
    }
}

/// Sets the value at a path such as `List.Items[-1].Key`, or removes what is there.
fn set(
    service: &Service,
    structure: &Structure,
    members: &mut Map<String, Value>,
    steps: &[&str],
    value: Option<&dyn Fn(&ShapeKind) -> Value>,
    values: &mut Values<'_>,
) {
    let Some((step, rest)) = steps.split_first() else {
        return;
    };
    let name = step.strip_suffix("[-1]").unwrap_or(step);
    let Some((_, member)) = structure.member(name) else {
        return;
    };
    let kind = service.kind(member.reference.shape);
    let Some(value) = value else {
        match (kind, members.get_mut(name)) {
            (ShapeKind::Structure(inner), Some(Value::Object(nested))) if !rest.is_empty() => {
                set(service, inner, nested, rest, None, values);
            }
            _ => drop(members.remove(name)),
        }
        return;
    };
    match kind {
        ShapeKind::List(list) => {
            if let Some(inner) = service.structure(list.member.shape) {
                let mut item = Map::new();
                set(service, inner, &mut item, rest, Some(value), values);
                members.insert(name.to_owned(), json!([item]));
            }
        }
        ShapeKind::Structure(inner) if !rest.is_empty() => {
            let nested = members.entry(name).or_insert_with(|| json!({}));
            if let Value::Object(nested) = nested {
                set(service, inner, nested, rest, Some(value), values);
            }
        }
        ShapeKind::Structure(_) | ShapeKind::Map(_) => {
            let full = values.top_level(&member.reference, Fill::Full).unwrap_or_default();
            members.insert(name.to_owned(), full);
        }
        _ => {
            members.insert(name.to_owned(), value(kind));
        }
    }
}
