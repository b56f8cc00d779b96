//! The syntax of region names and patterns, as far as it can be checked without calling AWS.

use crate::names::{Region, RegionPattern};

/// Parses the name of a region, or a pattern of names, from user input. The error suggests the region that a near miss stands for.
pub fn parse_region(text: &str) -> Result<RegionPattern, String> {
    let trimmed = text.trim();
    if let Ok(pattern) = RegionPattern::parse(trimmed) {
        return Ok(pattern);
    }
    let lowercase = trimmed.to_lowercase().replace('_', "-");
    if RegionPattern::parse(&lowercase).is_ok() {
        return Err(format!("`{text}` is not a region name; did you mean `{lowercase}`?"));
    }
    if let Some(region) = without_zone(trimmed) {
        return Err(format!("`{text}` is an availability zone; its region is `{region}`"));
    }
    Err(format!("`{text}` is not a region name, which looks like `eu-central-1`, or like `eu-*` for several"))
}

/// Removes the zone from the name of an availability zone: `eu-central-1` for `eu-central-1a`.
fn without_zone(text: &str) -> Option<&str> {
    let region = text.strip_suffix(|letter: char| letter.is_ascii_lowercase())?;
    Region::parse(region).is_ok().then_some(region)
}

#[cfg(test)]
mod tests {
    use super::parse_region;

    #[test]
    fn regions_of_every_partition_have_the_form() {
        for region in
            ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1", "eusc-de-east-1", "eu-*"]
        {
            assert_eq!(parse_region(region).expect("a region").as_str(), region);
        }
    }

    #[test]
    fn invalid_region_is_explained_with_hint() {
        for (text, hint) in [
            ("US-East-1", "did you mean `us-east-1`?"),
            ("us_east_1", "did you mean `us-east-1`?"),
            ("EU_*", "did you mean `eu-*`?"),
            ("us-east-1a", "its region is `us-east-1`"),
            ("useast1", "looks like"),
            ("frankfurt", "looks like"),
            ("aws-global", "looks like"),
            ("", "looks like"),
        ] {
            let message = parse_region(text).expect_err("no region");
            assert!(message.contains(hint), "{message}");
        }
    }
}
