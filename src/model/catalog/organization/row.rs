//! A row of the table of organization-wide functions.

use super::scope::{Delegated, OrganizationScope};

/// The condition for a row to apply.
#[derive(Clone, Copy, Debug)]
pub(super) enum RowCondition {
    Always,
    /// Where a parameter is given.
    Given(&'static str),
    /// Where a parameter is given, and not taken from an item: an account may describe the items that it has
    /// listed itself.
    Literal(&'static str),
    /// Where a parameter has a value.
    Is(&'static str, &'static str),
}

/// A row of the table.
pub(super) struct OrganizationRow {
    pub(super) service: &'static str,
    /// The operations; an empty list means all of the service.
    pub(super) operations: &'static [&'static str],
    pub(super) when: RowCondition,
    pub(super) scope: OrganizationScope,
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers, and for the tests"))]
    pub(super) source: &'static str,
}

pub(super) const MANAGEMENT: OrganizationScope =
    OrganizationScope { management: true, delegated: Delegated::Nobody, each: false };

pub(super) const EITHER: OrganizationScope =
    OrganizationScope { management: true, delegated: Delegated::AnyService, each: false };

/// Returns the scope of the management account or a delegated administrator of the service.
pub(super) const fn either(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: true, delegated: Delegated::Of(principal), each: false }
}

/// Returns the scope of the management account and the delegated administrators, each with separate data.
pub(super) const fn each(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: true, delegated: Delegated::Of(principal), each: true }
}

/// Returns the scope of a delegated administrator of the service. The management account is included only where it
/// is the administrator itself.
pub(super) const fn delegated(principal: &'static str) -> OrganizationScope {
    OrganizationScope { management: false, delegated: Delegated::Of(principal), each: false }
}

/// Returns a row that always applies.
pub(super) const fn row(
    service: &'static str,
    operations: &'static [&'static str],
    scope: OrganizationScope,
    source: &'static str,
) -> OrganizationRow {
    OrganizationRow { service, operations, when: RowCondition::Always, scope, source }
}

/// Returns a row that applies under a condition.
pub(super) const fn row_when(
    service: &'static str,
    operations: &'static [&'static str],
    when: RowCondition,
    scope: OrganizationScope,
    source: &'static str,
) -> OrganizationRow {
    OrganizationRow { service, operations, when, scope, source }
}
