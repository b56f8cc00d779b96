//! The error of a host name that does not exist, from the resolver to the classification of the call.

use std::error::Error;
use std::io;

use crate::error::find_cause;

/// The messages of resolvers for a name that does not exist: glibc, musl and macOS for `EAI_NONAME`, Windows for
/// `WSAHOST_NOT_FOUND`. They exclude the messages for an unresponsive resolver ("Temporary failure in name
/// resolution", "Try again") and for a name that exists without an address ("No address associated with
/// hostname").
const NO_SUCH_NAME: &[&str] =
    &["name or service not known", "name does not resolve", "nodename nor servname provided", "no such host"];

/// A host name that the resolver reports as nonexistent. This need not be true: the resolver of a closed network
/// also reports existing names so.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(crate) struct UnknownHost {
    name: Box<str>,
    /// The message of the resolver.
    cause: String,
}

impl UnknownHost {
    /// Creates the error for a name that does not exist, with the message of the resolver.
    pub(crate) fn new(name: &str, cause: impl Into<String>) -> Self {
        Self { name: name.into(), cause: cause.into() }
    }

    /// Converts the error of a failed lookup of `name`, if it means that the name does not exist.
    #[must_use]
    pub(crate) fn from_look_up(name: &str, error: &io::Error) -> Option<Self> {
        let cause = error.to_string();
        let words = cause.to_ascii_lowercase();
        NO_SUCH_NAME.iter().any(|known| words.contains(known)).then(|| Self::new(name, cause))
    }

    /// Returns the `UnknownHost` among the causes of an error.
    #[must_use]
    pub(crate) fn among_causes<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// Returns the host name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::UnknownHost;

    #[test]
    fn only_a_name_that_does_not_exist_is_unknown() {
        let lookup = "failed to lookup address information: ";
        for (cause, is_unknown) in [
            ("Name or service not known", true),
            ("Name does not resolve", true),
            ("nodename nor servname provided, or not known", true),
            ("No such host is known. (os error 11001)", true),
            ("Temporary failure in name resolution", false),
            ("Try again", false),
            ("No address associated with hostname", false),
            ("Name has no usable address", false),
            ("Non-recoverable failure in name resolution", false),
        ] {
            let error = io::Error::other(format!("{lookup}{cause}"));
            let found = UnknownHost::from_look_up("sqs.eu-west-1.amazonaws.com", &error);
            assert_eq!(found.is_some(), is_unknown, "{cause}");
            assert!(found.is_none_or(|found| found.name() == "sqs.eu-west-1.amazonaws.com"));
        }
    }
}
