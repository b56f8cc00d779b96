//! A simulated organization behind real HTTP: accounts, roles and resources that do not exist,
//! answered in AWS's own protocols.
//!
//! ```text
//! HTTP ─► request ─► routes ─► resources (computed from the world) ─► paging ─► wire ─► HTTP
//!             └─► credentials: the access key says which account
//! scenario ─► fault: which requests something happens to ─► mishap: what happens then
//! ```
//!
//! A scan runs against it unchanged, with `AWS_ENDPOINT_URL` and credentials set: the
//! demonstration, tests of faults, and benchmarks. Which operations there are, how they are called
//! and how their answers are written and cut into pages all comes from the catalog; what the world
//! knows nothing of answers with nothing, validly.

mod assume_role;
mod configuration;
mod credentials;
mod dispatch;
mod empty_response;
mod error_response;
mod exchange;
mod fault;
mod faults;
mod models;
mod page_cache;
mod paging;
mod request;
mod request_counters;
mod resources;
mod response;
mod routes;
pub mod scenario;
mod server;
mod session_policy;
pub mod wire;
pub mod world;

pub use self::error_response::SimulatedError;
pub use self::fault::{Behaviour, Faults, Site};
pub use self::request_counters::Requested;
/// The secrets that lie around in the simulated accounts.
pub use self::resources::SEEDED as SEEDED_SECRETS;
pub use self::scenario::Scenario;
pub use self::server::{Setup, Simulator};
pub use self::session_policy::SessionRequest;
pub use self::world::World;

#[cfg(test)]
mod tests;
