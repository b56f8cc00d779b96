//! The most frequent form in JSON: seconds since 1970, with a fraction or an exponent.

use chrono::{DateTime, Datelike, Timelike};

/// The first second after those whose doubles are exact to the microsecond.
const LIMIT: u64 = 1 << 32;

/// A timestamp as Python's `isoformat` returns it.
pub(in crate::model::protocol) struct Isoformat {
    text: [u8; 32],
    length: usize,
}

impl Isoformat {
    pub(in crate::model::protocol) fn as_bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// Returns the timestamp of a number in JSON; `None` if it is negative, finer than microseconds, after 2106, or not
/// obviously valid.
pub(in crate::model::protocol) fn isoformat_of_seconds(text: &[u8]) -> Option<Isoformat> {
    let micros = micros(text)?;
    let time = DateTime::from_timestamp_micros(i64::try_from(micros).ok()?)?;
    let mut text = *b"0000-00-00T00:00:00.000000+00:00";
    write(&mut text[..4], u32::try_from(time.year()).ok()?);
    for (at, value) in
        [(5, time.month()), (8, time.day()), (11, time.hour()), (14, time.minute()), (17, time.second())]
    {
        write(&mut text[at..at + 2], value);
    }
    let fraction = time.timestamp_subsec_micros();
    if fraction == 0 {
        text.copy_within(26.., 19);
        return Some(Isoformat { text, length: 25 });
    }
    write(&mut text[20..26], fraction);
    Some(Isoformat { text, length: 32 })
}

/// Returns the microseconds of a number of seconds.
fn micros(text: &[u8]) -> Option<u64> {
    let whole = digits(text);
    let mut rest = &text[whole..];
    let mut mantissa = number(0, &text[..whole])?;
    // JSON has no other number that starts with a zero.
    let is_valid = whole == 1 || whole > 1 && text[0] != b'0';
    let mut scale = 6;
    if let [b'.', fraction @ ..] = rest {
        let length = digits(fraction);
        mantissa = number(mantissa, &fraction[..length])?;
        scale -= i32::try_from(length).ok().filter(|length| *length > 0)?;
        rest = &fraction[length..];
    }
    match rest {
        [] => {}
        [b'e' | b'E', b'0'..=b'9'] | [b'e' | b'E', b'+', b'0'..=b'9'] => {
            scale += i32::from(rest[rest.len() - 1] - b'0');
        }
        _ => return None,
    }
    let micros = mantissa.checked_mul(10_u64.checked_pow(u32::try_from(scale).ok()?)?)?;
    (is_valid && micros < LIMIT * 1_000_000).then_some(micros)
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Appends digits to a number.
fn number(start: u64, digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(start, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// Writes a number with leading zeros.
fn write(text: &mut [u8], mut value: u32) {
    for digit in text.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::isoformat_of_seconds;
    use crate::model::protocol::timestamp::Timestamp;

    fn fast(text: &str) -> Option<String> {
        isoformat_of_seconds(text.as_bytes())
            .map(|time| String::from_utf8_lossy(time.as_bytes()).into_owned())
    }

    fn slow(text: &str) -> Option<String> {
        Timestamp::from_seconds(text.parse().expect("a number")).map(|time| time.isoformat())
    }

    #[test]
    fn usual_seconds_read_as_those_of_the_parser() {
        for text in [
            "0",
            "1704067200",
            "1704067200.0",
            "1704067200.123",
            "1704067200.5",
            "1704067200.123456",
            "4294967295.999999",
            "1.7040672E9",
            "1.704067200123e9",
            "1.704067200123456e+9",
            "17e8",
            "0.000001",
            "951782399.999",
        ] {
            assert_eq!(fast(text), slow(text), "{text}");
            assert!(fast(text).is_some(), "{text}");
        }
    }

    #[test]
    fn every_fraction_reads_as_that_of_the_parser() {
        for step in 0..20_000_u64 {
            let micros = step * 214_748_364_799 % 4_294_967_296_000_000;
            let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            assert_eq!(fast(&text), slow(&text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_to_the_parser() {
        for text in [
            "",
            "-1",
            "01",
            "1.",
            ".5",
            "1704067200.1234567",
            "4294967296",
            "1e10",
            "1e-3",
            "1e",
            "1.5e3.5",
            "99999999999999999999",
            "1704067200 ",
        ] {
            assert_eq!(fast(text), None, "{text}");
        }
    }
}
