//! The base credentials of a run, and the role sessions that it opens in other accounts.

mod access_list;
mod account_access;
mod account_sessions;
mod assume_role;
mod base_check;
mod base_credentials;
mod base_identity;
mod caller;
mod credential_form;
mod credentials_cache;
mod default_chain;
#[cfg(test)]
pub(crate) mod fake;
mod guard;
mod profiles;
mod profiles_file;
mod role_chaining;
mod role_settings;
mod session_error;
mod session_policy;
mod sts_client;
mod troubleshooting;

pub use account_access::AccountAccess;
pub use account_sessions::AccountSessions;
pub use base_credentials::{BaseCredentials, BaseSettings};
pub use base_identity::BaseIdentity;
pub use caller::Caller;
pub(crate) use caller::home_region;
pub use profiles_file::FileProfile;
pub use role_settings::{DEFAULT_ROLE_NAME, DEFAULT_SESSION_NAME, RoleSettings, check_role_arn};
pub use session_error::SessionError;
pub use session_policy::SessionPolicy;
