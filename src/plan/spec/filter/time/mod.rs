//! Times as the C library has them, in UTC: "broken down", and as texts of a format.
//!
//! The behaviour is that of glibc in the C locale (`time/strptime_l.c`, `time/strftime_l.c`).

mod format;
mod parse;

pub(super) use format::format;
pub(super) use parse::parse;

/// A time in its parts, with the meanings and limits of C's `struct tm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// The whole year.
    pub(super) year: i64,
    /// 0 is January.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
    /// 0 is the first of January.
    pub(super) yearday: i64,
}

const DAY: i64 = 86_400;

impl Broken {
    /// Returns the time so many seconds after the start of 1970.
    pub(super) fn of_seconds(seconds: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date(days);
        Self {
            year,
            month,
            day,
            hour: rest / 3_600,
            minute: rest % 3_600 / 60,
            second: rest % 60,
            weekday: (days + 4).rem_euclid(7),
            yearday: days - days_before(year, 0),
        }
    }

    /// Returns the seconds since the start of 1970; parts beyond their limits carry over.
    pub(super) fn seconds(&self) -> i64 {
        let year = self.year + self.month.div_euclid(12);
        let days = days_before(year, self.month.rem_euclid(12)) + self.day - 1;
        days * DAY + self.hour * 3_600 + self.minute * 60 + self.second
    }

    /// Returns the weekday of the date.
    fn weekday_of_date(&self) -> i64 {
        (days_before(self.year, self.month) + self.day - 1 + 4).rem_euclid(7)
    }

    /// Returns the day of the year of the date.
    fn yearday_of_date(&self) -> i64 {
        days_before(self.year, self.month) - days_before(self.year, 0) + self.day - 1
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the days from the start of 1970 to the start of a month.
pub(super) fn days_before(year: i64, month: i64) -> i64 {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let last = year - 1;
    let leap_days = last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400);
    // 477 leap days are before 1970.
    let years = (year - 1970) * 365 + leap_days - 477;
    let month = usize::try_from(month).unwrap_or(0).min(11);
    years + BEFORE[month] + i64::from(month > 1 && is_leap(year))
}

/// Returns the date of a day: year, month and day of the month.
fn date(days: i64) -> (i64, i64, i64) {
    // 400 years have 146,097 days; within them the estimate is off by at most one.
    let (cycles, rest) = ((days + 719_162).div_euclid(146_097), (days + 719_162).rem_euclid(146_097));
    let mut year = 1 + cycles * 400 + rest / 366;
    while days_before(year + 1, 0) <= days {
        year += 1;
    }
    let month = (0..12).rev().find(|month| days_before(year, *month) <= days).unwrap_or(0);
    (year, month, days - days_before(year, month) + 1)
}

pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
