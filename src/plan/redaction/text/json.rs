//! JSON in a text: parsed, and written back unchanged except for the redacted values.

use serde_json::Value;

use super::RedactedText;
use super::document::{self, FoundSecrets};

/// Cleans a text that is JSON. `None` if it is not; `Some(None)` if it has no secret.
#[expect(clippy::option_option, reason = "the outer option is whether the text has this form")]
pub(super) fn clean(text: &str, depth: usize) -> Option<Option<RedactedText>> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let mut value: Value = serde_json::from_str(text).ok()?;
    let mut outcome = FoundSecrets::default();
    document::clean(&mut value, Some(depth + 1), &mut outcome);
    if outcome.is_nothing() {
        return Some(None);
    }
    let text = rewrite(text, &value).unwrap_or_else(|| value.to_string());
    Some(Some(RedactedText { text, kinds: outcome.kinds }))
}

/// Returns the text with the values of `cleaned`, which may only differ from it in scalars; otherwise `None`.
fn rewrite(text: &str, cleaned: &Value) -> Option<String> {
    let mut rewriter = Rewriter {
        text,
        bytes: text.as_bytes(),
        place: 0,
        copied: 0,
        written: String::with_capacity(text.len()),
    };
    rewriter.value(cleaned)?;
    rewriter.written.push_str(&text[rewriter.copied..]);
    Some(rewriter.written)
}

/// Walks through a text and its cleaned value in parallel.
struct Rewriter<'text> {
    text: &'text str,
    bytes: &'text [u8],
    place: usize,
    /// The text before this place has been written.
    copied: usize,
    written: String,
}

impl Rewriter<'_> {
    fn value(&mut self, cleaned: &Value) -> Option<()> {
        self.blank();
        match (self.bytes.get(self.place)?, cleaned) {
            (b'{', Value::Object(members)) => {
                self.place += 1;
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        self.sign(b',')?;
                    }
                    self.blank();
                    let key: String = serde_json::from_str(self.scalar()?).ok()?;
                    // A duplicate key occurs once in the value.
                    if key != *name {
                        return None;
                    }
                    self.sign(b':')?;
                    self.value(member)?;
                }
                self.sign(b'}')
            }
            (b'[', Value::Array(items)) => {
                self.place += 1;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.sign(b',')?;
                    }
                    self.value(item)?;
                }
                self.sign(b']')
            }
            (b'{' | b'[', _) => None,
            (_, scalar) => {
                let start = self.place;
                let original: Value = serde_json::from_str(self.scalar()?).ok()?;
                if original != *scalar {
                    self.written.push_str(&self.text[self.copied..start]);
                    self.written.push_str(&scalar.to_string());
                    self.copied = self.place;
                }
                Some(())
            }
        }
    }

    /// Skips a scalar, and returns its text.
    fn scalar(&mut self) -> Option<&str> {
        let start = self.place;
        if self.bytes.get(start) == Some(&b'"') {
            let mut end = start + 1;
            loop {
                match self.bytes.get(end)? {
                    b'"' => break,
                    b'\\' => end += 2,
                    _ => end += 1,
                }
            }
            self.place = end + 1;
        } else {
            self.place = super::scan::skip(self.bytes, start, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
            });
        }
        self.text.get(start..self.place)
    }

    fn blank(&mut self) {
        self.place = super::scan::skip(self.bytes, self.place, |byte| byte.is_ascii_whitespace());
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        self.blank();
        (self.bytes.get(self.place) == Some(&sign)).then(|| self.place += 1)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::rewrite;

    #[test]
    fn kept_json_is_unchanged_byte_for_byte() {
        let text =
            "{ \"a\" : 1.50,\n  \"b\": [\"x\\u00e4\", {\"c\": 12345678901234567890123}],\"d\":\"s\" }\n";
        let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
        value["d"] = json!("[redacted]");
        assert_eq!(rewrite(text, &value).unwrap(), text.replace("\"s\"", "\"[redacted]\""));
        value["b"][0] = json!("\"");
        assert!(rewrite(text, &value).unwrap().contains("[\"\\\"\", {\"c\": 12345678901234567890123}]"));
    }

    #[test]
    fn a_name_that_stands_twice_is_written_once() {
        let text = r#"{"a": 1, "a": "s"}"#;
        assert_eq!(rewrite(text, &json!({"a": "[redacted]"})), None);
    }
}
