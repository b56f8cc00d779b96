//! Members that look like the value of a pair, and are none that the name beside them is about.

/// Service (`*` for all), the member, and the reason.
pub(super) const NO_PAIRS: &[(&str, &str, &str)] = &[
    ("*", "ForwardedValues", "settings with names of their own"),
    ("*", "PendingModifiedValues", "settings with names of their own"),
    ("*", "pendingModifiedValues", "settings with names of their own"),
];
