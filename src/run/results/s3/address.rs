//! The S3 address that results are written to: `s3://bucket/prefix`.

use std::fmt;
use std::str::FromStr;

/// A bucket and a key prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    /// The bucket's name.
    pub bucket: String,
    /// The prefix of all keys: without a slash at either end, and empty for the whole bucket.
    pub prefix: String,
}

impl BucketAddress {
    /// The scheme of an S3 address.
    pub const SCHEME: &str = "s3://";

    /// Returns whether a text is meant as an S3 address.
    #[must_use]
    pub fn is_meant_by(text: &str) -> bool {
        // Shell completion and path normalization leave one slash.
        text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("s3:/"))
    }

    /// Returns the address below this one with these names, joined by slashes.
    #[must_use]
    pub fn below(&self, names: &str) -> Self {
        Self { bucket: self.bucket.clone(), prefix: self.key(names) }
    }

    /// Returns the address with a number after its last name: `prefix/run-2`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        Self { bucket: self.bucket.clone(), prefix: format!("{}-{number}", self.prefix) }
    }

    /// Returns the address without its last name, and that name, which is empty for a whole bucket.
    #[must_use]
    pub fn split_last(&self) -> (Self, &str) {
        let (prefix, name) = self.prefix.rsplit_once('/').unwrap_or(("", &self.prefix));
        (Self { bucket: self.bucket.clone(), prefix: prefix.to_owned() }, name)
    }

    /// Returns the key of an object below this address.
    #[must_use]
    pub fn key(&self, names: &str) -> String {
        if self.prefix.is_empty() { names.to_owned() } else { format!("{}/{names}", self.prefix) }
    }
}

/// `s3://bucket/prefix`
impl fmt::Display for BucketAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", Self::SCHEME, self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(formatter, "/{}", self.prefix) }
    }
}

impl FromStr for BucketAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let start = text.get(..Self::SCHEME.len()).filter(|start| start.eq_ignore_ascii_case(Self::SCHEME));
        let rest = start.and_then(|_| text.get(Self::SCHEME.len()..)).ok_or(AddressError::Form)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.starts_with("arn:") {
            return Err(AddressError::Arn);
        }
        if !is_bucket_name(bucket) {
            return Err(AddressError::Bucket(bucket.to_owned()));
        }
        let prefix = prefix.trim_matches('/');
        if prefix.split('/').any(|name| matches!(name, "." | "..")) || prefix.contains("//") {
            return Err(AddressError::Prefix);
        }
        if prefix.len() > LONGEST_PREFIX || prefix.chars().any(char::is_control) {
            return Err(AddressError::Prefix);
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

/// Keys have at most 1,024 bytes ("Naming Amazon S3 objects", Amazon S3 user guide), and a result's own path
/// needs less than half.
const LONGEST_PREFIX: usize = 512;

/// Returns whether a bucket can have this name ("General purpose bucket naming rules", Amazon S3 user guide).
fn is_bucket_name(name: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|other| letter(other) || matches!(other, '.' | '-'))
        && name.starts_with(letter)
        && name.ends_with(letter)
        && !name.contains("..")
}

/// The reason why a text is not an S3 address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text does not have the form of an address.
    #[error("use s3://bucket/prefix, or the path of a folder")]
    Form,
    /// The text is the ARN of an access point.
    #[error("ARNs of access points are not supported: use the access point's alias")]
    Arn,
    /// The name is not a valid bucket name.
    #[error(
        "`{0}` is not a valid bucket name: names have 3 to 63 lower-case letters, digits, dots and hyphens"
    )]
    Bucket(String),
    /// The prefix contains components that tools interpret differently.
    #[error(
        "the prefix must have at most {LONGEST_PREFIX} bytes, without empty names, `.` or `..` between its slashes"
    )]
    Prefix,
}

#[cfg(test)]
mod tests {
    use super::{AddressError, BucketAddress};

    #[test]
    fn an_address_is_a_bucket_and_a_prefix() {
        for (text, bucket, prefix) in [
            ("s3://inventory", "inventory", ""),
            ("s3://inventory/", "inventory", ""),
            ("S3://inventory/aws/daily/", "inventory", "aws/daily"),
        ] {
            let address: BucketAddress = text.parse().expect("an address");
            assert_eq!((address.bucket.as_str(), address.prefix.as_str()), (bucket, prefix), "{text}");
        }
        let address: BucketAddress = "s3://inventory/aws".parse().expect("an address");
        assert_eq!(address.below("run").key("manifest.json"), "aws/run/manifest.json");
        assert_eq!(address.below("run").to_string(), "s3://inventory/aws/run");
        assert_eq!(address.below("run").numbered(2).to_string(), "s3://inventory/aws/run-2");
        assert_eq!(address.below("run").split_last(), (address.clone(), "run"));
        assert_eq!(address.split_last().0.prefix, "");
    }

    #[test]
    fn invalid_bucket_address_is_refused() {
        for (text, error) in [
            ("s3:/inventory", AddressError::Form),
            ("s3://", AddressError::Bucket(String::new())),
            ("s3://Inventory/x", AddressError::Bucket("Inventory".to_owned())),
            ("s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/x", AddressError::Arn),
            ("s3://inventory/a//b", AddressError::Prefix),
            ("s3://inventory/../b", AddressError::Prefix),
        ] {
            assert_eq!(text.parse::<BucketAddress>(), Err(error), "{text}");
            assert!(BucketAddress::is_meant_by(text), "{text}");
        }
        assert!(!BucketAddress::is_meant_by("s3"));
        assert!(!BucketAddress::is_meant_by("output/s3:/x"));
    }
}
