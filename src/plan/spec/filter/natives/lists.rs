//! Functions on arrays.

use jaq_core::native::v;
use jaq_json::Val;

use super::{Native, none, one};
use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, Error, error, unfit, unsure};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::order::{compare, equal};

pub(super) fn functions() -> Vec<Native> {
    vec![
        ("sort", v(0), |cv| {
            none(cv, |input| match input.0 {
                Val::Arr(items) => {
                    let mut items = (*items).clone();
                    items.sort_by(compare);
                    Ok(items.into_iter().map(Datum).collect())
                }
                _ => Err(unfit(&input, "cannot be sorted, as it is not an array")),
            })
        }),
        ("contains", v(1), |cv| one(cv, |input, part| contains(&input, &part))),
        ("bsearch", v(1), |cv| one(cv, |input, wanted| search(&input, &wanted))),
    ]
}

/// Returns whether a value contains another one. Both must have the same type; `true` and `false` count as two
/// types.
fn contains(one: &Datum, other: &Datum) -> DatumResult {
    let comparable = match (&one.0, &other.0) {
        (Val::Bool(one), Val::Bool(other)) => one == other,
        _ => one.kind() == other.kind(),
    };
    if !comparable {
        let (one, other) = (one.kind(), other.kind());
        return Err(error(format!("{one} and {other} cannot have their containment checked")));
    }
    holds(&one.0, &other.0).map(Datum::from)
}

/// Returns whether the first value contains all of the other.
fn holds(one: &Val, other: &Val) -> Result<bool, Error> {
    match (one, other) {
        (Val::Obj(one), Val::Obj(other)) => {
            for (name, wanted) in other.iter() {
                let Some(value) = one.get(name) else { return Ok(false) };
                if !holds(value, wanted)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Val::Arr(one), Val::Arr(other)) => {
            for wanted in other.iter() {
                let mut found = false;
                for item in one.iter() {
                    found = holds(item, wanted)?;
                    if found {
                        break;
                    }
                }
                if !found {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Val::TStr(one), Val::TStr(other)) => {
            // In jq 1.6, a text ends at a NUL.
            if one.contains(&0) || other.contains(&0) {
                return Err(refuse("`contains` of texts with a NUL in them"));
            }
            let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
            Ok(one.contains(&*other))
        }
        _ => Ok(equal(one, other)),
    }
}

/// Returns the position of a value in a sorted array, or its insertion point as a negative number.
fn search(input: &Datum, wanted: &Datum) -> DatumResult {
    let Some(items) = input.as_list() else {
        let length = super::length(input)?;
        return match length.as_f64() {
            Some(0.0) => Ok(Datum::number(-1.0)),
            _ => Err(unsure("only arrays can be searched")),
        };
    };
    if !items.is_sorted_by(|one, other| compare(one, other).is_le()) {
        return Err(refuse("`bsearch` in an array that is not sorted"));
    }
    let place = items.partition_point(|item| compare(item, &wanted.0).is_lt());
    let found = items.get(place).is_some_and(|item| equal(item, &wanted.0));
    // If several items are equal, versions of jq find different ones.
    if found && items.get(place + 1).is_some_and(|next| equal(next, &wanted.0)) {
        return Err(refuse("`bsearch` for one of several equal items"));
    }
    let place = Datum::count(place);
    if found { Ok(place) } else { Datum::number(-1.0) - place }
}
