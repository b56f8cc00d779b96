//! The arguments of the verbs that scan, and their conversion to settings.

pub(super) mod resume;
pub(super) mod scan;
pub(super) mod target;
