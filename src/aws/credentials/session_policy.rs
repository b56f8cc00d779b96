//! What narrows role sessions down, beside the role's own policies.

use crate::names::{AccountId, Partition};

/// The session policies of a role session: one inline document, managed policies, or both. What is
/// allowed by one of them and denied by none is what the session may do, as far as its role may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionPolicy {
    /// The inline policy document.
    pub document: Option<String>,
    /// The ARNs of managed policies of AWS or of the role's account, in which `{partition}` and
    /// `{account}` stand for those of the role.
    pub managed: Vec<String>,
}

impl SessionPolicy {
    /// The ARNs of the managed policies for a role in this account.
    pub(super) fn managed_in(&self, partition: &Partition, account: &AccountId) -> Vec<String> {
        self.managed.iter().map(|arn| fill_in(arn, partition, account)).collect()
    }
}

/// A text in which `{partition}` and `{account}` are replaced by their values.
pub(super) fn fill_in(template: &str, partition: &Partition, account: &AccountId) -> String {
    template.replace("{partition}", partition.as_str()).replace("{account}", account.as_str())
}
