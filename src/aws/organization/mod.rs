//! The accounts of an organization: their data, their discovery, and the filters that select them.

mod account;
mod account_columns;
mod account_list;
mod account_list_error;
mod client;
mod delegation;
mod details;
mod directory;
mod discovery;
mod filter;
mod listing;
mod membership;
mod organizational_unit;
mod placement;
mod selection;
mod tagging_api;
mod tags;
mod tree;

pub(crate) use account::role_overrides;
pub use account::{Account, AccountLifecycle, AccountOverrides, AccountTags};
pub use account_list::{AccountList, read_account_list};
pub use account_list_error::AccountListError;
pub use delegation::delegated_administrators;
pub use details::{AccountDetail, UnknownDetail, look_up_details};
pub use discovery::{Organization, describe_organization};
pub use filter::ExclusionReason;
pub use listing::{ACCOUNTS_PER_PAGE, AccountListing};
pub use organizational_unit::OrganizationalUnit;
pub use selection::{AccountFilter, Management};
pub use tagging_api::TaggingApi;
pub use tree::OrganizationTree;
