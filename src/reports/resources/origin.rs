//! Where an item was found: what its row and its ARN need beside its own members.

use serde_json::{Map, Value};

use crate::aws::organization::Account;

/// The folder of global services.
const GLOBAL: &str = "global";

/// One account in one place, whose results are read.
#[derive(Debug)]
pub(super) struct ReadPlace<'run> {
    pub(super) partition: &'run str,
    pub(super) account: &'run Account,
    /// The region, or `global`.
    pub(super) place: &'run str,
    /// The names of the account's organizational units, if known.
    pub(super) account_ou: Option<String>,
    /// The account's tags, if known.
    pub(super) account_tags: Option<Map<String, Value>>,
}

impl<'run> ReadPlace<'run> {
    pub(super) fn new(partition: &'run str, account: &'run Account, place: &'run str) -> Self {
        let tags = account.tags.as_ref().map(|tags| tags.iter());
        let tags =
            tags.map(|tags| tags.map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect());
        Self { partition, account, place, account_ou: account.ou_names(), account_tags: tags }
    }

    /// Returns the origin of items of calls that are not made for another item.
    pub(super) fn origin(&self) -> ItemOrigin<'_> {
        ItemOrigin {
            partition: self.partition,
            region: Some(self.place).filter(|place| *place != GLOBAL),
            account: self.account.id.as_str(),
            parent: None,
        }
    }
}

/// The account and region that an item is from, and the item that its call was made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemOrigin<'run> {
    /// The partition: `aws`, `aws-cn`.
    pub(super) partition: &'run str,
    /// The region; `None` for global services.
    pub(super) region: Option<&'run str>,
    /// The account that was called.
    pub(super) account: &'run str,
    /// The ID of the item that its call was made for.
    pub(super) parent: Option<&'run str>,
}
