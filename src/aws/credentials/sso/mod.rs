//! IAM Identity Center's access portal, with the token of a user who has signed in with `aws sso login`.
//!
//! ```text
//! config file ─► sso_session ─► cached_token ─► access_portal ─► profile_permission_set
//! ```

mod access_portal;
mod cached_token;
mod profile_permission_set;
mod sso_session;

pub use access_portal::AssignedAccount;
pub(super) use access_portal::{AccessPortal, PortalError};
pub(super) use profile_permission_set::ProfilePermissionSet;
pub(super) use sso_session::SsoSession;
