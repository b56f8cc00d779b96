//! What a run leaves behind: the result tree, the ledger, the manifest and the list of accounts.

mod accounts;
mod atomic;
mod latest;
mod ledger;
mod lock;
mod manifest;
mod members;
mod merge;
mod new_file;
mod results;
mod resume;
mod retention;
mod run_folder;
#[cfg(test)]
mod samples;
mod tree;
mod upload;

pub use accounts::{AccountOutcome, ListedAccount, OutcomeOf, read_accounts, write_accounts};
pub use atomic::{UNFINISHED, append_to};
pub use latest::{LATEST, link_latest};
pub use ledger::Ledger;
pub use lock::{LockError, RunLock};
pub use manifest::{
    Caller, FORMAT_VERSION, Manifest, ManifestError, Role, RunState, Settings, Spec, Totals, write_json,
};
pub use merge::{Merge, MergeError};
pub use new_file::{NewFileError, folder_of_new, write_new_file, write_new_file_at};
pub use results::{PlaceResults, Results, ResultsError};
pub use resume::Earlier;
pub use retention::{Pruned, prune};
pub use run_folder::{RunFolder, account_folder, run_name, safe_name};
pub use tree::{Layout, ResultTree};
pub use upload::{
    AddressError, Bucket, BucketAddress, BucketFolder, UploadCause, UploadError, UploadSettings,
    UploadingTree,
};

use atomic::{create_folder, is_unfinished};
use tree::write_files;
