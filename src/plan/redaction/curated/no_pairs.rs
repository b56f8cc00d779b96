//! Members that look like the value of a pair, but do not belong to the name beside them.

/// Service (`*` for all), the member, and the reason.
pub(super) const NO_PAIRS: &[(&str, &str, &str)] = &[
    ("*", "ForwardedValues", "settings with their own names"),
    ("*", "PendingModifiedValues", "settings with their own names"),
    ("*", "pendingModifiedValues", "settings with their own names"),
];
