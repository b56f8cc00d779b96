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
    /// Its name.
    pub name: String,
    /// Its path: `/`, or text between slashes.
    pub path: String,
    /// The longest session, if it is longer than the hour that roles have by themselves.
    pub longest_session: Option<Duration>,
    /// Who may enter, and how. Without a principal the template asks for it.
    pub access: RoleAccess,
    /// What it may do.
    pub policies: Vec<Value>,
}

/// What roles and policies are said to be for.
const DESCRIPTION: &str = "Read-only inventory of the organization (aws-auto-inventory)";

/// The longest session of a role that says nothing about it.
const USUAL_SESSION: Duration = Duration::from_hours(1);

impl MemberRole {
    /// The longest session in seconds, where it has to be said.
    fn longest_session(&self) -> Option<u64> {
        self.longest_session.filter(|session| *session > USUAL_SESSION).map(|session| session.as_secs())
    }

    /// The name of the policy with this index.
    fn policy_name(&self, index: usize) -> String {
        format!("{}-{}", self.name, index + 1)
    }
}
