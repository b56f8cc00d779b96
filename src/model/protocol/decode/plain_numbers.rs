//! Numbers that are written to JSON as they are received, since parsing and formatting would not change their text.

/// The number of significant digits that every double keeps (`f64::DIGITS`): a number with so few is the shortest text
/// of its double, which is what is written.
const EXACT_DIGITS: usize = f64::DIGITS as usize;

/// Returns whether a text is an integer as JSON writes it.
#[inline]
pub(super) fn is_plain_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    match digits {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', rest @ ..] => rest.len() < 18 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Returns whether a text is a number with a fraction as JSON writes it: without an exponent and superfluous zeros.
pub(super) fn is_plain_float(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let Some(point) = text.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, fraction) = (&text[..point], &text[point + 1..]);
    let is_short = whole.len() + fraction.len() <= EXACT_DIGITS;
    // Smaller numbers are written with an exponent.
    let is_large = *whole != *b"0" || !fraction.starts_with(b"000");
    let ends_well = match fraction {
        [b'0'] => true,
        [.., last] => *last != b'0',
        [] => false,
    };
    let starts_well = match whole {
        [first, _, ..] => *first != b'0',
        [_] => true,
        [] => false,
    };
    let has_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    is_short && is_large && starts_well && ends_well && has_digits
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{is_plain_float, is_plain_integer};

    fn written(text: &str) -> Option<String> {
        serde_json::from_str::<Value>(text).ok().map(|value| value.to_string())
    }

    #[test]
    fn plain_numbers_are_written_as_received() {
        for text in ["0", "7", "-7", "123456789012345678", "-10"] {
            assert!(is_plain_integer(text.as_bytes()), "{text}");
            assert_eq!(written(text).as_deref(), Some(text));
        }
        let floats =
            ["0.0", "-0.0", "1.0", "0.001", "-12.5", "0.1", "12345678901234.5", "0.00123456789012", "99.99"];
        for text in floats {
            assert!(is_plain_float(text.as_bytes()), "{text}");
            assert_eq!(written(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn every_short_fraction_is_written_as_received() {
        for number in 1..100_000_u32 {
            for (divisor, width) in [(100, 2), (10_000, 4)] {
                let text = format!("{}.{:0width$}", number / divisor, number % divisor);
                let is_same = written(&text).as_deref() == Some(&*text);
                assert!(is_same || !is_plain_float(text.as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn other_numbers_are_left_to_the_decoder() {
        let integers = ["", "-", "-0", "00", "01", "1.0", "1e3", "1234567890123456789", "a"];
        assert!(integers.iter().all(|text| !is_plain_integer(text.as_bytes())));
        let floats = [
            "",
            ".",
            "1.",
            ".5",
            "-.5",
            "01.5",
            "--1.5",
            "1.50",
            "1.00",
            "0.00001",
            "1.5e3",
            "1.-5",
            "1.5.5",
            "1234567890123.456",
            "5",
        ];
        assert!(floats.iter().all(|text| !is_plain_float(text.as_bytes())));
    }
}
