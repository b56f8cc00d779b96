//! Worlds of any size, for benchmarks.

use std::sync::Arc;

use super::{
    Amounts, SimulatedAccount, SimulatedOrganization, SimulatedState, SimulatedUnit, Trust, Workload, World,
};
use crate::names::{AccountId, Region, RegionName};

/// The regions of a world; a world of `n` regions has the first `n`.
const REGIONS: [RegionName; 18] = [
    RegionName::new("us-east-1"),
    RegionName::new("eu-central-1"),
    RegionName::new("eu-west-1"),
    RegionName::new("us-west-2"),
    RegionName::new("us-east-2"),
    RegionName::new("us-west-1"),
    RegionName::new("eu-west-2"),
    RegionName::new("eu-west-3"),
    RegionName::new("eu-north-1"),
    RegionName::new("ap-northeast-1"),
    RegionName::new("ap-northeast-2"),
    RegionName::new("ap-northeast-3"),
    RegionName::new("ap-south-1"),
    RegionName::new("ap-southeast-1"),
    RegionName::new("ap-southeast-2"),
    RegionName::new("ca-central-1"),
    RegionName::new("sa-east-1"),
    RegionName::new("ap-east-1"),
];

impl World {
    /// Creates a world with a management account and `accounts - 1` members, each with the same `amounts` in each
    /// of the first `regions` regions (at most 18; us-east-1 first, and last ap-east-1, the only opt-in region).
    /// Resources have the same ids everywhere and differ only in the account and region of their names.
    #[must_use]
    pub fn sized(accounts: usize, regions: usize, amounts: Amounts) -> Self {
        let regions: Arc<[Region]> = REGIONS.iter().take(regions).map(|name| name.region()).collect();
        let workload = Arc::new(Workload {
            prefix: "load".to_owned(),
            busy_in: regions.to_vec(),
            busy: amounts,
            roles: 10,
            users: 2,
            policies: 5,
            hosted_zones: 2,
            uniform: true,
            ..Workload::default()
        });
        let organization = SimulatedOrganization {
            id: "o-sizedworld1".to_owned(),
            root_id: "r-size".to_owned(),
            units: vec![SimulatedUnit {
                id: "ou-size-workload1".to_owned(),
                name: "Workloads".to_owned(),
                parent: None,
            }],
        };
        let account = |number: usize| SimulatedAccount {
            id: AccountId::new(format!("{:012}", 100_000_000_000 + number)),
            name: format!("account-{number:05}"),
            email: format!("account-{number:05}@example.com"),
            state: SimulatedState::Active,
            unit: (number > 0).then_some(0),
            invited: false,
            trust: Trust::Grants,
            regions: Arc::clone(&regions),
            workload: Arc::clone(&workload),
        };
        Self::new(organization, (0..accounts.max(1)).map(account).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Amounts, World};

    #[test]
    fn every_account_has_an_id_of_its_own_and_is_found_by_it() {
        let world = World::sized(10_000, 10, Amounts::default());
        assert_eq!(world.accounts().len(), 10_000);
        assert!(world.accounts().iter().all(|account| {
            account.id.as_str().len() == 12
                && world.account(account.id.as_str()).is_some_and(|found| found.name == account.name)
        }));
    }
}
