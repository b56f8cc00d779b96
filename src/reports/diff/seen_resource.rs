//! A resource as a run saw it, and the label by which the calls about it name it.

use serde_json::Value;

use crate::reports::resources::{FoundResource, ReportedCall};

/// A resource that a run saw.
#[derive(Debug)]
pub(in crate::reports) struct SeenResource {
    /// The pair of calls, one of which returned it.
    pub(in crate::reports) pair: usize,
    pub(in crate::reports) service: String,
    pub(in crate::reports) kind: String,
    pub(in crate::reports) resource_type: Option<&'static str>,
    pub(in crate::reports) function: String,
    pub(in crate::reports) id: Option<String>,
    pub(in crate::reports) arn: Option<String>,
    pub(in crate::reports) name: Option<String>,
    /// Whether its call describes resources that another call lists.
    pub(in crate::reports) describes: bool,
    /// The item that a child call was made for.
    pub(in crate::reports) for_item: Value,
    /// The ID of that item, if it is not the resource itself.
    pub(in crate::reports) parent: Option<String>,
    /// The resource that it is an answer about, if it is no resource itself.
    pub(in crate::reports) about: Option<ResourceLabel>,
    pub(in crate::reports) raw: Value,
    /// The row of a history that it was read from.
    #[cfg(feature = "sqlite")]
    pub(in crate::reports) row: Option<i64>,
}

/// The service, kind and ID of a resource, as the calls about it know them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::reports) struct ResourceLabel {
    pub(in crate::reports) service: String,
    pub(in crate::reports) kind: String,
    pub(in crate::reports) id: String,
}

impl ResourceLabel {
    /// Returns the resource that an answer of a call is about; `None` if it is a resource itself.
    pub(in crate::reports) fn of_detail(calls: &[ReportedCall], found: &FoundResource<'_>) -> Option<Self> {
        let call = &calls[found.call];
        let parent = &calls[call.below().filter(|_| call.is_detail())?];
        let (service, kind) = (parent.service().to_owned(), call.kind_of_parent()?.to_owned());
        Some(Self { service, kind, id: found.parent.clone()? })
    }
}

impl SeenResource {
    /// Converts a resource. `describes` is whether its call describes resources that another call lists.
    pub(in crate::reports) fn new(
        found: FoundResource<'_>,
        pair: usize,
        describes: bool,
        about: Option<ResourceLabel>,
    ) -> Self {
        let FoundResource { resource, for_item, parent, .. } = found;
        Self {
            pair,
            service: resource.service.to_owned(),
            kind: resource.kind.to_owned(),
            resource_type: resource.resource_type,
            function: resource.function.to_owned(),
            id: resource.id,
            arn: resource.arn,
            name: resource.name,
            describes,
            for_item,
            parent: parent.filter(|_| !describes),
            about,
            raw: resource.raw,
            #[cfg(feature = "sqlite")]
            row: None,
        }
    }
}
