//! Breakers: what is known already is not asked again and again.
//!
//! An endpoint that does not answer costs each of its calls the time of several attempts, and a
//! region that the organization denies costs a request for each call. After enough of both the rest
//! is concluded, and its lines in the ledger say so.

mod denied_regions;
mod region_deny_exemptions;
mod unresponsive_endpoints;

pub(super) use denied_regions::Denials;
pub use region_deny_exemptions::EXEMPT;
pub(super) use unresponsive_endpoints::{Endpoints, is_silence};
