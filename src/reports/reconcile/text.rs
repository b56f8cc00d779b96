//! The summary of a comparison as text, the most important first.

use std::fmt::Write as _;

use super::answers::{AnswerState, WitnessAnswer};
use super::difference::{DifferenceClass, WitnessDifference};
use super::stored::ReconcileSummary;
use crate::plan::spec::Witness;
use crate::util::plural::plural;

/// How many differences of a class are shown.
const SHOWN: usize = 5;
/// How many types are shown.
const TYPES: usize = 15;
/// The most characters of a reason.
const LONGEST: usize = 160;
/// How many accounts are shown.
const ACCOUNTS: usize = 3;

/// Returns the summary as text; `run` is the folder of the run.
#[must_use]
pub(crate) fn summary_text(summary: &ReconcileSummary, run: &str) -> String {
    let mut text = String::new();
    let agreement = summary
        .agreement_percent
        .map_or_else(|| "nothing to compare".to_owned(), |percent| format!("{percent:.1} % agreement"));
    let missing = summary.total.of(DifferenceClass::Missing);
    let what = match missing {
        0 => "nothing is".to_owned(),
        1 => "1 resource is".to_owned(),
        count => format!("{} are", plural(count, "resource")),
    };
    let verdict = format!("{what} missing that its calls should have returned");
    let _ = writeln!(text, "{run}: {verdict}");
    let _ = writeln!(
        text,
        "{} in the run and reported by a witness: {agreement}",
        plural(summary.total.both, "resource")
    );
    for class in DifferenceClass::ALL {
        let count = summary.total.of(class);
        if count == 0 {
            continue;
        }
        let _ = writeln!(text, "\n{count} {}: {}", class.as_str().replace('_', " "), class.meaning());
        let examples = summary.examples.get(&class).map_or(&[][..], Vec::as_slice);
        for difference in examples.iter().take(SHOWN) {
            add_difference(&mut text, difference);
        }
        if count > SHOWN as u64 {
            let _ = writeln!(text, "  … {run}/witnesses/differences.ndjson lists all");
        }
    }
    add_types(&mut text, summary);
    let _ = writeln!(text, "\nWitnesses");
    for answer in &summary.witnesses {
        add_answer(&mut text, answer);
    }
    text.trim_end().to_owned()
}

fn add_difference(text: &mut String, difference: &WitnessDifference) {
    let WitnessDifference { type_name, account, region, arn, id, witness, reason, entry, .. } = difference;
    let what = arn.as_deref().or(id.as_deref()).unwrap_or_default();
    let place = if region.is_empty() { account.clone() } else { format!("{account}/{region}") };
    let by = witness.as_deref().map(|witness| format!(" ({witness})")).unwrap_or_default();
    let what = if what.is_empty() { String::new() } else { format!(" {what}") };
    let _ = writeln!(text, "  {type_name} in {place}{what}{by}");
    if let Some(reason) = reason {
        let _ = writeln!(text, "    {}", shortened(reason));
    }
    if let Some(entry) = entry {
        let _ = writeln!(text, "    entry: {entry}");
    }
}

/// Returns the start of a reason: messages of AWS repeat long names. The file of the differences has all of it.
fn shortened(reason: &str) -> String {
    match reason.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// Adds the types that agree least.
fn add_types(text: &mut String, summary: &ReconcileSummary) {
    let mut types: Vec<_> =
        summary.types.iter().filter_map(|(name, counts)| Some((counts.agreement()?, name, counts))).collect();
    types.sort_by(|(one, name, _), (other, other_name, _)| {
        one.total_cmp(other).then_with(|| name.cmp(other_name))
    });
    if types.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nAgreement by type, the lowest first");
    for (percent, name, counts) in types.iter().take(TYPES) {
        let _ = writeln!(text, "  {percent:>5.1} %  {name}: {} in both", counts.both);
    }
    if types.len() > TYPES {
        let _ = writeln!(text, "  … {} more", plural(types.len() - TYPES, "type"));
    }
}

fn add_answer(text: &mut String, answer: &WitnessAnswer) {
    let WitnessAnswer { title, state, resources, accounts, failed, not_set_up, notes, .. } = answer;
    let noun = if answer.witness == Witness::Bill.as_str() { "amount" } else { "resource" };
    let found = format!("{}, from {}", plural(*resources, noun), plural(*accounts, "account"));
    let state = match state {
        AnswerState::Complete => found,
        AnswerState::Partial => format!("{found}, not complete"),
        AnswerState::Failed => "denied or failed".to_owned(),
        AnswerState::NotSetUp => "not set up".to_owned(),
        AnswerState::NotCalled => "not called".to_owned(),
    };
    let _ = writeln!(text, "  {title}: {state}");
    for account in failed.iter().take(ACCOUNTS) {
        let calls = plural(account.calls, "call");
        let reason = shortened(&account.reason);
        let _ = writeln!(text, "    account {}: {calls} {}: {reason}", account.account, account.status);
    }
    if failed.len() > ACCOUNTS {
        let _ = writeln!(text, "    … {} more", plural(failed.len() - ACCOUNTS, "account"));
    }
    if !not_set_up.is_empty() && accounts > &0 {
        let names: Vec<&str> = not_set_up.iter().take(ACCOUNTS).map(String::as_str).collect();
        let more = if not_set_up.len() > ACCOUNTS { ", …" } else { "" };
        let _ = writeln!(
            text,
            "    not set up in {}: {}{more}",
            plural(not_set_up.len(), "account"),
            names.join(", ")
        );
    }
    for note in notes {
        let _ = writeln!(text, "    {note}");
    }
}
