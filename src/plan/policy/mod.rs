//! The IAM policies that a plan needs: the member role's, the caller's, and session policies.
//!
//! Operations are mapped to actions ([`actions`]), a plan's calls and the engine's supporting calls to needs
//! ([`needs`]), and these to documents. Nothing here sends requests to AWS.

mod access;
mod action;
mod actions;
mod document;
mod explain;
mod member;
mod needs;
mod session;
mod templates;
mod wildcards;

pub use access::{OrganizationAccess, RoleAccess, management_policy, trust_policy};
pub use action::Action;
pub use actions::{actions, prefix, unasked};
pub use explain::explanation;
pub use member::{MANAGED_POLICY_LENGTH, POLICIES_PER_ROLE, member_policies, permission_set_policy};
pub use needs::{Need, Reason, actions_of, needs, needs_of, who_needs};
pub use session::{SESSION_POLICY_LENGTH, SessionForm, session_forms};
pub use templates::{MemberRole, cloudformation, terraform};
