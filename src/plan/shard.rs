//! Shards: an organization divided among several processes, account by account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::names::AccountId;

/// One of several equal parts of an organization's accounts.
///
/// An account belongs to the shard `1 + h mod count`, where `h` is the first eight bytes of the SHA-256 of its
/// twelve digits, read as a big-endian number. It depends on nothing else: not on the other accounts, the
/// machine, or the version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// The number of the shard, from 1 to `count`.
    pub number: u32,
    /// The number of shards.
    pub count: u32,
}

impl Shard {
    /// The maximum number of shards of a run: the size of the largest array job of AWS Batch ("Array jobs", AWS
    /// Batch user guide).
    pub const MOST: u32 = 10_000;

    /// Returns the shard, if the numbers are valid.
    pub fn new(number: u32, count: u32) -> Result<Self, ShardError> {
        if count == 0 || count > Self::MOST {
            return Err(ShardError::Count(count));
        }
        if number == 0 || number > count {
            return Err(ShardError::Number(number, count));
        }
        Ok(Self { number, count })
    }

    /// Returns the shard with this index, as schedulers count: 0 is the first.
    pub fn from_index(index: u32, count: u32) -> Result<Self, ShardError> {
        let number = index.checked_add(1).ok_or(ShardError::Index(index, count))?;
        Self::new(number, count).map_err(|error| match error {
            ShardError::Number(..) => ShardError::Index(index, count),
            other => other,
        })
    }

    /// Returns the shard, among `count`, that an account belongs to.
    #[must_use]
    pub fn of(account: &AccountId, count: u32) -> Self {
        let digest = Sha256::digest(account.as_str().as_bytes());
        let hash = digest.iter().take(8).fold(0_u64, |hash, byte| (hash << 8) | u64::from(*byte));
        let rest = hash % u64::from(count.max(1));
        // The remainder is smaller than `count`, so it fits.
        Self { number: u32::try_from(rest).unwrap_or_default() + 1, count }
    }

    /// Returns whether an account belongs to this shard.
    #[must_use]
    pub fn holds(self, account: &AccountId) -> bool {
        Self::of(account, self.count) == self
    }

    /// Returns all shards of a run that is divided into `count`.
    pub fn all(count: u32) -> impl Iterator<Item = Self> {
        (1..=count).map(move |number| Self { number, count })
    }

    /// Returns the name of the shard's folder: `shard-2-of-7`.
    #[must_use]
    pub fn folder(self) -> String {
        format!("shard-{}-of-{}", self.number, self.count)
    }
}

/// `shard 2 of 7`
impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "shard {} of {}", self.number, self.count)
    }
}

/// Parses `2/7`.
impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(number, count)| {
            // Otherwise `+1` would be accepted.
            let digits = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
            let both = digits(number) && digits(count);
            both.then(|| Some((number.parse().ok()?, count.parse().ok()?))).flatten()
        });
        let (number, count) = numbers.ok_or_else(|| ShardError::Unreadable(text.to_owned()))?;
        Self::new(number, count)
    }
}

/// The reason why a shard is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// The text is not two numbers with a slash between.
    #[error("`{0}` is not a shard: use 1/4 for the first of four, 4/4 for the last")]
    Unreadable(String),
    /// The number of shards is out of range.
    #[error("the number of shards must be 1 to {most}, not {0}", most = Shard::MOST)]
    Count(u32),
    /// The number of the shard is out of range.
    #[error(
        "there is no shard {0} of {1}: shards count from 1, so that the first is 1/{1} and the last {1}/{1}"
    )]
    Number(u32, u32),
    /// The index, counted from 0, is out of range.
    #[error(
        "there is no shard with the index {0} among {1}: indices count from 0, so that the last is {last}",
        last = .1.saturating_sub(1)
    )]
    Index(u32, u32),
}

#[cfg(test)]
mod tests {
    use super::{Shard, ShardError};
    use crate::names::AccountId;

    fn accounts(count: u64) -> impl Iterator<Item = AccountId> {
        (0..count).map(|number| AccountId::new(format!("{:012}", 100_000_000_000 + number * 7)))
    }

    /// The values are those of Python's hashlib:
    /// `int(hashlib.sha256(b"123456789012").hexdigest()[:16], 16) % 7 + 1`.
    #[test]
    fn an_account_belongs_to_the_same_shard_for_ever() {
        for (account, count, number) in [
            ("111111111111", 3, 2),
            ("123456789012", 3, 2),
            ("123456789012", 7, 2),
            ("999999999999", 7, 1),
            ("000000000001", 10_000, 2747),
            ("222222222222", 1, 1),
        ] {
            assert_eq!(Shard::of(&AccountId::new(account), count).number, number, "{account} of {count}");
        }
    }

    #[test]
    fn every_account_belongs_to_exactly_one_shard() {
        for count in [1, 3, 7] {
            for account in accounts(500) {
                assert_eq!(Shard::all(count).filter(|shard| shard.holds(&account)).count(), 1);
            }
        }
    }

    #[test]
    fn accounts_are_spread_evenly() {
        let mut sizes = [0_u32; 10];
        for account in accounts(10_000) {
            sizes[Shard::of(&account, 10).number as usize - 1] += 1;
        }
        // A thousand each; the standard deviation of a fair draw is thirty.
        assert!(sizes.iter().all(|size| (880..1_120).contains(size)), "{sizes:?}");
    }

    #[test]
    fn the_first_shard_is_one() {
        assert_eq!("1/4".parse(), Ok(Shard { number: 1, count: 4 }));
        assert_eq!("4/4".parse(), Ok(Shard { number: 4, count: 4 }));
        assert_eq!("0/4".parse::<Shard>(), Err(ShardError::Number(0, 4)));
        assert_eq!(Shard::from_index(0, 4), Ok(Shard { number: 1, count: 4 }));
        assert_eq!(Shard::from_index(4, 4), Err(ShardError::Index(4, 4)));
        assert_eq!(Shard::from_index(u32::MAX, 4), Err(ShardError::Index(u32::MAX, 4)));
    }

    #[test]
    fn invalid_shard_is_reported_with_example() {
        for (text, expected) in [
            ("0/3", "the first is 1/3 and the last 3/3"),
            ("4/3", "the first is 1/3 and the last 3/3"),
            ("1/0", "the number of shards must be 1 to 10000, not 0"),
            ("1/10001", "not 10001"),
            ("+1/3", "use 1/4"),
            ("1", "use 1/4"),
            ("/", "use 1/4"),
            ("1/3/5", "use 1/4"),
            ("99999999999/3", "use 1/4"),
        ] {
            let error = text.parse::<Shard>().expect_err("no shard").to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
