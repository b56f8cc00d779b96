//! The AWS that a run calls.

use aws_config::SdkConfig;

/// The AWS that a run calls.
pub(crate) enum AwsTarget {
    /// Amazon's.
    Real,
    /// Amazon's, by a configuration of the caller's.
    Configured(Box<SdkConfig>),
    /// The simulated organization behind this configuration.
    Simulated(Box<SdkConfig>),
}
