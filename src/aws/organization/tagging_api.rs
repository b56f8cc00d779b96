//! The tags of all accounts with few requests: the Resource Groups Tagging API returns those of a hundred accounts
//! per request, while Organizations needs a request for each account.
//!
//! `GetResources` supports all resource types
//! (docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html), and accounts are
//! resources of the management account. They are returned only in the region of Organizations' endpoint
//! (awslabs/aws-deployment-framework#476 and its `organizations.py`), and only if they have tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::AccountTags;
use crate::arn::Arn;
use crate::aws::client::{AccountClient, CallError};
use crate::model::catalog::{Catalog, Function};
use crate::names::{AccountId, Region};

/// The action of the request in IAM.
pub(super) const ACTION: &str = "tag:GetResources";

/// The number of resources on a page, which is the maximum (`ResourcesPerPage` in botocore's
/// `resourcegroupstaggingapi/2017-01-26`).
const PAGE: u8 = 100;

/// The Resource Groups Tagging API of the caller's account, in the region of Organizations.
#[derive(Clone)]
pub struct TaggingApi {
    client: AccountClient,
    function: Function,
    region: Region,
}

impl TaggingApi {
    /// Creates the API for the account of `client`; `None` if the catalog does not have it. `region` is the
    /// region of Organizations' endpoint.
    #[must_use]
    pub fn new(client: AccountClient, catalog: &Catalog, region: Region) -> Option<Self> {
        let service = catalog.service("resourcegroupstaggingapi").ok().flatten()?;
        let function = Function::find(&service, "get_resources")?;
        Some(Self { client, function, region })
    }

    /// Returns the account whose resources it returns.
    pub(super) fn account(&self) -> &AccountId {
        self.client.account()
    }

    /// Returns the tags of the accounts that have any.
    pub(super) async fn account_tags(&self) -> Result<BTreeMap<AccountId, AccountTags>, CallError> {
        let parameters = json!({"ResourceTypeFilters": ["organizations:account"], "ResourcesPerPage": PAGE});
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let mut pages = self.client.pages(&self.function, &self.region, parameters);
        let mut accounts = BTreeMap::new();
        while let Some(page) = pages.next().await? {
            let resources = page.members.get("ResourceTagMappingList").and_then(Value::as_array);
            accounts.extend(resources.into_iter().flatten().filter_map(|resource| {
                Some((account_of(resource["ResourceARN"].as_str()?)?, tags_of(resource)))
            }));
        }
        Ok(accounts)
    }
}

/// Returns the account of an ARN (`arn:aws:organizations::<management account>:account/<organization>/<account>`).
fn account_of(arn: &str) -> Option<AccountId> {
    let arn = Arn::parse(arn)?;
    let resource = arn.resource.strip_prefix("account/").filter(|_| arn.service == "organizations")?;
    AccountId::parse(resource.rsplit('/').next()?)
}

fn tags_of(resource: &Value) -> AccountTags {
    let tags = resource["Tags"].as_array().into_iter().flatten();
    let texts = tags.filter_map(|tag| Some((tag["Key"].as_str()?, tag["Value"].as_str()?)));
    texts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
