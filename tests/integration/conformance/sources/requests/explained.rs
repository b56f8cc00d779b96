//! Requests and the sources that explain them: the response that their parameters come from.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_auto_inventory::model::catalog::{
    CallSource, ItemsPath, ItemsStep, OperationSources, ParameterOrigin,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::super::{Sources, is_from_items};
use super::signed::SignedFunction;

/// A request as it was received, and the response.
pub(super) struct ReceivedCall {
    pub(super) function: SignedFunction,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) parameters: Map<String, Value>,
    pub(super) response: Value,
}

/// One source of a function of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SourceNumber<'run> {
    pub(super) service: &'run str,
    pub(super) function: &'run str,
    pub(super) number: usize,
}

/// A source whose values a request has.
#[derive(Clone)]
struct Explanation<'run> {
    source: SourceNumber<'run>,
    parent: Option<Parent>,
    item: Value,
}

/// The call with the item: its number, and that of its explanation, if it has a source.
#[derive(Clone, Copy)]
struct Parent {
    call: usize,
    explanation: Option<usize>,
}

/// All requests in their order, and their explanations.
pub(super) struct ExplainedCalls<'run> {
    calls: Vec<ReceivedCall>,
    explanations: Vec<Vec<Explanation<'run>>>,
    by_function: HashMap<SignedFunction, Vec<usize>>,
    /// The sources of all functions, with their services.
    sources: HashMap<SignedFunction, Vec<(&'run str, &'run OperationSources)>>,
}

/// The most explanations of one request by one source: sources without values of an item fit every item.
const MOST: usize = 8;

impl<'run> ExplainedCalls<'run> {
    pub(super) fn new(sources: &'run Sources, calls: Vec<ReceivedCall>) -> Self {
        let count = calls.len();
        let mut by_name: HashMap<SignedFunction, Vec<_>> = HashMap::new();
        for (service, operation) in sources.all().filter(|(_, operation)| !operation.sources.is_empty()) {
            let function = SignedFunction::new(service, &operation.function);
            by_name.entry(function).or_default().push((service, operation));
        }
        let explanations = Vec::with_capacity(count);
        let mut explained = Self { calls, explanations, by_function: HashMap::new(), sources: by_name };
        for number in 0..count {
            let explanations = explained.explain(number);
            explained.explanations.push(explanations);
            let function = explained.calls[number].function.clone();
            explained.by_function.entry(function).or_default().push(number);
        }
        explained
    }

    /// Iterates over all calls, with the sources that explain them; `None` for functions without sources.
    pub(super) fn all(&self) -> impl Iterator<Item = (&ReceivedCall, Option<Vec<SourceNumber<'run>>>)> {
        self.calls.iter().zip(&self.explanations).map(|(call, explanations)| {
            let has_sources = self.sources.contains_key(&call.function);
            let sources = || explanations.iter().map(|explanation| explanation.source).collect();
            (call, has_sources.then(sources))
        })
    }

    /// Returns the number of requests of a function.
    pub(super) fn count(&self, function: &SignedFunction) -> usize {
        self.by_function.get(function).map_or(0, Vec::len)
    }

    fn explain(&self, number: usize) -> Vec<Explanation<'run>> {
        let call = &self.calls[number];
        let mut explanations = Vec::new();
        for &(service, operation) in self.sources.get(&call.function).into_iter().flatten() {
            for (number, source) in operation.sources.iter().enumerate() {
                // The items of a batch come from several places.
                let mut of_items = batch(source, &call.parameters).into_iter().map(|parameters| {
                    let number = SourceNumber { service, function: &operation.function, number };
                    FitOf { calls: self, call, number, source, parameters: &parameters }.explanations()
                });
                let first = of_items.next().unwrap_or_default();
                if of_items.all(|others| !others.is_empty()) {
                    explanations.extend(first);
                }
            }
        }
        explanations
    }
}

/// Returns the parameters for each item of a batch.
fn batch(source: &CallSource, parameters: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let all = Value::from(parameters.clone());
    let of_items = source.parameters.iter().filter(|parameter| is_from_items(&parameter.origin));
    let mut lists = of_items.filter_map(|parameter| {
        let pointer = pointer(&parameter.path);
        let values = all.pointer(&pointer)?.as_array()?.clone();
        Some((pointer, values))
    });
    let Some((pointer, values)) = source.batch.and_then(|_| lists.next_back()) else {
        return vec![parameters.clone()];
    };
    let with = |value: Value| {
        let mut all = all.clone();
        *all.pointer_mut(&pointer).expect("the list") = value;
        all.as_object().expect("parameters").clone()
    };
    values.into_iter().map(with).collect()
}

/// The question if a source has the values of a request.
struct FitOf<'fit, 'run> {
    calls: &'fit ExplainedCalls<'run>,
    call: &'fit ReceivedCall,
    number: SourceNumber<'run>,
    source: &'run CallSource,
    parameters: &'fit Map<String, Value>,
}

impl<'run> FitOf<'_, 'run> {
    fn explanations(&self) -> Vec<Explanation<'run>> {
        let source = self.number;
        let Some(parent) = &self.source.parent else {
            let alone = Explanation { source, parent: None, item: Value::Null };
            return if self.fits(None, &[], &Value::Null) { vec![alone] } else { Vec::new() };
        };
        let service = parent.service.as_deref().unwrap_or(source.service);
        let function = SignedFunction::new(service, &parent.function);
        let mut found = Vec::new();
        for &call in self.calls.by_function.get(&function).into_iter().flatten() {
            let count = self.calls.explanations[call].len();
            let elements = elements(&self.calls.calls[call].response, &parent.items);
            for explanation in (0..count).map(Some).chain((count == 0).then_some(None)) {
                let parent = Some(Parent { call, explanation });
                for (around, item) in &elements {
                    if found.len() < MOST && self.fits(parent, around, item) {
                        found.push(Explanation { source, parent, item: item.clone().into_owned() });
                    }
                }
            }
        }
        found
    }

    fn fits(&self, parent: Option<Parent>, around: &[Cow<'_, Value>], item: &Value) -> bool {
        self.source.parameters.iter().all(|parameter| {
            let Some(sent) = at(self.parameters, &parameter.path) else { return false };
            match &parameter.origin {
                ParameterOrigin::Item { levels: 0, field } => {
                    is_sent(sent, within(item, field)) || self.is_changed(sent, within(item, field))
                }
                ParameterOrigin::Item { levels, field } => {
                    is_sent(sent, self.above(parent, *levels).and_then(|item| within(item, field)))
                }
                ParameterOrigin::Enclosing { levels, field } => {
                    let element = around.len().checked_sub(usize::from(*levels) + 1);
                    is_sent(sent, element.and_then(|element| within(&around[element], field)))
                }
                ParameterOrigin::Input { levels, parameter } => {
                    is_sent(sent, self.input(parent, *levels, parameter))
                }
                ParameterOrigin::Account => *sent == *self.call.account,
                ParameterOrigin::Region => *sent == *self.call.region,
                ParameterOrigin::Partition => *sent == "aws",
                ParameterOrigin::Now { days } => is_near(sent, TimeDelta::days((*days).into())),
                ParameterOrigin::Enumeration(values) => {
                    values.iter().any(|value| is_sent(sent, Some(&Value::from(&**value))))
                }
                ParameterOrigin::Constant(text) => {
                    let value: Value = serde_json::from_str(text).expect("JSON");
                    is_sent(sent, Some(&value))
                }
            }
        })
    }

    /// Returns whether a value is the last part of an item's, for a source that changes its items.
    fn is_changed(&self, sent: &Value, expected: Option<&Value>) -> bool {
        let changes = self.source.filter.as_deref().is_some_and(|filter| filter.contains("|="));
        let (Some(sent), Some(expected)) = (sent.as_str(), expected.and_then(Value::as_str)) else {
            return false;
        };
        changes && expected.ends_with(sent)
    }

    /// Returns the item that a call above was made for: 1 is the parent.
    fn above(&self, parent: Option<Parent>, levels: u8) -> Option<&Value> {
        let explanation = self.explanation(parent?)?;
        if levels == 1 { Some(&explanation.item) } else { self.above(explanation.parent, levels - 1) }
    }

    /// Returns the parameter that a call above was made with: 1 is the parent.
    fn input(&self, parent: Option<Parent>, levels: u8, path: &[Box<str>]) -> Option<&Value> {
        let parent = parent?;
        if levels == 1 {
            return at(&self.calls.calls[parent.call].parameters, path);
        }
        self.input(self.explanation(parent)?.parent, levels - 1, path)
    }

    fn explanation(&self, parent: Parent) -> Option<&Explanation<'run>> {
        Some(&self.calls.explanations[parent.call][parent.explanation?])
    }
}

/// Returns whether a time in any of AWS's formats is so far from now, within a day.
fn is_near(sent: &Value, distance: TimeDelta) -> bool {
    let text = sent.as_str().unwrap_or_default();
    let seconds = sent.as_i64().or_else(|| text.parse().ok());
    let time = seconds
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()))
        .or_else(|| DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc()));
    time.is_some_and(|time| (time - Utc::now() - distance).abs() < TimeDelta::days(1))
}

/// Returns the items at a path, each with the response and the elements around it.
fn elements<'value>(response: &'value Value, path: &ItemsPath) -> Vec<Element<'value>> {
    let response = Cow::Borrowed(response);
    let mut found = vec![(vec![response.clone()], response)];
    for step in &path.steps {
        found = found.into_iter().flat_map(|element| step_into(element, step)).collect();
    }
    found
}

/// The values around an element, and the element.
type Element<'value> = (Vec<Cow<'value, Value>>, Cow<'value, Value>);

fn step_into<'value>((around, value): Element<'value>, step: &ItemsStep) -> Vec<Element<'value>> {
    // Only keys are no values of the response, and nothing is below them.
    let Cow::Borrowed(value) = value else { return Vec::new() };
    let values: Vec<Cow<'value, Value>> = match (step, value) {
        (ItemsStep::Member(name), _) => {
            let member = value.get(&**name).map(Cow::Borrowed);
            return member.map(|member| (around, member)).into_iter().collect();
        }
        (ItemsStep::Each, Value::Array(values)) => values.iter().map(Cow::Borrowed).collect(),
        (ItemsStep::Each, Value::Object(entries)) => entries.values().map(Cow::Borrowed).collect(),
        (ItemsStep::Keys, Value::Object(entries)) => {
            entries.keys().map(|key| Cow::Owned(Value::from(&**key))).collect()
        }
        _ => Vec::new(),
    };
    values.into_iter().map(|value| ([&around[..], std::slice::from_ref(&value)].concat(), value)).collect()
}

/// Returns the JSON pointer of a parameter.
pub(super) fn pointer(path: &[Box<str>]) -> String {
    std::iter::once("").chain(path.iter().map(|name| &**name)).collect::<Vec<_>>().join("/")
}

fn within<'value>(value: &'value Value, path: &[Box<str>]) -> Option<&'value Value> {
    path.iter().try_fold(value, |value, name| value.get(&**name))
}

/// Returns a parameter. Services with equal requests spell its name with different cases.
fn at<'value>(parameters: &'value Map<String, Value>, path: &[Box<str>]) -> Option<&'value Value> {
    let (first, rest) = path.split_first()?;
    let (_, value) = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(first))?;
    within(value, rest)
}

/// Returns whether a parameter has a value: alone, as the only one of a list, or with those members of it that the
/// request takes.
fn is_sent(sent: &Value, expected: Option<&Value>) -> bool {
    let Some(expected) = expected else { return false };
    match (sent, expected) {
        _ if sent == expected => true,
        (Value::Array(only), _) if only.len() == 1 => is_sent(&only[0], Some(expected)),
        (Value::Object(sent), Value::Object(expected)) => {
            !sent.is_empty() && sent.iter().all(|(name, value)| is_sent(value, expected.get(name)))
        }
        (Value::String(sent), Value::Number(expected)) => *sent == expected.to_string(),
        (Value::Number(sent), Value::String(expected)) => sent.to_string() == *expected,
        _ => false,
    }
}
