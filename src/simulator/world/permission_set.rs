//! Permission sets of IAM Identity Center, and the accounts in which they are assigned.

use crate::names::AccountId;

/// A permission set that is assigned to the simulated user.
#[derive(Clone, Debug)]
pub struct SimulatedPermissionSet {
    /// The name.
    pub name: String,
    /// The accounts.
    pub assigned: AssignedAccounts,
}

/// The accounts in which a permission set is assigned.
#[derive(Clone, Debug)]
pub enum AssignedAccounts {
    /// All accounts except these.
    AllExcept(Vec<AccountId>),
    /// Only these accounts.
    Only(Vec<AccountId>),
}

impl SimulatedPermissionSet {
    /// Returns whether the permission set is assigned in an account.
    #[must_use]
    pub fn is_in(&self, account: &AccountId) -> bool {
        match &self.assigned {
            AssignedAccounts::AllExcept(accounts) => !accounts.contains(account),
            AssignedAccounts::Only(accounts) => accounts.contains(account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AssignedAccounts, SimulatedPermissionSet};
    use crate::names::AccountId;

    #[test]
    fn assignment_names_its_accounts_or_the_others() {
        let [one, other] = ["111111111111", "222222222222"].map(AccountId::new);
        let set = |assigned| SimulatedPermissionSet { name: "Audit".to_owned(), assigned };
        let only = set(AssignedAccounts::Only(vec![one.clone()]));
        assert_eq!((only.is_in(&one), only.is_in(&other)), (true, false));
        let except = set(AssignedAccounts::AllExcept(vec![one.clone()]));
        assert_eq!((except.is_in(&one), except.is_in(&other)), (false, true));
    }
}
