//! Results in a bucket: the same tree, where each object only exists once it is complete.
//!
//! Files are written to the local disk, uploaded when they are complete, and removed; a run only needs disk space
//! for the results in progress, its ledger and its log. The ledger is uploaded from time to time, so that another
//! machine can resume a run whose machine no longer exists.

mod address;
mod bucket;
mod error;
mod folder;
mod lease;
mod multipart;
mod own_files;
mod settings;
mod stored;
mod tree;
#[cfg(feature = "parquet")]
mod upload_folder;

pub use address::{AddressError, BucketAddress};
pub use bucket::TargetBucket;
pub use error::{BucketCause, BucketError, BucketRequest};
pub use folder::{BucketClaim, BucketFolder};
pub(crate) use lease::{EXPIRY, RENEWAL};
pub use settings::UploadSettings;
pub use stored::StoredNames;
pub use tree::UploadingTree;
