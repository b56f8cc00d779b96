//! The base credentials of a run, and the role sessions that it opens in other accounts.

mod access_list;
mod account_access;
mod account_sessions;
mod assume_role;
mod base_check;
mod base_credentials;
mod base_identity;
mod caller;
mod credential_dates;
mod credential_form;
mod credential_process;
mod credentials_cache;
mod default_chain;
mod environment_keys;
#[cfg(test)]
pub(crate) mod fake;
mod guard;
mod identity_center;
mod instance_metadata;
mod profile_role;
mod profile_source;
mod profiles;
mod profiles_file;
mod provider_config;
mod role_chaining;
mod role_settings;
mod session_error;
mod session_policy;
mod session_retries;
mod shared_config;
mod source_response;
mod sts_client;
mod troubleshooting;
mod web_identity;

pub use account_access::AccountAccess;
pub use account_sessions::AccountSessions;
pub use base_credentials::{BaseCredentials, BaseSettings};
pub use base_identity::BaseIdentity;
pub use caller::Caller;
pub(crate) use caller::home_region;
pub use identity_center::{AssignedAccount, IdentityCenter};
pub use profiles_file::FileProfile;
pub use role_settings::{DEFAULT_ROLE_NAME, DEFAULT_SESSION_NAME, RoleSettings, check_role_arn};
pub use session_error::SessionError;
pub use session_policy::SessionPolicy;
pub use shared_config::{IniSection, IniValue, ProfileSection, SharedConfig};
