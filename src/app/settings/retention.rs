//! Older and concurrent runs in the output folder.

use std::num::NonZeroUsize;

/// How a run treats other runs in its output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Retention {
    /// How many runs are kept; `None` keeps all.
    pub(crate) keep: Option<NonZeroUsize>,
    /// Whether another scan may run in the output folder.
    pub(crate) allow_overlap: bool,
}
