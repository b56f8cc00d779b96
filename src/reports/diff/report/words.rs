//! Texts that the human-readable reports share.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::reports::diff::SeenIn;
use crate::reports::diff::change::Change;
use crate::reports::diff::gap::Gap;
use crate::reports::diff::summary::{
    AccountChange, AccountChangeKind, DiffSummary, NotCompared, RunSummary, Unknown,
};
use crate::util::plural::plural;
use crate::util::terminal_text::printable_line;

/// The most characters shown of a value.
const LONGEST_VALUE: usize = 160;
/// The most characters shown of a fact, of which a line has several.
const LONGEST_FACT: usize = 60;

/// Returns a run with its start time and its spec.
pub(super) fn run(run: &RunSummary) -> String {
    line(&format!("{}, started {}, {}", run.run, run.started.format("%Y-%m-%d %H:%M:%S UTC"), run.spec))
}

/// Returns an account's ID and name: `111111111111 Production`.
pub(super) fn account(id: &str, name: Option<&str>) -> String {
    line(&name.map_or_else(|| id.to_owned(), |name| format!("{id} {name}")))
}

/// Returns service, kind and ID of a resource: `ec2 instance i-0abc (web-1)`.
pub(super) fn resource(change: &Change) -> String {
    let label = change.label().unwrap_or("without an ID");
    let name = change.other_name().map_or_else(String::new, |name| format!(" ({name})"));
    line(&format!("{} {} {label}{name}", change.service, change.kind))
}

/// Returns a value as JSON, shortened if it is long; `nothing` if there is none.
pub(in crate::reports) fn value(value: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    line(&shortened(&value.to_string(), LONGEST_VALUE))
}

/// Returns the facts about a resource in one line: `protocol tcp, ports 22, source 0.0.0.0/0`; `None` without facts.
pub(super) fn facts(facts: &Map<String, Value>) -> Option<String> {
    let fact = |(name, value): (&String, &Value)| format!("{} {}", name.replace('_', " "), plain(value));
    let facts: Vec<String> = facts.iter().map(fact).collect();
    (!facts.is_empty()).then(|| line(&facts.join(", ")))
}

/// Returns the value of a fact: a text without quotes, and the elements of a list.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text, LONGEST_FACT),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        value => shortened(&value.to_string(), LONGEST_FACT),
    }
}

/// Returns a text, cut if it is longer than this number of characters.
fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns who made a change: `by arn:aws:iam::111111111111:user/anna (RunInstances, 2026-11-30 02:11 UTC)`; `None` if
/// that was not looked up for any change.
pub(super) fn who(change: &Change) -> Option<String> {
    let unknown = change.who_unknown.map(|reason| format!("by unknown: {}", reason.text()));
    let event = change.who.first().map(|event| {
        format!("by {} ({}, {})", event.principal, event.event, event.time.format("%Y-%m-%d %H:%M UTC"))
    });
    event.or(unknown).map(|text| line(&text))
}

/// Returns why a change is unknown: `the new run could not see it: denied (by scp)`.
pub(super) fn reason_clause(seen_in: Option<SeenIn>, gap: Option<Gap>) -> String {
    let gap = gap.map_or_else(String::new, |gap| format!(": {gap}"));
    match seen_in {
        Some(SeenIn::Old) => format!("the new run could not see it{gap}"),
        Some(SeenIn::New) => format!("the old run could not see it{gap}"),
        Some(SeenIn::Both) | None => format!("one run could only list it{gap}"),
    }
}

/// Returns one line for each reason of unknown results.
pub(super) fn unknown(all: &[Unknown]) -> Vec<String> {
    let mut reasons: Vec<(Option<Gap>, Option<Gap>)> = Vec::new();
    for unknown in all {
        let reason = (unknown.old, unknown.new);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let of_reason = |reason| all.iter().filter(move |unknown| (unknown.old, unknown.new) == reason);
    reasons.into_iter().map(|reason| unknown_line(reason, &of_reason(reason).collect::<Vec<_>>())).collect()
}

fn unknown_line((old, new): (Option<Gap>, Option<Gap>), unknown: &[&Unknown]) -> String {
    let why = match (old, new) {
        (Some(old), Some(new)) if old == new => format!("{new} in both runs"),
        (Some(old), Some(new)) => format!("{old} in the old run, {new} in the new one"),
        (Some(old), None) => format!("{old} in the old run"),
        (None, Some(new)) => format!("{new} in the new run"),
        (None, None) => "not known".to_owned(),
    };
    let resources = unknown.iter().map(|unknown| unknown.resources).sum();
    let calls = unknown.iter().map(|unknown| unknown.calls).sum();
    let what = match (resources, calls) {
        (resources, 0) => plural(resources, "resource"),
        (0, calls) => plural(calls, "call"),
        (resources, calls) => format!("{}, {}", plural(resources, "resource"), plural(calls, "call")),
    };
    let example = unknown
        .first()
        .map_or_else(String::new, |unknown| format!(", e.g. in {} {}", unknown.account, unknown.region));
    line(&format!("{what}: {why}; {}{example}", functions(unknown)))
}

/// Returns the functions, or their services if there are many.
fn functions(unknown: &[&Unknown]) -> String {
    const MOST: usize = 6;
    let functions: BTreeSet<String> =
        unknown.iter().map(|unknown| format!("{} {}", unknown.service, unknown.function)).collect();
    let services: BTreeSet<String> = unknown.iter().map(|unknown| unknown.service.clone()).collect();
    let names = if functions.len() <= MOST / 2 { functions } else { services };
    let mut shown: Vec<String> = names.iter().take(MOST).cloned().collect();
    if names.len() > MOST {
        shown.push(plural(names.len() - MOST, "more service"));
    }
    shown.join(", ")
}

/// Returns a line about a changed account.
pub(super) fn changed_account(change: &AccountChange) -> String {
    let name = |name: &Option<String>| name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    let id = &change.account;
    line(&match change.change {
        AccountChangeKind::OnlyNew => {
            format!(
                "{id}{}: only in the new run; its resources are unknown, not added",
                name(&change.new_name)
            )
        }
        AccountChangeKind::OnlyOld => {
            format!(
                "{id}{}: only in the old run; its resources are unknown, not removed",
                name(&change.old_name)
            )
        }
        AccountChangeKind::Renamed => {
            format!("{id}: renamed from{} to{}", name(&change.old_name), name(&change.new_name))
        }
    })
}

/// Returns a line about a call that only one spec has.
pub(super) fn not_compared(call: &NotCompared) -> String {
    let which = if call.only_in == SeenIn::Old { "old" } else { "new" };
    let name = if call.name == call.function { String::new() } else { format!(" ({})", call.name) };
    line(&format!("{} {}{name}: only in the spec of the {which} run", call.service, call.function))
}

/// Returns the notices to show before the numbers, one line each.
pub(super) fn notices(summary: &DiffSummary) -> Vec<String> {
    let notices = summary.notices.iter().map(|notice| line(notice));
    notices.chain(summary.accounts.iter().map(changed_account)).collect()
}

/// Returns a text as a single line, without control characters.
pub(super) fn line(text: &str) -> String {
    printable_line(text).into_owned()
}
