//! The faults that a scenario can name.

use serde::Deserialize;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// More requests than a quota allows are refused, with the code that the service uses for that.
    Throttle {
        /// Requests a second that are answered in the long run.
        rate: f64,
        /// Requests that are answered at once after a pause.
        #[serde(default = "one")]
        burst: u32,
        /// What shares a quota, within one account and region.
        #[serde(default)]
        per: QuotaScope,
    },
    /// The service answers with an error.
    Error {
        /// The HTTP status.
        #[serde(default = "internal_server_error")]
        status: u16,
        /// The error's code; without it, what the service says with this status.
        code: Option<String>,
        /// The error's message.
        message: Option<String>,
    },
    /// The answer comes late.
    Delay {
        /// By how much at least, in milliseconds.
        milliseconds: u64,
        /// By how much more at most, in milliseconds; the seed says how much.
        #[serde(default)]
        jitter: u64,
    },
    /// Nobody listens where the service should be.
    RefuseConnection {},
    /// The service's name cannot be resolved.
    DnsFailure {},
    /// Whoever listens there speaks no TLS.
    TlsFailure {},
    /// The connection is reset.
    Reset {
        /// When.
        #[serde(default)]
        at: BreakPoint,
    },
    /// The server closes its side of the connection before the answer is complete.
    HalfClose {
        /// When.
        #[serde(default)]
        at: BreakPoint,
    },
    /// The answer trickles.
    Drip {
        /// How fast.
        bytes_per_second: u32,
    },
    /// The answer is shorter than it was written, with a length that says otherwise: a proxy's doing.
    Truncate {
        /// The bytes that are left; without it, half of them.
        keep: Option<usize>,
    },
    /// The answer is none of the service's.
    Garbage {
        /// What it is instead.
        #[serde(default)]
        body: GarbledBody,
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// Permission is refused, in the words of what refuses it.
    Deny {
        /// What refuses it.
        by: Policy,
        /// Whether it forbids the action, or only fails to allow it. Without this, service control
        /// policies forbid and all others fail to allow.
        explicit: Option<bool>,
    },
    /// The account has not enabled the region.
    RegionDisabled {},
    /// The service does not know the operation: absent from the region, or retired.
    NotAvailable {},
    /// The credentials are past their time.
    ExpiredToken {
        /// Whose.
        of: Signer,
    },
    /// The service's clock is wrong, and so it takes signatures for too old or too new.
    ClockSkew {
        /// How far it is ahead.
        seconds: i64,
    },
    /// A list's page names itself as the next one, for ever.
    RepeatToken {},
    /// A list begins with pages that hold nothing but a token.
    EmptyPages {
        /// How many.
        count: u32,
    },
    /// The account is gone in mid-run: its role cannot be assumed, and no service knows its keys.
    Vanish {
        /// The requests that are answered before.
        #[serde(default)]
        after: u64,
    },
    /// The answer sends the caller elsewhere.
    Redirect {
        /// To another address, as a proxy does that wants a password.
        location: Option<String>,
        /// To another region, as S3 does.
        region: Option<String>,
    },
}

/// What shares a quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// All operations of a service.
    #[default]
    Service,
    /// Each operation has one of its own.
    Operation,
}

/// When a connection breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakPoint {
    /// After the request, before the answer.
    Start,
    /// In the middle of the answer's body.
    #[default]
    Body,
}

/// Answers that are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GarbledBody {
    /// The web page of a proxy.
    #[default]
    Html,
    /// Bytes that mean nothing.
    Binary,
    /// Nothing at all.
    Empty,
}

/// The kinds of policy that refuse a call
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

/// Whose credentials sign a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// A role session's.
    Role,
    /// The caller's own, with which roles are assumed.
    Base,
}

impl Fault {
    /// Whether the request meets it before it reaches any service.
    #[must_use]
    pub fn is_on_the_way(&self) -> bool {
        matches!(self, Self::RefuseConnection {} | Self::DnsFailure {} | Self::TlsFailure {})
    }

    /// What is wrong with its numbers, and which of them it is.
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
