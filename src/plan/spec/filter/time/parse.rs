//! `strptime`.

use super::{Broken, MONTHS, WEEKDAYS, is_leap};

/// The parsed parts of a time, and the parts to derive from them at the end.
#[derive(Default)]
struct ParsedTime {
    half_day_hour: bool,
    afternoon: bool,
    century: Option<i64>,
    /// Whether the year has two digits and needs a century.
    needs_century: bool,
    /// Whether the weekday and the day of the year are to be derived.
    needs_days: bool,
    weekday: bool,
    yearday: bool,
    month: bool,
    day: bool,
    /// The number of the week, and its first day: 0 is Sunday.
    week: Option<(i64, i64)>,
}

/// Parses a time in a format, and returns the rest of the text. `None` if it does not match.
pub(in super::super) fn parse<'t>(text: &'t str, format: &str) -> Option<(Broken, &'t str)> {
    // The sentinels that jq uses for parts that are not in the format.
    let time =
        Broken { year: 1900, month: 0, day: 0, hour: 0, minute: 0, second: 0, weekday: 8, yearday: 367 };
    let mut parser = Parser { rest: text, time, seen: ParsedTime::default() };
    parser.all(format)?;
    parser.finish();
    Some((parser.time, parser.rest))
}

struct Parser<'t> {
    rest: &'t str,
    time: Broken,
    seen: ParsedTime,
}

impl Parser<'_> {
    fn all(&mut self, format: &str) -> Option<()> {
        let mut rest = format;
        while let Some(letter) = rest.chars().next() {
            rest = &rest[letter.len_utf8()..];
            if is_space(letter) {
                self.skip_space();
            } else if letter == '%' {
                // Styles are ignored here.
                rest = rest.trim_start_matches(['-', '_', '0', '^', '#']);
                let modifier = rest.chars().next().filter(|letter| matches!(letter, 'E' | 'O'));
                if modifier.is_some() {
                    rest = &rest[1..];
                }
                let conversion = rest.chars().next()?;
                rest = &rest[conversion.len_utf8()..];
                match modifier {
                    // The C locale has no eras.
                    Some('E') if !"cCxXY".contains(conversion) => return None,
                    Some('O') if !"bBdeHImMSUVWwy".contains(conversion) => return None,
                    _ => self.conversion(conversion)?,
                }
            } else {
                self.rest = self.rest.strip_prefix(letter)?;
            }
        }
        Some(())
    }

    fn conversion(&mut self, letter: char) -> Option<()> {
        match letter {
            '%' => self.rest = self.rest.strip_prefix('%')?,
            'a' | 'A' => {
                self.time.weekday = self.name(&WEEKDAYS)?;
                self.seen.weekday = true;
            }
            'b' | 'B' | 'h' => {
                self.time.month = self.name(&MONTHS)?;
                (self.seen.month, self.seen.needs_days) = (true, true);
            }
            'c' => self.whole("%a %b %e %H:%M:%S %Y")?,
            'C' => {
                self.seen.century = Some(self.number(0, 99, 2)?);
                self.seen.needs_days = true;
            }
            'd' | 'e' => {
                self.time.day = self.number(1, 31, 2)?;
                (self.seen.day, self.seen.needs_days) = (true, true);
            }
            'x' | 'D' => self.whole("%m/%d/%y")?,
            'F' => self.whole("%Y-%m-%d")?,
            'k' | 'H' => {
                self.time.hour = self.number(0, 23, 2)?;
                self.seen.half_day_hour = false;
            }
            'l' | 'I' => {
                self.time.hour = self.number(1, 12, 2)? % 12;
                self.seen.half_day_hour = true;
            }
            'j' => {
                self.time.yearday = self.number(1, 366, 3)? - 1;
                self.seen.yearday = true;
            }
            'm' => {
                self.time.month = self.number(1, 12, 2)? - 1;
                (self.seen.month, self.seen.needs_days) = (true, true);
            }
            'M' => self.time.minute = self.number(0, 59, 2)?,
            'n' | 't' => self.skip_space(),
            'p' => self.seen.afternoon = self.name(&["AM", "PM"])? == 1,
            'r' => self.whole("%I:%M:%S %p")?,
            'R' => self.whole("%H:%M")?,
            's' => self.seconds()?,
            'S' => self.time.second = self.number(0, 61, 2)?,
            'X' | 'T' => self.whole("%H:%M:%S")?,
            'u' => {
                self.time.weekday = self.number(1, 7, 1)? % 7;
                self.seen.weekday = true;
            }
            'g' => {
                self.number(0, 99, 2)?;
            }
            'G' => {
                let digits = self.digits();
                if digits == 0 {
                    return None;
                }
                self.rest = &self.rest[digits..];
            }
            'U' => self.seen.week = Some((self.number(0, 53, 2)?, 0)),
            'W' => self.seen.week = Some((self.number(0, 53, 2)?, 1)),
            'V' => {
                self.number(0, 53, 2)?;
            }
            'w' => {
                self.time.weekday = self.number(0, 6, 1)?;
                self.seen.weekday = true;
            }
            'y' => {
                let year = self.number(0, 99, 2)?;
                self.time.year = 1900 + if year >= 69 { year } else { year + 100 };
                (self.seen.needs_century, self.seen.needs_days) = (true, true);
            }
            'Y' => {
                self.time.year = self.number(0, 9_999, 4)?;
                (self.seen.needs_century, self.seen.needs_days) = (false, true);
            }
            'Z' => {
                self.skip_space();
                self.rest = self.rest.trim_start_matches(|letter| !is_space(letter));
            }
            'z' => self.offset()?,
            _ => return None,
        }
        Some(())
    }

    fn whole(&mut self, format: &str) -> Option<()> {
        self.all(format)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    /// Returns the number of digits that come next.
    fn digits(&self) -> usize {
        self.rest.len() - self.rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len()
    }

    /// Parses a number of at most so many digits.
    fn number(&mut self, least: i64, most: i64, mut digits: usize) -> Option<i64> {
        self.rest = self.rest.trim_start_matches(' ');
        let mut number = 0;
        let mut found = false;
        while let Some(digit) = self.rest.chars().next().and_then(|digit| digit.to_digit(10)) {
            number = number * 10 + i64::from(digit);
            self.rest = &self.rest[1..];
            found = true;
            digits -= 1;
            if digits == 0 || number * 10 > most {
                break;
            }
        }
        (found && (least..=most).contains(&number)).then_some(number)
    }

    /// Parses one of the names, in full or by its first three letters.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let matches =
            |name: &str| self.rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        let found = names.iter().enumerate().find_map(|(index, name)| {
            let short = name.get(..3).unwrap_or(name);
            [*name, short].into_iter().find(|name| matches(name)).map(|name| (index, name.len()))
        });
        let (index, length) = found?;
        self.rest = &self.rest[length..];
        i64::try_from(index).ok()
    }

    /// Parses seconds since the start of 1970.
    fn seconds(&mut self) -> Option<()> {
        let digits = self.digits();
        let seconds = self.rest[..digits].parse::<i64>().ok().filter(|seconds| *seconds < 1 << 50)?;
        self.rest = &self.rest[digits..];
        self.time = Broken::of_seconds(seconds);
        Some(())
    }

    /// Parses an offset from UTC, which the C library reads and jq ignores.
    fn offset(&mut self) -> Option<()> {
        self.skip_space();
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Some(());
        }
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let mut digits = String::new();
        while digits.len() < 4
            && let Some(digit) = self.rest.chars().next().filter(char::is_ascii_digit)
        {
            digits.push(digit);
            self.rest = &self.rest[1..];
            let after_colon = self.rest.strip_prefix(':').filter(|_| digits.len() == 2);
            if let Some(after) = after_colon
                && after.starts_with(|digit: char| digit.is_ascii_digit())
            {
                self.rest = after;
            }
        }
        let minutes = match digits.len() {
            2 => 0,
            4 => digits[2..].parse::<u32>().ok()?,
            _ => return None,
        };
        (minutes < 60).then_some(())
    }

    /// Derives the parts that are not in the format.
    fn finish(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        let time = &mut self.time;
        if seen.half_day_hour && seen.afternoon {
            time.hour += 12;
        }
        if let Some(century) = seen.century {
            let years = if seen.needs_century { time.year.rem_euclid(100) } else { 0 };
            time.year = century * 100 + years;
        }
        let (mut has_month, mut has_day) = (seen.month, seen.day);
        if seen.needs_days && !seen.weekday {
            if !(has_month && has_day) && seen.yearday {
                date_from_yearday(time, has_month, has_day);
                (has_month, has_day) = (true, true);
            }
            time.weekday = time.weekday_of_date();
        }
        if seen.needs_days && !seen.yearday {
            time.yearday = time.yearday_of_date();
        }
        if let Some((week, first_day)) = seen.week
            && seen.weekday
        {
            let new_year = Broken { month: 0, day: 1, ..*time }.weekday_of_date();
            if !seen.yearday {
                time.yearday =
                    (7 - (new_year - first_day)) % 7 + (week - 1) * 7 + (time.weekday - first_day + 7) % 7;
            }
            if !(has_month && has_day) {
                date_from_yearday(time, has_month, has_day);
            }
        }
    }
}

/// Fills in the month and the day of the month.
fn date_from_yearday(time: &mut Broken, has_month: bool, has_day: bool) {
    let before = |month: i64| Broken { month, day: 1, ..*time }.yearday_of_date();
    let days_of_year = 365 + i64::from(is_leap(time.year));
    let end = |month: i64| if month == 11 { days_of_year } else { before(month + 1) };
    let month = (0..12).find(|month| end(*month) > time.yearday).unwrap_or(11);
    let day = time.yearday - before(month) + 1;
    if !has_month {
        time.month = month;
    }
    if !has_day {
        time.day = day;
    }
}

/// Returns whether C's `isspace` accepts a character.
fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t'..='\r')
}
