//! White space, lines and words as Python's `str` and `shlex` define them.

use std::borrow::Cow;

/// Returns whether `str.isspace` is true for a character (`_PyUnicode_IsWhitespace` in `CPython`).
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Removes white space at both ends, as `str.strip`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Splits a text at all line boundaries of `str.splitlines`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let is_boundary = |character| {
        matches!(
            character,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    text.split(is_boundary)
}

/// Splits a text into words as `shlex.split` does in its POSIX mode; `None` for a quote that is not closed, and for an
/// escape at the end.
pub(in crate::aws::credentials) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().push(characters.next()?),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// Quotes a text as one word of a shell's command, if it needs quotes (`shlex.quote`).
pub(in crate::aws::credentials) fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_@%+=:,./-".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'")).into()
}

#[cfg(test)]
mod tests {
    use super::{shell_word, words};

    #[test]
    fn quoted_word_is_split_into_itself() {
        assert_eq!(shell_word("a/b@c"), "a/b@c");
        for text in ["", "My Mac", "Someone's \"Mac\"", "a\\b", "$x"] {
            let quoted = shell_word(text);
            assert!(quoted.starts_with('\''), "{quoted}");
            assert_eq!(words(&quoted).as_deref(), Some(&[text.to_owned()][..]));
        }
    }

    #[test]
    fn words_are_split_at_blanks_outside_quotes() {
        for (text, expected) in [
            ("profile x", Some(&["profile", "x"][..])),
            ("profile \"My Mac\" 'a b'c", Some(&["profile", "My Mac", "a bc"])),
            (r#"a\ b "c\"d\e" '\'"#, Some(&["a b", r#"c"d\e"#, r"\"])),
            ("a '' b", Some(&["a", "", "b"])),
            ("a # b", Some(&["a", "#", "b"])),
            ("Someone's", None),
            ("a\\", None),
            ("  ", Some(&[])),
        ] {
            let expected = expected.map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
