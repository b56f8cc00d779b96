//! The error of a host name that does not exist, from whatever looks names up to whatever judges it.

use std::error::Error;
use std::fmt;
use std::io;

use crate::error::find_cause;

/// How resolvers say that a name does not exist: glibc, musl and macOS by `EAI_NONAME`, Windows by
/// `WSAHOST_NOT_FOUND`. Neither their words for a resolver that does not answer ("Temporary failure in name
/// resolution", "Try again") are among them, nor those for a name that exists and has no address ("No
/// address associated with hostname").
const NO_SUCH_NAME: &[&str] =
    &["name or service not known", "name does not resolve", "nodename nor servname provided", "no such host"];

/// A host name of which the resolver says that it does not exist. That is what the resolver knows: one of a
/// closed network denies names that exist.
#[derive(Debug)]
pub(crate) struct UnknownHost {
    name: Box<str>,
    /// The words of the resolver.
    cause: String,
}

impl UnknownHost {
    /// A name that does not exist, with the words of the resolver.
    pub(crate) fn new(name: &str, cause: impl Into<String>) -> Self {
        Self { name: name.into(), cause: cause.into() }
    }

    /// What a failed look-up of `name` means, if that is that the name does not exist.
    #[must_use]
    pub(crate) fn from_look_up(name: &str, error: &io::Error) -> Option<Self> {
        let cause = error.to_string();
        let words = cause.to_ascii_lowercase();
        NO_SUCH_NAME.iter().any(|known| words.contains(known)).then(|| Self::new(name, cause))
    }

    /// The one among the causes of an error.
    #[must_use]
    pub(crate) fn among_causes<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error Self> {
        find_cause(error)
    }

    /// The name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for UnknownHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.cause)
    }
}

impl Error for UnknownHost {}

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
