//! Numbers that JSON has no form for, and those that are too large for a double: Python accepts them, `serde_json`
//! rejects them, and one such number must not lose a page.

use crate::util::special_number::{SPECIAL_NUMBERS, text_of};

/// Replaces `NaN`, `Infinity`, `-Infinity` and too large numbers with strings; `None` when there are none.
pub(super) fn as_texts(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut written = 0;
    let mut position = 0;
    while let Some(&byte) = text.as_bytes().get(position) {
        let length = match byte {
            b'"' => string_length(&text[position..]),
            b'N' | b'I' | b'-' | b'0'..=b'9' => match special(&text[position..]) {
                SpecialNumber::Number(name, length) => {
                    out.push_str(&text[written..position]);
                    out.extend(["\"", name, "\""]);
                    written = position + length;
                    length
                }
                SpecialNumber::No(length) => length,
            },
            // Only ASCII is examined, so that every slice starts at a character boundary.
            _ => 1,
        };
        position += length;
    }
    out.push_str(&text[written..]);
    (written > 0).then_some(out)
}

/// The token at the start of a text, with its length.
enum SpecialNumber {
    /// A special number, by its name.
    Number(&'static str, usize),
    /// Anything else.
    No(usize),
}

fn special(text: &str) -> SpecialNumber {
    for name in SPECIAL_NUMBERS {
        if text.starts_with(name) {
            return SpecialNumber::Number(name, name.len());
        }
    }
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let length = text.bytes().take_while(|byte| is_part(byte)).count().max(1);
    let number = text.get(..length).and_then(|number| number.parse().ok());
    match number.and_then(text_of) {
        Some(name) => SpecialNumber::Number(name, length),
        None => SpecialNumber::No(length),
    }
}

/// Returns the length of the string at the start of a text, including its quotation marks.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::as_texts;

    #[test]
    fn special_numbers_become_texts_and_texts_stay() {
        let text = r#"{"NaN": NaN, "a": [-Infinity, 1e999, -1e999, "\"Infinity"], "ü": -1.5e3}"#;
        let expected =
            r#"{"NaN": "NaN", "a": ["-Infinity", "Infinity", "-Infinity", "\"Infinity"], "ü": -1.5e3}"#;
        assert_eq!(as_texts(text).as_deref(), Some(expected));
        assert_eq!(as_texts(r#"{"a": [1, -2, "NaN"], "b": "#), None);
        assert_eq!(as_texts("\"cut off \\"), None);
    }
}
