//! The events that the engine reports.

use crate::names::AccountId;
use crate::run::CallRecord;

/// An event of a run.
#[derive(Clone, Debug)]
pub enum Event {
    /// More accounts to scan were listed after the scan had started.
    AccountsListed {
        /// The number of these accounts.
        accounts: usize,
    },
    /// The regions of an account are known and its calls start.
    AccountStarted {
        /// The account.
        account: AccountId,
        /// The number of its calls.
        calls: u64,
    },
    /// Calls of one unit have ended: lines for the ledger, to be written together.
    Calls(Vec<CallRecord>),
    /// AWS throttled requests since the last event of this kind. They are retried at a lower rate.
    Throttled {
        /// The number of requests.
        requests: u64,
    },
    /// All calls of an account have ended.
    AccountFinished {
        /// The account.
        account: AccountId,
    },
}
