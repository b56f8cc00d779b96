//! Differences between the runs themselves: accounts, specs, and notices about comparability.

use super::calls::CallPairs;
use super::change::SeenIn;
use super::choice::Choice;
use super::summary::{AccountChange, AccountChangeKind, NotCompared};
use crate::aws::organization::Account;
use crate::names::AccountId;
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{Manifest, RunState};

/// Returns the change of an account, if there is one.
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
        // A scan of a single account does not know the account's name.
        _ if old_name != new_name && old_name.is_some() && new_name.is_some() => AccountChangeKind::Renamed,
        _ => return None,
    };
    Some(AccountChange { account: id.to_string(), change, old_name, new_name })
}

/// Returns the calls that only one spec has.
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

/// Returns the settings that determine redaction.
pub(in crate::reports) fn redaction_of(manifest: &Manifest) -> (bool, &[String]) {
    (manifest.settings.redact, &manifest.settings.redact_paths)
}

/// Returns notices about facts that limit the comparison.
pub(super) fn notices([old, new]: [&Manifest; 2]) -> Vec<String> {
    let mut notices = Vec::new();
    if old.started > new.started {
        notices.push("the old run started after the new run: check the order of the arguments".to_owned());
    }
    for (which, run) in [("old", old), ("new", new)] {
        if run.state != RunState::Finished {
            notices.push(format!(
                "the {which} run did not finish: the results of calls it did not send are unknown"
            ));
        }
        if !run.missing_shards.is_empty() {
            notices.push(format!("shards of the {which} run are missing: their accounts are unknown"));
        }
    }
    if old.organization != new.organization {
        notices.push("the runs scanned different organizations".to_owned());
    }
    if old.simulated != new.simulated {
        notices.push("one of the runs is a demonstration".to_owned());
    }
    if redaction_of(old) != redaction_of(new) {
        notices.push(
            "the runs used different redaction: values that one of them hides are not compared".to_owned(),
        );
    }
    notices
}
