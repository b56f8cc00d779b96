//! The shared HTTP client: one connection pool for the typed SDK clients, the credential providers and the
//! catalog-driven client.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_smithy_http_client::pool::ConnectionPool;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::dns::SharedDnsResolver;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::connection_pool::{BoundedConnections, RoutePools, SchemePools};
use super::dns::Resolver;
use super::open_files::OpenFiles;
use super::proxies::{Proxies, ProxyServer};
use super::response_limit::ResponseLimit;
use crate::error::Failure;

/// The connect timeout.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The timeout for the first byte of a response (botocore's default, `botocore/config.py`).
pub const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// The interval of TCP keepalive probes, which detect a peer that disappeared behind a NAT gateway without closing
/// the connection.
const TCP_KEEPALIVE: Duration = Duration::from_mins(1);

/// The idle timeout of connections: shorter than that of AWS's front ends, so that a request is rarely sent on a
/// connection that the other side is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The settings of the HTTP client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpSettings {
    /// A file of PEM certificates that are trusted *instead of* the platform's, like `AWS_CA_BUNDLE` and a
    /// profile's `ca_bundle` in botocore.
    pub ca_bundle: Option<PathBuf>,
    /// Whether names that resolve to link-local addresses, where the metadata services are, are rejected. Required
    /// for untrusted addresses.
    pub refuses_link_local: bool,
    /// The maximum size of response bodies.
    pub response_limit: ResponseLimit,
}

impl HttpSettings {
    /// Reads the settings from environment variables; an empty variable counts as unset.
    #[must_use]
    pub fn from_environment() -> Self {
        let ca_bundle = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty());
        Self { ca_bundle: ca_bundle.map(PathBuf::from), ..Self::default() }
    }

    /// Returns the same settings for untrusted addresses.
    #[must_use]
    pub fn for_foreign_addresses(self) -> Self {
        Self { refuses_link_local: true, ..self }
    }
}

/// Builds the shared HTTP client.
///
/// It uses rustls and ring for TLS, and the [`Proxies`] of the environment. The pool of `aws-smithy-http-client` is used rather than the crate's per-setting connectors: those keep
/// one pool for each pair of timeouts and parse the platform's certificates again for each SDK client, and this
/// one does both only once. The platform's certificates are read with the first `https` connection. Connections and
/// DNS lookups are limited, see [`OpenFiles`].
///
/// # Errors
///
/// A [`FailureKind::Usage`](crate::error::FailureKind) that names the file when the certificate bundle cannot be
/// read or contains no usable certificate, and one that names the variable of a proxy that is no URL.
pub fn http_client(settings: &HttpSettings) -> Result<SharedHttpClient, Failure> {
    let trust_store = match &settings.ca_bundle {
        Some(path) => read_bundle(path)?,
        None => TrustStore::default(),
    };
    let tls = TlsContext::builder().with_trust_store(trust_store).build().map_err(unusable)?;
    let resolver = Resolver::of_the_system();
    let resolver = if settings.refuses_link_local { resolver.refusing_link_local() } else { resolver };
    let resolver = SharedDnsResolver::new(resolver);
    let (limit, response_limit) = (OpenFiles::allowed().connections(), settings.response_limit);
    let proxies = Proxies::read(|name| std::env::var(name).ok())?;
    let (http, https) = (proxies.http.clone(), proxies.https.clone());
    let connections = BoundedConnections::new(limit, response_limit, proxies, move |listener| {
        let builder = |proxy: ProxyConfig| {
            ConnectionPool::builder()
                .proxy_config(proxy)
                .dns_resolver(resolver.clone())
                .event_listener(listener.clone())
                .tcp_keepalive(TCP_KEEPALIVE)
                .idle_timeout(IDLE_TIMEOUT)
        };
        let with_tls = |proxy| {
            let builder = builder(proxy).tls_provider(Provider::rustls(CryptoMode::Ring));
            builder.tls_context(tls.clone()).build_https()
        };
        let through = |proxy: &Option<ProxyServer>, is_encrypted: bool| {
            let pool = proxy.clone().map(|proxy| {
                let needs_tls = is_encrypted || proxy.uses_tls;
                if needs_tls { with_tls(proxy.config) } else { builder(proxy.config).build_http() }
            });
            pool.transpose()
        };
        let direct = ProxyConfig::disabled;
        Ok(SchemePools {
            plain: RoutePools { direct: builder(direct()).build_http()?, proxied: through(&http, false)? },
            tls: RoutePools { direct: with_tls(direct())?, proxied: through(&https, true)? },
        })
    });
    Ok(SharedHttpClient::new(connections.map_err(unusable)?))
}

/// Builds the HTTP client for addresses that are not AWS's, with the settings of the environment.
///
/// # Errors
///
/// As [`http_client`].
pub(crate) fn foreign_http_client() -> Result<SharedHttpClient, Failure> {
    http_client(&HttpSettings::from_environment().for_foreign_addresses())
}

fn unusable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::internal("cannot set up the HTTP client").with_source(error)
}

/// Reads a certificate bundle, and returns the certificates that the TLS library can use.
///
/// The SDK's HTTP client panics on a certificate it cannot parse, and company bundles do contain such
/// certificates, so they are skipped here.
fn read_bundle(path: &Path) -> Result<TrustStore, Failure> {
    let bundle_error = |problem: String| {
        Failure::usage(format!("certificate bundle {}: {problem}", path.display())).hint(
            "set AWS_CA_BUNDLE, or `ca_bundle` in the profile, to a file of PEM certificates, or unset it \
                   to use the system's",
        )
    };
    let text = std::fs::read(path)
        .map_err(|error| bundle_error("cannot read the file".to_owned()).with_source(error))?;
    let mut trust_store = TrustStore::empty();
    let mut usable = 0_usize;
    for (position, certificate) in CertificateDer::pem_slice_iter(&text).enumerate() {
        let certificate = certificate.map_err(|error| {
            bundle_error(format!("certificate {} is not valid PEM: {error}", position + 1))
        })?;
        match RootCertStore::empty().add(certificate.clone()) {
            Ok(()) => {
                usable += 1;
                trust_store.add_pem_certificate(to_pem(&certificate));
            }
            Err(error) => tracing::warn!(
                target: "scan::http", bundle = %path.display(), certificate = position + 1, %error,
                "skipped a certificate that the TLS library cannot use"
            ),
        }
    }
    if usable == 0 {
        return Err(bundle_error("no usable certificate in the file".to_owned()));
    }
    Ok(trust_store)
}

fn to_pem(certificate: &CertificateDer<'_>) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(certificate))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{HttpSettings, http_client};
    use crate::error::FailureKind;

    fn failure_for(bundle: PathBuf) -> crate::error::Failure {
        let settings = HttpSettings { ca_bundle: Some(bundle), ..HttpSettings::default() };
        http_client(&settings).expect_err("the bundle is not usable")
    }

    #[test]
    fn an_absent_certificate_bundle_is_named_in_the_error() {
        let failure = failure_for(PathBuf::from("/nowhere/corporate.pem"));
        assert_eq!(failure.kind(), FailureKind::Usage);
        assert!(failure.to_string().contains("/nowhere/corporate.pem: cannot read the file"), "{failure}");
        assert!(failure.to_string().contains("AWS_CA_BUNDLE"), "{failure}");
    }

    #[test]
    fn a_certificate_bundle_without_certificates_is_an_error() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::io::Write::write_all(&mut file, b"not a certificate").expect("written");
        let failure = failure_for(file.path().to_owned());
        assert!(failure.to_string().contains("no usable certificate"), "{failure}");
    }

    /// A certificate that cannot be parsed is skipped and causes no panic.
    #[test]
    fn ca_bundle_skips_invalid_certificate_without_panic() {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        let text = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::io::Write::write_all(&mut file, text).expect("written");
        let failure = failure_for(file.path().to_owned());
        assert!(failure.to_string().contains("no usable certificate"), "{failure}");
    }
}
