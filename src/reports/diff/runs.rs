//! What is told of two runs as such: their accounts, their specs, and what to know before believing it.

use super::calls::CallPairs;
use super::change::SeenIn;
use super::choice::Choice;
use super::summary::{AccountChange, AccountChangeKind, NotCompared};
use crate::aws::organization::Account;
use crate::names::AccountId;
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{Manifest, RunState};

/// What became of an account, if it is not as it was.
pub(super) fn changed_account(
    id: &AccountId,
    old: Option<&Account>,
    new: Option<&Account>,
) -> Option<AccountChange> {
    let name = |account: Option<&Account>| account.and_then(|account| account.name.clone());
    let (old_name, new_name) = (name(old), name(new));
    let change = match (old, new) {
        (None, _) => AccountChangeKind::OnlyNew,
        (_, None) => AccountChangeKind::OnlyOld,
        // A scan of one account does not learn its name.
        _ if old_name != new_name && old_name.is_some() && new_name.is_some() => AccountChangeKind::Renamed,
        _ => return None,
    };
    Some(AccountChange { account: id.to_string(), change, old_name, new_name })
}

/// The calls that only one spec has.
pub(super) fn not_compared(
    calls: &CallPairs,
    old: &Resources,
    new: &Resources,
    choice: &Choice,
) -> Vec<NotCompared> {
    let only = |calls: &[ReportedCall], pairs: &[Option<usize>], only_in: SeenIn| -> Vec<NotCompared> {
        let alone = calls.iter().zip(pairs).filter(|(call, pair)| pair.is_none() && choice.has_call(call));
        let alone = alone.map(|(call, _)| NotCompared {
            service: call.service().to_owned(),
            function: call.function().to_owned(),
            name: call.name().to_owned(),
            only_in,
        });
        alone.collect()
    };
    let mut alone = only(old.calls(), &calls.of_old, SeenIn::Old);
    alone.extend(only(new.calls(), &calls.of_new, SeenIn::New));
    alone
}

/// What decides about redaction.
pub(super) fn redaction_of(manifest: &Manifest) -> (bool, &[String]) {
    (manifest.settings.redact, &manifest.settings.redact_paths)
}

/// What should be known before believing the comparison.
pub(super) fn notices([old, new]: [&Manifest; 2]) -> Vec<String> {
    let mut notices = Vec::new();
    if old.started > new.started {
        notices.push("the old run began after the new one: were they named in the wrong order?".to_owned());
    }
    for (which, run) in [("old", old), ("new", new)] {
        if run.state != RunState::Finished {
            notices.push(format!("the {which} run did not finish: what it has not asked is unknown"));
        }
        if !run.missing_shards.is_empty() {
            notices.push(format!("shards of the {which} run are missing: their accounts are unknown"));
        }
    }
    if old.organization != new.organization {
        notices.push("the runs are of different organizations".to_owned());
    }
    if old.simulated != new.simulated {
        notices.push("one of the runs is a demonstration".to_owned());
    }
    if redaction_of(old) != redaction_of(new) {
        notices.push("the runs were redacted differently: what one of them hides is not compared".to_owned());
    }
    notices
}
