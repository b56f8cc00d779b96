//! The dynamic client: calls any operation of the catalog and returns its pages in boto3's shape.
//!
//! ```text
//! parameters ─► endpoint rules ─► wire request ─► the SDK's orchestrator ─► wire response ─► pages
//!                                                 (sign, send, retry, correct the clock)
//! ```

mod attempts;
mod aws_client;
mod call_request;
mod content_encoding;
mod discovery;
mod error;
mod handlers;
mod host_guard;
mod host_role;
mod missing_host;
mod page_history;
mod page_size;
mod paginator;
mod request_limiter;
mod response;
mod retry_policy;
mod smithy_plugin;
mod unlimited;
mod unread;

pub use aws_client::{AccountClient, AwsClient};
pub use error::{CallError, CallErrorKind, InferredFrom};
pub use missing_host::{HostOf, MissingHost};
pub use page_history::{MOST_EMPTY_PAGES, MOST_PAGES};
pub use paginator::{Pages, next_tokens};
pub use request_limiter::{
    AcquirePermit, FirstAttemptTimeout, OutgoingCall, Permit, RequestLimiter, RequestSlot,
};
pub use response::ResponsePage;
pub use retry_policy::RetryPolicy;
pub use unread::watched as watched_for_more;
