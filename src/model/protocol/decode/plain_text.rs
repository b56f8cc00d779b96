//! The part of a text that JSON writes unchanged.

/// Returns the length of the part before the first quotation mark, backslash or control character.
pub(super) fn plain_length(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return 8 * index + special.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    text.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Sets the highest bit of the first special byte of a word, and of none before it. Later bytes may be wrong, because a
/// subtraction borrows from the next byte.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | equal(b'"') | equal(b'\\')) & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::plain_length;

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
    fn other_characters_are_plain() {
        let text: Vec<_> = (b' '..=255).filter(|byte| !matches!(byte, b'"' | b'\\')).collect();
        for start in 0..16 {
            assert_eq!(plain_length(&text[start..]), text.len() - start);
        }
    }
}
