//! Optional parameters of lists that are given for each parent, because what hangs below needs the parent as well:
//! the work group of a named query.

use super::facts::{RequestParameter, ServiceFacts};
use super::needs::{OperationNeeds, Place};

/// The points that both the item and the parent have to reach.
const CERTAIN: i32 = 95;

/// Returns the optional parameters that become needed: the operation and the parameter.
pub(super) fn promoted<'model>(
    service: &ServiceFacts<'model>,
    needs: &[OperationNeeds<'_, 'model>],
) -> Vec<(usize, RequestParameter<'model>)> {
    let mut found: Vec<(usize, RequestParameter<'model>)> = Vec::new();
    for own in needs.iter().filter(|own| own.needs.len() > 1) {
        for (&place, row) in &own.table {
            let has_item = row.iter().flatten().any(|choice| choice.points >= CERTAIN);
            if !has_item || !service.operations[place.0].collections[place.1].is_primary {
                continue;
            }
            for (index, need) in own.needs.iter().enumerate() {
                let is_in_item =
                    row[index].iter().any(|choice| choice.is_same_name || choice.points >= CERTAIN - 10);
                let optional = service.operations[place.0].parameters.iter().find(|other| {
                    !other.is_required
                        && !other.is_list
                        && other.values.is_empty()
                        && other.shape == need.parameter.shape
                        && other.identifier.whole == need.parameter.identifier.whole
                });
                let Some(optional) =
                    optional.filter(|_| !is_in_item && !need.parameter.identifier.is_generic())
                else {
                    continue;
                };
                let is_listed = own.table.iter().any(|(&other, row)| {
                    is_root(needs, other, place) && row[index].iter().any(|choice| choice.points >= CERTAIN)
                });
                if is_listed
                    && !found
                        .iter()
                        .any(|(operation, known)| (*operation, &known.path) == (place.0, &optional.path))
                {
                    found.push((place.0, optional.clone()));
                }
            }
        }
    }
    found
}

fn is_root(needs: &[OperationNeeds<'_, '_>], other: Place, place: Place) -> bool {
    other.0 != place.0 && needs[other.0].needs.is_empty() && needs[other.0].rejected.is_none()
}
