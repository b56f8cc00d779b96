//! Random UUIDs.

/// Returns a UUID of version 4 (RFC 9562): 122 random bits.
pub(crate) fn random_uuid() -> String {
    let version = 4_u128 << 76;
    let variant = 2_u128 << 62;
    let bits = fastrand::u128(..) & !(0xf << 76) & !(3 << 62) | version | variant;
    let digits = format!("{bits:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::random_uuid;

    #[test]
    fn a_uuid_is_random() {
        let uuid = random_uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        assert_ne!(uuid, random_uuid());
    }
}
