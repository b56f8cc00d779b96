//! An organization that changes from night to night, and what a history of its scans has to contain. That follows from
//! what exists and from what goes wrong, and not from any comparison of runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use aws_auto_inventory::simulator::world::{Amounts, Trust};
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::sandbox::{Bell, Sandbox, Simulated};

/// The calls of each scan.
pub(super) const SPEC: &str = r#"[
    {"service": "ec2", "function": "describe_volumes", "result_key": "Volumes"},
    {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"}
]"#;

/// The regions of each scan.
const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];
/// The most accounts that may exist; the first one is always there.
const ACCOUNTS: usize = 6;
/// The operations with their services.
const OPERATIONS: [(&str, &str); 2] = [("ec2", "DescribeVolumes"), ("sqs", "ListQueues")];

/// A resource: account, region, service and ID.
type Key = (String, &'static str, &'static str, String);

/// What exists in one night, and what the scan may not see.
#[derive(Clone, Default)]
struct Truth {
    /// The accounts of the organization, by ID: the name, and whether the role can be assumed.
    accounts: BTreeMap<String, (String, bool)>,
    /// All resources with their size; queues have none.
    resources: BTreeMap<Key, u32>,
    /// The accounts in which SQS is denied.
    denied: BTreeSet<String>,
}

/// How a night ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NightEnd {
    Finished,
    Killed,
    WithoutCredentials,
}

/// The nights that have passed.
pub(super) struct Nights {
    sandbox: Sandbox,
    seed: Rng,
    truth: Truth,
    /// The truth of each night whose run finished.
    finished: Vec<Truth>,
    log: String,
    night: u32,
}

impl Truth {
    /// Why the scan cannot see the resources of a service in an account; `None` if it can.
    fn gap(&self, account: &str, service: &str) -> Option<&'static str> {
        match self.accounts.get(account) {
            None => Some("account_not_found"),
            Some((_, false)) => Some("account_not_entered"),
            _ if service == "sqs" && self.denied.contains(account) => Some("denied"),
            _ => None,
        }
    }

    /// Whether the scan of this night is not complete.
    fn has_gaps(&self) -> bool {
        self.accounts.keys().any(|account| self.gap(account, "sqs").is_some())
    }

    /// How many resources were added, removed, changed, not seen and unchanged since another night.
    fn since(&self, before: &Self) -> [usize; 5] {
        let keys: BTreeSet<&Key> = self.resources.keys().chain(before.resources.keys()).collect();
        let mut counts = [0; 5];
        for key in keys {
            let in_run = |truth: &Self| {
                let is_seen = truth.gap(&key.0, key.2).is_none();
                (is_seen, truth.resources.get(key).filter(|_| is_seen).copied())
            };
            let place = match (in_run(before), in_run(self)) {
                ((true, None), (true, Some(_))) => 0,
                ((true, Some(_)), (true, None)) => 1,
                ((true, Some(old)), (true, Some(new))) => {
                    if old == new {
                        4
                    } else {
                        2
                    }
                }
                ((false, _), (_, Some(_))) | ((_, Some(_)), (false, _)) => 3,
                _ => continue,
            };
            counts[place] += 1;
        }
        counts
    }

    /// What an operation returns in one place.
    fn answer(&self, account: &str, region: &str, service: &str) -> Map<String, Value> {
        let here = self
            .resources
            .iter()
            .filter(|((of, place, kind, _), _)| (of.as_str(), *place, *kind) == (account, region, service));
        let (member, items): (_, Vec<Value>) = match service {
            "ec2" => ("Volumes", here.map(|(key, size)| json!({"VolumeId": key.3, "Size": size})).collect()),
            _ => ("QueueUrls", here.map(|(key, _)| json!(url_of(account, region, &key.3))).collect()),
        };
        Map::from_iter([(member.to_owned(), json!(items))])
    }

    /// The organization for the simulator.
    fn world(&self) -> World {
        let world = World::sized(ACCOUNTS, REGIONS.len(), Amounts::default());
        let accounts = world.accounts().iter().filter_map(|account| {
            let (name, trusts) = self.accounts.get(account.id.as_str())?;
            let mut account = account.clone();
            account.name.clone_from(name);
            account.trust = if *trusts { Trust::Grants } else { Trust::Refuses };
            Some(account)
        });
        World::new(world.organization.clone(), accounts.collect())
    }

    /// Lets a day pass, in which much may happen.
    fn change(&mut self, seed: &mut Rng, day: u32) {
        self.denied.clear();
        for id in ids().skip(1) {
            match (self.accounts.get_mut(&id), seed.u8(..12)) {
                (None, 0..6) => drop(self.accounts.insert(id, (format!("joined-{day}"), true))),
                (Some(_), 0) => drop(self.accounts.remove(&id)),
                (Some((name, _)), 1) => *name = format!("renamed-{day}"),
                (Some((_, trusts)), 2) => *trusts = false,
                (Some((_, trusts)), 3..6) => *trusts = true,
                (Some(_), 6) => drop(self.denied.insert(id)),
                _ => {}
            }
        }
        for (id, region) in ids().flat_map(|id| REGIONS.map(|region| (id.clone(), region))) {
            for number in 0..4 {
                let service = OPERATIONS[number % 2].0;
                let key = (id.clone(), region, service, format!("{service}-{number}"));
                match (self.resources.get_mut(&key), seed.u8(..8)) {
                    (None, 0..3) => drop(self.resources.insert(key, if service == "ec2" { day } else { 0 })),
                    (Some(_), 0) => drop(self.resources.remove(&key)),
                    (Some(size), 1..3) if service == "ec2" => *size = 100 + day,
                    _ => {}
                }
            }
        }
    }
}

/// The URL of a queue.
fn url_of(account: &str, region: &str, id: &str) -> String {
    format!("https://sqs.{region}.amazonaws.com/{account}/{id}")
}

/// The IDs of all accounts that may exist.
fn ids() -> impl Iterator<Item = String> {
    (0..ACCOUNTS).map(|number| format!("{}", 100_000_000_000 + number))
}

impl Nights {
    pub(super) fn new(seed: u64) -> Self {
        let sandbox = Sandbox::new().spec(&serde_json::from_str(SPEC).expect("a spec"));
        let accounts = ids().take(3).map(|id| (id, ("first".to_owned(), true))).collect();
        Self {
            sandbox,
            seed: Rng::with_seed(seed),
            truth: Truth { accounts, ..Truth::default() },
            finished: Vec::new(),
            log: String::new(),
            night: 0,
        }
    }

    /// Lets a day and a night pass: things change, a scan runs, and its run is added to the history.
    #[track_caller]
    pub(super) fn pass(&mut self) {
        self.night += 1;
        self.truth.change(&mut self.seed, self.night);
        let end = match self.night {
            5 => NightEnd::Killed,
            7 => NightEnd::WithoutCredentials,
            _ => NightEnd::Finished,
        };
        let accounts = &self.truth.accounts;
        writeln!(self.log, "night {} {end:?}: {accounts:?}, denied {:?}", self.night, self.truth.denied)
            .expect("writes");
        let aws = Simulated::new(self.truth.world());
        let truth = self.truth.clone();
        aws.fault(move |site: &Site<'_>| behaviour(&truth, site));
        let sandbox = std::mem::replace(&mut self.sandbox, Sandbox::new());
        let key = aws_auto_inventory::simulator::Simulator::credentials();
        let id = if end == NightEnd::WithoutCredentials { "" } else { key.access_key_id() };
        self.sandbox = sandbox.aws(&aws.url(), id, key.secret_access_key());
        self.scan(&aws, end);
        if end == NightEnd::Finished {
            self.finished.push(self.truth.clone());
            self.read_mail();
        }
        // As in cron, the next command runs whatever came of the first.
        let name = format!("output/night-{:02}", self.night);
        let added = self.sandbox.run(["history", "add"]);
        added.expect_exit(0);
        assert_eq!(added.stdout.contains(&name), end == NightEnd::Finished, "{}", added.report());
    }

    #[track_caller]
    fn scan(&self, aws: &Simulated, end: NightEnd) {
        let name = format!("night-{:02}", self.night);
        let regions = REGIONS.join(",");
        let scan = ["-s", "spec.json", "--organization-scan", "-r", &regions, "--run-name", &name];
        if end == NightEnd::Killed {
            let bell = Bell::new();
            aws.ring_at(3, crate::sandbox::simulated::is_call, bell.ring());
            let mut run = self.sandbox.start(scan, bell);
            assert!(run.wait_for_bell().is_none(), "the scan ended before it was killed");
            run.kill();
            return;
        }
        let run = self.sandbox.run(scan);
        let is_expected = match end {
            NightEnd::WithoutCredentials => run.code() == Some(3),
            _ => run.code() == Some(if self.truth.has_gaps() { 4 } else { 0 }),
        };
        assert!(is_expected, "{}", run.report());
    }

    /// Reads the mail of the morning: its subject has the changes since the last run before, and the exit code reports that
    /// something was removed.
    #[track_caller]
    fn read_mail(&self) {
        let [.., before, last] = self.finished.as_slice() else { return };
        let [added, removed, changed, unknown, unchanged] = last.since(before);
        let mail = self.sandbox.run(["diff", "--format", "mail", "--fail-on", "removed"]);
        mail.expect_exit(if removed > 0 { 5 } else { 0 });
        let subject = mail.stdout.lines().next().unwrap_or_default();
        let expected = format!(
            ": {added} added, {removed} removed, {changed} changed, {unknown} unknown, {unchanged} unchanged"
        );
        assert!(
            subject.ends_with(&expected),
            "night {}: {expected}\n{}\n{}",
            self.night,
            mail.report(),
            self.log
        );
    }

    /// The folder with the runs.
    pub(super) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The number of nights whose run finished.
    pub(super) fn finished(&self) -> usize {
        self.finished.len()
    }

    /// What happened, for messages.
    pub(super) fn log(&self) -> &str {
        &self.log
    }

    /// What the history has to contain, one line each: spans, changes and accounts.
    pub(super) fn expected(&self) -> Vec<String> {
        let mut keys: BTreeSet<&Key> = BTreeSet::new();
        self.finished.iter().for_each(|truth| keys.extend(truth.resources.keys()));
        let mut lines: Vec<String> = keys.into_iter().flat_map(|key| self.expected_of(key)).collect();
        for id in ids() {
            let name = |truth: &Truth| truth.accounts.get(&id).map(|(name, _)| name.clone());
            let spans = spans(self.finished.iter().map(name));
            lines.extend(
                spans
                    .into_iter()
                    .filter_map(|(name, first, last)| Some(format!("{id} {} {first}-{last}", name?))),
            );
        }
        lines
    }

    /// The spans and changes of a resource.
    fn expected_of(&self, key: &Key) -> Vec<String> {
        let (account, region, service, id) = key;
        let label = match *service {
            "sqs" => format!("{account} {region} {}", url_of(account, region, id)),
            _ => format!("{account} {region} {id}"),
        };
        let mut lines = Vec::new();
        let mut states: Vec<Option<String>> = Vec::new();
        // The last runs that saw the resource, that could have seen it, and whether it was seen to be removed.
        let (mut seen, mut known, mut size) = (None, None, None);
        let mut state: Option<String> = None;
        for (number, truth) in (1..).zip(&self.finished) {
            let is_absent = state.as_ref().is_some_and(|state| state.starts_with("absent"));
            let after = |run: Option<i32>| run.map_or_else(String::new, |run| format!(" after {run}"));
            let gap = truth.gap(account, service);
            match (gap, truth.resources.get(key)) {
                (None, Some(now)) => {
                    if let Some(old) = size.replace(*now).filter(|old| old != now) {
                        lines.push(format!("{label} Size {old}->{now} {number}{}", after(seen)));
                    }
                    state = match &state {
                        None => Some(format!("present|{}", after(known))),
                        _ if is_absent => Some(format!("present|{}", after(known))),
                        Some(state) if state.starts_with("present") => Some(state.clone()),
                        Some(_) => Some("present|".to_owned()),
                    };
                    seen = Some(number);
                }
                (None, None) if state.is_some() && !is_absent => {
                    state = Some(format!("absent|{}", after(seen)));
                }
                (Some(cause), _) if state.is_some() && !is_absent => {
                    state = Some(format!("unknown| {cause}"));
                }
                _ => {}
            }
            if gap.is_none() {
                known = Some(number);
            }
            states.push(state.clone());
        }
        for (state, first, last) in spans(states.into_iter()) {
            let Some((state, more)) = state.as_ref().and_then(|state| state.split_once('|')) else {
                continue;
            };
            lines.push(format!("{label} {state} {first}-{last}{more}"));
        }
        lines
    }
}

fn behaviour(truth: &Truth, site: &Site<'_>) -> Option<Behaviour> {
    if !OPERATIONS.contains(&(site.service, site.operation)) {
        return None;
    }
    let account = site.account.as_str();
    if truth.gap(account, site.service).is_some() {
        return Some(Behaviour::Refuse(SimulatedError::new(403, "AccessDenied", "no policy allows it")));
    }
    Some(Behaviour::Answer(truth.answer(account, site.region, site.service)))
}

/// The spans of equal values: the value, the first run, and the last one if the next has another value.
fn spans<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<(T, usize, String)> {
    let mut spans: Vec<(T, usize, String)> = Vec::new();
    for (number, value) in (1..).zip(values) {
        if spans.last().is_some_and(|(last, ..)| *last == value) {
            continue;
        }
        if let Some((.., last)) = spans.last_mut() {
            *last = (number - 1).to_string();
        }
        spans.push((value, number, String::new()));
    }
    spans
}
