//! Numbers, ids and times that look random and are the same in every run.

use chrono::{DateTime, SecondsFormat, TimeDelta};

/// A seed, from which everything that looks random is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulator) struct Seed(u64);

impl Seed {
    /// Returns the seed of these parts.
    pub(in crate::simulator) fn of(parts: &[&str]) -> Self {
        // FNV-1a, with a separator byte that occurs in no text.
        let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    /// Returns the seed of one of several resources.
    pub(in crate::simulator) fn with(self, number: usize) -> Self {
        Self(mix(self.0 ^ mix(number as u64 ^ 0x9e37_79b9_7f4a_7c15)))
    }

    /// Returns a number below `limit`, which must not be zero.
    pub(in crate::simulator) fn below(self, limit: usize) -> usize {
        usize::try_from(mix(self.0) % limit.max(1) as u64).unwrap_or_default()
    }

    /// Returns one of several choices.
    pub(in crate::simulator) fn pick<T>(self, choices: &[T]) -> &T {
        &choices[self.below(choices.len())]
    }

    /// Returns hexadecimal digits, as in `i-0a1b2c3d4e5f60718`.
    pub(in crate::simulator) fn hex(self, digits: usize) -> String {
        self.digits(digits, b"0123456789abcdef")
    }

    /// Returns capital letters and digits, as in unique ids of IAM.
    pub(in crate::simulator) fn base32(self, digits: usize) -> String {
        self.digits(digits, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    }

    /// Returns lower-case letters and digits, as in organization ids.
    pub(in crate::simulator) fn base36(self, digits: usize) -> String {
        self.digits(digits, b"0123456789abcdefghijklmnopqrstuvwxyz")
    }

    /// Returns a UUID of version 4.
    pub(in crate::simulator) fn uuid(self) -> String {
        let hex = self.hex(30);
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..])
    }

    /// Returns a time in the three years before November 2026, in the format of boto3.
    pub(in crate::simulator) fn moment(self) -> String {
        let first = DateTime::from_timestamp(1_698_800_400, 0).unwrap_or_default();
        let seconds = i64::try_from(self.below(94_600_000)).unwrap_or_default();
        (first + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Secs, false)
    }

    /// Returns a time in the format of services that have times as strings.
    pub(in crate::simulator) fn moment_text(self) -> String {
        self.moment().replace("+00:00", ".000Z")
    }

    fn digits(self, count: usize, alphabet: &[u8]) -> String {
        (0..count).map(|position| char::from(*self.with(position).pick(alphabet))).collect()
    }
}

/// Applies the last step of splitmix64, which spreads every bit of its argument over all bits of the result.
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn the_same_name_gives_the_same_value() {
        assert_eq!(Seed::of(&["a", "b"]).hex(17), Seed::of(&["a", "b"]).hex(17));
        assert_ne!(Seed::of(&["a", "b"]), Seed::of(&["ab"]));
        assert_ne!(Seed::of(&["a"]).with(0), Seed::of(&["a"]).with(1));
    }

    #[test]
    fn values_have_the_forms_of_aws() {
        let seed = Seed::of(&["form"]);
        assert_eq!(seed.uuid().len(), 36);
        assert_eq!(seed.base32(16).len(), 16);
        assert!(seed.moment().starts_with("202") && seed.moment().ends_with("+00:00"));
        assert!(seed.moment_text().contains(".000Z"));
    }
}
