//! Endpoint resolution: host names, signing regions and headers of requests, from the models' endpoint rules.
//!
//! AWS describes the endpoints of every service as a small program, the endpoint rule set
//! (`endpoint-rule-set-1.json` in botocore's data; the language is part of Smithy's specification,
//! `smithy.rules#endpointRuleSet`). [`RuleSet`] parses and evaluates such programs, [`Partitions`] contains AWS's
//! partitions and regions, and [`EndpointResolver`] supplies the parameters of the rules: the region, the user's
//! settings and the members of the request that determine the host.

mod built_in;
mod document;
mod error;
mod evaluate;
mod foreign_rules;
mod functions;
mod host_prefix;
mod override_url;
mod parameters;
mod parse;
mod partitions;
mod regional_scope;
mod resolved;
mod resolver;
mod rules;
#[cfg(test)]
mod samples;
mod settings;
#[cfg(test)]
mod tests;
mod value;

pub use error::EndpointError;
pub use foreign_rules::{foreign_host, foreign_suffix};
pub use override_url::OverrideUrls;
pub use parameters::Parameters;
pub use partitions::{PartitionData, Partitions, UnknownRegion};
pub use regional_scope::is_global;
pub use resolved::{AuthScheme, ResolvedEndpoint};
pub use resolver::EndpointResolver;
pub use rules::RuleSet;
pub use settings::EndpointSettings;
