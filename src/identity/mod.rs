//! Who asks: the HTTP client, the base credentials, and a role session in every account.

mod advice;
mod assume_role;
mod base;
mod base_check;
mod body_limit;
mod cache;
mod caller;
mod connections;
mod credential_form;
#[cfg(test)]
pub(crate) mod fake;
mod guard;
mod http;
mod open_files;
mod plausible_dates;
mod profiles;
mod profiles_file;
mod resolver;
mod role;
mod service_error;
mod session_error;
mod session_policy;
mod sessions;
mod sts_client;
mod via;

pub use base::{BaseIdentity, BaseSettings};
pub use caller::Caller;
pub use http::{CONNECT_TIMEOUT, HttpSettings, READ_TIMEOUT, http_client};
pub use open_files::OpenFiles;
pub use profiles_file::FileProfile;
pub use role::{DEFAULT_ROLE_NAME, DEFAULT_SESSION_NAME, RoleSettings, check_role_arn};
pub use service_error::ServiceError;
pub use session_error::SessionError;
pub use session_policy::SessionPolicy;
pub use sessions::RoleSessions;
