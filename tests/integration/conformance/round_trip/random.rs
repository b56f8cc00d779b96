//! Random scalars: the same in every run, and as odd as a service may make them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use aws_auto_inventory::model::catalog::TimestampFormat;

/// Which characters the place of a text can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Every character there is.
    Json,
    /// The characters of XML 1.0 (www.w3.org/TR/xml, `Char`).
    Xml,
    /// What an HTTP header can hold without losing it on the way: no blanks at the ends.
    Header,
}

const ANYWHERE: [&str; 17] = [
    "",
    "plain",
    "<a href=\"x\">&amp;'</a>",
    "]]>",
    "<![CDATA[x]]>",
    "&#65;&lt;",
    "ü 漢 e\u{301} \u{1f980}",
    " leading and trailing ",
    "\t\n tabs and lines \n",
    "\r\n\r",
    "\u{7f}\u{9f}\u{85}\u{2028}\u{a0}",
    "\u{fffd}\u{10ffff}\u{d7ff}\u{e000}",
    "null",
    "0x10",
    "\\u0041\\\"/",
    "a=b&c;d,e %41+%zz",
    "\u{feff}mark",
];

const IN_JSON_ONLY: [&str; 4] = ["\0", "\u{1}\u{1f}", "\u{8}\u{c}", "\u{fffe}\u{ffff}"];

const IN_HEADERS: [&str; 6] =
    ["plain", "", "a=b; c", "!#$%&'*+-.^_`|~", "two  blanks", "\"quoted\" <a>&amp;"];

const LONGS: [i64; 6] = [0, -1, i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1];
const INTEGERS: [i32; 4] = [0, -1, i32::MAX, i32::MIN];
const DOUBLES: [f64; 9] =
    [0.0, -1.5, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1, 1e16, 123_456_789.123_456_79];

/// Seconds since 1970 of odd moments: the first and last that Python knows in full, a leap day, the
/// seconds around the epoch and those around the end of 32 bits.
const MOMENTS: [i64; 9] =
    [0, -1, 1, 951_782_400, 2_147_483_647, 2_147_483_648, -2_208_988_800, 32_503_680_000, 253_402_300_799];

/// A source of random scalars.
pub(super) struct Random(fastrand::Rng);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number below `limit`, which is not zero.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0.usize(..limit)
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A short text that is fit for every place.
    pub(super) fn word(&mut self) -> String {
        format!("{:x}", self.0.u32(..))
    }

    pub(super) fn text(&mut self, alphabet: Alphabet) -> String {
        let odd = match alphabet {
            Alphabet::Header => self.pick(&IN_HEADERS),
            Alphabet::Json if self.below(4) == 0 => self.pick(&IN_JSON_ONLY),
            Alphabet::Json | Alphabet::Xml => self.pick(&ANYWHERE),
        };
        match self.below(4) {
            0 => odd.to_owned(),
            1 if alphabet != Alphabet::Header => format!("{odd}{}{odd}", self.word()),
            _ => format!("{}{odd}", self.word()),
        }
    }

    pub(super) fn integer(&mut self) -> Value {
        if self.below(2) == 0 { json!(self.pick(&INTEGERS)) } else { json!(self.0.i32(..)) }
    }

    pub(super) fn long(&mut self) -> Value {
        if self.below(2) == 0 { json!(self.pick(&LONGS)) } else { json!(self.0.i64(..)) }
    }

    pub(super) fn double(&mut self) -> Value {
        match self.below(8) {
            0 => json!("NaN"),
            1 => json!("Infinity"),
            2 => json!("-Infinity"),
            3..=5 => json!(self.pick(&DOUBLES)),
            _ => json!(self.0.f64() * 1e6),
        }
    }

    pub(super) fn boolean(&mut self) -> Value {
        json!(self.0.bool())
    }

    pub(super) fn blob(&mut self) -> Value {
        let bytes: Vec<u8> = (0..self.below(40)).map(|_| self.0.u8(..)).collect();
        json!(STANDARD.encode(bytes))
    }

    /// A moment as precise as its format: HTTP dates know no fractions, and seconds as a float are
    /// good for microseconds only until the year 2100 or so.
    pub(super) fn moment(&mut self, format: TimestampFormat) -> Value {
        let odd = self.below(3) == 0;
        let seconds = if odd { self.pick(&MOMENTS) } else { self.0.i64(0..4_102_444_800) };
        let precise = match format {
            TimestampFormat::Rfc822 => false,
            TimestampFormat::UnixTimestamp => !odd,
            TimestampFormat::Iso8601 => true,
        };
        let micros = if precise && self.0.bool() { self.0.u32(..1_000_000) } else { 0 };
        let moment =
            DateTime::from_timestamp(seconds, micros * 1000).expect("a moment within chrono's years");
        let precision = if micros == 0 { SecondsFormat::Secs } else { SecondsFormat::Micros };
        json!(moment.to_rfc3339_opts(precision, false))
    }

    /// Free-form JSON.
    pub(super) fn document(&mut self) -> Value {
        match self.below(6) {
            0 => json!([1, null, {"b": self.text(Alphabet::Json)}]),
            1 => json!(self.text(Alphabet::Json)),
            2 => json!(2.5),
            3 => json!(false),
            4 => json!({}),
            _ => json!({"a": [self.long(), null, {"b": self.text(Alphabet::Json)}], "": {"c": -0.5}}),
        }
    }
}
