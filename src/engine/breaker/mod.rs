//! Circuit breakers: they skip calls whose outcome can be inferred from the calls before.
//!
//! At an endpoint that does not respond, each call takes the time of several attempts, and in a region that an SCP
//! denies, each call takes a request. After enough of these, the outcome of the remaining calls is inferred, and
//! their ledger lines are marked as inferred.

mod denied_regions;
mod region_deny_exemptions;
mod unresponsive_endpoints;

pub(super) use denied_regions::Denials;
pub use region_deny_exemptions::EXEMPT;
pub(super) use unresponsive_endpoints::{Endpoints, is_silence};
