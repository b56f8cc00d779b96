//! The HTTP server in front of the simulated AWS.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_credential_types::{Credentials, Token};
use aws_types::SdkConfig;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::exchange::{self, ASSUME_ROLE, ExchangeState};
use super::request::SimulatedRequest;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::names::{AccountId, Region, ServiceName};
use crate::simulator::configuration;
use crate::simulator::credentials::{ACCESS_KEY, BEARER_TOKEN, SECRET_KEY};
use crate::simulator::fault::Faults;
use crate::simulator::faults::{
    self, Delivered, DeliveredBody, FaultyConnection, ProxyFaults, Reset, Travel,
};
use crate::simulator::models::Models;
use crate::simulator::page_cache::Stamps;
use crate::simulator::request_counters::{RequestCounters, Requested};
use crate::simulator::routes::RouteId;
use crate::simulator::session_policy::{SessionRequest, Sessions};
use crate::simulator::world::World;

/// A simulated AWS on a port of this machine; it stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    state: Arc<ExchangeState>,
    /// The detours of requests that meet a fault before they reach the simulator.
    detours: Option<Arc<ProxyFaults>>,
    task: AbortHandle,
}

/// The settings of a simulated AWS.
#[derive(Debug)]
pub struct Setup {
    world: World,
    catalog: Option<Arc<Catalog>>,
    latency: Duration,
    faults: Option<Box<dyn Faults>>,
}

impl Setup {
    /// Uses the models of this catalog instead of the embedded one.
    #[must_use]
    pub fn catalog(mut self, catalog: Arc<Catalog>) -> Self {
        self.catalog = Some(catalog);
        self
    }

    /// Sets the latency of every response.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Sets the faults.
    #[must_use]
    pub fn faults(mut self, faults: impl Faults) -> Self {
        self.faults = Some(Box::new(faults));
        self
    }

    /// Starts the server on a free port, as a task of the current runtime.
    ///
    /// # Errors
    ///
    /// Fails if there is no free port, or if the catalog is damaged.
    pub async fn start(self) -> Result<Simulator, Failure> {
        let failed = |cause: Box<dyn std::error::Error + Send + Sync>| {
            Failure::internal("cannot start the simulated organization").with_source(cause)
        };
        let models = match self.catalog {
            Some(catalog) => Models::of(catalog).map(Arc::new),
            None => Models::embedded(),
        };
        let state = Arc::new(ExchangeState {
            world: self.world,
            models: models.map_err(|cause| failed(cause.into()))?,
            traffic: RequestCounters::default(),
            stamps: Stamps::default(),
            faults: self.faults,
            latency: self.latency,
            answered: AtomicU64::new(0),
            sessions: Sessions::default(),
        });
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|cause| failed(cause.into()))?;
        let address = listener.local_addr().map_err(|cause| failed(cause.into()))?;
        let has_detours = state.faults.as_ref().is_some_and(|faults| faults.has_detours());
        let detours = has_detours.then(|| ProxyFaults::new(Arc::clone(&state), address));
        let detours = detours.transpose().map_err(|cause| failed(cause.into()))?.map(Arc::new);
        let task = tokio::spawn(listen(listener, Arc::clone(&state))).abort_handle();
        Ok(Simulator { address, state, detours, task })
    }
}

impl Simulator {
    /// Returns the settings of a simulated AWS with this world.
    #[must_use]
    pub fn setup(world: World) -> Setup {
        Setup { world, catalog: None, latency: Duration::ZERO, faults: None }
    }

    /// Starts a simulated AWS for this world, without latency and faults.
    ///
    /// # Errors
    ///
    /// As [`Setup::start`].
    pub async fn start(world: World) -> Result<Self, Failure> {
        Self::setup(world).start().await
    }

    /// Returns the address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the endpoint URL of all services, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the credentials of the administrator in the management account.
    #[must_use]
    pub fn credentials() -> Credentials {
        Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "simulator")
    }

    /// Returns the token of a user who has signed in to IAM Identity Center.
    #[must_use]
    pub fn bearer_token() -> Token {
        Token::new(BEARER_TOKEN, None)
    }

    /// Returns a configuration whose clients call the simulated AWS as its administrator, without a proxy. Only
    /// these clients meet faults before they reach the simulator; other clients get a connection that is reset.
    ///
    /// # Errors
    ///
    /// Fails if the HTTP client cannot be created.
    pub fn sdk_config(&self, region: &Region) -> Result<SdkConfig, Failure> {
        configuration::sdk_config(&self.url(), Self::credentials(), region, self.detours.as_ref())
    }

    /// Returns the simulated world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.state.world
    }

    /// Returns the number of requests, including those that were rejected before they reached a service.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.state.answered.load(Ordering::Relaxed)
    }

    /// Returns the number of requests of each operation in each account and region, sorted. Requests with an
    /// unknown access key belong to no account and are not included.
    #[must_use]
    pub fn requests(&self) -> Vec<Requested> {
        let mut requests: Vec<_> = self
            .state
            .traffic
            .all()
            .into_iter()
            .filter_map(|(key, region, count)| {
                let account = self.state.world.accounts().get(key.account as usize)?.id.clone();
                self.requested(account, region, key.operation, count)
            })
            .collect();
        requests.sort();
        requests
    }

    /// Returns the distinct requests for role sessions.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionRequest> {
        self.state.sessions.requested_action()
    }

    /// Returns the number of requests of an operation in all accounts and regions together.
    #[must_use]
    pub fn count(&self, service: &str, operation: &str) -> u64 {
        let requests = self.requests();
        let matching = requests
            .iter()
            .filter(|requested| requested.service.as_str() == service && requested.operation == operation);
        matching.map(|requested| requested.count).sum()
    }

    fn requested(&self, account: AccountId, region: String, operation: u32, count: u64) -> Option<Requested> {
        let (service, operation) = if operation == ASSUME_ROLE {
            (ServiceName::new("sts"), "AssumeRole".to_owned())
        } else {
            let route = RouteId::from_index(operation);
            let service = self.state.models.service(route).ok()?;
            let function = &self.state.models.routes.route(route).function;
            (ServiceName::new(&service.name), service.operation(function)?.name.to_string())
        };
        Some(Requested { account, region, service, operation, count })
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections until the task is aborted, and then drops all of them.
async fn listen(listener: TcpListener, state: Arc<ExchangeState>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&state)));
                }
                // Too many open files: wait until some are closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<ExchangeState>) {
    // Without this, the kernel delays responses to send them with later ones.
    let _ = stream.set_nodelay(true);
    let reset = Reset::default();
    let line = FaultyConnection::new(stream, reset.clone());
    let service = service_fn(move |request| answer(Arc::clone(&state), reset.clone(), request));
    // A disconnected client and a connection that the simulator breaks are no errors of the simulator.
    let _ = http1::Builder::new().serve_connection(line, service).await;
}

async fn answer(
    state: Arc<ExchangeState>,
    reset: Reset,
    request: http::Request<Incoming>,
) -> io::Result<Response<DeliveredBody>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = SimulatedRequest::new(parts, body);
    let delivered = exchange::answer(&state, &request).await;
    if delivered.travel.ends_in_reset() {
        reset.order();
    }
    response(delivered, request.is_head()).ok_or_else(|| io::Error::other("simulated end of the connection"))
}

/// Returns the HTTP response; `None` if the connection ends without one.
fn response(delivered: Delivered, without_body: bool) -> Option<Response<DeliveredBody>> {
    let Delivered { message, travel } = delivered;
    let bytes = if without_body { Bytes::new() } else { Bytes::from(message.body) };
    let length = bytes.len();
    let mut response = Response::new(faults::body(bytes, travel)?);
    *response.status_mut() =
        StatusCode::from_u16(message.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in message.headers {
        // An invalid header is dropped, as AWS's front ends would do.
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            response.headers_mut().append(name, value);
        }
    }
    if travel != Travel::Whole {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Some(response)
}
