//! The tagged resources of a service, for the Resource Groups Tagging API.

use serde_json::Value;

/// Tagged resources of one type.
pub(super) struct TaggedResources<'call> {
    /// The type as in `ResourceTypeFilters`: `lambda:function`.
    pub(super) name: &'static str,
    pub(super) count: usize,
    /// Returns the ARN and the tags of a resource.
    pub(super) item: Box<dyn Fn(usize) -> (String, Value) + 'call>,
}

impl<'call> TaggedResources<'call> {
    pub(super) fn new(
        name: &'static str,
        count: usize,
        item: impl Fn(usize) -> (String, Value) + 'call,
    ) -> Self {
        Self { name, count, item: Box::new(item) }
    }
}
