//! A connection pool with a limit for the number of connections.
//!
//! The SDK's pool limits connections per host, and keeps idle ones for a while. A run connects to a host for each
//! service and region, thousands in all, so that the total has to be limited. The pool has no method to close idle
//! connections; but when the whole pool is dropped, it closes them, and requests in progress are finished.
//!
//! A pool with TLS reads the certificates with its first connection, even if that one is not encrypted. So requests
//! without TLS have a separate pool, which needs no certificates.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aws_smithy_http_client::pool::{Client, ConnectionEvent, ConnectionPool, SharedConnectionEventListener};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::body_limit::LimitedResponses;
use super::plausible_dates::PlausibleDates;
use super::proxies::Proxies;
use super::response_limit::ResponseLimit;

/// A function that creates the pools and registers the listener for their connections.
type Build = dyn Fn(SharedConnectionEventListener) -> Result<SchemePools, BoxError> + Send + Sync;

/// The pools of connections by the scheme of requests.
pub(crate) struct SchemePools {
    /// The pools for `http`.
    pub(crate) plain: RoutePools,
    /// The pools for `https`.
    pub(crate) tls: RoutePools,
}

/// The pools of one scheme.
pub(crate) struct RoutePools {
    /// The pool for hosts that are called without a proxy.
    pub(crate) direct: ConnectionPool,
    /// The pool for all other hosts, if there is a proxy.
    pub(crate) proxied: Option<ConnectionPool>,
}

/// An HTTP client that replaces its pools when they have too many connections.
pub(crate) struct BoundedConnections {
    build: Box<Build>,
    limit: usize,
    response_limit: ResponseLimit,
    proxies: Arc<Proxies>,
    current: RwLock<Generation>,
}

/// The clients of two pools, and the open connections of both.
#[derive(Clone)]
struct Generation {
    plain: RouteClients,
    tls: RouteClients,
    open: Arc<AtomicUsize>,
}

/// The clients of the pools of one scheme.
#[derive(Clone)]
struct RouteClients {
    direct: Client,
    proxied: Option<Client>,
}

impl RouteClients {
    fn new(pools: &RoutePools) -> Result<Self, BoxError> {
        let proxied = pools.proxied.as_ref().map(Client::new).transpose()?;
        Ok(Self { direct: Client::new(&pools.direct)?, proxied })
    }

    fn connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> RouteConnector {
        let connector = |client: &Client| client.http_connector(settings, components);
        RouteConnector { direct: connector(&self.direct), proxied: self.proxied.as_ref().map(connector) }
    }
}

/// Sends each request through the pool of its scheme and route.
#[derive(Debug)]
struct SchemeConnector {
    plain: RouteConnector,
    tls: RouteConnector,
    proxies: Arc<Proxies>,
}

#[derive(Debug)]
struct RouteConnector {
    direct: SharedHttpConnector,
    proxied: Option<SharedHttpConnector>,
}

impl HttpConnector for SchemeConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_plain = request.uri().starts_with("http://");
        let route = if is_plain { &self.plain } else { &self.tls };
        match &route.proxied {
            Some(proxied) if !self.proxies.bypasses(request.uri()) => proxied.call(request),
            _ => route.direct.call(request),
        }
    }
}

impl BoundedConnections {
    /// Creates a client with pools made by `build`, of about `limit` connections, with a limited size of
    /// responses.
    pub(crate) fn new(
        limit: usize,
        response_limit: ResponseLimit,
        proxies: Proxies,
        build: impl Fn(SharedConnectionEventListener) -> Result<SchemePools, BoxError> + Send + Sync + 'static,
    ) -> Result<Self, BoxError> {
        let current = RwLock::new(Generation::new(&build)?);
        let (limit, proxies) = (limit.max(1), Arc::new(proxies));
        Ok(Self { build: Box::new(build), limit, response_limit, proxies, current })
    }

    fn current(&self) -> Generation {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        if current.is_below(self.limit) {
            return current;
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if !current.is_below(self.limit) {
            match Generation::new(&self.build) {
                Ok(next) => {
                    tracing::debug!(
                        target: "scan::http", limit = self.limit,
                        "too many open connections; closing the idle ones"
                    );
                    *current = next;
                }
                // The same settings worked before; if no pool can be created now, the old one remains in use.
                Err(error) => {
                    tracing::warn!(target: "scan::http", error, "cannot create a new connection pool");
                }
            }
        }
        current.clone()
    }
}

impl Generation {
    fn new(
        build: &(impl Fn(SharedConnectionEventListener) -> Result<SchemePools, BoxError> + ?Sized),
    ) -> Result<Self, BoxError> {
        let open = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&open);
        let listener = move |event: &ConnectionEvent<'_>| match event {
            ConnectionEvent::Opened(_) => {
                count.fetch_add(1, Ordering::Relaxed);
            }
            ConnectionEvent::PhysicalClose(_) => {
                count.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        };
        let SchemePools { plain, tls } = build(SharedConnectionEventListener::new(listener))?;
        Ok(Self { plain: RouteClients::new(&plain)?, tls: RouteClients::new(&tls)?, open })
    }

    fn is_below(&self, limit: usize) -> bool {
        self.open.load(Ordering::Relaxed) < limit
    }
}

/// There is no validation before the first request: the SDK's pool would read the certificates for that.
impl HttpClient for BoundedConnections {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let Generation { plain, tls, .. } = self.current();
        let inner = SharedHttpConnector::new(SchemeConnector {
            plain: plain.connector(settings, components),
            tls: tls.connector(settings, components),
            proxies: Arc::clone(&self.proxies),
        });
        let limited = LimitedResponses { inner, limit: self.response_limit };
        SharedHttpConnector::new(PlausibleDates(SharedHttpConnector::new(limited)))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.current().tls.direct.connector_metadata()
    }
}

impl fmt::Debug for BoundedConnections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BoundedConnections").field("limit", &self.limit).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::net::SocketAddr;

    use aws_smithy_http_client::pool::ConnectionEventListener as _;
    use aws_smithy_http_client::pool::{ConnectionEvent, ConnectionPool, SharedConnectionEventListener};
    use aws_smithy_runtime_api::client::http::{HttpClient as _, HttpConnector as _, HttpConnectorSettings};
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::sync::watch;

    use super::{BoundedConnections, RoutePools, SchemePools};
    use crate::aws::http::ResponseLimit;
    use crate::aws::http::proxies::Proxies;

    /// Starts a server that responds to every request and keeps its connections open.
    async fn server() -> Result<SocketAddr, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut request = [0; 1024];
                    while stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                    }
                });
            }
        });
        Ok(address)
    }

    #[tokio::test]
    async fn idle_connections_are_closed_when_there_are_too_many() {
        const LIMIT: usize = 4;
        let (open, mut opened) = watch::channel((0_usize, 0_usize));
        let connections = BoundedConnections::new(
            LIMIT,
            ResponseLimit::default(),
            Proxies::default(),
            move |listener: SharedConnectionEventListener| {
                let open = open.clone();
                let observe = move |event: &ConnectionEvent<'_>| {
                    listener.on_event(event);
                    open.send_modify(|(now, ever)| match event {
                        ConnectionEvent::Opened(_) => (*now, *ever) = (*now + 1, *ever + 1),
                        ConnectionEvent::PhysicalClose(_) => *now -= 1,
                        _ => {}
                    });
                };
                let direct = ConnectionPool::builder().event_listener(observe).build_http()?;
                let plain = RoutePools { direct: direct.clone(), proxied: None };
                Ok(SchemePools { tls: RoutePools { direct, proxied: None }, plain })
            },
        );
        let connections = connections.expect("a pool");
        let components = RuntimeComponentsBuilder::for_tests().build().expect("components");
        for _ in 0..20 {
            let address = server().await.expect("a server");
            let request = http::Request::get(format!("http://{address}/")).body("".into());
            let request = HttpRequest::try_from(request.expect("a request")).expect("a request");
            let connector = connections.http_connector(&HttpConnectorSettings::default(), &components);
            let response = connector.call(request).await.expect("a response");
            assert!(response.status().is_success());
        }
        // The last generation may be full; all earlier ones are closed.
        let last = opened.wait_for(|(now, _)| *now <= LIMIT).await.expect("the listener lives");
        assert_eq!(last.1, 20, "each server has had its connection");
    }
}
