//! Older and concurrent runs in the output folder.

use std::num::NonZeroUsize;

/// The settings about other runs in the output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retention {
    /// The number of runs to keep; `None` keeps all.
    pub(crate) keep: Option<NonZeroUsize>,
    /// Whether another scan may run in the output folder.
    pub(crate) allow_overlap: bool,
}
