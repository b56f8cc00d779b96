//! The part of a text that JSON writes unchanged.

/// Returns the length of the part before the first quotation mark, backslash or control character.
#[inline]
pub(super) fn plain_length(text: &[u8]) -> usize {
    plain_length_before(text, [])
}

/// Returns the length of the part before the first quotation mark, backslash, control character or any of `others`.
#[inline]
pub(super) fn plain_length_before<const N: usize>(text: &[u8], others: [u8; N]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word), others);
        if special != 0 {
            return 8 * index + special.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\') || others.contains(byte);
    text.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Sets the highest bit of the first special byte of a word, and of none before it. Later bytes may be wrong, because a
/// subtraction borrows from the next byte.
#[inline]
fn special_bytes<const N: usize>(word: u64, others: [u8; N]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let other = others.into_iter().fold(0, |found, byte| found | equal(byte));
    (below(word, b' ') | equal(b'"') | equal(b'\\') | other) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::{plain_length, plain_length_before};

    #[test]
    fn plain_part_ends_at_first_special_character() {
        let plain = b"~ !#[]\x7f\xc3\xa9/".repeat(2);
        for special in (0..b' ').chain([b'"', b'\\']) {
            for before in 0..20 {
                for after in [1, 3, 20] {
                    let text = [&plain[..before], &vec![special; after]].concat();
                    assert_eq!(plain_length(&text), before, "{special} after {before}");
                }
            }
        }
    }

    #[test]
    fn plain_part_ends_at_other_given_characters_too() {
        for (text, length) in [("usual text<", 10), ("usual & text", 6), ("<", 0), ("usual>text", 10)] {
            assert_eq!(plain_length_before(text.as_bytes(), *b"<&"), length, "{text}");
        }
    }

    #[test]
    fn other_characters_are_plain() {
        let text: Vec<_> = (b' '..=255).filter(|byte| !matches!(byte, b'"' | b'\\')).collect();
        for start in 0..16 {
            assert_eq!(plain_length(&text[start..]), text.len() - start);
        }
    }
}
