//! Host names that do not exist, and what they stand for: only the name of a service itself says anything about
//! the service.

use serde::{Deserialize, Serialize};

/// What a host name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostOf {
    /// The service in the region, as AWS's endpoint rules name it.
    Service,
    /// A resource of the service: a bucket, an account, a discovered endpoint.
    Resource,
    /// What is configured: an endpoint URL, FIPS or dual-stack endpoints.
    Configured,
    /// Another host than the request's own: a proxy.
    Proxy,
}

/// A host name of which the resolver says that it does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingHost {
    /// The name.
    pub name: Box<str>,
    /// What it stands for.
    pub of: HostOf,
}
