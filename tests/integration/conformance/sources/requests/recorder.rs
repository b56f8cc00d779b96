//! The record of all requests, whose responses are filled.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_auto_inventory::model::catalog::{Function, function_name};
use aws_auto_inventory::simulator::{Behaviour, Site};
use serde_json::{Map, Value};

use super::super::SOURCES;
use super::explained::ReceivedCall;
use super::filled::FilledResponse;
use super::signed::SignedFunction;
use super::wanted::{Wanted, WantedMembers};
use crate::sandbox::Simulated;

/// The requests of the program itself, which the simulated account answers.
const OWN_REQUESTS: [(&str, &str); 3] =
    [("sts", "GetCallerIdentity"), ("ec2", "DescribeRegions"), ("account", "ListRegions")];

/// What the requests of a simulator were.
pub(super) struct Recorder(Arc<Mutex<Record>>);

struct Record {
    wanted: Wanted,
    /// The number of the last value.
    number: u32,
    /// The number of calls of each function.
    turns: HashMap<SignedFunction, usize>,
    calls: Vec<ReceivedCall>,
}

impl Recorder {
    /// Lets a simulator return filled responses, and records its requests.
    pub(super) fn of(aws: &Simulated) -> Self {
        let wanted = Wanted::of(&SOURCES);
        let record = Record { wanted, number: 1_000, turns: HashMap::new(), calls: Vec::new() };
        let record = Arc::new(Mutex::new(record));
        let shared = Arc::clone(&record);
        aws.fault(move |site| {
            let is_own = OWN_REQUESTS.contains(&(site.service, site.operation));
            (!is_own).then(|| Behaviour::Answer(shared.lock().expect("a lock").answer(site)))
        });
        Self(record)
    }

    /// Returns all requests so far.
    pub(super) fn calls(&self) -> Vec<ReceivedCall> {
        std::mem::take(&mut self.0.lock().expect("a lock").calls)
    }
}

impl Record {
    fn answer(&mut self, site: &Site<'_>) -> Map<String, Value> {
        let (service, sources) = &SOURCES.services[site.service];
        let function = Function::find(service, &function_name(site.operation)).expect("a function");
        let signed = SignedFunction::new(site.service, function.name());
        let turn = self.turns.entry(signed.clone()).or_default();
        *turn += 1;
        let sources = sources.of(function.name()).map_or(&[][..], |operation| &operation.sources);
        let is_child = sources.iter().any(|source| source.parent.is_some());
        let nothing = WantedMembers::default();
        let response = FilledResponse {
            function: &function,
            wanted: self.wanted.members(&signed).unwrap_or(&nothing),
            elements: if is_child { 1 } else { 2 },
            turn: *turn - 1,
            number: &mut self.number,
        };
        let members = response.members();
        self.calls.push(ReceivedCall {
            function: signed,
            account: site.account.to_string(),
            region: site.region.to_owned(),
            parameters: site.parameters.clone(),
            response: Value::Object(members.clone()),
        });
        members
    }
}
