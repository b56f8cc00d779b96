//! The shared HTTP client and its limits.

pub(crate) mod address;
pub(crate) mod body_limit;
pub(crate) mod client;
pub(crate) mod connection_pool;
pub(crate) mod dns;
pub(crate) mod download;
pub(crate) mod link_local;
pub(crate) mod open_files;
pub(crate) mod plausible_dates;
pub(crate) mod post;
pub(crate) mod proxies;
pub(crate) mod response_limit;
pub(crate) mod unknown_host;

pub(crate) use client::foreign_http_client;
pub use client::{CONNECT_TIMEOUT, HttpSettings, READ_TIMEOUT, http_client};
pub use open_files::OpenFiles;
pub use proxies::Proxies;
pub use response_limit::{ResponseLimit, TooLarge};
