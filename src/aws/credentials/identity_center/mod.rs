//! IAM Identity Center as a way into accounts: a user who has signed in with `aws sso login` gets credentials for
//! each account that a permission set is assigned in.
//!
//! ```text
//! config file ─► sso_session ─► access_portal (token, accounts, credentials) ─► permission_sets ─► access list
//!                                        └─► sign_in: the base identity in one of the accounts
//! ```

mod access_portal;
mod permission_sets;
mod sign_in;
mod sso_session;
#[cfg(test)]
mod tests;

pub use access_portal::AssignedAccount;
pub(super) use permission_sets::PermissionSets;
pub use sign_in::IdentityCenter;
