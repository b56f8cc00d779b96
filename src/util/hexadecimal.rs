//! Bytes as hexadecimal text.

/// Returns the bytes as hexadecimal digits in lower case, two for each byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 0x0f];
    bytes.iter().flat_map(digits).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::hexadecimal;

    #[test]
    fn each_byte_has_two_digits() {
        assert_eq!(hexadecimal(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
