//! Breakers: what is known already is not asked again and again.
//!
//! An endpoint that does not answer costs each of its calls the time of several attempts, and a
//! region that the organization denies costs a request for each call. After enough of both the rest
//! is concluded, and its lines in the ledger say so.

mod denials;
mod endpoints;
mod exempt;

pub(super) use denials::Denials;
pub(super) use endpoints::{Endpoints, is_silence};
pub use exempt::EXEMPT;
