//! An operation that can be called, and the items that it is called for.

use super::facts::RequestParameter;
use super::needs::{OperationNeeds, Place};
use crate::model::catalog::{ParameterOrigin, SourceParent};

/// The items that an operation is called for.
#[derive(Clone, Debug)]
pub(super) enum SourceItems {
    /// Those of an operation of the same service.
    Here(Place),
    /// Those of another service.
    Elsewhere(SourceParent),
}

impl ReachedOperation<'_> {
    /// Returns the items, if they are those of the same service.
    pub(super) fn here(&self) -> Option<Place> {
        self.parent.as_ref().and_then(SourceItems::here)
    }
}

impl SourceItems {
    /// Returns the items, if they are those of the same service.
    pub(super) fn here(&self) -> Option<Place> {
        match self {
            Self::Here(place) => Some(*place),
            Self::Elsewhere(_) => None,
        }
    }
}

/// An operation that can be called.
#[derive(Clone, Debug)]
pub(super) struct ReachedOperation<'model> {
    /// The items that it is called for; `None` if it needs none.
    pub(super) parent: Option<SourceItems>,
    pub(super) parameters: Vec<(RequestParameter<'model>, ParameterOrigin)>,
    /// The number of calls above.
    pub(super) depth: i32,
    pub(super) points: i32,
    /// The next best source from another list, with its points.
    pub(super) second: Option<(Place, i32)>,
}

/// Returns an operation as reached that needs no item, or only those of another service.
pub(super) fn root<'model>(needs: &OperationNeeds<'_, 'model>) -> Option<ReachedOperation<'model>> {
    if needs.rejected.is_some() {
        return None;
    }
    let mut parameters: Vec<_> =
        needs.fills.iter().map(|(parameter, origin)| ((*parameter).clone(), origin.clone())).collect();
    let mut parent = None;
    for (need, elsewhere) in needs.needs.iter().zip(&needs.elsewhere) {
        let (items, origin) = elsewhere.as_ref()?;
        if parent.as_ref().is_some_and(|parent| parent != items) {
            return None;
        }
        parent = Some(items.clone());
        parameters.push((need.parameter.clone(), origin.clone()));
    }
    let depth = i32::from(parent.is_some());
    Some(ReachedOperation {
        parent: parent.map(SourceItems::Elsewhere),
        parameters,
        depth,
        points: 100,
        second: None,
    })
}
