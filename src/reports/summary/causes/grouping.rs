//! Merges the counts into groups with the same cause, step by step.

use std::collections::{BTreeMap, BTreeSet};

use super::group::{CauseGroup, CauseSubject};
use super::template::{HintTemplate, Subjects};
use super::{AccountSet, AnsweredRegions, CauseCounts, Causes, GLOBAL, is_regional};
use crate::names::ServiceName;
use crate::run::{ASK_EVERYTHING_HINT, DeniedBy, Status};

/// The fewest services that have to be unreachable in a region before the region itself is reported as
/// unreachable. Denials by a service control policy in one region but not in others need no such minimum.
const MIN_UNREACHABLE_SERVICES: usize = 3;

/// A group that is not complete yet.
struct Draft {
    status: Status,
    by: Option<DeniedBy>,
    code: Option<String>,
    subject: CauseSubject,
    service: Option<ServiceName>,
    region: Option<String>,
    hint: Option<HintTemplate>,
    /// Whether the calls have different hints; `hint` is then the one of most calls.
    is_mixed: bool,
    counts: CauseCounts,
}

/// Returns the groups of all counted failures, those with the most calls first.
pub(super) fn groups(causes: &Causes) -> Vec<CauseGroup> {
    let mut drafts: Vec<Draft> = causes
        .counts
        .iter()
        .map(|(cause, counts)| Draft {
            status: cause.status,
            by: cause.by,
            code: cause.code.clone(),
            subject: cause.subject,
            service: cause.service.clone(),
            region: cause.region.clone(),
            hint: cause.hint.clone(),
            is_mixed: false,
            counts: counts.clone(),
        })
        .collect();
    find_regions(&mut drafts, &causes.places);
    // Merge regions that are denied or unreachable for the same accounts, and services over all their
    // regions.
    let drafts = merge(drafts, |draft| match draft.subject {
        CauseSubject::Region => (None, None, draft.counts.accounts.clone()),
        _ => (draft.code.clone(), draft.service.clone(), AccountSet::default()),
    });
    let drafts = unify_hints(drafts);
    let drafts = merge_services(drafts);
    let mut groups: Vec<CauseGroup> = drafts.into_iter().map(|draft| finish(draft, causes)).collect();
    groups.sort_by(|one, other| {
        let size = |group: &CauseGroup| (group.calls, group.failed_items);
        size(other).cmp(&size(one)).then_with(|| one.services.cmp(&other.services))
    });
    groups
}

/// Finds the regions that are themselves the cause of the failures in them.
///
/// A service control policy or an outage is attributed to a region in those accounts where most of the
/// services called in the region fail that way while other regions respond to the account. The calls of a
/// service are attributed to the region if that is true in at least half of their accounts.
fn find_regions(drafts: &mut [Draft], places: &AnsweredRegions) {
    let mut by_region: BTreeMap<(Status, Option<DeniedBy>, String), Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(region) = draft.region.as_ref().filter(|region| *region != GLOBAL) {
            by_region.entry((draft.status, draft.by, region.clone())).or_default().push(index);
        }
    }
    for ((status, _, region), indices) in by_region {
        let called = places.called.get(&region).map_or(0, BTreeSet::len);
        let mut by_service: BTreeMap<&ServiceName, AccountSet> = BTreeMap::new();
        for index in &indices {
            if let Some(service) = &drafts[*index].service {
                by_service.entry(service).or_default().extend(&drafts[*index].counts.accounts);
            }
        }
        let mut failing: BTreeMap<usize, usize> = BTreeMap::new();
        for account in by_service.values().flat_map(AccountSet::iter) {
            *failing.entry(account).or_default() += 1;
        }
        let least = if status == Status::Unreachable { MIN_UNREACHABLE_SERVICES } else { 1 };
        let concluded = places.concluded.get(&region).filter(|_| status == Status::Denied);
        let is_about_region = |account: usize| {
            let services = failing.get(&account).copied().unwrap_or_default();
            let is_most = services >= least && services * 3 >= called * 2;
            concluded.is_some_and(|accounts| accounts.contains(account))
                || is_most && places.answered_elsewhere(account, &region)
        };
        for index in indices {
            let draft = &mut drafts[index];
            let of_region = draft.counts.accounts.iter().filter(|account| is_about_region(*account)).count();
            if of_region * 2 >= draft.counts.accounts.len() {
                draft.subject = CauseSubject::Region;
                (draft.service, draft.hint) = (None, None);
            }
        }
    }
    // Merge the drafts of each region first.
    let mut position: BTreeMap<(Status, Option<DeniedBy>, String), usize> = BTreeMap::new();
    for index in 0..drafts.len() {
        let Some(region) =
            drafts[index].region.clone().filter(|_| drafts[index].subject == CauseSubject::Region)
        else {
            continue;
        };
        let key = (drafts[index].status, drafts[index].by, region);
        if let Some(first) = position.get(&key).copied() {
            let counts = drafts[index].counts.clone();
            drafts[first].counts.extend(counts);
            drafts[index].counts.calls = 0;
        } else {
            position.insert(key, index);
        }
    }
}

/// Merges drafts that have the same key, status, denying policy, subject and hint.
fn merge<Key: Ord>(drafts: Vec<Draft>, key: impl Fn(&Draft) -> Key) -> Vec<Draft> {
    let mut merged: Vec<Draft> = Vec::new();
    let mut position = BTreeMap::new();
    for draft in drafts.into_iter().filter(|draft| draft.counts.calls > 0) {
        let key = (draft.status, draft.by, draft.subject, draft.hint.clone(), key(&draft));
        if let Some(index) = position.get(&key).copied() {
            absorb(&mut merged[index], draft);
        } else {
            position.insert(key, merged.len());
            merged.push(draft);
        }
    }
    merged
}

fn absorb(into: &mut Draft, draft: Draft) {
    if into.code != draft.code {
        into.code = None;
    }
    if into.service != draft.service {
        into.service = None;
    }
    into.is_mixed |= draft.is_mixed;
    into.counts.extend(draft.counts);
}

/// Reduces the hints of a cause: drafts without a hint are merged into a similar draft that has one, and if
/// there are more than a few hints, the one of most calls is kept.
fn unify_hints(drafts: Vec<Draft>) -> Vec<Draft> {
    /// The most hints of one cause that are shown separately.
    const MOST: usize = 3;
    let mut alike: BTreeMap<_, Vec<Draft>> = BTreeMap::new();
    for draft in drafts {
        let region = draft.region.clone().filter(|_| draft.subject == CauseSubject::Region);
        let key = (draft.status, draft.by, draft.subject, draft.code.clone(), draft.service.clone(), region);
        alike.entry(key).or_default().push(draft);
    }
    let mut agreed = Vec::new();
    for mut drafts in alike.into_values() {
        drafts.sort_by_key(|draft| std::cmp::Reverse((draft.hint.is_some(), draft.counts.calls)));
        let has_many = drafts.iter().filter(|draft| draft.hint.is_some()).count() > MOST;
        let mut drafts = drafts.into_iter();
        let Some(mut first) = drafts.next() else { continue };
        for draft in drafts {
            match draft.hint {
                Some(_) if has_many => {
                    first.is_mixed = true;
                    absorb(&mut first, draft);
                }
                Some(_) => agreed.push(draft),
                None => absorb(&mut first, draft),
            }
        }
        agreed.push(first);
    }
    agreed
}

/// Merges services that fail the same way in the same accounts and regions, such as with a role without
/// permissions or a network that is down.
fn merge_services(drafts: Vec<Draft>) -> Vec<Draft> {
    merge(drafts, |draft| {
        let accounts = draft.counts.accounts.clone();
        match draft.subject {
            CauseSubject::Service => {
                // Services use different error codes for denials.
                let code = draft.code.clone().filter(|_| draft.status != Status::Denied);
                (code, None, accounts, draft.counts.regions.clone())
            }
            _ => (draft.code.clone(), draft.service.clone(), accounts, draft.counts.regions.clone()),
        }
    })
}

fn finish(draft: Draft, causes: &Causes) -> CauseGroup {
    let CauseCounts {
        calls,
        failed_items,
        not_sent,
        accounts,
        regions,
        functions,
        codes,
        actions,
        example,
        ..
    } = draft.counts;
    let accounts = causes.accounts.ids(&accounts);
    let regions: Vec<String> = regions.into_iter().collect();
    let services: Vec<ServiceName> = functions.keys().cloned().collect();
    let functions = functions.into_iter().flat_map(|(service, functions)| {
        functions.into_iter().map(move |function| (service.clone(), function))
    });
    let functions = functions.collect();
    let account = if let [only] = accounts.as_slice() { Some(only.as_str()) } else { None };
    let service = if let [only] = services.as_slice() { Some(only.as_str()) } else { None };
    let mut hints = match draft.subject {
        CauseSubject::Region => vec![region_hint(draft.status, &regions)],
        _ => draft.hint.map_or_else(Vec::new, |hint| {
            hint.fill(&Subjects { account, regions: &regions, service, actions: &actions })
        }),
    };
    if draft.is_mixed
        && let Some(first) = hints.first_mut()
    {
        *first = format!("for most of these calls: {first}");
    }
    if not_sent > 0 && matches!(draft.subject, CauseSubject::Region | CauseSubject::Service) {
        let one = ASK_EVERYTHING_HINT.to_owned();
        hints.push(if not_sent == 1 {
            one
        } else {
            "use --ask-everything to send the calls anyway".to_owned()
        });
    }
    CauseGroup {
        subject: draft.subject,
        status: draft.status,
        denied_by: draft.by,
        codes: codes.into_iter().collect(),
        services,
        functions,
        regions,
        accounts,
        calls,
        failed_items,
        not_sent,
        hints,
        example,
    }
}

fn region_hint(status: Status, regions: &[String]) -> String {
    let names = regions.join(",");
    let (them, the) = if regions.len() == 1 { ("it", "the region") } else { ("them", "the regions") };
    if is_regional(status, None) {
        format!(
            "check network, proxy and firewall for {the}; exclude {them} with --exclude-regions {names} if \
             {the} {} down",
            if regions.len() == 1 { "is" } else { "are" }
        )
    } else {
        format!(
            "a service control policy of the organization denies {the}: exclude {them} with \
             --exclude-regions {names}, or exempt the role there"
        )
    }
}
