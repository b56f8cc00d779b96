//! What was looked at and is not in the catalog's tables.

/// Functions that were looked at.
#[derive(Clone, Copy)]
pub(super) struct Reviewed {
    pub(super) service: &'static str,
    /// `*` means all of the service.
    pub(super) operations: &'static [&'static str],
    /// Why they are not in the table.
    pub(super) reason: &'static str,
}

/// Functions whose documentation speaks of all regions, and that answer for one.
pub(super) const STILL_REGIONAL: &[Reviewed] = &[];

/// Functions whose documentation speaks of organizations, and that every account calls for itself.
pub(super) const NOT_FOR_THE_ORGANIZATION: &[Reviewed] = &[];
