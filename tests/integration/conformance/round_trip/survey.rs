//! Going through the whole catalog, several services at a time.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread;

use aws_auto_inventory::model::catalog::{Catalog, Function, Location, Operation, Service, ShapeId};

use super::exchange::Exchange;
use super::random::Random;
use super::reach::{MemberId, Reach};
use super::values::{Fill, Values};
use crate::conformance::Suite;

/// How many more answers an operation gives for the sake of members that none has shown yet.
const EXTRA_ROUNDS: usize = 40;

/// As much as the program's own threads have, in which answers are decoded otherwise.
const STACK: usize = 8 * 1024 * 1024;

/// What became of the catalog's operations.
pub(super) struct Report {
    suite: Suite,
    /// How many operations were looked at.
    pub(super) operations: usize,
    /// The number of members that answers can have, if they were looked for.
    members: usize,
    /// Members of answers that no answer had.
    missing: Vec<String>,
}

impl Report {
    fn new(suite: &str) -> Self {
        Self { suite: Suite::new(suite), operations: 0, members: 0, missing: Vec::new() }
    }

    /// Notes the outcome for one value.
    pub(super) fn count(&mut self, function: &Function, outcome: Result<(), String>) {
        let (service, operation) = (&function.service().name, &function.operation().name);
        self.suite.count(outcome, || format!("{service}:{operation}"));
    }

    fn add(&mut self, other: Self) {
        self.suite.add(other.suite);
        self.operations += other.operations;
        self.members += other.members;
        self.missing.extend(other.missing);
    }

    /// Prints the counts, and fails the test when a value did not come back, when a member was in none,
    /// or when fewer operations were looked at than there are.
    pub(super) fn finish(self, operations: usize) {
        self.suite.finish();
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance.md");
        let page = std::fs::read_to_string(page).expect("the page of conformance").replace(',', "");
        let is_told = self.members == 0 || page.contains(&format!(" {} possible members", self.members));
        assert!(is_told, "docs/conformance.md should have {} possible members", self.members);
        assert!(self.missing.is_empty(), "no answer had the members {}", self.missing.join(", "));
        assert_eq!(self.operations, operations, "operations were left out");
    }
}

/// How many operations of the catalog there are of a kind.
pub(super) fn count_operations(kind: impl Fn(&Operation) -> bool) -> usize {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let services = catalog.entries().iter().map(|entry| catalog.read(entry).expect("a readable service"));
    services.map(|service| service.operations.iter().filter(|operation| kind(operation)).count()).sum()
}

/// Does `work` for every service of the catalog, on as many threads as there are processors, each of
/// which has what `open` gives it.
pub(super) fn in_lanes<L>(
    suite: &str,
    open: impl Fn(&Catalog) -> L + Sync,
    work: impl Fn(&mut L, &Arc<Service>, &mut Report) + Sync,
) -> Report {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut entries: Vec<_> = catalog.entries().iter().collect();
    // The largest services first, so that none is left over when the others are done.
    entries.sort_by_key(|entry| entry.operations);
    let queue = Mutex::new(entries);
    let total = Mutex::new(Report::new(suite));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            let lane = thread::Builder::new().name("lane".to_owned()).stack_size(STACK);
            let run = || {
                let mut lane = open(&catalog);
                let mut report = Report::new(suite);
                loop {
                    // Not in the loop's condition, which would hold the lock while the work is done.
                    let entry = queue.lock().expect("no thread panics with it").pop();
                    let Some(entry) = entry else { break };
                    let service = Arc::new(catalog.read(entry).expect("a readable service"));
                    work(&mut lane, &service, &mut report);
                }
                total.lock().expect("no thread panics with it").add(report);
            };
            lane.spawn_scoped(scope, run).expect("a thread");
        }
    });
    total.into_inner().expect("no thread panics with it")
}

/// Checks a full, a sparse and the least answer of each operation, and more until every member of the
/// service has been in one.
pub(super) fn survey(
    service: &Arc<Service>,
    report: &mut Report,
    mut check: impl FnMut(&Function, &Exchange) -> Result<(), String>,
) {
    let mut values = Values::new(service, Random::new(seed(&service.name)));
    let mut try_one = |function: &Function, fill, values: &mut Values<'_>, report: &mut Report| {
        let outcome = Exchange::make(function, values, fill).and_then(|exchange| check(function, &exchange));
        report.count(function, outcome);
    };
    let mut members = HashSet::new();
    for function in Function::all(service) {
        report.operations += 1;
        members.extend(answer_members(service, function.operation()));
        for fill in [Fill::Full, Fill::Sparse, Fill::Least] {
            try_one(&function, fill, &mut values, report);
        }
    }
    for function in Function::all(service) {
        let Some(shape) = body_shape(service, function.operation()) else {
            continue;
        };
        for _ in 0..EXTRA_ROUNDS {
            if !values.seek_new(shape) {
                break;
            }
            try_one(&function, Fill::Full, &mut values, report);
        }
    }
    report.members += members.len();
    for (shape, index) in members.into_iter().filter(|member| !values.has_covered(member)) {
        let member = service.structure(shape).map(|structure| &structure.members[index].name);
        report.missing.push(format!("{}:{}", service.name, member.map_or("?", |name| name)));
    }
}

/// Another seed for each service, so that they can be looked at alone.
pub(super) fn seed(name: &str) -> u64 {
    name.bytes().fold(0x5eed, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// The shape that is read from the body.
fn body_shape(service: &Service, operation: &Operation) -> Option<ShapeId> {
    if *operation.method == *"HEAD" {
        return None;
    }
    let payload = service.output(operation)?.payload_member();
    payload.map(|payload| payload.reference.shape).or_else(|| Some(operation.output.as_ref()?.shape))
}

/// All members that an answer of the operation can have, at any depth.
fn answer_members(service: &Service, operation: &Operation) -> HashSet<MemberId> {
    let mut members =
        body_shape(service, operation).map(|shape| Reach::new(service).members(shape)).unwrap_or_default();
    if let Some((output, structure)) = operation.output.as_ref().zip(service.output(operation)) {
        let outside = [Location::Header, Location::Headers, Location::StatusCode];
        for (index, member) in structure.members.iter().enumerate() {
            let is_payload = structure.payload.map(usize::from) == Some(index);
            if is_payload || outside.contains(&member.location) {
                members.insert((output.shape, index));
            }
        }
    }
    members
}
