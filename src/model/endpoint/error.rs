//! The errors of endpoint resolution.

/// The reason why no endpoint could be resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// A rule set that this program cannot parse.
    #[error("cannot parse the endpoint rules: {0}")]
    MalformedRules(String),
    /// A `partitions.json` that this program cannot parse.
    #[error("cannot parse the list of partitions: {0}")]
    MalformedPartitions(String),
    /// A parameter of the rule set is absent or has the wrong type.
    #[error("endpoint parameter `{name}` {problem}")]
    Parameter {
        /// The parameter's name in the rule set.
        name: String,
        /// The problem, as the end of a sentence.
        problem: &'static str,
    },
    /// An error of the rules themselves, with AWS's message.
    #[error("{0}")]
    Refused(String),
    /// No rule applies.
    #[error("no endpoint rule of the service applies to this call")]
    NoRule,
    /// A rule used a value in an invalid way.
    #[error("cannot evaluate the endpoint rules: {0}")]
    Evaluation(String),
    /// The user's endpoint URL is not a URL.
    #[error(
        "the endpoint URL `{url}` configured for {service} is not usable: write it with its scheme and without a \
         query, as in `https://host:port`"
    )]
    OverrideUrl {
        /// The service that the URL was configured for.
        service: String,
        /// The configured URL.
        url: String,
    },
    /// The rules return a host that neither belongs to AWS nor is configured by the user.
    #[error("{0}")]
    ForeignHost(String),
    /// A request member that is part of the host name is absent or not valid there.
    #[error("parameter `{member}` is part of the host name{}", host_label_rule(.value.as_deref()))]
    HostLabel {
        /// The request member.
        member: String,
        /// The value, if there is one.
        value: Option<String>,
    },
}

/// Returns the rule that a request member in a host name breaks, as the end of a sentence.
fn host_label_rule(value: Option<&str>) -> String {
    match value {
        None => " and is required".to_owned(),
        Some(value) => {
            format!(": `{value}` may hold only letters, digits and hyphens, at most 63 of them")
        }
    }
}
