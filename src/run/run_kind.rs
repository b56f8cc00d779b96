//! Whether two runs are of the same kind: `--keep` removes only older runs of the kind of the newest, and
//! `scan diff` compares a run with the one before it.

use serde_json::{Map, Value};

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
    is_same_spec(&one.spec.document, &other.spec.document) && is_same_scope && is_same_role && is_same_form
}

/// Returns whether two specs list the same calls. The gaps that a spec accepts do not change what is scanned.
fn is_same_spec(one: &Value, other: &Value) -> bool {
    let (Value::Object(one), Value::Object(other)) = (one, other) else { return one == other };
    let members = |of: &Map<String, Value>| of.keys().filter(|key| *key != "accepted_gaps").count();
    let is_same = |(key, value): (&String, &Value)| key == "accepted_gaps" || other.get(key) == Some(value);
    members(one) == members(other) && one.iter().all(is_same)
}

/// Returns whether any call succeeded.
pub(super) fn has_results(manifest: &Manifest) -> bool {
    let successful = [Status::Ok, Status::Empty, Status::Truncated];
    successful.iter().any(|status| manifest.totals.calls.get(status).is_some_and(|count| *count > 0))
}
