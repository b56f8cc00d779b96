//! Numbers that JSON has no form for: result files have them as texts, in the spelling of Smithy
//! (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html), which is also that of botocore's
//! test suites.

use serde_json::Value;

/// The texts of these numbers.
pub(crate) const SPECIAL_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// Returns the text of a number that JSON has no form for; `None` for any other.
pub(crate) fn text_of(number: f64) -> Option<&'static str> {
    match number {
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        number if number.is_nan() => Some("NaN"),
        _ => None,
    }
}

/// Returns the number that has this text.
pub(crate) fn from_text(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Returns any number as result files have it.
pub(crate) fn to_json(number: f64) -> Value {
    text_of(number).map_or_else(|| Value::from(number), Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{SPECIAL_NUMBERS, from_text, text_of, to_json};

    #[test]
    fn texts_of_special_numbers_are_read_back() {
        for text in SPECIAL_NUMBERS {
            let number = from_text(text).expect("a number");
            assert_eq!(text_of(number), Some(text));
            assert_eq!(to_json(number), json!(text));
        }
    }

    #[test]
    fn other_numbers_and_texts_are_not_special() {
        for number in [0.0, -0.0, -1.5, f64::MAX, f64::MIN_POSITIVE] {
            assert_eq!(text_of(number), None);
            assert_eq!(to_json(number), json!(number));
        }
        for text in ["", "nan", "inf", "INF", "+Infinity", "Infinity ", "1"] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
