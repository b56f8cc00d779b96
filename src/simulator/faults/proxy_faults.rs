//! Faults on the way to a service: connections that never come to be.
//!
//! They cannot be had from a server that is there. The simulator's own HTTP client sends such a
//! request elsewhere instead: to a port where nobody listens, to a host that does not exist, or by
//! TLS to a server that speaks none. What then goes wrong is real.

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
use crate::simulator::exchange::{self, ExchangeState};
use crate::simulator::request::SimulatedRequest;
use crate::simulator::scenario::Fault;

/// A host that cannot exist: RFC 2606 keeps `invalid` free, and RFC 1035 allows labels of 63 letters,
/// so that every resolver knows without asking anybody. What is told of it is told of the name that the request
/// was for.
const NO_NAME: &str = "a-service-that-has-no-name-here-because-it-is-not-offered-in-this-region.invalid";

/// Where requests go that never arrive.
#[derive(Debug)]
pub(in crate::simulator) struct ProxyFaults {
    state: Arc<ExchangeState>,
    simulator: SocketAddr,
    /// A port that belongs to this socket, which does not listen.
    closed: TcpSocket,
}

impl ProxyFaults {
    /// Detours around this simulator.
    pub(in crate::simulator) fn new(
        state: Arc<ExchangeState>,
        simulator: SocketAddr,
    ) -> std::io::Result<Self> {
        let closed = TcpSocket::new_v4()?;
        closed.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { state, simulator, closed })
    }

    /// The address that a request is sent to instead of its own; `None` for most.
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

/// A request of the SDK's as the simulator reads them.
fn taken_apart(request: &HttpRequest) -> Option<SimulatedRequest> {
    let mut parts = http::Request::builder().method(request.method()).uri(request.uri());
    for (name, value) in request.headers() {
        parts = parts.header(name, value);
    }
    let (parts, ()) = parts.body(()).ok()?.into_parts();
    let body = request.body().bytes().map(Bytes::copy_from_slice).unwrap_or_default();
    Some(SimulatedRequest::new(parts, body))
}

/// An HTTP client that sends some requests astray.
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
        // An address that is not one leaves the request on its way.
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

/// The host of an address, without its port.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}
