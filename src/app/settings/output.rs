//! The destination of the results of a run.

use std::path::PathBuf;

use crate::run::{BucketAddress, UploadSettings};

/// The destination of the results of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OutputTarget {
    /// A folder for the folders of runs.
    Folder(PathBuf),
    /// A bucket and prefix.
    Bucket(BucketAddress, UploadSettings),
}
