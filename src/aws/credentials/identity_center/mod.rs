//! IAM Identity Center as a way into accounts: a user who has signed in with `aws sso login` gets credentials for
//! each account that a permission set is assigned in.
//!
//! ```text
//! access portal ─► permission_sets ─► access list
//!       └─► sign_in: the base identity in one of the accounts
//! ```

mod permission_sets;
mod sign_in;
#[cfg(test)]
mod tests;

pub(super) use permission_sets::PermissionSets;
pub use sign_in::IdentityCenter;
