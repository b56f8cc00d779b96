//! The destination of the results of a run, and the retention of other runs there.

use std::num::NonZeroUsize;
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

/// How a run treats other runs in its output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retention {
    /// How many runs are kept; `None` keeps all.
    pub(crate) keep: Option<NonZeroUsize>,
    /// Whether another scan may run in the output folder.
    pub(crate) allow_overlap: bool,
}
