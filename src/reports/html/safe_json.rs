//! JSON that is safe within an HTML page: nothing in it ends or starts an element, or is a character
//! reference.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};

/// Writes JSON in which `<`, `>`, `&` and the line breaks U+2028 and U+2029 are escaped. A JSON parser reads
/// the same values from it.
pub(super) fn write(writer: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(writer, SafeInHtml)).map_err(io::Error::from)
}

struct SafeInHtml;

impl Formatter for SafeInHtml {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(position) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, from) = rest.split_at(position);
            CompactFormatter.write_string_fragment(writer, before)?;
            let letter = from.chars().next().unwrap_or_default();
            write!(writer, "\\u{:04x}", u32::from(letter))?;
            rest = &from[letter.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};
    use serde_json::{Value, json};

    use super::write;

    fn safe(value: &Value) -> String {
        let mut text = Vec::new();
        write(&mut text, value).expect("writes into memory");
        String::from_utf8(text).expect("UTF-8")
    }

    #[test]
    fn html_characters_are_escaped_in_names_and_values() {
        let value = json!({"</script>": "<!--<script> & \u{2028}\u{2029}]]>"});
        assert_eq!(
            safe(&value),
            r#"{"\u003c/script\u003e":"\u003c!--\u003cscript\u003e \u0026 \u2028\u2029]]\u003e"}"#
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_and_ends_no_element(text in any::<String>()) {
            let written = safe(&json!([text]));
            assert!(!written.contains(['<', '>', '&']), "{written}");
            let read: Value = serde_json::from_str(&written).expect("JSON");
            assert_eq!(read, json!([text]));
        }
    }
}
