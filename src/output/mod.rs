//! What a run leaves behind: the result tree, the ledger, the manifest and the list of accounts.

mod accounts;
mod atomic;
mod ledger;
mod lock;
mod manifest;
mod members;
mod resume;
mod run_folder;
mod tree;

pub use accounts::{AccountOutcome, OutcomeOf, read_accounts, write_accounts};
pub use atomic::{UNFINISHED, append_to};
pub use ledger::Ledger;
pub use lock::{LockError, RunLock};
pub use manifest::{
    Caller, FORMAT_VERSION, Manifest, ManifestError, Role, RunState, Settings, Spec, Totals, write_json,
};
pub use resume::Earlier;
pub use run_folder::{RunFolder, account_folder, safe_name};
pub use tree::{Layout, ResultTree};
