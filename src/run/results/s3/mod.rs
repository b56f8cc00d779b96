//! Results in a bucket: the same tree, where each object only exists once it is complete.
//!
//! Files are written to the local disk, uploaded when they are complete, and removed; a run only needs disk space
//! for the results in progress, its ledger and its log.

mod address;
mod bucket;
mod error;
mod folder;
mod multipart;
mod settings;
mod tree;
mod upload_folder;

pub use address::{AddressError, BucketAddress};
pub use bucket::TargetBucket;
pub use error::{UploadCause, UploadError};
pub use folder::BucketFolder;
pub use settings::UploadSettings;
pub use tree::UploadingTree;

/// The action that a policy has to allow for objects of any size.
const PUT_OBJECT: &str = "s3:PutObject";

/// The action that `HeadBucket` needs, according to its page in the Amazon S3 API reference.
const LIST_BUCKET: &str = "s3:ListBucket";
