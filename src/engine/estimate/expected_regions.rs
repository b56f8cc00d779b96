//! The regions that are expected to be scanned in the accounts of a plan.

use std::collections::HashMap;

use crate::names::{AccountId, Region};
use crate::plan::{Plan, PlannedCall};

/// The regions that are expected to be scanned in each account; none if no call is regional.
#[derive(Clone, Debug, Default)]
pub struct ExpectedRegions {
    /// Those of accounts that use the regions of the run.
    pub common: Vec<Region>,
    /// Those of the other accounts.
    pub own: HashMap<AccountId, Vec<Region>>,
}

impl ExpectedRegions {
    /// Returns the regions of an account.
    pub(super) fn of(&self, account: &AccountId) -> &[Region] {
        self.own.get(account).unwrap_or(&self.common)
    }

    /// Returns the sum, over all accounts in which a call's function with this index is called, of a number that
    /// depends on the regions of the account.
    pub(super) fn sum(
        &self,
        plan: &Plan,
        call: &PlannedCall,
        function: usize,
        number: impl Fn(&PlannedCall, &[Region]) -> u64,
    ) -> u64 {
        let of_common = number(call, &self.common);
        let called = plan.accounts.iter().filter(|account| call.why_not(&account.id, function).is_none());
        called
            .map(|account| match self.own.get(&account.id) {
                Some(regions) => number(call, regions),
                None => of_common,
            })
            .sum()
    }
}
