//! Structures that look like pairs of a name and a value, and are none.

/// Service (`*` for all), the members of the name and of the value, and the reason.
pub(super) const NO_PAIRS: &[(&str, &str, &str, &str)] = &[];
