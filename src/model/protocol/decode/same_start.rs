//! Whether a text starts with a name.

/// Returns whether `text` starts with `name`, which is rarely longer than sixteen bytes: comparing two words takes less
/// time than calling the C library, as slices do.
#[inline]
pub(super) fn starts_with(text: &[u8], name: &[u8]) -> bool {
    let Some(text) = text.get(..name.len()) else { return false };
    if let (Some(text_start), Some(name_start), Some(text_end), Some(name_end)) =
        (text.first_chunk(), name.first_chunk(), text.last_chunk(), name.last_chunk())
    {
        let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        let is_equal = word(text_start) == word(name_start) && word(text_end) == word(name_end);
        return is_equal && (name.len() <= 16 || text == name);
    }
    if let (Some(text_start), Some(name_start), Some(text_end), Some(name_end)) =
        (text.first_chunk(), name.first_chunk(), text.last_chunk(), name.last_chunk())
    {
        let word = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        return word(text_start) == word(name_start) && word(text_end) == word(name_end);
    }
    text.iter().eq(name)
}

#[cfg(test)]
mod tests {
    use super::starts_with;

    #[test]
    fn every_byte_of_names_of_every_length_counts() {
        let letters: Vec<u8> = (b'a'..=b'z').cycle().take(40).collect();
        for length in 0..=letters.len() {
            let name = &letters[..length];
            for text in [name.to_vec(), [name, b">"].concat(), letters.clone()] {
                assert!(starts_with(&text, name), "{length}");
                for place in 0..length {
                    let mut other = text.clone();
                    other[place] = b'_';
                    assert!(!starts_with(&other, name), "{length}, {place}");
                }
            }
            for shorter in 0..length {
                assert!(!starts_with(&name[..shorter], name), "{length}, {shorter}");
            }
        }
    }
}
