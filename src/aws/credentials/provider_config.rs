//! The part of the SDK's configuration that its credential providers need.

use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, SdkConfig};

/// Returns the configuration of a credential provider. It reads no profile.
pub(super) fn provider_config(config: &SdkConfig) -> ProviderConfig {
    let mut provider = ProviderConfig::without_region()
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_region(config.region().cloned())
        .with_use_fips(config.use_fips())
        .with_use_dual_stack(config.use_dual_stack());
    if let Some(http_client) = config.http_client() {
        provider = provider.with_http_client(http_client);
    }
    if let Some(retry) = config.retry_config() {
        provider = provider.with_retry_config(retry.clone());
    }
    provider
}
