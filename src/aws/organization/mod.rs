//! The accounts of an organization: their data, their discovery, and the filters that select them.

mod account;
mod account_list;
mod client;
mod delegation;
mod directory;
mod discovery;
mod filter;
mod membership;
mod selection;

pub use account::{Account, AccountLifecycle};
pub use account_list::{AccountListError, read_account_list};
pub use delegation::delegated_administrators;
pub use discovery::{ACCOUNTS_PER_PAGE, Organization, describe_organization, discover};
pub use filter::ExclusionReason;
pub use selection::{AccountFilter, Management};
