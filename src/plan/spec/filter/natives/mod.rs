//! Functions of jq that jaq lacks, or implements with other results.

mod control;
mod formats;
mod json;
mod lists;
mod matching;
mod mathematics;
mod texts;
mod times;

use jaq_core::data::JustLut;
use jaq_core::native::{Filter, Fun, bome, run, v};
use jaq_core::{Cv, RunPtr, ValXs};
use jaq_json::Val;

use super::datum::fault::{DatumResult, Error, not_iterable, unfit};
use super::datum::refusal::refused;
use super::datum::{Datum, access};
use super::names;

type FilterData = JustLut<Datum>;
pub(super) type Native = Filter<RunPtr<FilterData>>;

/// Returns all functions that are not written in jq.
pub(super) fn functions() -> impl Iterator<Item = Fun<FilterData>> {
    let of_jaq = jaq_core::funs()
        .chain(jaq_std::funs())
        .filter_map(|(name, arguments, native)| Some((names::of_native(name)?, arguments, native)));
    of_jaq.chain(own().into_iter().map(run::<FilterData>)).chain(control::functions())
}

/// Defines a function without arguments.
fn none(cv: Cv<'_, FilterData>, work: fn(Datum) -> DatumResult) -> ValXs<'_, Datum> {
    bome(work(cv.1))
}

fn one(mut cv: Cv<'_, FilterData>, work: fn(Datum, Datum) -> DatumResult) -> ValXs<'_, Datum> {
    let argument = cv.0.pop_var();
    bome(work(cv.1, argument))
}

fn two(mut cv: Cv<'_, FilterData>, work: fn(Datum, Datum, Datum) -> DatumResult) -> ValXs<'_, Datum> {
    let second = cv.0.pop_var();
    let first = cv.0.pop_var();
    bome(work(cv.1, first, second))
}

fn own() -> Vec<Native> {
    let mut functions: Vec<Native> = vec![
        ("_refuse", v(1), |mut cv| {
            let reason = cv.0.pop_var();
            Box::new(std::iter::once(Err(refused(super::write::string(&reason.0)))))
        }),
        ("type", v(0), |cv| none(cv, |input| Ok(Datum::text(input.kind())))),
        ("length", v(0), |cv| none(cv, |input| length(&input))),
        ("tostring", v(0), |cv| none(cv, |input| Ok(jaq_core::ValT::into_string(input)))),
        ("tojson", v(0), |cv| none(cv, |input| Ok(Datum::text(super::write::json(&input.0))))),
        ("fromjson", v(0), |cv| none(cv, |input| json::from_json(&input))),
        ("tonumber", v(0), |cv| none(cv, json::to_number)),
        ("add", v(0), |cv| none(cv, sum)),
        ("keys", v(0), |cv| none(cv, |input| keys(&input, true))),
        ("keys_unsorted", v(0), |cv| none(cv, |input| keys(&input, false))),
        ("has", v(1), |cv| one(cv, |input, key| has(&input, &key))),
        ("setpath", v(2), |cv| two(cv, |input, path, value| access::set(input, &path, value))),
        ("delpaths", v(1), |cv| one(cv, |input, paths| access::delete_paths(input, &paths))),
        ("format", v(1), |cv| one(cv, |input, name| formats::format(&input, &name))),
        ("_test", v(2), |cv| two(cv, |input, pattern, flags| matching::test(&input, &pattern, &flags))),
        ("_match", v(2), |cv| two(cv, |input, pattern, flags| matching::matches(&input, &pattern, &flags))),
        ("_pieces", v(2), |cv| two(cv, |input, pattern, flags| matching::pieces(&input, &pattern, &flags))),
        ("_edits", v(2), |cv| two(cv, |input, pattern, flags| matching::edits(&input, &pattern, &flags))),
    ];
    functions.extend(texts::functions());
    functions.extend(lists::functions());
    functions.extend(times::functions());
    functions.extend(mathematics::functions());
    functions
}

fn length(input: &Datum) -> DatumResult {
    Ok(match &input.0 {
        Val::Null => Datum::count(0),
        Val::Bool(_) => return Err(unfit(input, "has no length")),
        Val::Num(number) => Datum::number(super::number::value(number).abs()),
        Val::TStr(_) | Val::BStr(_) => Datum::count(input.as_str().unwrap_or_default().chars().count()),
        Val::Arr(items) => Datum::count(items.len()),
        Val::Obj(members) => Datum::count(members.len()),
    })
}

/// Returns the items of an array or the values of an object.
fn items(input: Datum) -> Result<Vec<Datum>, Error> {
    match &input.0 {
        Val::Arr(_) | Val::Obj(_) => jaq_core::ValT::values(input).collect(),
        _ => Err(not_iterable(&input)),
    }
}

fn sum(input: Datum) -> DatumResult {
    items(input)?.into_iter().try_fold(Datum::null(), |sum, item| sum + item)
}

fn keys(input: &Datum, sorted: bool) -> DatumResult {
    Ok(match &input.0 {
        Val::Obj(members) => {
            let mut names: Vec<Datum> = members.keys().cloned().map(Datum).collect();
            if sorted {
                names.sort();
            }
            Datum::list(names)
        }
        Val::Arr(items) => (0..items.len()).map(Datum::count).collect(),
        _ => return Err(unfit(input, "has no keys")),
    })
}

fn has(input: &Datum, key: &Datum) -> DatumResult {
    Ok(Datum::from(match (&input.0, &key.0) {
        (Val::Obj(members), Val::TStr(_)) => members.contains_key(&key.0),
        (Val::Arr(items), Val::Num(position)) => {
            let position = super::number::value(position);
            position >= 0.0 && Datum::count(items.len()).as_f64().is_some_and(|end| position < end)
        }
        (Val::Null, _) => false,
        _ => {
            let problem = format!("Cannot check whether {} has a {} key", input.kind(), key.kind());
            return Err(super::datum::fault::error(problem));
        }
    }))
}
