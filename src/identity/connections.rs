//! The connection pool, bounded.
//!
//! The SDK's pool bounds connections for each host, and keeps those that are idle for a while. A run
//! talks to a host for each service and region, thousands in all, so that the sum is what counts.
//! The pool cannot be told to let idle connections go; but dropped as a whole it closes them, and
//! finishes what is under way.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aws_smithy_http_client::pool::{Client, ConnectionEvent, ConnectionPool, SharedConnectionEventListener};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;

/// Makes a pool that tells the listener of its connections.
type Build = dyn Fn(SharedConnectionEventListener) -> Result<ConnectionPool, BoxError> + Send + Sync;

/// An HTTP client that begins with a new pool when the old one has too many connections.
pub(super) struct BoundedConnections {
    build: Box<Build>,
    limit: usize,
    current: RwLock<Generation>,
}

/// A pool and its open connections.
#[derive(Clone)]
struct Generation {
    client: Client,
    open: Arc<AtomicUsize>,
}

impl BoundedConnections {
    /// Pools made by `build`, of about `limit` connections.
    pub(super) fn new(
        limit: usize,
        build: impl Fn(SharedConnectionEventListener) -> Result<ConnectionPool, BoxError> + Send + Sync + 'static,
    ) -> Result<Self, BoxError> {
        let current = RwLock::new(Generation::new(&build)?);
        Ok(Self { build: Box::new(build), limit: limit.max(1), current })
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
                    tracing::debug!(limit = self.limit, "too many open connections; the idle ones are closed");
                    *current = next;
                }
                // It was made before from the same settings; if it cannot be made now, the old one serves.
                Err(error) => tracing::warn!(error, "no new connection pool"),
            }
        }
        current.clone()
    }
}

impl Generation {
    fn new(
        build: &(impl Fn(SharedConnectionEventListener) -> Result<ConnectionPool, BoxError> + ?Sized),
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
        let pool = build(SharedConnectionEventListener::new(listener))?;
        Ok(Self { client: Client::new(&pool)?, open })
    }

    fn is_below(&self, limit: usize) -> bool {
        self.open.load(Ordering::Relaxed) < limit
    }
}

impl HttpClient for BoundedConnections {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.current().client.http_connector(settings, components)
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.current().client.validate_base_client_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.current().client.connector_metadata()
    }
}

impl fmt::Debug for BoundedConnections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BoundedConnections").field("limit", &self.limit).finish_non_exhaustive()
    }
}
