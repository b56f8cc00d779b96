//! The files of a run: the result tree, the ledger, the manifest and the list of accounts.

mod accounts;
mod counted_folder;
mod gap_counts;
#[cfg(feature = "sqlite")]
mod kept_database;
mod latest;
mod latest_file;
mod layout;
mod ledger;
mod listed_run;
mod lock;
mod manifest;
mod merge;
mod read_counts;
mod reader;
mod results;
mod results_error;
mod resume;
mod retention;
mod run_kind;
mod run_list;
mod run_pair;
mod safe_name;
mod same_run;
#[cfg(test)]
pub(crate) mod samples;
mod siblings;

pub use crate::util::atomic_file::{UNFINISHED, append_to};
pub use crate::util::new_file::{NewFileError, folder_of_new, write_new_file, write_new_file_at};
pub use accounts::{AccountOutcome, ListedAccount, OutcomeOf, read_accounts, write_accounts};
pub(crate) use gap_counts::{AcceptedCount, GapCounts, GapKind};
#[cfg(feature = "sqlite")]
pub(crate) use kept_database::{KeepError, KeptDatabase};
pub use latest::link_latest;
pub use latest_file::LATEST;
pub(crate) use layout::WITNESSES;
pub use layout::{RunFolder, account_folder, run_name};
pub use ledger::file::Ledger;
pub use ledger::record::{ASK_EVERYTHING_HINT, CallRecord};
pub use ledger::status::{DeniedBy, Status};
pub(crate) use listed_run::{ListedFacts, ListedRun};
pub use lock::{LockError, RunLock};
pub use manifest::{
    FORMAT_VERSION, Manifest, ManifestCaller, ManifestError, ManifestPermissionSets, ManifestRole,
    ManifestSettings, ManifestSpec, ManifestTotals, RunState, write_json,
};
pub use merge::{Merge, MergeError};
pub(crate) use read_counts::ReadCounts;
pub use reader::{PlaceResults, Results};
pub use results::call_result::{CallResult, ResultEntry};
pub use results::kept_items::KeptItems;
pub(crate) use results::kept_items::{KeptItem, KeptOutcome};
pub(crate) use results::list_place::ListPlace;
pub use results::local::ResultTree;
pub use results::result_writer::{ResultLayout, StartedFile};
pub use results::s3::{
    AddressError, BucketAddress, BucketCause, BucketClaim, BucketError, BucketFolder, BucketRequest,
    StoredNames, TargetBucket, UploadSettings, UploadingTree,
};
pub(crate) use results::s3::{EXPIRY, RENEWAL};
pub use results::sink::ResultSink;
pub use results::spool::ListSpool;
pub(crate) use results::unit_file::{UnitFile, UnitPlace};
pub use results_error::ResultsError;
pub use resume::earlier_executions::EarlierExecutions;
pub use resume::recorded_calls::{ExpectedResult, RecordedCalls};
pub use retention::{Pruned, prune};
pub(crate) use run_list::{last_finished, under_own_name};
pub use run_pair::{PairError, RunPair, SkippedRun, UnpairedReason};
pub use safe_name::safe_name;
pub(crate) use siblings::has_only;
#[cfg(test)]
pub(crate) use siblings::is_sibling_suffix;

use crate::util::atomic_file::{create_folder, is_unfinished};
