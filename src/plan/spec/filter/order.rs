//! The order of values.

use std::cmp::Ordering;

use jaq_json::Val;

use super::number;

/// Compares values in the order of jq. NaN comes before all numbers, itself included.
pub(super) fn compare(left: &Val, right: &Val) -> Ordering {
    match (left, right) {
        (Val::Num(left), Val::Num(right)) => number::compare(left, right),
        (Val::Arr(left), Val::Arr(right)) => {
            let pairs = left.iter().zip(right.iter());
            let first = pairs.map(|(left, right)| compare(left, right)).find(|order| order.is_ne());
            first.unwrap_or_else(|| left.len().cmp(&right.len()))
        }
        (Val::Obj(left), Val::Obj(right)) => {
            let sorted = |members: &jaq_json::Map| {
                let mut names: Vec<Val> = members.keys().cloned().collect();
                names.sort_by(compare);
                names
            };
            let (left_names, right_names) = (sorted(left), sorted(right));
            let by_names = compare(&Val::Arr(left_names.clone().into()), &Val::Arr(right_names.into()));
            let value = |members: &jaq_json::Map, name: &Val| members.get(name).cloned().unwrap_or_default();
            let values = left_names.iter().map(|name| compare(&value(left, name), &value(right, name)));
            by_names.then_with(|| values.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
        }
        // For all other types, jaq has jq's order.
        _ => left.cmp(right),
    }
}

pub(super) fn equal(left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::TStr(left), Val::TStr(right)) => left == right,
        _ => compare(left, right).is_eq(),
    }
}
