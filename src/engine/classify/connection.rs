//! No answer at all.

use super::Classification;
use crate::engine::status::Status;

/// What resolvers of Linux (glibc, musl) and macOS say of a name that does not exist. Their words for a
/// resolver that does not answer ("Temporary failure in name resolution", "Try again") are not among
/// them: a broken network must not make an inventory look empty.
const NO_SUCH_NAME: &[&str] = &[
    "name or service not known",
    "name does not resolve",
    "nodename nor servname provided",
    "no address associated with hostname",
    "no such host",
];

/// A service that is absent from a region has no name there. Everything else is a network that fails.
pub(super) fn classify(message: &str) -> Classification {
    let message = message.to_ascii_lowercase();
    if NO_SUCH_NAME.iter().any(|words| message.contains(words)) {
        Status::NotAvailable.into()
    } else {
        Status::Unreachable.into()
    }
}
