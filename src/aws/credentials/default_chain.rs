//! The SDK's sources of credentials and of the region: the environment, profiles, containers and instances.

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::ProvideRegion as _;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::SharedCredentialsProvider;

use crate::error::Failure;
use crate::names::{InvalidRegion, Region};

/// Returns the region of the environment or the profile. Unlike in the SDK's region chain, the instance metadata
/// service is queried later, and only for credentials of an instance: it would delay every other run without a
/// configured region by one second.
pub(super) async fn configured_region(profile: Option<&str>) -> Result<Option<Region>, Failure> {
    let mut region = EnvironmentVariableRegionProvider::new().region().await;
    if region.as_ref().is_none_or(|region| region.as_ref().is_empty()) {
        let mut builder = ProfileFileRegionProvider::builder();
        if let Some(profile) = profile {
            builder = builder.profile_name(profile);
        }
        region = builder.build().region().await;
    }
    let name = region.as_ref().map(AsRef::as_ref);
    check_region(name, "check AWS_REGION, AWS_DEFAULT_REGION and `region` in the profile")
}

/// Validates a configured region: it becomes part of host names.
pub(super) fn check_region(name: Option<&str>, hint: &'static str) -> Result<Option<Region>, Failure> {
    let invalid = |error: InvalidRegion| {
        Failure::usage(format!("the configured region is not usable: {error}")).hint(hint)
    };
    name.map(|name| Region::parse(name).map_err(invalid)).transpose()
}

pub(super) async fn credentials_provider(
    config: &SdkConfig,
    profile: Option<&str>,
) -> SharedCredentialsProvider {
    let provider_config = provider_config(config);
    if let Some(profile) = profile {
        let provider = ProfileFileCredentialsProvider::builder().configure(&provider_config);
        return SharedCredentialsProvider::new(provider.profile_name(profile).build());
    }
    let mut chain = DefaultCredentialsChain::builder().configure(provider_config);
    if let Some(region) = config.region() {
        chain = chain.region(region.clone());
    }
    SharedCredentialsProvider::new(chain.build().await)
}

/// Returns the part of the configuration that credential providers need.
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

pub(super) fn is_from_instance(credentials: &Credentials) -> bool {
    credentials
        .get_property::<Vec<AwsCredentialFeature>>()
        .is_some_and(|features| features.contains(&AwsCredentialFeature::CredentialsImds))
}
