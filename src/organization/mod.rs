//! The accounts of an organization: what they are, and how they are found.

mod account;
mod discovery;

pub use account::{Account, AccountState};
pub use discovery::{ACCOUNTS_PER_PAGE, Organization, discover};
