//! Placeholders in the parameters of calls: `{account}`, `{region}`, `{partition}`, `{now}` and `{now-30d}`.
//!
//! They stand in texts, alone or among other text. Only these exact words are placeholders. In a child call, any
//! other text in braces is a jq filter (see [`super::template`]).

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value};

use crate::names::{AccountId, Partition, Region};
use crate::util::suggest::did_you_mean;

/// The words in braces. A time in the past follows `now` with a hyphen.
const WORDS: [&str; 4] = ["account", "region", "partition", "now"];

/// The units of a time in the past, with their lengths in seconds.
const UNITS: [(char, i64); 5] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// The longest time in the past: AWS has no older data, and every service accepts the date.
const LONGEST: TimeDelta = TimeDelta::days(20 * 366);

/// The values that replace placeholders in a call.
#[derive(Clone, Copy, Debug)]
pub struct PlaceholderValues<'call> {
    /// The account that is scanned.
    pub account: &'call AccountId,
    /// The region that the request is sent to.
    pub region: &'call Region,
    /// The partition of the account.
    pub partition: &'call Partition,
    /// The start of the run, so that all calls of a run and of its resumed executions have the same time.
    pub now: DateTime<Utc>,
}

/// One placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    Account,
    Region,
    Partition,
    /// The start of the run, less this time.
    Now(TimeDelta),
}

impl Placeholder {
    /// Parses the text between the braces.
    fn parse(word: &str) -> Option<Self> {
        match word {
            "account" => Some(Self::Account),
            "region" => Some(Self::Region),
            "partition" => Some(Self::Partition),
            "now" => Some(Self::Now(TimeDelta::zero())),
            _ => past(word.strip_prefix("now-")?).map(Self::Now),
        }
    }

    fn value(self, values: PlaceholderValues<'_>) -> Cow<'_, str> {
        match self {
            Self::Account => values.account.as_str().into(),
            Self::Region => values.region.as_str().into(),
            Self::Partition => values.partition.as_str().into(),
            Self::Now(ago) => (values.now - ago).to_rfc3339_opts(SecondsFormat::Secs, true).into(),
        }
    }
}

/// Parses a number and a unit: `30d`.
fn past(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().last()?;
    let (_, seconds) = UNITS.into_iter().find(|(letter, _)| *letter == unit)?;
    let number = text.strip_suffix(unit)?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let past = TimeDelta::try_seconds(number.parse::<i64>().ok()?.checked_mul(seconds)?)?;
    (past <= LONGEST).then_some(past)
}

/// A part of a text.
enum TextPart<'text> {
    Plain(&'text str),
    Placeholder(Placeholder),
}

/// Splits a text at its placeholders.
fn parts(text: &str) -> impl Iterator<Item = TextPart<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (part, following) = match next(rest) {
            Some((0, end, placeholder)) => (TextPart::Placeholder(placeholder), &rest[end..]),
            Some((start, ..)) => (TextPart::Plain(&rest[..start]), &rest[start..]),
            None => (TextPart::Plain(rest), ""),
        };
        rest = following;
        Some(part)
    })
}

/// Finds the first placeholder: its range, and what it is.
fn next(text: &str) -> Option<(usize, usize, Placeholder)> {
    braced(text).find_map(|(start, word)| {
        Placeholder::parse(word).map(|placeholder| (start, start + word.len() + 2, placeholder))
    })
}

/// Returns the texts between an opening and the next closing brace, each with the position of the opening brace.
fn braced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('{').filter_map(move |(start, _)| {
        let inside = &text[start + 1..];
        let end = inside.find(['{', '}'])?;
        inside[end..].starts_with('}').then(|| (start, &inside[..end]))
    })
}

/// Returns whether a text is exactly one placeholder.
pub(super) fn is_whole(text: &str) -> bool {
    matches!(next(text), Some((0, end, _)) if end == text.len())
}

/// Returns whether a text is exactly the placeholder of a time.
pub(super) fn is_time(text: &str) -> bool {
    matches!(next(text), Some((0, end, Placeholder::Now(_))) if end == text.len())
}

/// Returns whether a text has a placeholder.
pub(super) fn is_in(text: &str) -> bool {
    next(text).is_some()
}

/// Returns the error for a word in braces that looks like a mistyped placeholder; `None` if there is none.
pub(super) fn mistake(text: &str) -> Option<String> {
    braced(text).find_map(|(_, word)| {
        if Placeholder::parse(word).is_some() {
            return None;
        }
        if word.strip_prefix("now").is_some_and(|rest| rest.starts_with(['-', '+']) || rest.starts_with(" -"))
        {
            return Some(format!(
                "`{{{word}}}` is not a time; a time before the run is `{{now-30d}}`, with the unit s, m, h, d or \
                 w, and at most 20 years"
            ));
        }
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let nearest = if is_word { did_you_mean(word, WORDS) } else { String::new() };
        (!nearest.is_empty()).then(|| format!("there is no placeholder `{{{word}}}`{nearest}"))
    })
}

/// Replaces the placeholders in a text.
pub(super) fn fill_text(text: &str, values: PlaceholderValues<'_>) -> String {
    parts(text).fold(String::with_capacity(text.len()), |mut filled, part| {
        match part {
            TextPart::Plain(plain) => filled.push_str(plain),
            TextPart::Placeholder(placeholder) => filled.push_str(&placeholder.value(values)),
        }
        filled
    })
}

/// Replaces the placeholders in parameters.
pub(super) fn fill(parameters: &Map<String, Value>, values: PlaceholderValues<'_>) -> Map<String, Value> {
    parameters.iter().map(|(name, value)| (name.clone(), fill_value(value, values))).collect()
}

fn fill_value(value: &Value, values: PlaceholderValues<'_>) -> Value {
    match value {
        Value::String(text) if text.contains('{') => fill_text(text, values).into(),
        Value::Array(items) => items.iter().map(|item| fill_value(item, values)).collect(),
        Value::Object(members) => fill(members, values).into(),
        other => other.clone(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::json;

    use super::{PlaceholderValues, fill, fill_text, is_time, is_whole, mistake};
    use crate::names::{AccountId, Partition, Region};

    /// Calls `take` with the values of a call of 2026-11-21.
    pub(crate) fn with_values<T>(take: impl FnOnce(PlaceholderValues<'_>) -> T) -> T {
        let now: DateTime<Utc> = "2026-11-21T22:10:05.789Z".parse().expect("a time");
        let (account, region) = (AccountId::new("123456789012"), Region::new("eu-west-1"));
        let partition = Partition::new("aws");
        take(PlaceholderValues { account: &account, region: &region, partition: &partition, now })
    }

    #[test]
    fn placeholders_are_filled_alone_and_inside_texts() {
        for (text, filled) in [
            ("{account}", "123456789012"),
            ("{region}", "eu-west-1"),
            ("{now}", "2026-11-21T22:10:05Z"),
            ("{now-90s}", "2026-11-21T22:08:35Z"),
            ("{now-10m}", "2026-11-21T22:00:05Z"),
            ("{now-2h}", "2026-11-21T20:10:05Z"),
            ("{now-30d}", "2026-10-22T22:10:05Z"),
            ("{now-1w}", "2026-11-14T22:10:05Z"),
            ("arn:{partition}:iam::{account}:root", "arn:aws:iam::123456789012:root"),
            ("{{account}}", "{123456789012}"),
            ("{\"account\": 1} { {region}", "{\"account\": 1} { eu-west-1"),
            ("{.account} {proxy+} {", "{.account} {proxy+} {"),
        ] {
            assert_eq!(with_values(|values| fill_text(text, values)), filled, "{text}");
        }
    }

    #[test]
    fn placeholders_are_filled_at_every_depth() {
        let parameters = json!({"Id": "{account}", "Filters": [{"Values": ["x", "{region}"]}], "Count": 3});
        let filled = with_values(|values| fill(parameters.as_object().expect("an object"), values));
        assert_eq!(
            json!(filled),
            json!({"Id": "123456789012", "Filters": [{"Values": ["x", "eu-west-1"]}], "Count": 3})
        );
    }

    #[test]
    fn only_exact_words_are_placeholders() {
        assert!(is_whole("{account}") && is_whole("{now-30d}") && is_time("{now}") && is_time("{now-1w}"));
        for text in
            ["{.account}", "{Account}", "{account }", "{now-30}", "{now-d}", "{now- 1d}", "a{account}"]
        {
            assert!(!is_whole(text), "{text}");
        }
        assert!(!is_time("{account}") && !is_time("at {now}") && !is_time("{now-999999999999999999w}"));
    }

    #[test]
    fn mistyped_placeholder_suggests_nearest() {
        for (text, expected) in [
            ("{acount}", "there is no placeholder `{acount}`; did you mean `account`?"),
            ("arn:aws:iam::{Account}:root", "did you mean `account`?"),
            ("{now-30}", "`{now-30}` is not a time"),
            ("{now+1d}", "is not a time"),
            ("{now-999w9}", "is not a time"),
        ] {
            let message = mistake(text).unwrap_or_else(|| panic!("{text}"));
            assert!(message.contains(expected), "{message}");
        }
        for text in ["{account}", "{.}", "{name}", "{proxy+}", "plain", "{", "{}"] {
            assert_eq!(mistake(text), None, "{text}");
        }
    }
}
