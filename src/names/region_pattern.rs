//! The regions that a name or a pattern stands for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::region::{InvalidRegion, Region};

/// The wildcard of patterns: any number of letters, digits and hyphens.
const WILDCARD: char = '*';

/// The word for all regions, in options and specs.
const ALL: &str = "all";

/// The maximum length of a pattern, as that of a region's name, which is one host label.
const MAX_LENGTH: usize = 63;

/// One region by its name, or the regions whose names match a pattern such as `eu-*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RegionPattern {
    /// One region.
    Region(Region),
    /// The regions with a matching name.
    Wildcard(Wildcard),
}

/// A text with at least one `*`, which matches any number of characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wildcard(String);

impl RegionPattern {
    /// Parses the name of a region, a pattern, or `all`, which is the pattern `*`.
    ///
    /// # Errors
    ///
    /// When the text is neither. A pattern consists of lower-case letters, digits, hyphens and `*`.
    pub fn parse(text: &str) -> Result<Self, InvalidRegion> {
        if text == ALL {
            return Ok(Self::all());
        }
        let is_allowed = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-') || letter == WILDCARD;
        if text.contains(WILDCARD) && text.len() <= MAX_LENGTH && text.chars().all(is_allowed) {
            return Ok(Self::Wildcard(Wildcard(text.to_owned())));
        }
        Region::parse(text).map(Self::Region)
    }

    /// Returns the pattern of every region.
    #[must_use]
    pub fn all() -> Self {
        Self::Wildcard(Wildcard(WILDCARD.to_string()))
    }

    /// Returns the name or the pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Region(region) => region.as_str(),
            Self::Wildcard(Wildcard(pattern)) => pattern,
        }
    }

    /// Returns the region, unless this is a pattern.
    #[must_use]
    pub fn region(&self) -> Option<&Region> {
        match self {
            Self::Region(region) => Some(region),
            Self::Wildcard(_) => None,
        }
    }

    /// Returns whether it stands for a region.
    #[must_use]
    pub fn matches(&self, region: &Region) -> bool {
        match self {
            Self::Region(named) => named == region,
            Self::Wildcard(wildcard) => wildcard.matches(region.as_str()),
        }
    }

    /// Returns whether it stands for every region.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.region().is_none() && self.as_str().chars().all(|letter| letter == WILDCARD)
    }
}

impl Wildcard {
    fn matches(&self, name: &str) -> bool {
        let mut parts = self.0.split(WILDCARD);
        let (first, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
        let between = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
        // The earliest place of each part leaves the most for those after it.
        let rest = between.and_then(|rest| {
            parts.try_fold(rest, |rest, part| rest.split_once(part).map(|(_, after)| after))
        });
        rest.is_some()
    }
}

impl fmt::Display for RegionPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl TryFrom<String> for RegionPattern {
    type Error = InvalidRegion;

    fn try_from(text: String) -> Result<Self, InvalidRegion> {
        Self::parse(&text)
    }
}

impl From<RegionPattern> for String {
    fn from(pattern: RegionPattern) -> Self {
        pattern.as_str().to_owned()
    }
}

impl From<Region> for RegionPattern {
    fn from(region: Region) -> Self {
        Self::Region(region)
    }
}

#[cfg(test)]
mod tests {
    use super::{Region, RegionPattern};

    fn matched(pattern: &str) -> Vec<&'static str> {
        let pattern = RegionPattern::parse(pattern).expect("a pattern");
        let regions = ["eu-central-1", "eu-west-1", "us-east-1", "us-gov-west-1", "ap-southeast-1"];
        regions.into_iter().filter(|name| pattern.matches(&Region::new(name))).collect()
    }

    #[test]
    fn asterisk_stands_for_any_number_of_characters() {
        assert_eq!(matched("eu-*"), ["eu-central-1", "eu-west-1"]);
        assert_eq!(matched("*-west-1"), ["eu-west-1", "us-gov-west-1"]);
        assert_eq!(matched("us-*-1"), ["us-east-1", "us-gov-west-1"]);
        assert_eq!(matched("*east*"), ["us-east-1", "ap-southeast-1"]);
        assert_eq!(
            matched("*e*t*1"),
            ["eu-central-1", "eu-west-1", "us-east-1", "us-gov-west-1", "ap-southeast-1"]
        );
        assert_eq!(matched("us-east-1*"), ["us-east-1"]);
        assert_eq!(matched("eu-west-*1-west-1"), [""; 0], "the two ends do not overlap");
        assert_eq!(matched("eu-west-1"), ["eu-west-1"]);
    }

    #[test]
    fn all_is_the_pattern_of_every_region() {
        let all = RegionPattern::parse("all").expect("all");
        assert_eq!((all.as_str(), all.is_all()), ("*", true));
        assert_eq!(matched("all").len(), 5);
        assert!(!RegionPattern::parse("eu-*").expect("a pattern").is_all());
    }

    #[test]
    fn text_of_another_form_is_no_pattern() {
        for text in ["", "eu-west", "EU-*", "eu_*", "eu-*/", "*.evil.com", "eu-?", "eu-* ", &"*".repeat(64)] {
            assert!(RegionPattern::parse(text).is_err(), "{text:?}");
        }
    }
}
