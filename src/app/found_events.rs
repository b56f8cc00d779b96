//! Reads the events from the run of lookups.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;

use crate::plan::spec::{EVENT_LOOKUP, EventLookup};
use crate::reports::diff::{ChangeEvent, FoundEvents, UnknownWho};
use crate::run::{CallRecord, PlaceResults, Results, ResultsError, Status};
use crate::util::plural::plural;

/// The events of a lookup by the other name of a resource.
#[derive(Deserialize)]
struct OfOtherName {
    result: Vec<ChangeEvent>,
}

/// Lookups that failed for one reason.
struct FailedLookups {
    count: usize,
    /// The account, the region and the hint of the first.
    first: [String; 3],
}

/// Returns the events of each lookup, and a notice for each reason why some failed.
pub(super) fn read_events(
    run: &Path,
    lookups: &[EventLookup],
) -> Result<(Vec<FoundEvents>, Vec<String>), ResultsError> {
    let results = Results::open(run)?;
    let mut records: HashMap<String, CallRecord> = HashMap::new();
    results.each_record(&mut |record| {
        // Lookups have lines in other accounts as well, where they are skipped.
        let is_its =
            |lookup: &EventLookup| lookup.account == record.account && lookup.region == record.region;
        if record.item.is_none() && lookup_of(&record.name, lookups).is_some_and(is_its) {
            records.insert(record.name.clone(), record.clone());
        }
    })?;
    let (mut found, mut failed) = (Vec::new(), BTreeMap::<UnknownWho, FailedLookups>::new());
    for (index, lookup) in lookups.iter().enumerate() {
        let names = EventLookup::results(index);
        let records = [records.get(&names[0]), records.get(&names[1])];
        let gap = gap_of(records);
        if let Some(reason @ (UnknownWho::Denied | UnknownWho::Failed)) = gap {
            let record = records.into_iter().flatten().find(|record| record.status.is_failure());
            let first = || FailedLookups {
                count: 0,
                first: [lookup.account.to_string(), lookup.region.clone(), hint_of(record)],
            };
            failed.entry(reason).or_insert_with(first).count += 1;
        }
        found.push(FoundEvents { events: events(&results, lookup, &names)?, gap });
    }
    Ok((found, failed.into_iter().map(|(reason, lookups)| lookups.notice(reason)).collect()))
}

impl FailedLookups {
    fn notice(self, reason: UnknownWho) -> String {
        let what = if reason == UnknownWho::Denied { "denied" } else { "failed" };
        let (lookups, [account, region, hint]) = (plural(self.count, "lookup"), self.first);
        format!("CloudTrail: {lookups} {what}, e.g. LookupEvents in account {account}, {region}: {hint}")
    }
}

/// Returns the lookup with a result of this name.
fn lookup_of<'run>(name: &str, lookups: &'run [EventLookup]) -> Option<&'run EventLookup> {
    let number = name.split('-').next()?;
    lookups.get(number.parse::<usize>().ok()?)
}

/// Returns why there may be other events: those by the first name, and by the other one, if it was looked up.
fn gap_of(records: [Option<&CallRecord>; 2]) -> Option<UnknownWho> {
    let Some(first) = records[0] else { return Some(UnknownWho::Failed) };
    let gap = |record: &CallRecord| match record.status {
        Status::Ok | Status::Empty => None,
        Status::Truncated => Some(UnknownWho::MoreEvents),
        Status::Denied => Some(UnknownWho::Denied),
        _ => Some(UnknownWho::Failed),
    };
    gap(first).or_else(|| records[1].and_then(gap))
}

/// Returns what a user can do about a failed lookup.
fn hint_of(record: Option<&CallRecord>) -> String {
    let Some(record) = record else { return "it was not sent".to_owned() };
    let text = record.hint.as_deref().or(record.message.as_deref());
    text.map_or_else(|| record.status.to_string(), |text| text.replace('\n', "; "))
}

/// Returns the events of a lookup, the latest first.
fn events(
    results: &Results,
    lookup: &EventLookup,
    names: &[String; 2],
) -> Result<Vec<ChangeEvent>, ResultsError> {
    let Some(account) = results.accounts().iter().find(|account| account.id == lookup.account) else {
        return Ok(Vec::new());
    };
    let mut place = results.place(account, &lookup.region);
    let mut events: Vec<ChangeEvent> = read(&mut place, &names[0])?;
    for other in read::<OfOtherName>(&mut place, &names[1])? {
        events.extend(other.result);
    }
    Ok(events)
}

/// Reads the list that is the result of a call; empty without one.
fn read<Item: for<'text> Deserialize<'text>>(
    place: &mut PlaceResults,
    name: &str,
) -> Result<Vec<Item>, ResultsError> {
    let mut items = Vec::new();
    place.read(EVENT_LOOKUP.0, name, |path, reader| {
        items = serde_json::from_reader(reader)
            .map_err(|cause| ResultsError::Damaged(path.to_owned(), cause.to_string()))?;
        Ok(())
    })?;
    Ok(items)
}
