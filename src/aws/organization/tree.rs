//! The tree of organizational units, as far as it was requested.

use std::collections::{HashMap, HashSet};

use aws_config::SdkConfig;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::directory::{CONCURRENT_REQUESTS, Directory, DirectoryError};
use super::organizational_unit::OrganizationalUnit;
use crate::aws::credentials::Caller;
use crate::names::AccountId;

/// The tree of organizational units. Each of its parts is requested when it is needed, and only once.
#[derive(Debug)]
pub struct OrganizationTree {
    directory: Directory,
    root: Option<OrganizationalUnit>,
    /// The child units of a unit, by its ID.
    below: HashMap<String, Vec<OrganizationalUnit>>,
    /// The accounts directly in a unit, by its ID.
    accounts: HashMap<String, Vec<AccountId>>,
}

impl OrganizationTree {
    /// Creates a tree of which nothing has been requested.
    #[must_use]
    pub fn new(config: &SdkConfig, caller: &Caller) -> Self {
        let directory = Directory::new(config, caller);
        Self { directory, root: None, below: HashMap::new(), accounts: HashMap::new() }
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    pub(super) async fn root(&mut self) -> Result<OrganizationalUnit, DirectoryError> {
        if let Some(root) = &self.root {
            return Ok(root.clone());
        }
        let root = self.directory.root().await?;
        self.root = Some(root.clone());
        Ok(root)
    }

    /// Returns the child units of a unit.
    pub(super) async fn units_below(
        &mut self,
        parent: &str,
    ) -> Result<&[OrganizationalUnit], DirectoryError> {
        self.read_below(&[parent]).await?;
        Ok(self.below.get(parent).map_or(&[], Vec::as_slice))
    }

    /// Returns the accounts directly in a unit.
    pub(super) async fn accounts_in(&mut self, parent: &str) -> Result<&[AccountId], DirectoryError> {
        self.read_accounts(&[parent]).await?;
        Ok(self.accounts.get(parent).map_or(&[], Vec::as_slice))
    }

    /// Requests the accounts in these units and, if `recursive`, in all units below them. The units of a level are
    /// requested concurrently. Returns the path to each unit, from one of these units down.
    pub(super) async fn walk(
        &mut self,
        units: impl IntoIterator<Item = OrganizationalUnit>,
        recursive: bool,
    ) -> Result<Vec<Vec<OrganizationalUnit>>, DirectoryError> {
        let mut paths: Vec<Vec<OrganizationalUnit>> = units.into_iter().map(|unit| vec![unit]).collect();
        // A unit is visited once, even if a response contains it again.
        let mut seen: HashSet<String> = paths.iter().flatten().map(|unit| unit.id.clone()).collect();
        let mut visited = 0;
        while visited < paths.len() {
            let level = visited..paths.len();
            visited = paths.len();
            let units = paths[level.clone()].iter().filter_map(|path| Some(path.last()?.id.as_str()));
            let units: Vec<&str> = units.collect();
            self.read_accounts(&units).await?;
            if !recursive {
                break;
            }
            self.read_below(&units).await?;
            for index in level {
                let parent = paths[index].last().and_then(|unit| self.below.get(&unit.id));
                let children = parent.into_iter().flatten().filter(|child| seen.insert(child.id.clone()));
                let below: Vec<_> =
                    children.map(|child| paths[index].iter().chain([child]).cloned().collect()).collect();
                paths.extend(below);
            }
        }
        Ok(paths)
    }

    /// Requests the child units of several units concurrently.
    pub(super) async fn read_below(&mut self, parents: &[&str]) -> Result<(), DirectoryError> {
        let Self { directory, below, .. } = self;
        let unknown = parents.iter().filter(|parent| !below.contains_key(**parent));
        let unknown: Vec<String> = unknown.map(|parent| (*parent).to_owned()).collect();
        let read = async |parent: String| Ok((parent.clone(), directory.units_below(&parent).await?));
        let mut found = stream::iter(unknown).map(read).buffer_unordered(CONCURRENT_REQUESTS);
        while let Some((parent, units)) = found.try_next().await? {
            below.insert(parent, units);
        }
        Ok(())
    }

    /// Requests the accounts directly in several units concurrently.
    pub(super) async fn read_accounts(&mut self, parents: &[&str]) -> Result<(), DirectoryError> {
        let Self { directory, accounts, .. } = self;
        let unknown = parents.iter().filter(|parent| !accounts.contains_key(**parent));
        let unknown: Vec<String> = unknown.map(|parent| (*parent).to_owned()).collect();
        let read = async |parent: String| Ok((parent.clone(), directory.accounts_in(&parent).await?));
        let mut found = stream::iter(unknown).map(read).buffer_unordered(CONCURRENT_REQUESTS);
        while let Some((parent, inside)) = found.try_next().await? {
            accounts.insert(parent, inside);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use tokio::time::Instant;

    use super::{OrganizationTree, OrganizationalUnit};
    use crate::aws::credentials::fake::{FakeAws, caller};

    const ROUND_TRIP: Duration = Duration::from_millis(50);

    /// Creates a tree of three levels: each unit above the last level has two child units, and each unit one account.
    fn tree() -> OrganizationTree {
        let fake = FakeAws::new(|request| {
            let body: Value = serde_json::from_str(&request.body).expect("a JSON request");
            let parent = body["ParentId"].as_str().expect("a parent");
            let response = if request.target.ends_with("ListAccountsForParent") {
                json!({"Accounts": [{"Id": "111111111111"}]})
            } else if parent.len() < 3 {
                let units =
                    ["0", "1"].map(|number| json!({"Id": format!("{parent}{number}"), "Name": number}));
                json!({"OrganizationalUnits": units})
            } else {
                json!({"OrganizationalUnits": []})
            };
            (200, response.to_string())
        });
        OrganizationTree::new(&fake.delayed(ROUND_TRIP).config("us-east-1"), &caller())
    }

    /// Two round trips for each level: one for the accounts, and one for the child units.
    #[tokio::test(start_paused = true)]
    async fn walk_requests_units_of_a_level_side_by_side() {
        let root = OrganizationalUnit { id: "0".to_owned(), name: "Root".to_owned() };
        let started = Instant::now();
        let paths = tree().walk([root], true).await.expect("a tree");
        assert_eq!(started.elapsed().as_millis() / ROUND_TRIP.as_millis(), 6);
        let ids: Vec<String> = paths.iter().map(|path| path.iter().map(|unit| &*unit.id).collect()).collect();
        assert_eq!(ids, ["0", "000", "001", "000000", "000001", "001010", "001011"]);
    }
}
