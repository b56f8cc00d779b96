//! The maximum size of response bodies, as received and after decompression.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The maximum size of a response body, so that no server or proxy can exhaust the machine's memory.
///
/// Written as its number of MiB, in manifests and on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ResponseLimit {
    mebibytes: u32,
}

impl ResponseLimit {
    /// Creates a limit of this number of MiB; `None` for zero, with which no response could be read.
    #[must_use]
    pub fn of_mebibytes(mebibytes: u32) -> Option<Self> {
        (mebibytes > 0).then_some(Self { mebibytes })
    }

    /// Returns the limit in bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        usize::try_from(u64::from(self.mebibytes) << 20).unwrap_or(usize::MAX)
    }
}

impl TryFrom<u32> for ResponseLimit {
    type Error = &'static str;

    fn try_from(mebibytes: u32) -> Result<Self, Self::Error> {
        Self::of_mebibytes(mebibytes).ok_or("the response limit has to be at least 1 MiB")
    }
}

impl From<ResponseLimit> for u32 {
    fn from(limit: ResponseLimit) -> Self {
        limit.mebibytes
    }
}

impl Default for ResponseLimit {
    /// Returns 256 MiB: AWS's largest responses have about ten.
    fn default() -> Self {
        Self { mebibytes: 256 }
    }
}

impl fmt::Display for ResponseLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} MiB", self.mebibytes)
    }
}

/// The error of a body that exceeds the limit. The received part is discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response is larger than the limit of {0}")]
pub struct TooLarge(pub ResponseLimit);

#[cfg(test)]
mod tests {
    use super::ResponseLimit;

    #[test]
    fn a_limit_is_a_number_of_mebibytes() {
        assert_eq!(ResponseLimit::default().bytes(), 256 * 1024 * 1024);
        assert_eq!(ResponseLimit::of_mebibytes(1).map(ResponseLimit::bytes), Some(1024 * 1024));
        assert_eq!(ResponseLimit::of_mebibytes(0), None);
        assert_eq!(ResponseLimit::default().to_string(), "256 MiB");
        assert_eq!(serde_json::to_string(&ResponseLimit::default()).expect("JSON"), "256");
        assert!(serde_json::from_str::<ResponseLimit>("0").is_err());
    }
}
