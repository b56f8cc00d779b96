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
mod empty;
mod exchange;
mod fault;
mod front_door;
mod mishap;
mod models;
mod paging;
mod refusal;
mod reply;
mod request;
mod resources;
mod routes;
pub mod scenario;
mod server;
mod session_policy;
mod stamp;
mod traffic;
pub mod wire;
pub mod world;

pub use self::fault::{Behaviour, Faults, Site};
pub use self::refusal::SimulatedError;
/// The secrets that lie around in the simulated accounts.
pub use self::resources::SEEDED as SEEDED_SECRETS;
pub use self::scenario::Scenario;
pub use self::server::{Setup, Simulator};
pub use self::session_policy::SessionRequest;
pub use self::traffic::Requested;
pub use self::world::World;

#[cfg(test)]
mod tests;
