//! The models of services, loaded at the first call.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::error_response::SimulatedError;
use super::routes::{RouteId, Routes};
use crate::model::catalog::{Catalog, CatalogError, Service};

/// A catalog and the routes from requests to its operations.
#[derive(Debug)]
pub(super) struct Models {
    catalog: Arc<Catalog>,
    pub(super) routes: Routes,
    /// The services, by the service index of a route.
    services: Vec<OnceLock<Arc<Service>>>,
    sts: OnceLock<Arc<Service>>,
}

impl Models {
    /// Returns the models of a catalog.
    pub(super) fn of(catalog: Arc<Catalog>) -> Result<Self, CatalogError> {
        let routes = Routes::build(&catalog)?;
        let services = std::iter::repeat_with(OnceLock::new).take(routes.service_count()).collect();
        Ok(Self { catalog, routes, services, sts: OnceLock::new() })
    }

    /// Returns the models of the embedded catalog, which all simulators of a process share.
    pub(super) fn embedded() -> Result<Arc<Self>, CatalogError> {
        static EMBEDDED: Mutex<Option<Arc<Models>>> = Mutex::new(None);
        // Other threads wait while the models are read, so that they are read only once.
        let mut embedded = EMBEDDED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(models) = &*embedded {
            return Ok(Arc::clone(models));
        }
        let models = Arc::new(Self::of(Arc::new(Catalog::embedded()?))?);
        *embedded = Some(Arc::clone(&models));
        Ok(models)
    }

    /// Returns the service of a route.
    pub(super) fn service(&self, route: RouteId) -> Result<&Arc<Service>, SimulatedError> {
        self.load(&self.services[self.routes.service_index(route)], self.routes.service_name(route))
    }

    /// Returns STS, whose `AssumeRole` is not in a catalog of read operations.
    pub(super) fn sts(&self) -> Result<&Arc<Service>, SimulatedError> {
        self.load(&self.sts, "sts")
    }

    fn load<'slot>(
        &self,
        slot: &'slot OnceLock<Arc<Service>>,
        name: &str,
    ) -> Result<&'slot Arc<Service>, SimulatedError> {
        if let Some(service) = slot.get() {
            return Ok(service);
        }
        let loaded =
            self.catalog.service(name).map_err(|error| SimulatedError::internal(error.to_string()))?;
        let service =
            loaded.ok_or_else(|| SimulatedError::internal(format!("the catalog has no service {name}")))?;
        Ok(slot.get_or_init(|| service))
    }
}
