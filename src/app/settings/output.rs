//! Where the results of a run are written.

use std::path::PathBuf;

use crate::run::{BucketAddress, UploadSettings};

/// Where the results of a run go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OutputTarget {
    /// Below a folder.
    Folder(PathBuf),
    /// Below a place in a bucket.
    Bucket(BucketAddress, UploadSettings),
}
