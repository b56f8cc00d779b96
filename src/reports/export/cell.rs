//! The values of table cells.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::utc_time::UtcTime;
use crate::util::special_number;

/// The value of one cell of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum CellValue {
    /// No value.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A JSON number.
    Number(Number),
    /// A number that JSON does not have: NaN or an infinity.
    NotFinite(f64),
    /// True or false.
    Flag(bool),
    /// A time.
    Time(UtcTime),
    /// An object whose keys are data, such as tags.
    Map(Map<String, Value>),
}

impl CellValue {
    /// Converts a value of a result; lists and objects become JSON text.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Empty,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(_) | Value::Object(_) => Self::Text(value.to_string()),
        }
    }

    /// Converts an optional text.
    pub(super) fn of_text(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_owned()))
    }

    /// Converts an object whose keys are data. Its keys are sorted: AWS returns them in any order.
    pub(super) fn of_map(map: &Map<String, Value>) -> Self {
        let mut map = map.clone();
        map.sort_keys();
        Self::Map(map)
    }

    /// Returns its width in characters.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Flag(_) => 5,
            Self::Text(text) => text.chars().count(),
            Self::Number(number) => number.to_string().len(),
            special => special.special_text().map_or(0, |text| text.chars().count()),
        }
    }

    /// Returns the text of a number that is not finite, a time or a map.
    pub(super) fn special_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::NotFinite(number) => special_number::text_of(*number).map(Cow::Borrowed),
            Self::Time(time) => Some(Cow::Borrowed(time.text())),
            Self::Map(map) => Some(Cow::Owned(json_text(map))),
            Self::Empty | Self::Text(_) | Self::Number(_) | Self::Flag(_) => None,
        }
    }
}

/// Returns the width of a value in a cell, in characters.
pub(super) fn width(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::String(text) => text.chars().count(),
        Value::Bool(_) => 5,
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string().chars().count(),
    }
}

/// Returns a value as JSON.
pub(super) fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Escapes a text so that spreadsheet programs do not interpret it as a formula: it gets an apostrophe before
/// a character that can start one. The characters are from OWASP
/// (owasp.org/www-community/attacks/CSV_Injection); the full-width forms are those that Japanese keyboards
/// type.
pub fn harmless(text: &str) -> Cow<'_, str> {
    const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CellValue, harmless};
    use crate::util::special_number::{SPECIAL_NUMBERS, from_text};

    #[test]
    fn a_text_that_begins_like_a_formula_is_no_formula_any_more() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "=HYPERLINK(\"http://evil.example\")",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "a=b", "'=1", "10.0.0.0/8", " =1"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn values_stay_what_they_are() {
        assert_eq!(
            CellValue::of(&json!(-1.5)),
            CellValue::Number(serde_json::Number::from_f64(-1.5).expect("a number"))
        );
        assert_eq!(CellValue::of(&json!("-1")), CellValue::Text("-1".to_owned()));
        assert_eq!(CellValue::of(&json!(true)), CellValue::Flag(true));
        assert_eq!(CellValue::of(&json!(null)), CellValue::Empty);
        assert_eq!(CellValue::of(&json!(["a", 1])), CellValue::Text("[\"a\",1]".to_owned()));
    }

    #[test]
    fn number_that_is_not_finite_has_a_text() {
        for text in SPECIAL_NUMBERS {
            let cell = from_text(text).map(CellValue::NotFinite).expect("a number");
            assert_eq!(cell.special_text().as_deref(), Some(text));
        }
    }
}
