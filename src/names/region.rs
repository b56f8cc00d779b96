//! Validated region names.
//!
//! A region becomes part of host names that signed requests are sent to. Specs, options, manifests, profiles and
//! AWS's responses contain regions, and a name such as `evil.com/#` would send the requests to another host. So a
//! [`Region`] can only be created from a name that has the form of a region.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A region such as `eu-central-1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(Arc<str>);

/// The name of a region in the source code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionName(&'static str);

/// A text that is not the name of a region.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid region name", .0.escape_debug())]
pub struct InvalidRegion(String);

impl Region {
    /// Parses the name of a region.
    ///
    /// AWS opens regions faster than programs are updated, so the form decides instead of a list: two or three
    /// words of lower-case letters and a number, separated by hyphens (`regionRegex` in botocore's
    /// `partitions.json`): `eu-central-1`, `us-gov-west-1`, `eusc-de-east-1`.
    ///
    /// # Errors
    ///
    /// When the text has another form.
    pub fn parse(name: &str) -> Result<Self, InvalidRegion> {
        if has_form(name.as_bytes()) { Ok(Self(Arc::from(name))) } else { Err(InvalidRegion::new(name)) }
    }

    /// Returns the name in AWS's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RegionName {
    /// Wraps the name of a region.
    ///
    /// # Panics
    ///
    /// When it does not have the form of a region. In a constant, this is a compile error.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        assert!(has_form(name.as_bytes()), "not a valid region name");
        Self(name)
    }

    /// Returns the name in AWS's spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Returns the region.
    #[must_use]
    pub fn region(self) -> Region {
        Region(Arc::from(self.0))
    }
}

#[cfg(test)]
impl Region {
    /// Creates the region with this name.
    pub(crate) fn new(name: impl AsRef<str>) -> Self {
        Self::parse(name.as_ref()).expect("the name of a region")
    }
}

impl InvalidRegion {
    /// The maximum number of characters shown.
    const MAX_SHOWN: usize = 64;

    fn new(text: &str) -> Self {
        let mut shown: String = text.chars().take(Self::MAX_SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self(shown)
    }
}

impl fmt::Debug for InvalidRegion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl TryFrom<String> for Region {
    type Error = InvalidRegion;

    fn try_from(name: String) -> Result<Self, InvalidRegion> {
        Self::parse(&name)
    }
}

impl From<RegionName> for Region {
    fn from(name: RegionName) -> Self {
        name.region()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0.as_ref().to_owned()
    }
}

impl Borrow<str> for Region {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Returns whether a name consists of two or three words of lower-case letters and a number of one or two digits,
/// separated by hyphens. Such a name is one host label of at most 63 letters.
const fn has_form(name: &[u8]) -> bool {
    /// The maximum length of a word, more than any in a region's name (`southeast`, `northwest`).
    const MAX_WORD: usize = 15;
    let mut words = 0;
    let mut length = 0;
    let mut at = 0;
    while at < name.len() {
        match name[at] {
            b'a'..=b'z' if length < MAX_WORD => length += 1,
            b'-' if length >= 2 => {
                words += 1;
                length = 0;
            }
            b'0'..=b'9' => break,
            _ => return false,
        }
        at += 1;
    }
    let is_number = match name.len() - at {
        1 => true,
        2 => name[at + 1].is_ascii_digit(),
        _ => false,
    };
    (words == 2 || words == 3) && length == 0 && is_number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Region, RegionName};

    #[test]
    fn regions_of_every_partition_have_the_form() {
        for name in [
            "us-east-1",
            "ap-southeast-7",
            "mx-central-1",
            "cn-northwest-1",
            "us-gov-west-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
            "eu-west-99",
        ] {
            assert_eq!(Region::parse(name).expect("a region").as_str(), name);
        }
    }

    #[test]
    fn region_that_would_change_host_is_refused() {
        for name in [
            "",
            "evil.com/#",
            "a@169.254.169.254/",
            "us-east-1\n",
            "us-east-1\r",
            "us-east-1 ",
            " us-east-1",
            "us-east-1.evil.com",
            "us-east-1/",
            "us-east-1:80",
            "us-east-1?x",
            "us-east-1%2e",
            "us-east-1\0",
            "us-east-１",
            "US-EAST-1",
            "us--1",
            "us-east-",
            "-us-east-1",
            "us-east-100",
            "us-east-1a",
            "us-west-2-lax-1",
            "aws-global",
            "localhost",
            "us-eastinthecountryofthefree-1",
        ] {
            assert!(Region::parse(name).is_err(), "{name:?}");
            assert!(serde_json::from_value::<Region>(serde_json::json!(name)).is_err(), "{name:?}");
        }
    }

    #[test]
    fn the_error_shows_what_was_given_in_one_short_line() {
        let message = Region::parse("us-east-1\r\n").expect_err("no region").to_string();
        assert_eq!(message, r"`us-east-1\r\n` is not a valid region name");
        let message = Region::parse(&"x".repeat(10_000)).expect_err("no region").to_string();
        assert!(message.len() < 150, "{message}");
    }

    #[test]
    fn a_name_in_the_source_code_is_a_region() {
        const HOME: RegionName = RegionName::new("us-east-1");
        assert_eq!(HOME.region(), Region::new("us-east-1"));
    }

    proptest! {
        #[test]
        fn a_region_is_one_host_label(name in "\\PC*|[a-z]{1,4}(-[a-z]{1,9}){0,4}-[0-9]{0,3}[a-z./@#:]?") {
            if let Ok(region) = Region::parse(&name) {
                prop_assert!(region.as_str().len() <= 63);
                prop_assert!(!region.as_str().starts_with('-') && !region.as_str().ends_with('-'));
                let is_label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                prop_assert!(region.as_str().bytes().all(is_label));
            }
        }
    }
}
