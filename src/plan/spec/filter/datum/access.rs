//! Members and items of values: read, set and deleted by key, position or slice.

use jaq_json::{Num, Rc, Val};

use super::Datum;
use super::fault::{DatumResult, Error, error, quoting};
use super::refusal::refuse;
use crate::plan::spec::filter::number::{self, to_integer};
use crate::plan::spec::filter::order::{compare, equal};
use crate::plan::spec::filter::write;

/// The maximum length to which an array is extended.
const LONGEST_LIST: usize = 1 << 24;

/// `.[key]`
pub(in crate::plan::spec::filter) fn get(container: &Datum, key: &Datum) -> DatumResult {
    Ok(Datum(match (&container.0, &key.0) {
        (Val::Obj(members), Val::TStr(_)) => members.get(&key.0).cloned().unwrap_or_default(),
        (Val::Arr(items), Val::Num(position)) => item(items, position),
        (Val::Arr(items), Val::Obj(_)) => {
            let (from, to) = bounds(&key.0, items.len())?;
            Val::Arr(items.get(from..to).unwrap_or_default().to_vec().into())
        }
        (Val::TStr(_), Val::Obj(_)) => return slice_text(container, key),
        (Val::Arr(items), Val::Arr(part)) => places(items, part),
        (Val::Null, Val::TStr(_) | Val::Num(_) | Val::Obj(_)) => Val::Null,
        _ => return Err(not_indexable(container, key)),
    }))
}

/// `.[from:to]`
pub(in crate::plan::spec::filter) fn slice(container: &Datum, from: &Datum, to: &Datum) -> DatumResult {
    if matches!(container.0, Val::Null) {
        return Ok(Datum::null());
    }
    get(container, &Datum::from(Some(from.clone())..Some(to.clone())))
}

fn not_indexable(container: &Datum, key: &Datum) -> Error {
    let what = container.kind();
    let (quoted, shown) = match &key.0 {
        Val::TStr(_) => (format!("string {}", write::json(&key.0)), write::json(&key.0)),
        _ => (key.kind().to_owned(), key.kind().to_owned()),
    };
    let shown = format!("cannot index {} with {shown}", container.article());
    quoting(format!("Cannot index {what} with {quoted}"), shown)
}

/// Returns the item at a position; a fractional position has none.
fn item(items: &[Val], position: &Num) -> Val {
    let position = number::value(position);
    index(position, items.len()).and_then(|index| items.get(index)).cloned().unwrap_or_default()
}

/// Returns the index of a position, which counts from the end if it is negative.
fn index(position: f64, length: usize) -> Option<usize> {
    let whole = to_integer(position)?;
    let from_start = if whole < 0 { whole + i128::try_from(length).ok()? } else { whole };
    usize::try_from(from_start).ok()
}

/// Returns the value at a path.
pub(in crate::plan::spec::filter) fn get_path(container: &Datum, path: &Datum) -> DatumResult {
    let Some(path) = path.as_list() else { return Err(no_path()) };
    let mut value = container.clone();
    for key in path {
        // Every path in null leads to null.
        if matches!(value.0, Val::Null) {
            return Ok(Datum::null());
        }
        value = get(&value, &Datum(key.clone()))?;
    }
    Ok(value)
}

fn no_path() -> Error {
    error("Path must be specified as an array")
}

pub(in crate::plan::spec::filter) fn set(container: Datum, path: &Datum, value: Datum) -> DatumResult {
    match path.as_list() {
        Some(path) => set_path(container.0, path, value.0).map(Datum),
        None => Err(no_path()),
    }
}

fn unshared<T: Clone>(shared: Rc<T>) -> T {
    Rc::try_unwrap(shared).unwrap_or_else(|shared| (*shared).clone())
}

/// Returns the container with a value at a path.
fn set_path(container: Val, path: &[Val], value: Val) -> Result<Val, Error> {
    let Some((key, rest)) = path.split_first() else { return Ok(value) };
    match (container, key) {
        (Val::Null, Val::TStr(_)) => {
            let value = set_path(Val::Null, rest, value)?;
            Ok(Val::obj(std::iter::once((key.clone(), value)).collect()))
        }
        (Val::Obj(mut members), Val::TStr(_)) => {
            let members_mut = Rc::make_mut(&mut members);
            // With a single owner, the nested value is changed in place.
            let current = members_mut.get_mut(key).map(std::mem::take).unwrap_or_default();
            let value = set_path(current, rest, value)?;
            members_mut.insert(key.clone(), value);
            Ok(Val::Obj(members))
        }
        (container @ (Val::Null | Val::Arr(_)), Val::Num(position)) => {
            let mut items = into_items(container);
            let position = number::value(position);
            if position.is_nan() {
                return Err(refuse("setting an item at an invalid position"));
            }
            let between = position.fract() != 0.0;
            let index = index(position.trunc(), items.len())
                .ok_or_else(|| error("Out of bounds negative array index"))?;
            if index > items.len().max(LONGEST_LIST) {
                return Err(refuse("an array of this length"));
            }
            let current = items.get_mut(index).map(std::mem::take).unwrap_or_default();
            // There is no item at a fractional position to change, but jq sets the one before.
            let value = set_path(if between { Val::Null } else { current }, rest, value)?;
            if items.len() <= index {
                items.resize(index + 1, Val::Null);
            }
            items[index] = value;
            Ok(Val::Arr(items.into()))
        }
        (container @ (Val::Null | Val::Arr(_)), Val::Obj(_)) => {
            let was_null = matches!(container, Val::Null);
            let mut items = into_items(container);
            let (from, to) = bounds(key, items.len())?;
            let current = items.get(from..to).unwrap_or_default().to_vec();
            let current = if was_null { Val::Null } else { Val::Arr(current.into()) };
            match set_path(current, rest, value)? {
                Val::Arr(replacement) => {
                    items.splice(from..to, unshared(replacement));
                    Ok(Val::Arr(items.into()))
                }
                _ => Err(error("A slice of an array can only be assigned another array")),
            }
        }
        (container, key) => {
            // Reading comes first, because it reports invalid keys.
            let (container, key) = (Datum(container), Datum(key.clone()));
            get(&container, &key)?;
            Err(error(format!("Cannot update field at {} index of {}", key.kind(), container.kind())))
        }
    }
}

fn into_items(container: Val) -> Vec<Val> {
    match container {
        Val::Arr(items) => unshared(items),
        _ => Vec::new(),
    }
}

/// Returns the start and end of a slice: `{"start": …, "end": …}`.
fn bounds(slice: &Val, length: usize) -> Result<(usize, usize), Error> {
    let not_numbers = || error("Start and end indices of an array slice must be numbers");
    let Val::Obj(members) = slice else { return Err(not_numbers()) };
    let member = |name: &'static str| members.get(&Val::utf8_str(name.as_bytes())).ok_or_else(not_numbers);
    #[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
    let end_of_list = length as f64;
    let bound = |value: &Val, absent: f64| match value {
        Val::Null => Ok(absent),
        Val::Num(number) => match number::value(number) {
            number if number.is_nan() => Err(refuse("a slice from or to NaN")),
            number if number < 0.0 => Ok(number + end_of_list),
            number => Ok(number),
        },
        _ => Err(not_numbers()),
    };
    let start = bound(member("start")?, 0.0)?.clamp(0.0, end_of_list);
    let end = bound(member("end")?, end_of_list)?.clamp(start, end_of_list);
    let whole =
        |number: f64| to_integer(number).and_then(|whole| usize::try_from(whole).ok()).unwrap_or(length);
    let start = whole(start.floor());
    Ok((start, whole(end.ceil()).max(start)))
}

/// Returns a slice of a text, counted in characters.
fn slice_text(text: &Datum, slice: &Datum) -> DatumResult {
    let whole = text.as_str().unwrap_or_default();
    let (from, to) = bounds(&slice.0, whole.chars().count())?;
    let place = |count: usize| whole.char_indices().nth(count).map_or(whole.len(), |(place, _)| place);
    Ok(Datum::text(whole.get(place(from)..place(to)).unwrap_or_default()))
}

/// Returns the positions at which a part occurs in an array.
fn places(items: &[Val], part: &[Val]) -> Val {
    if part.is_empty() {
        return Val::Arr(Vec::new().into());
    }
    let windows = items.windows(part.len()).enumerate();
    let found =
        windows.filter(|(_, window)| window.iter().zip(part).all(|(item, wanted)| equal(item, wanted)));
    found.map(|(index, _)| Val::from(index)).collect()
}

/// `delpaths(paths)`
pub(in crate::plan::spec::filter) fn delete_paths(container: Datum, paths: &Datum) -> DatumResult {
    let Some(paths) = paths.as_list() else { return Err(error("Paths must be specified as an array")) };
    let mut sorted: Vec<&Val> = paths.iter().collect();
    sorted.sort_by(|one, other| compare(one, other));
    let mut keys = Vec::with_capacity(sorted.len());
    for path in sorted {
        match path {
            Val::Arr(path) => keys.push(path.as_slice()),
            other => {
                let kind = Datum(other.clone()).kind();
                return Err(error(format!("Path must be specified as array, not {kind}")));
            }
        }
    }
    match keys.first() {
        None => Ok(container),
        Some([]) => Ok(Datum::null()),
        Some(_) => delete_below(container, &keys),
    }
}

/// Deletes sorted paths with at least one key each.
fn delete_below(mut container: Datum, mut paths: &[&[Val]]) -> DatumResult {
    let mut whole = Vec::new();
    while let Some(key) = paths.first().and_then(|path| path.first()) {
        let same =
            paths.iter().take_while(|path| path.first().is_some_and(|other| equal(key, other))).count();
        // NaN is not equal to itself, so the loop would never advance past it.
        let (group, others) = paths.split_at(same.max(1));
        paths = others;
        // A path that ends here comes first, and includes everything below it.
        if group.iter().any(|path| path.len() == 1) {
            whole.push(key);
            continue;
        }
        let inner = get(&container, &Datum(key.clone()))?;
        if matches!(inner.0, Val::Null) {
            continue;
        }
        let rest: Vec<&[Val]> = group.iter().filter_map(|path| path.get(1..)).collect();
        let inner = delete_below(inner, &rest)?;
        container = Datum(set_path(container.0, std::slice::from_ref(key), inner.0)?);
    }
    delete_keys(container, &whole)
}

/// Returns the container without some of its members or items.
fn delete_keys(container: Datum, keys: &[&Val]) -> DatumResult {
    if keys.is_empty() {
        return Ok(container);
    }
    match container.0 {
        Val::Null => Ok(Datum::null()),
        Val::Obj(mut members) => {
            for key in keys {
                if !matches!(key, Val::TStr(_)) {
                    let kind = Datum((*key).clone()).kind();
                    return Err(error(format!("Cannot delete {kind} field of object")));
                }
                Rc::make_mut(&mut members).shift_remove(*key);
            }
            Ok(Datum(Val::Obj(members)))
        }
        Val::Arr(items) => {
            let length = items.len();
            let mut deleted = vec![false; length];
            for key in keys {
                let (from, to) = match key {
                    Val::Num(position) => {
                        let position = number::value(position);
                        if position.is_nan() {
                            return Err(refuse("deleting an item at an invalid position"));
                        }
                        match index(position.trunc(), length) {
                            Some(index) if index < length => (index, index + 1),
                            _ => continue,
                        }
                    }
                    Val::Obj(_) => bounds(key, length)?,
                    _ => {
                        let kind = Datum((*key).clone()).kind();
                        return Err(error(format!("Cannot delete {kind} element of array")));
                    }
                };
                deleted[from..to].fill(true);
            }
            let kept = unshared(items).into_iter().zip(deleted).filter(|(_, deleted)| !deleted);
            Ok(kept.map(|(item, _)| Datum(item)).collect())
        }
        other => Err(error(format!("Cannot delete fields from {}", Datum(other).kind()))),
    }
}
