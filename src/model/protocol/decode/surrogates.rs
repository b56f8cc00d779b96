//! Unpaired surrogates in JSON: services that truncate texts by UTF-16 units escape the remaining half.
//!
//! Python accepts them, `serde_json` rejects them, and one such description must not lose a page.

/// Replaces every escaped unpaired surrogate by U+FFFD; `None` when there is none.
pub(super) fn without_lone_surrogates(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut written = 0;
    let mut position = 0;
    while let Some(found) = text[position..].find('\\') {
        let start = position + found;
        match (unit(text, start), unit(text, start + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => position = start + 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str(&text[written..start]);
                out.push_str("\\ufffd");
                position = start + 6;
                written = position;
            }
            // Any other escape, which includes the character after the backslash.
            _ => position = start + 1 + text[start + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    out.push_str(&text[written..]);
    (written > 0).then_some(out)
}

/// Returns the UTF-16 unit that is escaped at `start`.
fn unit(text: &str, start: usize) -> Option<u32> {
    let digits = text.get(start..start + 6)?.strip_prefix("\\u")?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::without_lone_surrogates;

    #[test]
    fn half_a_character_is_replaced_and_a_whole_one_kept() {
        let text = r#"{"a": "\ud83d", "b": "\ud83d\ude00", "c": "\\ud83d \ude00 \n"}"#;
        let expected = r#"{"a": "\ufffd", "b": "\ud83d\ude00", "c": "\\ud83d \ufffd \n"}"#;
        assert_eq!(without_lone_surrogates(text).as_deref(), Some(expected));
        assert_eq!(without_lone_surrogates(r#"{"a": "\ud83d\ude00"}"#), None);
        assert_eq!(without_lone_surrogates("\\"), None);
    }
}
