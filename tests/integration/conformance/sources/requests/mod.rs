//! The requests of a scan of everything, with responses that are made from the shapes: every call is sent, with values
//! of the response that its source has.

mod explained;
mod filled;
mod recorder;
mod signed;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::model::catalog::{CallSource, ParameterOrigin};
use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::Value;

use self::explained::{ExplainedCalls, SourceNumber, pointer};
use self::recorder::Recorder;
use self::signed::SignedFunction;
use super::{SOURCES, notation, rows};
use crate::conformance::Suite;
use crate::sandbox::{Simulated, Tree};

/// Functions whose requests are not recorded, with the reason.
const NOT_RECORDED: &str = include_str!("not_recorded.txt");

/// A service and a function.
type FunctionName = (String, String);

/// The functions that a spec calls.
#[derive(Default)]
struct SpecCalls {
    /// The functions of the entries, with their number.
    entries: BTreeMap<FunctionName, usize>,
    /// The functions of the calls above child calls, and those of the child calls.
    children: BTreeSet<(FunctionName, FunctionName)>,
}

impl SpecCalls {
    fn of(spec: &Value) -> Self {
        let mut calls = Self::default();
        for entry in spec.as_array().expect("calls") {
            let function = name(entry, "");
            calls.add_children(entry, &function);
            *calls.entries.entry(function).or_default() += 1;
        }
        calls
    }

    fn add_children(&mut self, call: &Value, above: &FunctionName) {
        for child in call["each"].as_array().into_iter().flatten() {
            let function = name(child, &above.0);
            self.add_children(child, &function);
            self.children.insert((above.clone(), function));
        }
    }

    /// Iterates over the sources of all child calls.
    fn sources(&self) -> impl Iterator<Item = (SourceNumber<'_>, &'static CallSource)> {
        self.children.iter().flat_map(|((parent_service, parent), (service, function))| {
            let operation = SOURCES.of(service, function).expect("a function with sources");
            let sources = operation.sources.iter().enumerate().filter(move |(_, source)| {
                source.parent.as_ref().is_some_and(|above| {
                    let above_service = above.service.as_deref().unwrap_or(service);
                    above_service == parent_service && *above.function == **parent
                })
            });
            sources.map(move |(number, source)| (SourceNumber { service, function, number }, source))
        })
    }
}

fn name(call: &Value, service: &str) -> FunctionName {
    let service = call["service"].as_str().unwrap_or(service);
    (service.to_owned(), call["function"].as_str().expect("a function").to_owned())
}

/// The values of enumerations that were sent, by source and parameter.
type SentValues<'run> = BTreeMap<SourceNumber<'run>, BTreeSet<(usize, String)>>;

/// Returns the problem of a source of a child call.
fn outcome(number: SourceNumber<'_>, source: &CallSource, sent: &SentValues<'_>) -> Result<(), String> {
    let Some(values) = sent.get(&number) else {
        return Err(format!("no request has these values: {}", notation::line(source)));
    };
    for (index, parameter) in source.parameters.iter().enumerate() {
        let ParameterOrigin::Enumeration(wanted) = &parameter.origin else { continue };
        if let Some(value) = wanted.iter().find(|value| !values.contains(&(index, value.to_string()))) {
            return Err(format!("no request has the value {value}: {}", notation::line(source)));
        }
    }
    Ok(())
}

/// Returns the values of the enumerations of a request.
fn enumerated(source: &CallSource, parameters: &serde_json::Map<String, Value>) -> Vec<(usize, String)> {
    let all = Value::from(parameters.clone());
    let of_enumeration = source.parameters.iter().enumerate().filter_map(|(index, parameter)| {
        let ParameterOrigin::Enumeration(_) = parameter.origin else { return None };
        let value = all.pointer(&pointer(&parameter.path))?;
        let value = value.get(0).unwrap_or(value);
        Some((index, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    });
    of_enumeration.collect()
}

#[test]
fn deep_requests_have_values_of_their_sources() {
    let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
    let recorder = Recorder::of(&aws);
    let sandbox = aws.sandbox();
    sandbox.run(["spec", "--deep=history", "--all", "-o", "spec.json"]).expect_exit(0);
    let spec = std::fs::read_to_string(sandbox.path("spec.json")).expect("a spec");
    let spec = SpecCalls::of(&serde_json::from_str(&spec).expect("JSON"));
    sandbox.run(["-s", "spec.json", "-r", "us-east-1"]);
    let explained = ExplainedCalls::new(&SOURCES, recorder.calls());

    let mut suite = Suite::new("deep-requests");
    let not_recorded: BTreeSet<&str> = rows(NOT_RECORDED).map(|row| row[0]).collect();
    for line in Tree::open(&sandbox.path("output"), "").ledger {
        let function = ["service", "function"].map(|key| line[key].as_str().expect("a text")).join(" ");
        // Filled responses have tokens that no request takes.
        let is_expected = line["status"] == "ok" || line["status"] == "truncated";
        if !is_expected && !not_recorded.contains(&*function) {
            suite.count(Err(line["message"].to_string()), || format!("{line}"));
        }
    }
    let mut sent = SentValues::new();
    for (call, sources) in explained.all() {
        let is_entry = spec
            .entries
            .keys()
            .any(|(service, function)| SignedFunction::new(service, function) == call.function);
        if sources.as_ref().is_some_and(|sources| sources.is_empty() && !is_entry) {
            let title = || format!("{:?} {}", call.function, Value::from(call.parameters.clone()));
            suite.count(Err("the parameters are those of no source".to_owned()), title);
        }
        for number in sources.into_iter().flatten() {
            let source =
                &SOURCES.of(number.service, number.function).expect("sources").sources[number.number];
            sent.entry(number).or_default().extend(enumerated(source, &call.parameters));
        }
    }
    let mut unneeded = not_recorded.clone();
    let mut count = |outcome: Result<(), String>, title: String| {
        if outcome.is_err() && not_recorded.contains(&*title) {
            unneeded.remove(&*title);
            suite.exclude("not recorded");
        } else {
            suite.count(outcome, || title);
        }
    };
    for (number, source) in spec.sources() {
        count(outcome(number, source, &sent), format!("{} {}", number.service, number.function));
    }
    let mut expected: BTreeMap<SignedFunction, usize> = BTreeMap::new();
    for ((service, function), entries) in &spec.entries {
        *expected.entry(SignedFunction::new(service, function)).or_default() += entries;
    }
    for (service, function) in spec.entries.keys() {
        let signed = SignedFunction::new(service, function);
        let (wanted, found) = (expected[&signed], explained.count(&signed));
        let outcome = if found >= wanted { Ok(()) } else { Err(format!("{found} requests of {wanted}")) };
        count(outcome, format!("{service} {function}"));
    }
    assert_eq!(unneeded, BTreeSet::new(), "rows that are not needed");
    suite.finish();
}
