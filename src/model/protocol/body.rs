//! Descriptions of undecodable bodies for messages: only length and type, never content. The content may be
//! sensitive, and ledger, log and terminal have more readers than the results.

use super::headers::ResponseHeaders;
use crate::util::plural::plural;

/// The maximum length of a valid content type.
const LONGEST_TYPE: usize = 60;

/// Returns the length and content type of a body.
pub(crate) fn description(headers: &(impl ResponseHeaders + ?Sized), body: &[u8]) -> String {
    let length = plural(body.len(), "byte");
    match headers.value("content-type").map(media_type) {
        None => format!("{length} without a content type"),
        Some(None) => format!("{length} with an invalid content type"),
        Some(Some(media_type)) => format!("{length} of {media_type}"),
    }
}

/// Returns the content type without its parameters; `None` if it is not valid.
fn media_type(text: &str) -> Option<String> {
    let media_type = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_word = |word: &str| {
        !word.is_empty()
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-._".contains(letter))
    };
    let (kind, subtype) = media_type.split_once('/')?;
    (media_type.len() <= LONGEST_TYPE && is_word(kind) && is_word(subtype)).then_some(media_type)
}

#[cfg(test)]
mod tests {
    use super::description;

    #[test]
    fn a_body_is_told_by_its_length_and_type_alone() {
        let described =
            |content_type: &str, body: &[u8]| description(&[("Content-Type", content_type)][..], body);
        assert_eq!(described("text/html; charset=utf-8", b"<html>secret</html>"), "19 bytes of text/html");
        assert_eq!(described("application/x-amz-json-1.1", b"{"), "1 byte of application/x-amz-json-1.1");
        for odd in ["", "secret", "a/b c", "a/\u{1b}[31m", &format!("a/{}", "b".repeat(70))] {
            assert_eq!(described(odd, b""), "0 bytes with an invalid content type", "{odd}");
        }
        let none: [(&str, &str); 0] = [];
        assert_eq!(description(&none[..], b"x"), "1 byte without a content type");
    }
}
