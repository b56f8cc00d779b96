//! A simulated AWS organization behind real HTTP: made-up accounts, roles and resources, served in AWS's own
//! protocols.
//!
//! ```text
//! HTTP ─► request ─► routes ─► resources (computed from the world) ─► paging ─► wire ─► HTTP
//!             └─► credentials: the access key identifies the account
//! scenario ─► fault: which requests meet a fault ─► faults: how the fault is applied
//! ```
//!
//! A scan runs against it unchanged, with `AWS_ENDPOINT_URL` and credentials set: the demonstration, tests of
//! faults, and benchmarks. The operations, their requests, the serialization of responses and their pagination all
//! come from the catalog; an operation without simulated resources returns a valid empty response.

mod assume_role;
mod configuration;
mod credentials;
mod empty_response;
mod error_response;
mod fault;
mod faults;
mod http;
mod models;
mod page_cache;
mod paging;
mod request_counters;
mod resources;
mod response;
mod routes;
pub mod scenario;
mod session_policy;
pub mod wire;
pub mod world;

pub use self::error_response::SimulatedError;
pub use self::fault::{Behaviour, Faults, Site};
pub use self::http::server::{Setup, Simulator};
pub use self::request_counters::Requested;
/// The secrets in the resources of the simulated accounts.
pub use self::resources::SEEDED as SEEDED_SECRETS;
pub use self::scenario::Scenario;
pub use self::session_policy::SessionRequest;
pub use self::world::World;

#[cfg(test)]
mod tests;
