//! The dynamic client: a catalogued operation, its parameters, a region and credentials in; pages
//! in boto3's shape out.
//!
//! ```text
//! parameters ─► endpoint rules ─► wire request ─► the SDK's orchestrator ─► wire answer ─► pages
//!                                                 (sign, send, retry, correct the clock)
//! ```

mod admission;
mod answer;
mod aws_client;
mod content_encoding;
mod discovery;
pub mod endpoint;
mod error;
mod exchange;
mod host_guard;
mod journey;
mod open_way;
mod pages;
mod quirks;
mod retry_policy;
pub mod wire;

pub use admission::{Admission, Departure, Lane, Patience, Permit, Turn};
pub use answer::Answer;
pub use aws_client::{AccountClient, AwsClient};
pub use error::{CallError, CallErrorKind};
pub use pages::{Pages, next_tokens};
pub use retry_policy::RetryPolicy;
