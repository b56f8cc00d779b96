//! What only sounds like a secret.

/// Service (`*` for all), name in small letters without separators (`*` at an end stands for
/// anything), reason.
pub(super) const HARMLESS: &[(&str, &str, &str)] = &[
    ("*", "*arn", "names a thing"),
];
