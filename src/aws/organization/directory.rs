//! Requests to Organizations beyond the list of accounts: units, the accounts in them, and tags.

use std::collections::BTreeMap;
use std::fmt;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_organizations::Client;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::account::AccountTags;
use super::client::client_config;
use super::organizational_unit::OrganizationalUnit;
use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;

/// The maximum number of concurrent requests. Organizations' quotas are low and not published
/// (`organizations/latest/userguide/orgs_reference_limits.html` below docs.aws.amazon.com).
pub(super) const CONCURRENT_REQUESTS: usize = 4;

/// The maximum number of attempts of a request. A filter needs the data of all accounts, so that throttled
/// requests are retried for long.
const MAX_ATTEMPTS: u32 = 10;

/// A failed request to Organizations.
#[derive(Clone, Debug)]
pub(super) struct DirectoryError {
    /// The operation: `ListRoots`.
    pub(super) operation: &'static str,
    /// The caller's ARN.
    pub(super) caller: String,
    pub(super) error: ServiceError,
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, caller, error } = self;
        if error.is_denied() {
            write!(formatter, "{caller} is not allowed to call organizations:{operation}: {error}")
        } else {
            write!(formatter, "organizations:{operation} failed: {error}")
        }
    }
}

/// A client of Organizations whose request rate adapts to throttling.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    client: Client,
    /// The caller's ARN, for error messages.
    caller: String,
}

impl Directory {
    pub(super) fn new(config: &SdkConfig, caller: &Caller) -> Self {
        let quota = TokenBucket::builder().throttling_retry_cost(0).build();
        let quota = RetryPartition::custom("account filters").token_bucket(quota).build();
        let retry = match config.retry_config() {
            Some(retry) if !retry.has_retry() => retry.clone(),
            _ => RetryConfig::adaptive().with_max_attempts(MAX_ATTEMPTS),
        };
        let config = client_config(config).retry_config(retry).retry_partition(quota).build();
        Self { client: Client::from_conf(config), caller: caller.arn.clone() }
    }

    /// Returns the root of the organization.
    pub(super) async fn root(&self) -> Result<OrganizationalUnit, DirectoryError> {
        let roots = all(async |token| {
            let response = self.client.list_roots().set_next_token(token).send().await;
            let response = response.map_err(|error| ServiceError::new(&error))?;
            let roots = response.roots.unwrap_or_default();
            let roots = roots.into_iter().map(|root| unit(root.id, root.name)).collect();
            Ok((roots, response.next_token))
        });
        let failed = |error| self.failed("ListRoots", error);
        let roots = roots.await.map_err(failed)?;
        roots.into_iter().next().ok_or_else(|| failed(ServiceError::local("it returned no root")))
    }

    /// Returns the unit with this ID; `None` when it does not exist.
    pub(super) async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, DirectoryError> {
        let response = self.client.describe_organizational_unit().organizational_unit_id(id).send().await;
        match response.map_err(|error| ServiceError::new(&error)) {
            Ok(response) => Ok(response.organizational_unit.map(|found| unit(found.id, found.name))),
            Err(error) if error.code() == Some("OrganizationalUnitNotFoundException") => Ok(None),
            Err(error) => Err(self.failed("DescribeOrganizationalUnit", error)),
        }
    }

    /// Returns the child units of a unit.
    pub(super) async fn units_below(&self, parent: &str) -> Result<Vec<OrganizationalUnit>, DirectoryError> {
        let units = all(async |token| {
            let request = self.client.list_organizational_units_for_parent().parent_id(parent);
            let response = request.set_next_token(token).send().await;
            let response = response.map_err(|error| ServiceError::new(&error))?;
            let units = response.organizational_units.unwrap_or_default();
            let units = units.into_iter().map(|found| unit(found.id, found.name)).collect();
            Ok((units, response.next_token))
        });
        units.await.map_err(|error| self.failed("ListOrganizationalUnitsForParent", error))
    }

    /// Returns the accounts directly in a unit.
    pub(super) async fn accounts_in(&self, parent: &str) -> Result<Vec<AccountId>, DirectoryError> {
        let accounts = all(async |token| {
            let request = self.client.list_accounts_for_parent().parent_id(parent);
            let response = request.set_next_token(token).send().await;
            let response = response.map_err(|error| ServiceError::new(&error))?;
            let accounts = response.accounts.unwrap_or_default();
            let ids = accounts.iter().filter_map(|account| account.id().and_then(AccountId::parse)).collect();
            Ok((ids, response.next_token))
        });
        accounts.await.map_err(|error| self.failed("ListAccountsForParent", error))
    }

    /// Returns the tags of these accounts, with one request per account.
    pub(super) async fn tags(
        &self,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, AccountTags>, DirectoryError> {
        let tags = stream::iter(accounts.iter().cloned());
        tags.map(async |account| Ok((account.clone(), self.tags_of(&account).await?)))
            .buffer_unordered(CONCURRENT_REQUESTS)
            .try_collect()
            .await
    }

    async fn tags_of(&self, account: &AccountId) -> Result<AccountTags, DirectoryError> {
        let tags = all(async |token| {
            let request = self.client.list_tags_for_resource().resource_id(account.as_str());
            let response = request.set_next_token(token).send().await;
            let response = response.map_err(|error| ServiceError::new(&error))?;
            let tags = response.tags.unwrap_or_default();
            Ok((tags.into_iter().map(|tag| (tag.key, tag.value)).collect(), response.next_token))
        });
        let tags = tags.await.map_err(|error| self.failed("ListTagsForResource", error))?;
        Ok(tags.into_iter().collect())
    }

    fn failed(&self, operation: &'static str, error: ServiceError) -> DirectoryError {
        DirectoryError { operation, caller: self.caller.clone(), error }
    }
}

impl From<DirectoryError> for Failure {
    fn from(failed: DirectoryError) -> Self {
        let DirectoryError { operation, caller, error } = failed;
        if error.is_denied() {
            return Self::credentials(format!("{caller} is not allowed to call organizations:{operation}"))
                .with_source(error)
                .hint(format!(
                    "allow organizations:{operation} to {caller}, or select accounts with --accounts, which \
                     needs only their IDs"
                ))
                .hint(
                    "run in the management account or in the account of a delegated administrator: no other \
                     may call it",
                );
        }
        Self::credentials(format!("organizations:{operation} failed")).with_source(error)
    }
}

fn unit(id: Option<String>, name: Option<String>) -> OrganizationalUnit {
    OrganizationalUnit { id: id.unwrap_or_default(), name: name.unwrap_or_default() }
}

/// Returns the items of all pages. A repeated page token is an error: a partial list must not pass for a complete
/// one.
async fn all<Item>(
    page: impl AsyncFn(Option<String>) -> Result<(Vec<Item>, Option<String>), ServiceError>,
) -> Result<Vec<Item>, ServiceError> {
    let (mut items, mut token) = (Vec::new(), None);
    loop {
        let (more, next) = page(token.clone()).await?;
        items.extend(more);
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(items),
            Some(next) if token.as_ref() == Some(&next) => {
                return Err(ServiceError::local(format!(
                    "the same page token was returned twice after {}",
                    plural(items.len(), "item")
                )));
            }
            next => token = next,
        }
    }
}
