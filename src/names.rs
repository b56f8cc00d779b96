//! Types for AWS names: accounts, partitions, regions, services, functions.
//!
//! Each wraps shared text, so that a million calls can refer to their account without a million copies.

mod region;
mod region_pattern;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use region::{InvalidRegion, Region, RegionName};
pub use region_pattern::RegionPattern;

/// Declares a cheaply cloned, ordered and serialisable name.
macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $type(Arc<str>);

        impl $type {
            /// Wraps a text without validation; the caller ensures that it is such a name.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// Returns the name in AWS's spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, formatter)
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(Arc::from(text))
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0.as_ref().to_owned()
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// An AWS account ID: twelve digits.
    AccountId
}

name! {
    /// A partition such as `aws`, `aws-cn` or `aws-us-gov`.
    Partition
}

name! {
    /// A service, by boto3's client name: `ec2`, `elbv2`, `cognito-idp`.
    ServiceName
}

name! {
    /// A function, by its name in a scan spec: `list_buckets`.
    FunctionName
}

impl AccountId {
    /// Parses an account ID; `None` when it is not twelve digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::AccountId;

    #[test]
    fn an_account_id_is_twelve_digits() {
        assert!(AccountId::parse("123456789012").is_some());
        assert!(AccountId::parse("12345678901").is_none());
        assert!(AccountId::parse("12345678901a").is_none());
    }
}
