//! Parsers for the text formats of timestamps.

use chrono::NaiveDate;

use super::Timestamp;

/// Parses `2026-11-21T22:10:05.123Z`, with or without an offset, or only a date.
pub(super) fn iso8601(text: &str) -> Option<Timestamp> {
    let mut rest = TimestampCursor(text);
    let year = rest.number(4)?;
    rest.skip('-')?;
    let month = rest.number(2)?;
    rest.skip('-')?;
    let day = rest.number(2)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    if rest.0.is_empty() {
        return Some(Timestamp { local: date.and_hms_opt(0, 0, 0)?, offset: None });
    }
    rest.skip('T').or_else(|| rest.skip('t')).or_else(|| rest.skip(' '))?;
    let time = rest.time()?;
    Some(Timestamp {
        local: date.and_hms_micro_opt(time.0, time.1, time.2, time.3)?,
        offset: offset(rest.0)?,
    })
}

/// Parses `Sat, 21 Nov 2026 22:10:05 GMT`; the weekday is optional.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = text.split_whitespace();
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = (1..).zip(MONTHS).find(|(_, name)| month.eq_ignore_ascii_case(name))?.0;
    let date = NaiveDate::from_ymd_opt(parts.next()?.parse().ok()?, month, day)?;
    let mut clock = TimestampCursor(parts.next()?);
    let time = clock.time()?;
    let local = date.and_hms_micro_opt(time.0, time.1, time.2, time.3)?;
    Some(Timestamp { local, offset: offset(parts.next().unwrap_or_default())? })
}

/// Parses the UTC offset in seconds. The inner `None` means a text without an offset, the outer one an invalid
/// offset.
#[expect(clippy::option_option, reason = "absent and invalid are different")]
fn offset(text: &str) -> Option<Option<i32>> {
    let sign = match text {
        "" => return Some(None),
        "Z" | "z" | "UTC" | "GMT" => return Some(Some(0)),
        _ if text.starts_with('+') => 1,
        _ if text.starts_with('-') => -1,
        _ => return None,
    };
    let mut rest = TimestampCursor(&text[1..]);
    let hours = rest.number(2)?;
    let minutes = if rest.0.is_empty() {
        0
    } else {
        let _ = rest.skip(':');
        rest.number(2)?
    };
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    (rest.0.is_empty() && seconds < 86_400).then_some(Some(sign * seconds))
}

/// The rest of a timestamp that has not been parsed yet.
struct TimestampCursor<'text>(&'text str);

impl TimestampCursor<'_> {
    fn skip(&mut self, expected: char) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let number = number
            .bytes()
            .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))?;
        self.0 = rest;
        Some(number)
    }

    /// Parses hour, minute, second and microsecond; digits beyond microseconds are truncated, as in `dateutil`.
    fn time(&mut self) -> Option<(u32, u32, u32, u32)> {
        let hour = self.number(2)?;
        self.skip(':')?;
        let minute = self.number(2)?;
        let second = if self.skip(':').is_some() { self.number(2)? } else { 0 };
        let mut micros = 0;
        if self.skip('.').is_some() {
            let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
            for position in 0..6 {
                let digit = self.0.as_bytes()[..digits].get(position).map_or(0, |byte| byte - b'0');
                micros = micros * 10 + u32::from(digit);
            }
            self.0 = &self.0[digits..];
        }
        Some((hour, minute, second, micros))
    }
}
