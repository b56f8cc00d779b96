//! Functions on times.

use chrono::{Local, Offset as _, TimeZone as _, Utc};
use jaq_core::native::v;
use jaq_json::Val;

use super::{Native, none, one};
use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, Error, error, quoting};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::number::to_integer;
use crate::plan::spec::filter::time::{Broken, format, parse};

pub(super) fn functions() -> Vec<Native> {
    vec![
        ("now", v(0), |cv| {
            none(cv, |_| {
                #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 fit into 53 bits")]
                let microseconds = Utc::now().timestamp_micros() as f64;
                Ok(Datum::number(microseconds / 1e6))
            })
        }),
        ("gmtime", v(0), |cv| {
            none(cv, |input| broken_down(&input, "gmtime() requires numeric inputs", |_| Ok(0)))
        }),
        ("localtime", v(0), |cv| {
            none(cv, |input| broken_down(&input, "localtime() requires numeric inputs", local_offset))
        }),
        ("mktime", v(0), |cv| {
            none(cv, |input| {
                if input.as_list().is_none() {
                    return Err(error("mktime requires array inputs"));
                }
                let time = parts(&input, "mktime requires parsed datetime inputs")?;
                match time.seconds() {
                    // -1 is the C library's value for a failure, and also the second before 1970.
                    -1 => Err(error("invalid gmtime representation")),
                    seconds => Ok(number(seconds)),
                }
            })
        }),
        ("strptime", v(1), |cv| {
            one(cv, |input, pattern| match (input.as_str(), pattern.as_str()) {
                (Some(text), Some(pattern)) => parsed(text, pattern),
                _ => Err(error("strptime/1 requires string inputs and arguments")),
            })
        }),
        ("strftime", v(1), |cv| one(cv, |input, pattern| formatted(input, &pattern, "strftime/1", false))),
        ("strflocaltime", v(1), |cv| {
            one(cv, |input, pattern| formatted(input, &pattern, "strflocaltime/1", true))
        }),
    ]
}

/// The seconds of two billion years: times further from 1970 do not fit into C integers.
const LATEST: i64 = 67_000_000_000_000_000;

/// Returns the offset of the machine's time zone from UTC at a time, in seconds.
fn local_offset(seconds: i64) -> Result<i64, Error> {
    match Utc.timestamp_opt(seconds, 0).single() {
        Some(time) => Ok(time.with_timezone(&Local).offset().fix().local_minus_utc().into()),
        None => Err(refuse("the local time of this year")),
    }
}

/// Returns the parts of a time that is given in seconds since 1970.
fn broken_down(input: &Datum, problem: &str, offset: fn(i64) -> Result<i64, Error>) -> DatumResult {
    let Some(seconds) = input.as_f64() else { return Err(error(problem)) };
    let whole = to_integer(seconds.trunc())
        .and_then(|whole| i64::try_from(whole).ok())
        .filter(|whole| whole.abs() < LATEST)
        .ok_or_else(|| refuse("a time so far from 1970"))?;
    let time = Broken::of_seconds(whole + offset(whole)?);
    let mut items = items_of(&time);
    if let Some(second) = items.get_mut(5) {
        #[expect(clippy::cast_precision_loss, reason = "at most 60")]
        let second_of_minute = time.second as f64;
        *second = Datum::number(second_of_minute + (seconds - seconds.floor()));
    }
    Ok(Datum::list(items))
}

fn items_of(time: &Broken) -> Vec<Datum> {
    [time.year, time.month, time.day, time.hour, time.minute, time.second, time.weekday, time.yearday]
        .into_iter()
        .map(number)
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "jq's numbers are doubles")]
fn number(number: i64) -> Datum {
    Datum::number(number as f64)
}

/// Returns the parts of a time from the eight numbers of `gmtime` and `strptime`.
fn parts(input: &Datum, problem: &str) -> Result<Broken, Error> {
    let Some(items) = input.as_list() else { return Err(error(problem)) };
    let mut numbers = [0; 8];
    for (index, number) in numbers.iter_mut().enumerate() {
        let given =
            items.get(index).and_then(|item| Datum(item.clone()).as_f64()).ok_or_else(|| error(problem))?;
        let whole = to_integer(given.trunc()).and_then(|whole| i32::try_from(whole).ok());
        *number = whole.ok_or_else(|| refuse("a time with numbers beyond 32 bits"))?.into();
    }
    let [year, month, day, hour, minute, second, weekday, yearday] = numbers;
    Ok(Broken { year, month, day, hour, minute, second, weekday, yearday })
}

fn parsed(text: &str, pattern: &str) -> DatumResult {
    if has_week(pattern) {
        return Err(refuse("`strptime` with a week number"));
    }
    let read = parse(text, pattern).filter(|(_, rest)| {
        // The rest of the text must be separated by white space.
        rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\u{b}', '\u{c}', '\r'])
    });
    let Some((time, rest)) = read else {
        let quoted = format!("date \"{text}\" does not match format \"{pattern}\"");
        return Err(quoting(quoted, format!("the text does not match the format {}", Datum::text(pattern))));
    };
    let mut items = items_of(&time);
    if !rest.is_empty() {
        items.push(Datum::text(rest));
    }
    Ok(Datum::list(items))
}

/// Returns whether a date is parsed by its week, which the C library does in a special way.
fn has_week(pattern: &str) -> bool {
    let conversions = pattern.split('%').skip(1);
    conversions
        .map(|rest| rest.trim_start_matches(['-', '_', '0', '^', '#', 'E', 'O']))
        .any(|rest| rest.starts_with(['U', 'W']))
}

fn formatted(input: Datum, pattern: &Datum, name: &str, local: bool) -> DatumResult {
    let problem = format!("{name} requires parsed datetime inputs");
    let input = match input.0 {
        Val::Num(_) => broken_down(&input, &problem, |_| Ok(0))?,
        _ => input,
    };
    let Some(pattern) = pattern.as_str() else {
        return Err(error(format!("{name} requires a string format")));
    };
    let time = parts(&input, &problem)?;
    if pattern.is_empty() {
        return Err(error(format!("{name}: unknown system failure")));
    }
    // For a date that does not exist, such as the 31st of February, jq 1.6 writes its parts, and later versions
    // write the normalized date.
    if Broken::of_seconds(time.seconds()) != time {
        return Err(refuse("a time whose parts are inconsistent"));
    }
    if local && local_offset(time.seconds())? != 0 {
        return Err(refuse("local times"));
    }
    format(&time, pattern).map(Datum::text).map_err(refuse)
}
