//! Timestamps: conversion from the formats of services to that of Python's `datetime.isoformat()`, and back.
//!
//! botocore accepts every known format regardless of the model (`botocore/utils.py`, `parse_timestamp`), because
//! services do not adhere to their models; so does this module.

mod epoch;
mod text;
mod utc;

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike};
use serde_json::Value;

use crate::model::catalog::TimestampFormat;
pub(super) use epoch::isoformat_of_seconds;
pub(super) use utc::isoformat_of_utc;

/// The tag of seconds since 1970 in CBOR (RFC 8949, section 3.4.2).
pub(super) const EPOCH_TAG: u64 = 1;

/// A moment, with the UTC offset of its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timestamp {
    local: NaiveDateTime,
    /// Seconds east of UTC; `None` when the text has no offset.
    offset: Option<i32>,
}

impl Timestamp {
    /// Converts seconds since 1970, rounded to microseconds as Python's `datetime.fromtimestamp` does; `None`
    /// outside the years 1 to 9999, for which Python has no `datetime`.
    pub(super) fn from_seconds(seconds: f64) -> Option<Self> {
        let whole = seconds.trunc();
        let micros = ((seconds - whole) * 1e6).round_ties_even();
        // Excludes NaN and infinity, and values that the casts below would saturate.
        if !(-1e12..1e12).contains(&whole) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "both are whole and small here")]
        let micros = whole as i64 * 1_000_000 + micros as i64;
        let local = DateTime::from_timestamp_micros(micros)?.naive_utc();
        (1..=9999).contains(&local.year()).then_some(Self { local, offset: Some(0) })
    }

    /// Parses any format that AWS's services write; `None` when it is none of them.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text::iso8601(text)
            .or_else(|| text.parse().ok().and_then(Self::from_seconds))
            .or_else(|| text::http_date(text))
    }

    /// Parses a JSON value: seconds or text.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_f64().and_then(Self::from_seconds),
            Value::String(text) => Self::from_text(text),
            _ => None,
        }
    }

    /// Formats the moment like Python's `datetime.isoformat()`: microseconds only when there are any.
    pub(super) fn isoformat(&self) -> String {
        let mut text = String::with_capacity(32);
        push_iso8601(&mut text, self.local);
        if let Some(offset) = self.offset {
            text.push(if offset < 0 { '-' } else { '+' });
            push_digits(&mut text, offset.unsigned_abs() / 3600, 2);
            text.push(':');
            push_digits(&mut text, offset.unsigned_abs() / 60 % 60, 2);
        }
        text
    }

    /// Formats the moment for a request. botocore drops the fraction of seconds since 1970 and treats every time
    /// as UTC; this function keeps the fraction and respects the offset.
    pub(super) fn format(&self, format: TimestampFormat) -> String {
        let utc = self.local - TimeDelta::seconds(i64::from(self.offset.unwrap_or(0)));
        match format {
            TimestampFormat::Iso8601 => {
                let mut text = String::with_capacity(32);
                push_iso8601(&mut text, utc);
                text.push('Z');
                text
            }
            TimestampFormat::Rfc822 => utc.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            TimestampFormat::UnixTimestamp => {
                let micros = utc.and_utc().timestamp_micros();
                let mut text = String::with_capacity(20);
                if micros < 0 {
                    text.push('-');
                }
                // Writing to a text cannot fail.
                let _ = write!(text, "{}", micros.unsigned_abs() / 1_000_000);
                let fraction = micros.unsigned_abs() % 1_000_000;
                if fraction != 0 {
                    let _ = write!(text, ".{fraction:06}");
                    text.truncate(text.trim_end_matches('0').len());
                }
                text
            }
        }
    }
}

fn push_iso8601(text: &mut String, moment: NaiveDateTime) {
    push_digits(text, moment.year().unsigned_abs(), 4);
    for (separator, value) in [
        ('-', moment.month()),
        ('-', moment.day()),
        ('T', moment.hour()),
        (':', moment.minute()),
        (':', moment.second()),
    ] {
        text.push(separator);
        push_digits(text, value, 2);
    }
    let micros = moment.nanosecond() / 1000;
    if micros != 0 {
        text.push('.');
        push_digits(text, micros, 6);
    }
}

/// Appends decimal digits with leading zeros; `format!` would take longer than everything else here.
fn push_digits(text: &mut String, value: u32, digits: u32) {
    for position in (0..digits).rev() {
        let digit = value / 10_u32.pow(position) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, TimestampFormat};

    fn read(text: &str) -> Option<String> {
        Timestamp::from_text(text).map(|moment| moment.isoformat())
    }

    fn seconds(seconds: f64) -> Option<String> {
        Timestamp::from_seconds(seconds).map(|moment| moment.isoformat())
    }

    #[test]
    fn every_format_of_aws_reads_as_pythons_isoformat() {
        for text in ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000Z", "1704067200", "1.7040672e9"] {
            assert_eq!(read(text).as_deref(), Some("2024-01-01T00:00:00+00:00"), "{text}");
        }
        assert_eq!(read("Mon, 01 Jan 2024 00:00:00 GMT").as_deref(), Some("2024-01-01T00:00:00+00:00"));
        assert_eq!(read("2024-01-01T00:00:00.5Z").as_deref(), Some("2024-01-01T00:00:00.500000+00:00"));
        assert_eq!(read("2024-01-01T00:00:00.1234567Z").as_deref(), Some("2024-01-01T00:00:00.123456+00:00"));
    }

    #[test]
    fn an_offset_is_kept_and_none_is_invented() {
        assert_eq!(read("2024-01-01T00:00:00-01:30").as_deref(), Some("2024-01-01T00:00:00-01:30"));
        assert_eq!(read("2024-01-01T00:00:00+0200").as_deref(), Some("2024-01-01T00:00:00+02:00"));
        assert_eq!(read("2024-01-01T00:00:00").as_deref(), Some("2024-01-01T00:00:00"));
        assert_eq!(read("2024-01-01").as_deref(), Some("2024-01-01T00:00:00"));
    }

    #[test]
    fn seconds_are_rounded_half_to_even_to_microseconds() {
        assert_eq!(seconds(1.5).as_deref(), Some("1970-01-01T00:00:01.500000+00:00"));
        assert_eq!(seconds(1_711_532_276.123_456_7).as_deref(), Some("2024-03-27T09:37:56.123457+00:00"));
        assert_eq!(seconds(-1.5).as_deref(), Some("1969-12-31T23:59:58.500000+00:00"));
        assert_eq!(seconds(0.999_999_9).as_deref(), Some("1970-01-01T00:00:01+00:00"));
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in [
            "",
            "yesterday",
            "2024-13-01T00:00:00Z",
            "2024-01-01T25:00:00Z",
            "2024-01-01T00:00:00 PST",
            "nan",
            "1e300",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn requests_carry_the_format_of_the_model() {
        let moment = Timestamp::from_text("2024-01-01T01:00:00.25+01:00").unwrap();
        assert_eq!(moment.format(TimestampFormat::Iso8601), "2024-01-01T00:00:00.250000Z");
        assert_eq!(moment.format(TimestampFormat::Rfc822), "Mon, 01 Jan 2024 00:00:00 GMT");
        assert_eq!(moment.format(TimestampFormat::UnixTimestamp), "1704067200.25");
    }
}
