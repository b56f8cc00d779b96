//! The effects of faults on requests and responses.
//!
//! ```text
//! proxy_faults: before the request arrives ─► refusals: instead of a response ─► delivery: transfer of the response
//! ```

mod clock;
mod delivery;
pub(super) mod denial;
mod faulty_connection;
mod proxy_faults;
mod refusals;
mod throttling;

pub(super) use self::delivery::{Delivered, DeliveredBody, Travel, body, deliver};
pub(super) use self::faulty_connection::{FaultyConnection, Reset};
pub(super) use self::proxy_faults::{DetouringClient, ProxyFaults};
pub(super) use self::refusals::{ErrorContext, refusal};
