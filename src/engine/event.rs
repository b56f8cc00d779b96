//! What the engine tells its observers.

use crate::names::AccountId;
use crate::run::CallRecord;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// An account's regions are known and its calls begin.
    AccountStarted {
        /// The account.
        account: AccountId,
        /// How many calls it has.
        calls: u64,
    },
    /// Calls of one unit ended: lines for the ledger, to be written together.
    Calls(Vec<CallRecord>),
    /// AWS throttled requests since this was said last. They are tried again, more slowly.
    Throttled {
        /// How many requests.
        requests: u64,
    },
    /// All calls of an account have ended.
    AccountFinished {
        /// The account.
        account: AccountId,
    },
}
