//! The SDK configuration for calling a simulator.

use std::error::Error;
use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_http_client::pool::{Client, ConnectionPool};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;

use super::faults::{DetouringClient, ProxyFaults};
use crate::error::Failure;
use crate::names::Region;

/// Returns a configuration with these credentials and `url` as the only endpoint. With detours, some requests do not
/// reach it.
pub(super) fn sdk_config(
    url: &str,
    credentials: Credentials,
    region: &Region,
    detours: Option<&Arc<ProxyFaults>>,
) -> Result<SdkConfig, Failure> {
    let http_client = match detours {
        Some(detours) => {
            let (inner, detours) = (http_client(true)?, Arc::clone(detours));
            SharedHttpClient::new(DetouringClient { inner, detours })
        }
        None => http_client(false)?,
    };
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(aws_config::Region::new(region.to_string()))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client)
        .retry_config(RetryConfig::standard())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(SystemTimeSource::new()))
        .build())
}

/// Creates the connection pool that real scans use, without a proxy, and without TLS unless a TLS failure is
/// simulated.
fn http_client(with_tls: bool) -> Result<SharedHttpClient, Failure> {
    let unusable = |cause: Box<dyn Error + Send + Sync>| {
        Failure::internal("cannot create the HTTP client for the simulated organization").with_source(cause)
    };
    let pool = ConnectionPool::builder().proxy_config(ProxyConfig::disabled());
    let pool = if with_tls {
        let trust = TlsContext::builder().with_trust_store(TrustStore::empty()).build();
        let trust = trust.map_err(|cause| unusable(cause.into()))?;
        pool.tls_provider(Provider::rustls(CryptoMode::Ring)).tls_context(trust).build_https()
    } else {
        pool.build_http()
    };
    let pool = pool.map_err(|cause| unusable(cause.into()))?;
    Ok(SharedHttpClient::new(Client::new(&pool).map_err(|cause| unusable(cause.into()))?))
}
