//! The AWS that a run calls.

use aws_config::SdkConfig;

/// The AWS that a run calls.
pub(crate) enum AwsTarget {
    /// AWS, with the configuration of the environment.
    Real,
    /// AWS, with a configuration of the caller.
    Configured(Box<SdkConfig>),
    /// A simulated organization, which this configuration leads to.
    Simulated(Box<SdkConfig>),
}
