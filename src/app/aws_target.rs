//! The AWS that a run calls.

use aws_config::SdkConfig;

/// The AWS that a run calls.
pub(crate) enum AwsTarget {
    /// AWS, with the configuration of the environment.
    Real,
    /// AWS, with a configuration of the caller.
    Configured(Box<SdkConfig>),
    /// A simulated organization, which this configuration leads to.
    #[cfg_attr(not(feature = "demo"), expect(dead_code, reason = "only the simulator creates it"))]
    Simulated(Box<SdkConfig>),
}
