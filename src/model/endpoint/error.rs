//! Why no endpoint could be found.

use std::fmt;

/// Why no endpoint could be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// A rule set that this program cannot read.
    MalformedRules(String),
    /// A `partitions.json` that this program cannot read.
    MalformedPartitions(String),
    /// A parameter of the rule set is absent or has the wrong type.
    Parameter {
        /// The parameter's name in the rule set.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The rules themselves say, in AWS's words, that there is no such endpoint.
    Refused(String),
    /// No rule applies.
    NoRule,
    /// A rule used a value in a way that makes no sense.
    Evaluation(String),
    /// The user's endpoint URL is not a URL.
    OverrideUrl {
        /// The service it was configured for.
        service: String,
        /// What was configured.
        url: String,
    },
    /// The rules lead to a host that is neither AWS's nor configured by the user.
    ForeignHost(String),
    /// A request member that is a part of the host name is absent or not usable there.
    HostLabel {
        /// The request member.
        member: String,
        /// Its value, if it has one.
        value: Option<String>,
    },
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedRules(problem) => {
                write!(formatter, "the endpoint rules cannot be read: {problem}")
            }
            Self::MalformedPartitions(problem) => {
                write!(formatter, "the list of partitions cannot be read: {problem}")
            }
            Self::Parameter { name, problem } => write!(formatter, "endpoint parameter `{name}` {problem}"),
            Self::Refused(message) => formatter.write_str(message),
            Self::NoRule => formatter.write_str("no endpoint rule of the service applies to this call"),
            Self::Evaluation(problem) => {
                write!(formatter, "the endpoint rules cannot be followed: {problem}")
            }
            Self::OverrideUrl { service, url } => write!(
                formatter,
                "the endpoint URL `{url}` configured for {service} is not usable: \
                 write it with its scheme and without a query, as in `https://host:port`"
            ),
            Self::ForeignHost(problem) => formatter.write_str(problem),
            Self::HostLabel { member, value: None } => {
                write!(formatter, "parameter `{member}` is part of the host name and must be given")
            }
            Self::HostLabel { member, value: Some(value) } => write!(
                formatter,
                "parameter `{member}` is part of the host name: `{value}` may hold only letters, digits and \
                 hyphens, at most 63 of them"
            ),
        }
    }
}

impl std::error::Error for EndpointError {}
