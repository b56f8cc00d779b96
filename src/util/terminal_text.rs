//! Escaping of control characters in text for terminals.
//!
//! Names of accounts, tags and error messages come from AWS and are untrusted. A terminal would execute escape
//! sequences in them: to hide lines, change the title, or worse.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes every control character of a text as JSON does: `\u001b`. Line breaks and tabs are kept.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    escape(text, |letter| is_control(letter) && !matches!(letter, '\n' | '\t'))
}

/// Escapes a text like [`printable`], including line breaks, so that it remains on one line.
pub(crate) fn printable_line(text: &str) -> Cow<'_, str> {
    escape(text, is_control)
}

fn escape(text: &str, is_control: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_control) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_control(letter) {
            // Writing into a String cannot fail.
            let _ = write!(printable, "\\u{:04x}", u32::from(letter));
        } else {
            printable.push(letter);
        }
    }
    Cow::Owned(printable)
}

/// Returns whether a character is a control character or changes the direction of text (Unicode Standard Annex 9),
/// so that a line could be displayed differently from its content.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{printable, printable_line};

    #[test]
    fn control_characters_are_escaped() {
        let title = "\u{1b}]0;owned\u{7}Prod \u{9b}2J\u{202e}dorp";
        assert_eq!(printable(title), "\\u001b]0;owned\\u0007Prod \\u009b2J\\u202edorp");
        assert_eq!(printable("Zürich – 東京\n\t✓"), "Zürich – 東京\n\t✓");
        assert_eq!(printable_line("one\r\ntwo"), "one\\u000d\\u000atwo");
    }

    #[test]
    fn json_stays_the_same_json() {
        let text = "a\u{7f}\u{9b}\u{202e}b";
        let json = serde_json::to_string(text).expect("JSON");
        let printed = printable(&json);
        assert_ne!(printed, json);
        assert_eq!(serde_json::from_str::<String>(&printed).expect("JSON"), text);
    }
}
