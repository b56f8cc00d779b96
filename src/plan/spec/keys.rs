//! The keys of scan specs.

/// The keys of the object form.
pub(super) const DOCUMENT_KEYS: &[&str] =
    &["$schema", "version", "description", "calls", "regions", "exclude_regions", "accepted_gaps"];
/// The keys of an accepted gap.
pub(super) const ACCEPTED_GAP_KEYS: &[&str] =
    &["account", "region", "service", "function", "status", "reason", "until", "comment"];
/// The keys of a call.
pub(super) const CALL_KEYS: &[&str] = &[
    "service",
    "function",
    "result_key",
    "parameters",
    "name",
    "accounts",
    "regions",
    "paginate",
    "max_items",
    "each",
];
/// The keys of a child call.
pub(super) const CHILD_KEYS: &[&str] = &[
    "over",
    "batch",
    "service",
    "function",
    "result_key",
    "parameters",
    "name",
    "paginate",
    "max_items",
    "each",
];
