//! The errors of endpoint resolution.

use std::fmt;

/// The reason why no endpoint could be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// A rule set that this program cannot parse.
    MalformedRules(String),
    /// A `partitions.json` that this program cannot parse.
    MalformedPartitions(String),
    /// A parameter of the rule set is absent or has the wrong type.
    Parameter {
        /// The parameter's name in the rule set.
        name: String,
        /// The problem, as the end of a sentence.
        problem: &'static str,
    },
    /// An error of the rules themselves, with AWS's message.
    Refused(String),
    /// No rule applies.
    NoRule,
    /// A rule used a value in an invalid way.
    Evaluation(String),
    /// The user's endpoint URL is not a URL.
    OverrideUrl {
        /// The service that the URL was configured for.
        service: String,
        /// The configured URL.
        url: String,
    },
    /// The rules return a host that neither belongs to AWS nor is configured by the user.
    ForeignHost(String),
    /// A request member that is part of the host name is absent or not valid there.
    HostLabel {
        /// The request member.
        member: String,
        /// The value, if there is one.
        value: Option<String>,
    },
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedRules(problem) => {
                write!(formatter, "cannot parse the endpoint rules: {problem}")
            }
            Self::MalformedPartitions(problem) => {
                write!(formatter, "cannot parse the list of partitions: {problem}")
            }
            Self::Parameter { name, problem } => write!(formatter, "endpoint parameter `{name}` {problem}"),
            Self::Refused(message) => formatter.write_str(message),
            Self::NoRule => formatter.write_str("no endpoint rule of the service applies to this call"),
            Self::Evaluation(problem) => {
                write!(formatter, "cannot evaluate the endpoint rules: {problem}")
            }
            Self::OverrideUrl { service, url } => write!(
                formatter,
                "the endpoint URL `{url}` configured for {service} is not usable: \
                 write it with its scheme and without a query, as in `https://host:port`"
            ),
            Self::ForeignHost(problem) => formatter.write_str(problem),
            Self::HostLabel { member, value: None } => {
                write!(formatter, "parameter `{member}` is part of the host name and is required")
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
