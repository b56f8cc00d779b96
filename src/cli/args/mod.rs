//! What is typed: the arguments of the verbs that scan, and how settings are made from them.

pub(super) mod resume;
pub(super) mod scan;
pub(super) mod target;
