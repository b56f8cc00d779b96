//! Mishaps: what a fault does to a request and to its answer.
//!
//! ```text
//! detour: on the way there ─► refusals: in place of an answer ─► delivery: to the answer, on the wire
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
