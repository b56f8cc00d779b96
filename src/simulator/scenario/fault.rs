//! The faults of scenarios.

use serde::Deserialize;

/// A fault of a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Requests over a quota are throttled, with the error code of the service.
    Throttle {
        /// The sustained number of requests per second.
        rate: f64,
        /// The burst: requests that are accepted at once after a pause.
        #[serde(default = "one")]
        burst: u32,
        /// The scope of the quota, within one account and region.
        #[serde(default)]
        per: QuotaScope,
    },
    /// The service returns an error.
    Error {
        /// The HTTP status.
        #[serde(default = "internal_server_error")]
        status: u16,
        /// The error code; by default, the usual code of the service for this status.
        code: Option<String>,
        /// The error's message.
        message: Option<String>,
    },
    /// The response is delayed.
    Delay {
        /// The minimum delay in milliseconds.
        milliseconds: u64,
        /// The maximum additional delay in milliseconds, which is drawn with the seed.
        #[serde(default)]
        jitter: u64,
    },
    /// The connection to the service is refused.
    RefuseConnection {},
    /// The service's name cannot be resolved.
    DnsFailure {},
    /// The server does not support TLS.
    TlsFailure {},
    /// The connection is reset.
    Reset {
        /// The point at which the connection ends.
        #[serde(default)]
        at: BreakPoint,
    },
    /// The server closes its side of the connection before the response is complete.
    HalfClose {
        /// The point at which the connection ends.
        #[serde(default)]
        at: BreakPoint,
    },
    /// The response is slow.
    Drip {
        /// The rate.
        bytes_per_second: u32,
    },
    /// The response is shorter than its `Content-Length`, as after a faulty proxy.
    Truncate {
        /// The number of bytes that are kept; by default, half of them.
        keep: Option<usize>,
    },
    /// The response does not come from the service.
    Garbage {
        /// The body.
        #[serde(default)]
        body: GarbledBody,
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// The call is denied, with the wording of the policy that denies it.
    Deny {
        /// The kind of policy that denies it.
        by: Policy,
        /// Whether the denial is explicit, or the policy only fails to allow the action. By default, service
        /// control policies deny explicitly and all others implicitly.
        explicit: Option<bool>,
    },
    /// The account has not enabled the region.
    RegionDisabled {},
    /// The service does not have the operation: it is not offered in the region, or retired.
    NotAvailable {},
    /// The credentials have expired.
    ExpiredToken {
        /// The credentials that have expired.
        of: Signer,
    },
    /// The service's clock is wrong, so signatures are rejected as too old or too new.
    ClockSkew {
        /// The seconds by which the clock is ahead.
        seconds: i64,
    },
    /// Each page of a list returns its own token as the next one, endlessly.
    RepeatToken {},
    /// A list starts with empty pages that have a token.
    EmptyPages {
        /// The number of empty pages.
        count: u32,
    },
    /// The account is closed during the run: its role cannot be assumed, and its keys are unknown to all services.
    Vanish {
        /// The number of requests that succeed before.
        #[serde(default)]
        after: u64,
    },
    /// The response is a redirect.
    Redirect {
        /// The URL of the redirect, as sent by a proxy that requires a sign-in.
        location: Option<String>,
        /// The region of the redirect, as sent by S3.
        region: Option<String>,
    },
}

/// The scope of a quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// All operations of a service share the quota.
    #[default]
    Service,
    /// Each operation has its own quota.
    Operation,
}

/// The point at which a connection breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakPoint {
    /// After the request, before the response.
    Start,
    /// In the middle of the response body.
    #[default]
    Body,
}

/// Bodies of responses that do not come from a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GarbledBody {
    /// The web page of a proxy.
    #[default]
    Html,
    /// Random bytes.
    Binary,
    /// An empty body.
    Empty,
}

/// The kinds of policy that deny a call
/// (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// An identity-based policy.
    Iam,
    /// A service control policy.
    Scp,
    /// The policy of the session.
    SessionPolicy,
    /// A permissions boundary.
    Boundary,
    /// The policy of the resource.
    ResourcePolicy,
}

/// The credentials that sign a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// The credentials of a role session.
    Role,
    /// The caller's base credentials, with which roles are assumed.
    Base,
}

impl Fault {
    /// Returns whether a request meets the fault before it reaches a service.
    #[must_use]
    pub fn is_on_the_way(&self) -> bool {
        matches!(self, Self::RefuseConnection {} | Self::DnsFailure {} | Self::TlsFailure {})
    }

    /// Checks the numbers. Returns the field and the problem as an error.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        match self {
            Self::Throttle { rate, .. } if !(rate.is_finite() && *rate > 0.0) => {
                Err(("throttle.rate", "must be more than 0"))
            }
            Self::Throttle { burst: 0, .. } => Err(("throttle.burst", "must be at least 1")),
            Self::Error { status, .. } if !(400..=599).contains(status) => {
                Err(("error.status", "must be between 400 and 599"))
            }
            Self::Garbage { status, .. } if !(200..=599).contains(status) => {
                Err(("garbage.status", "must be between 200 and 599"))
            }
            Self::Drip { bytes_per_second: 0 } => Err(("drip.bytes_per_second", "must be at least 1")),
            Self::Redirect { location, region } if location.is_some() == region.is_some() => {
                Err(("redirect", "needs either `location` or `region`"))
            }
            _ => Ok(()),
        }
    }
}

fn one() -> u32 {
    1
}

fn ok() -> u16 {
    200
}

fn internal_server_error() -> u16 {
    500
}
