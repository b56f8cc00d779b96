//! Whether two runs are of the same kind: `--keep` removes only older runs of the kind of the newest, and
//! `scan diff` compares a run with the one before it.

use super::Status;
use super::manifest::Manifest;

/// Returns whether two runs are of the same kind: both made the same calls, in the same accounts and regions,
/// through the same role, and wrote the results in the same form.
///
/// Specs are compared by content and not by source: two projects may both have a `spec.json`, and standard input
/// has no name.
pub(super) fn is_same_kind(one: &Manifest, other: &Manifest) -> bool {
    let (ours, theirs) = (&one.settings, &other.settings);
    let is_same_scope = one.simulated == other.simulated
        && ours.organization_scan == theirs.organization_scan
        && one.caller.account == other.caller.account
        && one.organization == other.organization
        && ours.shard == theirs.shard
        && ours.account_filters == theirs.account_filters
        && ours.profiles == theirs.profiles
        && ours.regions == theirs.regions
        && ours.exclude_regions == theirs.exclude_regions;
    let is_same_role = ours.role_name == theirs.role_name
        && ours.role == theirs.role
        && ours.permission_sets == theirs.permission_sets;
    let is_same_form = ours.layout == theirs.layout
        && ours.redact == theirs.redact
        && ours.redact_paths == theirs.redact_paths
        && ours.allow == theirs.allow
        && ours.allow_unreviewed == theirs.allow_unreviewed;
    one.spec.document == other.spec.document && is_same_scope && is_same_role && is_same_form
}

/// Returns whether any call succeeded.
pub(super) fn has_results(manifest: &Manifest) -> bool {
    let successful = [Status::Ok, Status::Empty, Status::Truncated];
    successful.iter().any(|status| manifest.totals.calls.get(status).is_some_and(|count| *count > 0))
}
