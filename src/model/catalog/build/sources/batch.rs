//! How many items one call accepts.

use super::phrases;
use super::reached::ReachedOperation;
use crate::model::catalog::ParameterOrigin;

/// The largest number of items in one call, also where a model allows more: one failure must not concern too many.
const LARGEST: u64 = 100;

/// Returns the number of items that one call accepts; `None` for one.
pub(super) fn size(reached: &ReachedOperation<'_>, reviewed: Option<u16>) -> Option<u16> {
    let mut of_item = reached
        .parameters
        .iter()
        .filter(|(_, origin)| matches!(origin, ParameterOrigin::Item { levels: 0, .. }));
    // Another value of the same item belongs to this item alone.
    let (Some((parameter, _)), None) = (of_item.next(), of_item.next()) else { return None };
    if !parameter.is_list || parameter.path.len() > 1 {
        return None;
    }
    if reviewed.is_some() {
        return reviewed;
    }
    let documented = phrases::largest_number(&parameter.documentation);
    let size = parameter
        .longest
        .or(documented.map(u64::from))?
        .min(documented.map_or(LARGEST, u64::from))
        .min(LARGEST);
    u16::try_from(size).ok().filter(|&size| size > 1)
}
