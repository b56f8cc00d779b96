//! Host names that do not exist, and their roles: only the host name of the service itself allows conclusions
//! about the service.

use serde::{Deserialize, Serialize};

/// The role of a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostOf {
    /// The service in the region, as AWS's endpoint rules name it.
    Service,
    /// A resource of the service: a bucket, an account, a discovered endpoint.
    Resource,
    /// A configured endpoint: an endpoint URL, FIPS or dual-stack.
    Configured,
    /// Another host than the request's own: a proxy.
    Proxy,
}

/// A host name that the resolver reports as nonexistent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingHost {
    /// The host name.
    pub name: Box<str>,
    /// The role of the host.
    pub of: HostOf,
}
