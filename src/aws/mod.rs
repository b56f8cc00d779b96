//! Access to AWS: connections, credentials, requests, the organization.

pub mod client;
pub mod credentials;
pub mod http;
pub mod organization;
