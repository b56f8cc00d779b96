//! Mishaps: what a fault does to a request and to its answer.
//!
//! ```text
//! detour: on the way there ─► refusals: in place of an answer ─► delivery: to the answer, on the wire
//! ```

mod clock;
mod delivery;
pub(super) mod denial;
mod detour;
mod line;
mod refusals;
mod throttling;

pub(super) use self::delivery::{Delivered, DeliveredBody, Travel, body, deliver};
pub(super) use self::detour::{DetouringClient, ProxyFaults};
pub(super) use self::line::{FaultyConnection, Reset};
pub(super) use self::refusals::{ErrorContext, refusal};
