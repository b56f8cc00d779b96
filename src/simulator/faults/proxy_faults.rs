//! Faults before a request reaches a service: failed connections.
//!
//! A running server cannot cause them. The simulator's own HTTP client redirects such a request: to a closed port,
//! to a host that does not exist, or with TLS to a server without TLS. The resulting errors are real.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use bytes::Bytes;
use tokio::net::TcpSocket;

use crate::aws::http::unknown_host::UnknownHost;
use crate::error::innermost;
use crate::simulator::http::exchange::{self, ExchangeState};
use crate::simulator::http::request::SimulatedRequest;
use crate::simulator::scenario::Fault;

/// A host that cannot exist: RFC 2606 reserves `invalid`, and RFC 1035 limits labels to 63 letters, so that every
/// resolver fails without a query. Errors about this host are reported for the host of the request.
const NO_NAME: &str = "a-service-that-has-no-name-here-because-it-is-not-offered-in-this-region.invalid";

/// The targets of redirected requests.
#[derive(Debug)]
pub(in crate::simulator) struct ProxyFaults {
    state: Arc<ExchangeState>,
    simulator: SocketAddr,
    /// A socket that reserves a port but does not listen.
    closed: TcpSocket,
}

impl ProxyFaults {
    /// Creates the detours of a simulator.
    pub(in crate::simulator) fn new(
        state: Arc<ExchangeState>,
        simulator: SocketAddr,
    ) -> std::io::Result<Self> {
        let closed = TcpSocket::new_v4()?;
        closed.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { state, simulator, closed })
    }

    /// Returns the URL that a request is redirected to; `None` for a request without a fault.
    fn of(&self, request: &HttpRequest) -> Option<String> {
        let fault = exchange::detour(&self.state, &taken_apart(request)?)?;
        match fault {
            Fault::RefuseConnection {} => Some(format!("http://{}/", self.closed.local_addr().ok()?)),
            Fault::TlsFailure {} => Some(format!("https://{}/", self.simulator)),
            Fault::DnsFailure {} => Some(format!("http://{NO_NAME}/")),
            _ => None,
        }
    }
}

/// Converts a request of the SDK to a request of the simulator.
fn taken_apart(request: &HttpRequest) -> Option<SimulatedRequest> {
    let mut parts = http::Request::builder().method(request.method()).uri(request.uri());
    for (name, value) in request.headers() {
        parts = parts.header(name, value);
    }
    let (parts, ()) = parts.body(()).ok()?.into_parts();
    let body = request.body().bytes().map(Bytes::copy_from_slice).unwrap_or_default();
    Some(SimulatedRequest::new(parts, body))
}

/// An HTTP client that redirects requests that meet a fault.
#[derive(Debug)]
pub(in crate::simulator) struct DetouringClient {
    pub(in crate::simulator) inner: SharedHttpClient,
    pub(in crate::simulator) detours: Arc<ProxyFaults>,
}

impl HttpClient for DetouringClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(DetouringConnector { inner, detours: Arc::clone(&self.detours) })
    }
}

#[derive(Debug)]
struct DetouringConnector {
    inner: SharedHttpConnector,
    detours: Arc<ProxyFaults>,
}

impl HttpConnector for DetouringConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let Some(address) = self.detours.of(&request) else { return self.inner.call(request) };
        let host = host_of(request.uri()).to_owned();
        let has_no_name = host_of(&address) == NO_NAME;
        // An invalid URL leaves the request unchanged.
        let _ = request.set_uri(address);
        let outcome = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            outcome.await.map_err(|error| {
                if has_no_name {
                    ConnectorError::io(Box::new(UnknownHost::new(&host, innermost(&error).to_string())))
                } else {
                    error
                }
            })
        })
    }
}

/// Returns the host of a URL, without its port.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}
