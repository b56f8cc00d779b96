//! The ledger: a line for every planned call, with what became of it.

pub(crate) mod file;
pub(crate) mod record;
pub(crate) mod status;

pub(super) use file::{LedgerLine, read};
