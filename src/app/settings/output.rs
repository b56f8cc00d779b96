//! Where the results of a run are written, and how other runs there are treated.

use std::num::NonZeroUsize;
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

/// How a run treats other runs in its output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retention {
    /// How many runs are kept; `None` keeps all.
    pub(crate) keep: Option<NonZeroUsize>,
    /// Whether another scan may run in the output folder.
    pub(crate) allow_overlap: bool,
}
