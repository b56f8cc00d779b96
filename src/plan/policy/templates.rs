//! The member role with its policies, as infrastructure code.

mod cloudformation;
mod terraform;

use std::time::Duration;

use serde_json::Value;

use super::access::RoleAccess;

pub use cloudformation::cloudformation;
pub use terraform::terraform;

/// The member role.
#[derive(Clone, Debug)]
pub struct MemberRole {
    /// The name of the role.
    pub name: String,
    /// The path of the role: `/`, or text between slashes.
    pub path: String,
    /// The maximum session duration, if it is longer than the default of one hour.
    pub longest_session: Option<Duration>,
    /// The principal that may assume the role, and the conditions. Without a principal, the template has a
    /// parameter for it.
    pub access: RoleAccess,
    /// The permissions policies.
    pub policies: Vec<Value>,
}

/// The description of roles and policies.
const DESCRIPTION: &str = "Read-only inventory of the organization (aws-auto-inventory)";

/// The maximum session duration of a role that does not set it.
const DEFAULT_SESSION: Duration = Duration::from_hours(1);

impl MemberRole {
    /// Returns the maximum session duration in seconds, if it has to be set.
    fn longest_session(&self) -> Option<u64> {
        self.longest_session.filter(|session| *session > DEFAULT_SESSION).map(|session| session.as_secs())
    }

    /// Returns the name of the policy with this index.
    fn policy_name(&self, index: usize) -> String {
        format!("{}-{}", self.name, index + 1)
    }
}
