//! The account and region of resources.

use crate::names::AccountId;

/// An account and region.
pub(super) struct PlaceKey<'run> {
    pub(super) account: &'run AccountId,
    /// The region, or `global`.
    pub(super) region: &'run str,
}
