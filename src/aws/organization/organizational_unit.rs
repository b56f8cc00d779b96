//! An organizational unit, and the forms of its ID.

use serde::{Deserialize, Serialize};

/// An organizational unit, or the root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationalUnit {
    /// `ou-…` or `r-…`
    pub id: String,
    /// The unit's name; the root's is `Root`.
    pub name: String,
}

/// Returns whether a text is a unit ID: `ou-` with the letters and digits of the root and the unit
/// (`OrganizationalUnitId` in botocore's `organizations/2016-11-28`).
pub(super) fn is_unit_id(text: &str) -> bool {
    let parts = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(root, unit)| is_word(root, 4) && is_word(unit, 8))
}

/// Returns whether a text is a root ID: `r-` with letters and digits (`RootId` in the same model).
pub(super) fn is_root_id(text: &str) -> bool {
    text.strip_prefix("r-").is_some_and(|word| is_word(word, 4))
}

fn is_word(text: &str, shortest: usize) -> bool {
    (shortest..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Returns the IDs of the root and the units in a path of Organizations, from the root down. A path has the form
/// `o-…/r-…/ou-…/`, and may end with the account's ID.
pub(super) fn units_in_path(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|step| is_unit_id(step) || is_root_id(step))
}
