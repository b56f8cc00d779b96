//! The ledger: a line for every planned call, with its outcome.

pub(crate) mod file;
pub(crate) mod record;
pub(crate) mod status;

pub(super) use file::{LedgerLine, read};
