//! The dynamic client: calls any operation of the catalog and returns its pages in boto3's shape.
//!
//! ```text
//! parameters ─► endpoint rules ─► wire request ─► the SDK's orchestrator ─► wire response ─► pages
//!                                      │          (sign, send, retry, correct the clock)         ▲
//!                                      └─► the direct way, for a first attempt that is answered ─┘
//! ```

mod attempts;
mod aws_client;
mod call_request;
mod client_plugin;
mod content_encoding;
mod direct;
mod discovery;
mod error;
mod handlers;
mod host_guard;
mod host_role;
mod http_request;
mod joined_body;
mod learned_headers;
mod missing_host;
mod page_history;
mod page_size;
mod paginator;
mod replay;
mod request_limiter;
mod response;
mod retry_policy;
mod retry_quota;
mod signature;
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
pub use retry_quota::RetryQuota;
pub use unread::watched as watched_for_more;
