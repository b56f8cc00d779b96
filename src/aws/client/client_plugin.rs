//! The SDK's configuration for all requests of one account.

use aws_credential_types::provider::error::TokenError;
use aws_credential_types::provider::future::ProvideToken as TokenFuture;
use aws_credential_types::provider::token::{ProvideToken, SharedTokenProvider};
use aws_smithy_runtime::client::auth::http::BearerAuthScheme;
use aws_smithy_runtime::client::auth::no_auth::NoAuthRuntimePluginV2;
use aws_smithy_runtime::client::defaults::{DefaultPluginParams, default_plugins};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::AuthSchemeAndEndpointOrchestrationV2;
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::client::auth::SharedAuthScheme;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{RuntimePlugins, StaticRuntimePlugin};
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use super::attempts::ATTEMPT_TIMEOUT;

/// Returns the plugins of all requests that are signed with the credentials of `identities`.
pub(super) fn client_plugins(config: &SdkConfig, identities: SharedIdentityResolver) -> RuntimePlugins {
    let defaults = DefaultPluginParams::new()
        .with_retry_partition_name("aws-auto-inventory")
        .with_behavior_version(BehaviorVersion::latest())
        .with_is_aws_sdk(true);
    RuntimePlugins::new()
        .with_client_plugins(default_plugins(defaults))
        .with_client_plugin(plugin(config, identities))
        .with_client_plugin(NoAuthRuntimePluginV2::new())
}

fn plugin(config: &SdkConfig, identities: SharedIdentityResolver) -> StaticRuntimePlugin {
    let mut layer = Layer::new("AwsClient");
    layer.store_put(AuthSchemeAndEndpointOrchestrationV2);
    layer.store_put(aws_runtime::user_agent::ApiMetadata::new("catalog", env!("CARGO_PKG_VERSION")));
    layer.store_put(config.retry_config().cloned().unwrap_or_else(RetryConfig::standard));
    let timeouts = config.timeout_config().cloned().unwrap_or_else(|| TimeoutConfig::builder().build());
    let mut timeouts = timeouts.to_builder();
    timeouts.set_operation_attempt_timeout(Some(ATTEMPT_TIMEOUT));
    layer.store_put(timeouts.build());
    layer.store_or_unset(config.app_name().cloned());
    layer.store_or_unset(config.stalled_stream_protection());

    let mut components = RuntimeComponentsBuilder::new("AwsClient")
        .with_http_client(config.http_client())
        // The providers of role sessions and of the base identity are caches themselves.
        .with_identity_cache(Some(IdentityCache::no_cache()))
        .with_time_source(config.time_source())
        .with_identity_resolver(aws_runtime::auth::sigv4::SCHEME_ID, identities)
        .with_auth_scheme(SharedAuthScheme::new(aws_runtime::auth::sigv4::SigV4AuthScheme::new()))
        .with_auth_scheme(SharedAuthScheme::new(BearerAuthScheme::new()));
    let tokens = config.token_provider().unwrap_or_else(|| SharedTokenProvider::new(NoToken));
    components.set_identity_resolver(HTTP_BEARER_AUTH_SCHEME_ID, SharedIdentityResolver::new(tokens));
    for interceptor in [
        SharedInterceptor::permanent(ConnectionPoisoningInterceptor::new()),
        SharedInterceptor::permanent(StalledStreamProtectionInterceptor::default()),
        SharedInterceptor::permanent(aws_runtime::service_clock_skew::ServiceClockSkewInterceptor::new()),
        SharedInterceptor::permanent(aws_runtime::request_info::RequestInfoInterceptor::new()),
        SharedInterceptor::permanent(aws_runtime::user_agent::UserAgentInterceptor::new()),
        SharedInterceptor::permanent(aws_runtime::invocation_id::InvocationIdInterceptor::new()),
    ] {
        components.push_interceptor(interceptor);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

/// A token provider that always fails, for a configuration without a token provider.
#[derive(Debug)]
struct NoToken;

impl ProvideToken for NoToken {
    fn provide_token<'a>(&'a self) -> TokenFuture<'a>
    where
        Self: 'a,
    {
        TokenFuture::ready(Err(TokenError::not_loaded("no token provider is configured")))
    }
}
