//! Where an item was found: what its ARN needs beside its own members.

/// The account and region that an item is from, and the item that its call was made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemOrigin<'run> {
    /// The partition: `aws`, `aws-cn`.
    pub(super) partition: &'run str,
    /// The region; `None` for global services.
    pub(super) region: Option<&'run str>,
    /// The account that was asked.
    pub(super) account: &'run str,
    /// The ID of the item that its call was made for.
    pub(super) parent: Option<&'run str>,
}
