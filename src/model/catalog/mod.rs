//! The catalog: models of all read operations of all AWS services, loaded on demand.
//!
//! It is built from botocore's data ([`build`]), embedded into the program and replaceable at run time, so that a
//! newly launched AWS service requires no new version of the program.

mod account_wide;
mod alias;
mod availability;
pub mod build;
mod class;
mod container;
mod function;
mod function_name;
mod newcomer;
mod operation;
mod organization;
mod pagination;
mod path;
mod preload;
mod prepared;
pub mod read_only;
mod requests;
mod scope;
mod service;
mod shape;
mod shapes;
mod sources;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

pub use account_wide::{ACCOUNT_WIDE, AccountWide};
pub use alias::parameter_for_alias;
pub use availability::{Availability, availability, availability_in_partition};
pub use class::{ClassReason, ClassifiedOperation, OperationClass, classify};
pub use container::{CatalogError, ServiceEntry};
pub use function::Function;
pub use function_name::function_name;
pub use operation::{ContextValue, EndpointDiscovery, Input, Operation, Output, Signing, WITH_OLD_SIGNATURE};
pub use organization::{
    Delegated, OrganizationScope, known_principals, may_be_refused_to_members, organization_scope,
};
pub use pagination::{NextPage, Origin, Pagination};
pub use path::{MemberPath, UnsupportedPath};
pub(crate) use prepared::Prepared;
pub use scope::{CallScope, home, reach};
pub use service::{Protocol, Service};
pub use shape::{
    ListShape, Location, Map, Member, Shape, ShapeId, ShapeKind, ShapeReference, Structure, TimestampFormat,
    XmlNamespace,
};
pub use shapes::Shapes;
pub use sources::{
    CallSource, ItemsPath, ItemsStep, MissingSource, OperationSources, ParameterOrigin, ServiceSources,
    SourceParent, SourcedParameter,
};

/// The file of the embedded catalog.
static EMBEDDED: &[u8] = include_bytes!("botocore.catalog");

#[cfg(test)]
pub(crate) mod example;
#[cfg(test)]
mod tests;

/// The services of a catalog, each loaded at its first use.
pub struct Catalog {
    container: container::Container,
    /// The embedded catalog, which has been reviewed, if this one is another.
    reviewed: Option<Box<Catalog>>,
    /// The operations that may be called although they are on the deny list: service and operation.
    allowed: BTreeSet<(String, String)>,
    loaded: Mutex<HashMap<String, Arc<Service>>>,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Catalog")
            .field("botocore_version", &self.botocore_version())
            .finish_non_exhaustive()
    }
}

impl Catalog {
    /// Opens the embedded catalog.
    pub fn embedded() -> Result<Self, CatalogError> {
        Self::open(Cow::Borrowed(EMBEDDED))
    }

    /// Opens a catalog file, as written by `scan catalog build`.
    pub fn from_file(path: &std::path::Path) -> Result<Self, CatalogError> {
        let in_file = |cause: &dyn std::fmt::Display| CatalogError(format!("{}: {cause}", path.display()));
        let bytes = fs::read(path).map_err(|cause| in_file(&cause))?;
        let catalog = Self::open(Cow::Owned(bytes)).map_err(|cause| in_file(&cause))?;
        Ok(Self { reviewed: Some(Box::new(Self::embedded()?)), ..catalog })
    }

    fn open(bytes: Cow<'static, [u8]>) -> Result<Self, CatalogError> {
        Ok(Self {
            container: container::Container::open(bytes)?,
            reviewed: None,
            allowed: BTreeSet::new(),
            loaded: Mutex::default(),
        })
    }

    /// Allows a function that is on the deny list, or that has not been reviewed.
    pub fn allow(&mut self, function: &Function) {
        self.allowed.insert((function.service().name.to_string(), function.operation().name.to_string()));
    }

    /// Returns the reason why a function must not be called; `None` when it may be.
    #[must_use]
    pub fn denial(&self, function: &Function) -> Option<read_only::ReadRefusal> {
        let (service, operation) = (&function.service().name, &function.operation().name);
        read_only::denial(service, operation)
            .or_else(|| self.denial_of_newcomer(function))
            .filter(|_| !self.is_allowed(function))
    }

    /// Returns whether the response of a function has been reviewed: by this program, whose embedded catalog has the
    /// function, or by the user, who has allowed it.
    #[must_use]
    pub fn is_reviewed(&self, function: &Function) -> bool {
        self.is_known(function) || self.is_allowed(function)
    }

    /// Returns the number of functions that have not been reviewed. In the embedded catalog, there are none.
    ///
    /// # Errors
    ///
    /// An error if the catalog is damaged.
    pub fn unreviewed(&self) -> Result<usize, CatalogError> {
        let mut count = 0;
        for entry in self.entries().iter().filter(|_| self.reviewed.is_some()) {
            if let Some(service) = self.service(&entry.name)? {
                count += Function::all(&service).filter(|function| !self.is_reviewed(function)).count();
            }
        }
        Ok(count)
    }

    fn is_known(&self, function: &Function) -> bool {
        let Some(reviewed) = &self.reviewed else { return true };
        let known = reviewed.service(&function.service().name).ok().flatten();
        known.is_some_and(|known| Function::find(&known, function.name()).is_some())
    }

    fn is_allowed(&self, function: &Function) -> bool {
        self.allowed.contains(&(function.service().name.to_string(), function.operation().name.to_string()))
    }

    /// Returns the reason why a function that has not been reviewed must not be called.
    fn denial_of_newcomer(&self, function: &Function) -> Option<read_only::ReadRefusal> {
        if self.is_known(function) {
            return None;
        }
        let (service, operation) = (function.service(), function.operation());
        read_only::denial_by_signature(&service.signing_name, &operation.name)
            .or_else(|| newcomer::denial(service, operation))
    }

    /// Returns the version of botocore that the models come from.
    #[must_use]
    pub fn botocore_version(&self) -> &str {
        &self.container.header.botocore_version
    }

    /// Returns botocore's `partitions.json`.
    #[must_use]
    pub fn partitions(&self) -> &str {
        &self.container.header.partitions
    }

    /// Returns the entries of all services, sorted by name, without loading them.
    #[must_use]
    pub fn entries(&self) -> &[ServiceEntry] {
        &self.container.header.services
    }

    /// Returns the entry of the service with boto3's name `name`; `None` when there is none.
    fn entry(&self, name: &str) -> Option<&ServiceEntry> {
        let index = self.entries().binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        Some(&self.entries()[index])
    }

    /// Loads a service without caching it, for callers that need every service once.
    pub fn read(&self, entry: &ServiceEntry) -> Result<Service, CatalogError> {
        let service = self.container.service(entry)?;
        if let Some(reviewed) = &self.reviewed {
            let known = reviewed.service(&entry.name)?;
            service
                .check_against(known.as_deref())
                .map_err(|problem| container::unsafe_request(&service.name, &problem))?;
        }
        Ok(service)
    }

    /// Returns the service with boto3's name `name`; `None` when there is none.
    pub fn service(&self, name: &str) -> Result<Option<Arc<Service>>, CatalogError> {
        // Loading under the lock costs a few milliseconds once; loading twice would cost memory.
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(service) = loaded.get(name) {
            return Ok(Some(Arc::clone(service)));
        }
        let Some(entry) = self.entry(name) else { return Ok(None) };
        let service = Arc::new(self.read(entry)?);
        loaded.insert(name.to_owned(), Arc::clone(&service));
        Ok(Some(service))
    }

    /// Returns the sources of the parameters of a service's operations. They are read at every call.
    pub fn sources(&self, service: &Service) -> Result<ServiceSources, CatalogError> {
        match self.entry(&service.name) {
            Some(entry) => self.container.sources(entry, service),
            None => Ok(ServiceSources::default()),
        }
    }

    /// Returns the other services whose responses contain identifiers that operations of a service need, without
    /// loading the service.
    ///
    /// # Errors
    ///
    /// An error if the catalog is damaged.
    pub(crate) fn parent_services(&self, entry: &ServiceEntry) -> Result<BTreeSet<Box<str>>, CatalogError> {
        self.container.parent_services(entry)
    }

    /// Returns the names of the loaded services, sorted.
    #[cfg(test)]
    pub(crate) fn loaded(&self) -> BTreeSet<String> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}
