//! What Organizations tells beyond the list of accounts: units, who is in them, tags.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_organizations::Client;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::client::client_config;
use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::plural::plural;

/// How many requests are under way at once. Organizations' quotas are low and not published
/// (`organizations/latest/userguide/orgs_reference_limits.html` below docs.aws.amazon.com).
const AT_ONCE: usize = 4;

/// How often a request is sent at most. A filter that is answered for some accounts only is worth
/// nothing, so that throttling is waited out.
const ATTEMPTS: u32 = 10;

/// An organizational unit, or the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OrganizationalUnit {
    /// `ou-…` or `r-…`
    pub(super) id: String,
    /// Its name; that of the root is `Root`.
    pub(super) name: String,
}

/// Asks Organizations, at a pace that adapts to its throttling.
#[derive(Debug)]
pub(super) struct Directory {
    client: Client,
    /// Who asks, for errors.
    caller: String,
}

/// The tags of an account.
pub(super) type Tags = BTreeMap<String, String>;

impl Directory {
    pub(super) fn new(config: &SdkConfig, caller: &Caller) -> Self {
        let quota = TokenBucket::builder().throttling_retry_cost(0).build();
        let quota = RetryPartition::custom("account filters").token_bucket(quota).build();
        let retry = match config.retry_config() {
            Some(retry) if !retry.has_retry() => retry.clone(),
            _ => RetryConfig::adaptive().with_max_attempts(ATTEMPTS),
        };
        let config = client_config(config).retry_config(retry).retry_partition(quota).build();
        Self { client: Client::from_conf(config), caller: caller.arn.clone() }
    }

    /// The root of the organization.
    pub(super) async fn root(&self) -> Result<OrganizationalUnit, Failure> {
        let roots = all(async |token| {
            let answer = self.client.list_roots().set_next_token(token).send().await;
            let answer = answer.map_err(|error| ServiceError::new(&error))?;
            let roots = answer.roots.unwrap_or_default();
            let roots = roots.into_iter().map(|root| unit(root.id, root.name)).collect();
            Ok((roots, answer.next_token))
        });
        let roots = roots.await.map_err(|error| self.refused("ListRoots", error))?;
        roots
            .into_iter()
            .next()
            .ok_or_else(|| Failure::credentials("organizations:ListRoots answered without a root"))
    }

    /// The unit with this id; `None` when there is none.
    pub(super) async fn unit(&self, id: &str) -> Result<Option<OrganizationalUnit>, Failure> {
        let answer = self.client.describe_organizational_unit().organizational_unit_id(id).send().await;
        match answer.map_err(|error| ServiceError::new(&error)) {
            Ok(answer) => Ok(answer.organizational_unit.map(|its| unit(its.id, its.name))),
            Err(error) if error.code() == Some("OrganizationalUnitNotFoundException") => Ok(None),
            Err(error) => Err(self.refused("DescribeOrganizationalUnit", error)),
        }
    }

    /// The units directly below this one.
    pub(super) async fn units_below(&self, parent: &str) -> Result<Vec<OrganizationalUnit>, Failure> {
        let units = all(async |token| {
            let request = self.client.list_organizational_units_for_parent().parent_id(parent);
            let answer = request.set_next_token(token).send().await;
            let answer = answer.map_err(|error| ServiceError::new(&error))?;
            let units = answer.organizational_units.unwrap_or_default();
            let units = units.into_iter().map(|its| unit(its.id, its.name)).collect();
            Ok((units, answer.next_token))
        });
        units.await.map_err(|error| self.refused("ListOrganizationalUnitsForParent", error))
    }

    /// The accounts directly in a unit.
    pub(super) async fn accounts_in(&self, parent: &str) -> Result<Vec<AccountId>, Failure> {
        let accounts = all(async |token| {
            let request = self.client.list_accounts_for_parent().parent_id(parent);
            let answer = request.set_next_token(token).send().await;
            let answer = answer.map_err(|error| ServiceError::new(&error))?;
            let accounts = answer.accounts.unwrap_or_default();
            let ids = accounts.iter().filter_map(|its| its.id().and_then(AccountId::parse)).collect();
            Ok((ids, answer.next_token))
        });
        accounts.await.map_err(|error| self.refused("ListAccountsForParent", error))
    }

    /// The tags of these accounts: a request for each.
    pub(super) async fn tags(&self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Tags>, Failure> {
        let tags = stream::iter(accounts.iter().cloned());
        tags.map(async |account| Ok((account.clone(), self.tags_of(&account).await?)))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn tags_of(&self, account: &AccountId) -> Result<Tags, Failure> {
        let tags = all(async |token| {
            let request = self.client.list_tags_for_resource().resource_id(account.as_str());
            let answer = request.set_next_token(token).send().await;
            let answer = answer.map_err(|error| ServiceError::new(&error))?;
            let tags = answer.tags.unwrap_or_default();
            Ok((tags.into_iter().map(|tag| (tag.key, tag.value)).collect(), answer.next_token))
        });
        let tags = tags.await.map_err(|error| self.refused("ListTagsForResource", error))?;
        Ok(tags.into_iter().collect())
    }

    fn refused(&self, operation: &str, error: ServiceError) -> Failure {
        let caller = &self.caller;
        if error.is_denied() {
            return Failure::credentials(format!("{caller} may not call organizations:{operation}"))
                .with_source(error)
                .hint(format!(
                    "allow organizations:{operation} to {caller}, or choose accounts with --accounts, which \
                     needs no more than their ids"
                ))
                .hint("only the management account and delegated administrators may ask");
        }
        Failure::credentials(format!("organizations:{operation} did not answer")).with_source(error)
    }
}

fn unit(id: Option<String>, name: Option<String>) -> OrganizationalUnit {
    OrganizationalUnit { id: id.unwrap_or_default(), name: name.unwrap_or_default() }
}

/// The items of all pages. A page that comes again is an error: half a list must not pass for all.
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
                    "the same page came again after {}",
                    plural(items.len(), "item")
                )));
            }
            next => token = next,
        }
    }
}
