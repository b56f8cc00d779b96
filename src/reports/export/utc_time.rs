//! Times of results: their text, and the moment that it means.

use chrono::{DateTime, NaiveDateTime};

/// A time of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UtcTime {
    text: String,
    micros: i64,
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The number of 1 January 1970 in workbooks.
const EPOCH_DAY: f64 = 25_569.0;

/// The first day of a workbook on which all programs agree, 1 March 1900, in days since 1970: Excel counts a 29
/// February 1900, which did not exist
/// (learn.microsoft.com/troubleshoot/microsoft-365-apps/excel/wrongly-assumes-1900-is-leap-year).
const FIRST_DAY: i64 = -25_508;

/// The day after the last one of a workbook, 1 January 10000, in days since 1970
/// (support.microsoft.com, "Excel specifications and limits").
const DAY_AFTER_LAST: i64 = 2_932_897;

impl UtcTime {
    /// Parses a time in ISO 8601, as result files have it. A time without an offset is in UTC, as all times of
    /// AWS.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let moment = DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc());
        let moment = moment.or_else(|_| text.parse::<NaiveDateTime>().map(|moment| moment.and_utc())).ok()?;
        Some(Self { text: text.to_owned(), micros: moment.timestamp_micros() })
    }

    /// Returns the time as in the result.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the microseconds since 1970, in UTC.
    pub(super) fn micros(&self) -> i64 {
        self.micros
    }

    /// Returns the number of the time in workbooks: days since 1900, in UTC. Returns `None` for times that
    /// workbooks do not have.
    pub(super) fn workbook_day(&self) -> Option<f64> {
        let (day, micros) = (self.micros.div_euclid(MICROS_PER_DAY), self.micros.rem_euclid(MICROS_PER_DAY));
        #[expect(clippy::cast_precision_loss, reason = "both are smaller than 2^53")]
        let number = EPOCH_DAY + day as f64 + micros as f64 / MICROS_PER_DAY as f64;
        (FIRST_DAY..DAY_AFTER_LAST).contains(&day).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::UtcTime;

    #[test]
    fn all_times_of_results_are_parsed() {
        for (text, micros) in [
            ("2024-01-01T00:00:00+00:00", 1_704_067_200_000_000),
            ("2024-01-01T01:30:00.000001+01:30", 1_704_067_200_000_001),
            ("2024-01-01T00:00:00", 1_704_067_200_000_000),
            ("2024-01-01T00:00:00Z", 1_704_067_200_000_000),
            ("0001-01-01T00:00:00+00:00", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999+00:00", 253_402_300_799_999_999),
        ] {
            let time = UtcTime::parse(text).expect("a time");
            assert_eq!((time.text(), time.micros()), (text, micros));
        }
        for text in ["", "n/a", "[redacted]", "2024-13-01T00:00:00+00:00", "1704067200"] {
            assert_eq!(UtcTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn workbooks_have_no_times_before_march_1900() {
        let day = |text: &str| UtcTime::parse(text).expect("a time").workbook_day();
        assert_eq!(day("1900-03-01T00:00:00+00:00"), Some(61.0));
        assert_eq!(day("1970-01-01T12:00:00+00:00"), Some(25_569.5));
        assert_eq!(day("9999-12-31T00:00:00+00:00"), Some(2_958_465.0));
        assert_eq!(day("1900-02-28T23:59:59+00:00"), None);
        assert_eq!(day("0001-01-01T00:00:00+00:00"), None);
        assert_eq!(day("9999-12-31T23:59:59-01:00"), None);
    }
}
