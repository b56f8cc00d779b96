//! Options that come in groups, a file for each: what can be typed, and what it means.

pub(super) mod accounts;
pub(super) mod profiles;
