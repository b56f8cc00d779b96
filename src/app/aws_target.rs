//! The AWS that a run calls.

use aws_config::SdkConfig;

/// The AWS that a run calls.
pub(crate) enum AwsTarget {
    /// Amazon's.
    Real,
    /// Amazon's, by a configuration of the caller's.
    Configured(Box<SdkConfig>),
    /// The simulated organization behind this configuration.
    #[cfg_attr(not(feature = "demo"), expect(dead_code, reason = "only the simulator creates it"))]
    Simulated(Box<SdkConfig>),
}
