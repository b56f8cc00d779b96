//! Functions on texts.

use jaq_core::native::v;
use jaq_json::Val;

use super::{Native, none, one};
use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, error, unfit};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::number::to_integer;

pub(super) fn functions() -> Vec<Native> {
    vec![
        ("utf8bytelength", v(0), |cv| {
            none(cv, |input| match input.as_str() {
                Some(text) => Ok(Datum::count(text.len())),
                None => Err(unfit(&input, "only strings have UTF-8 byte length")),
            })
        }),
        ("ascii_downcase", v(0), |cv| none(cv, |input| letters(&input, str::to_ascii_lowercase))),
        ("ascii_upcase", v(0), |cv| none(cv, |input| letters(&input, str::to_ascii_uppercase))),
        ("explode", v(0), |cv| {
            none(cv, |input| match input.as_str() {
                Some(text) => {
                    Ok(text.chars().map(|letter| Datum::number(u32::from(letter).into())).collect())
                }
                None => Err(error("explode input must be a string")),
            })
        }),
        ("implode", v(0), |cv| none(cv, |input| implode(&input))),
        ("startswith", v(1), |cv| {
            one(cv, |input, start| match (input.as_str(), start.as_str()) {
                (Some(text), Some(start)) => Ok(Datum::from(text.starts_with(start))),
                _ => Err(error("startswith() requires string inputs")),
            })
        }),
        ("endswith", v(1), |cv| {
            one(cv, |input, end| match (input.as_str(), end.as_str()) {
                (Some(text), Some(end)) => Ok(Datum::from(text.ends_with(end))),
                _ => Err(error("endswith() requires string inputs")),
            })
        }),
        ("ltrimstr", v(1), |cv| {
            one(cv, |input, part| Ok(without(input, &part, |text, part| text.strip_prefix(part))))
        }),
        ("rtrimstr", v(1), |cv| {
            one(cv, |input, part| Ok(without(input, &part, |text, part| text.strip_suffix(part))))
        }),
        ("trim", v(0), |cv| none(cv, |input| trim(&input, str::trim_matches))),
        ("ltrim", v(0), |cv| none(cv, |input| trim(&input, str::trim_start_matches))),
        ("rtrim", v(0), |cv| none(cv, |input| trim(&input, str::trim_end_matches))),
        ("split", v(1), |cv| {
            one(cv, |input, separator| match (&input.0, &separator.0) {
                (Val::TStr(_), Val::TStr(_)) => input / separator,
                _ => Err(error("split input and separator must be strings")),
            })
        }),
        ("_text_places", v(1), |cv| one(cv, |input, part| places(&input, &part))),
    ]
}

fn letters(input: &Datum, change: fn(&str) -> String) -> DatumResult {
    match input.as_str() {
        Some(text) => Ok(Datum::text(change(text))),
        None => Err(error("explode input must be a string")),
    }
}

fn implode(input: &Datum) -> DatumResult {
    let Some(codes) = input.as_list() else { return Err(error("implode input must be an array")) };
    let mut text = String::new();
    for code in codes {
        let whole = Datum(code.clone()).as_f64().and_then(|code| to_integer(code.trunc()));
        let letter = whole.and_then(|whole| u32::try_from(whole).ok()).and_then(char::from_u32);
        match letter {
            Some(letter) => text.push(letter),
            None => return Err(refuse("an item of `implode` that is not the number of a character")),
        }
    }
    Ok(Datum::text(text))
}

/// Returns the text without its start or end; any other value is returned unchanged.
fn without(input: Datum, part: &Datum, strip: for<'t> fn(&'t str, &str) -> Option<&'t str>) -> Datum {
    match (input.as_str(), part.as_str()) {
        (Some(text), Some(part)) => match strip(text, part) {
            Some(rest) => Datum::text(rest),
            None => input,
        },
        _ => input,
    }
}

/// Trims characters at one end or both.
type Trim = fn(&str, fn(char) -> bool) -> &str;

fn trim(input: &Datum, trim: Trim) -> DatumResult {
    match input.as_str() {
        Some(text) => Ok(Datum::text(trim(text, char::is_whitespace))),
        None => Err(error("trim input must be a string")),
    }
}

/// Returns the positions of a text in another one.
fn places(input: &Datum, part: &Datum) -> DatumResult {
    let (Some(text), Some(part)) = (input.as_str(), part.as_str()) else {
        return Err(error("only texts have texts in them"));
    };
    if part.is_empty() {
        return Err(refuse("the positions of an empty text in another one"));
    }
    let found: Vec<usize> = text.match_indices(part).map(|(place, _)| place).collect();
    let overlapping = found.iter().any(|place| {
        let next = text[*place..].chars().next().map_or(1, char::len_utf8);
        text.get(place + next..)
            .is_some_and(|after| after.find(part).is_some_and(|at| at + next < part.len()))
    });
    if overlapping {
        return Err(refuse("the positions of a text that overlaps itself in another one"));
    }
    // jq 1.6 and 1.7 count bytes, later versions characters.
    if found.last().is_some_and(|last| !text[..*last].is_ascii()) {
        return Err(refuse("positions in a text after characters beyond ASCII"));
    }
    Ok(found.into_iter().map(Datum::count).collect())
}
