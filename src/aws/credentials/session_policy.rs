//! Session policies, which restrict role sessions further than the role's own policies.

use crate::names::{AccountId, Partition};

/// The session policies of a role session: one inline document, managed policies, or both. The session may do what
/// its role may and one of them allows and none denies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionPolicy {
    /// The inline policy document.
    pub document: Option<String>,
    /// The ARNs of managed policies of AWS or of the role's account, with `{partition}` and `{account}` as
    /// placeholders for those of the role.
    pub managed: Vec<String>,
}

impl SessionPolicy {
    /// Returns the ARNs of the managed policies for a role in this account.
    pub(super) fn managed_in(&self, partition: &Partition, account: &AccountId) -> Vec<String> {
        self.managed.iter().map(|arn| fill_in(arn, partition, account)).collect()
    }
}

/// Replaces `{partition}` and `{account}` in a text by their values.
pub(super) fn fill_in(template: &str, partition: &Partition, account: &AccountId) -> String {
    template.replace("{partition}", partition.as_str()).replace("{account}", account.as_str())
}
