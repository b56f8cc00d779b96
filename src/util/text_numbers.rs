//! Numbers for texts that repeat, such as account IDs, to keep each text once.

use indexmap::IndexSet;

/// Returns the number of a text, its position among all; a new text is added.
pub(crate) fn number_of(texts: &mut IndexSet<String>, text: &str) -> u32 {
    let position = texts.get_index_of(text).unwrap_or_else(|| texts.insert_full(text.to_owned()).0);
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Returns the number of a text that may be known; one that no text has otherwise.
pub(crate) fn known_number(texts: &IndexSet<String>, text: &str) -> u32 {
    texts.get_index_of(text).and_then(|position| u32::try_from(position).ok()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexSet;

    use super::{known_number, number_of};

    #[test]
    fn text_keeps_its_number() {
        let mut texts = IndexSet::new();
        assert_eq!(
            [number_of(&mut texts, "a"), number_of(&mut texts, "b"), number_of(&mut texts, "a")],
            [0, 1, 0]
        );
        assert_eq!(texts.get_index(1).map(String::as_str), Some("b"));
        assert_eq!([known_number(&texts, "b"), known_number(&texts, "c")], [1, u32::MAX]);
    }
}
