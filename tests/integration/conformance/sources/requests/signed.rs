//! Functions by the name in their signatures.

use super::super::SOURCES;

/// A function, and the name that its service has in signatures. Services that share a name differ only by their hosts,
/// and the simulator has one host: of equal requests, it cannot know which service was meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SignedFunction {
    service: String,
    function: String,
}

impl SignedFunction {
    pub(super) fn new(service: &str, function: &str) -> Self {
        let (service, _) = &SOURCES.services[service];
        Self { service: service.signing_name.to_string(), function: function.to_owned() }
    }
}
