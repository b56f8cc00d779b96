//! The tree of organizational units, as far as it was requested.

use std::collections::HashMap;

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
