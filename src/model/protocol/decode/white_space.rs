//! White space between the elements or tokens of a document.

/// Eight blanks as one word: comparing arrays may call the C library.
const BLANKS: u64 = u64::from_le_bytes([b' '; 8]);

/// Returns the length of the white space at the start of a text.
#[inline]
pub(super) fn white_space_length(text: &[u8]) -> usize {
    let mut length = 0;
    while matches!(text.get(length), Some(b' ' | b'\n' | b'\t' | b'\r')) {
        length += 1;
        // The indentation of nested elements is longer than most texts.
        while text[length..].first_chunk().is_some_and(|word| u64::from_le_bytes(*word) == BLANKS) {
            length += 8;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::white_space_length;

    #[test]
    fn white_space_ends_at_first_other_character() {
        for blanks in 0..30 {
            for (start, end) in
                [("", "<a>"), ("\r\n\t", "text"), (" \n", ""), ("\n", "\u{a0}"), ("\t", "\u{b}")]
            {
                let text = format!("{start}{}{end}", " ".repeat(blanks));
                assert_eq!(white_space_length(text.as_bytes()), start.len() + blanks, "{text:?}");
            }
        }
    }
}
