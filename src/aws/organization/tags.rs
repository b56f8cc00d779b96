//! The tags of accounts: from the Resource Groups Tagging API where it returns them, otherwise from Organizations.

use std::collections::BTreeMap;
use std::fmt;

use super::account::AccountTags;
use super::directory::{Directory, DirectoryError};
use super::tagging_api::TaggingApi;
use crate::aws::client::CallError;
use crate::names::AccountId;
use crate::util::plural::plural;

/// The most accounts whose tags are requested one by one. Organizations' quotas are low and not published; at five
/// requests per second, which other tools use, this takes minutes before the first call of the scan.
pub(super) const MOST_ACCOUNTS: usize = 1_000;

/// The action of the request for one account in IAM.
pub(super) const OF_ORGANIZATIONS: &str = "organizations:ListTagsForResource";

/// The number of accounts that are checked with Organizations if the Resource Groups Tagging API returns none. In
/// most organizations without tags that is one page of accounts.
const CHECKED: usize = 20;

/// The tags that were found.
#[derive(Debug, Default)]
pub(super) struct FoundTags {
    pub(super) tags: BTreeMap<AccountId, AccountTags>,
    /// Whether the other accounts of the organization have no tags.
    pub(super) others_have_none: bool,
}

/// The reason why tags are unknown.
#[derive(Debug)]
pub(super) enum TagsError {
    /// There are more accounts than requests are sent for.
    TooMany { accounts: usize, of_api: Option<CallError> },
    /// Organizations returned an error, and the Resource Groups Tagging API too if it was called.
    Failed { of_organizations: DirectoryError, of_api: Option<CallError> },
}

impl fmt::Display for TagsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { accounts, of_api: None } => write!(
                formatter,
                "it works only in the management account; tags of {} are not requested one by one",
                plural(*accounts, "account")
            ),
            Self::TooMany { accounts, of_api: Some(error) } => write!(
                formatter,
                "{error}; tags of {} are not requested one by one",
                plural(*accounts, "account")
            ),
            Self::Failed { of_organizations, of_api: None } => of_organizations.fmt(formatter),
            Self::Failed { of_organizations, of_api: Some(error) } => {
                write!(formatter, "{error}; {of_organizations}")
            }
        }
    }
}

/// Returns the tags of these accounts, and of others if they are in the same responses. `api` is the Resource Groups
/// Tagging API of the management account, if the caller can use it.
pub(super) async fn look_up(
    directory: &Directory,
    api: Option<&TaggingApi>,
    accounts: &[AccountId],
) -> Result<FoundTags, TagsError> {
    if accounts.is_empty() {
        return Ok(FoundTags::default());
    }
    let mut of_api = None;
    if let Some(api) = api {
        match api.account_tags().await {
            Ok(tags) if !tags.is_empty() => return Ok(FoundTags { tags, others_have_none: true }),
            // No account has tags, or the API does not return accounts here.
            Ok(_) => {
                let checked = &accounts[..CHECKED.min(accounts.len())];
                let tags = one_by_one(directory, checked, None).await?;
                if tags.values().all(AccountTags::is_empty) {
                    return Ok(FoundTags { tags, others_have_none: true });
                }
            }
            Err(error) => {
                tracing::info!(target: "scan::organization", "tag:GetResources: {error}");
                of_api = Some(error);
            }
        }
    }
    if accounts.len() > MOST_ACCOUNTS {
        return Err(TagsError::TooMany { accounts: accounts.len(), of_api });
    }
    let tags = one_by_one(directory, accounts, of_api).await?;
    Ok(FoundTags { tags, others_have_none: false })
}

async fn one_by_one(
    directory: &Directory,
    accounts: &[AccountId],
    of_api: Option<CallError>,
) -> Result<BTreeMap<AccountId, AccountTags>, TagsError> {
    tracing::info!(target: "scan::organization", accounts = accounts.len(), "organizations:ListTagsForResource for each account");
    let tags = directory.tags(accounts).await;
    tags.map_err(|of_organizations| TagsError::Failed { of_organizations, of_api })
}
