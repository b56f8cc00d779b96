//! Routing: from what stands on the wire to the operation that was called.
//!
//! The table holds every operation of the catalog and is built once; the models themselves are
//! loaded only when somebody calls them. Where several services answer to one signing name
//! (`elasticloadbalancing`, `rds`, `es`), the target, the API version or the path decides, as it
//! does at AWS's own front doors.

pub(super) mod template;

use std::cmp::Ordering;
use std::collections::HashMap;

use self::template::{UriTemplate, segments};
use crate::model::catalog::{Catalog, CatalogError, Location, Operation, Protocol, Service, Signing};

/// All operations of a catalog, and the ways to find them.
#[derive(Debug)]
pub(super) struct Routes {
    services: Vec<ServiceRoute>,
    operations: Vec<Route>,
    /// By the whole `X-Amz-Target` header.
    by_target: HashMap<Box<str>, Vec<RouteId>>,
    /// By API version, then by action.
    by_action: HashMap<Box<str>, HashMap<Box<str>, Vec<RouteId>>>,
    /// The rest operations by the name in their signatures.
    by_signing_name: HashMap<Box<str>, Vec<RouteId>>,
    /// The rest operations that are called without a signature.
    unsigned: Vec<RouteId>,
}

/// Where a route stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct RouteId(u32);

impl RouteId {
    pub(super) fn index(self) -> u32 {
        self.0
    }

    pub(super) fn from_index(index: u32) -> Self {
        Self(index)
    }
}

#[derive(Debug)]
struct ServiceRoute {
    name: Box<str>,
    signing_name: Box<str>,
}

/// One operation on the wire.
#[derive(Debug)]
pub(super) struct Route {
    service: u16,
    /// The function's name, by which the model is found again.
    pub(super) function: Box<str>,
    method: Box<str>,
    pub(super) template: UriTemplate,
    /// Members of the query string without which the operation makes no sense.
    required_query: Vec<Box<str>>,
    deprecated: bool,
}

/// What routing looks at.
#[derive(Debug)]
pub(super) struct Head<'request> {
    /// The service name of the signature; `None` without one.
    pub(super) signing_name: Option<&'request str>,
    /// `X-Amz-Target`
    pub(super) target: Option<&'request str>,
    /// `Version` and `Action` of a form.
    pub(super) action: Option<(&'request str, &'request str)>,
    pub(super) method: &'request str,
    pub(super) path: &'request str,
    pub(super) query: &'request [(String, String)],
}

/// Names that endpoint rules put into signatures in the place of the service's own.
const ALIASES: [(&str, &str); 3] = [("s3express", "s3"), ("s3-outposts", "s3"), ("s3-object-lambda", "s3")];

impl Routes {
    /// Reads all models of a catalog, keeping none.
    pub(super) fn build(catalog: &Catalog) -> Result<Self, CatalogError> {
        let mut routes = Self {
            services: Vec::new(),
            operations: Vec::new(),
            by_target: HashMap::new(),
            by_action: HashMap::new(),
            by_signing_name: HashMap::new(),
            unsigned: Vec::new(),
        };
        for entry in catalog.entries() {
            routes.add(&catalog.read(entry)?);
        }
        Ok(routes)
    }

    fn add(&mut self, service: &Service) {
        let index = u16::try_from(self.services.len()).unwrap_or(u16::MAX);
        self.services
            .push(ServiceRoute { name: service.name.clone(), signing_name: service.signing_name.clone() });
        for operation in &service.operations {
            let id = RouteId(u32::try_from(self.operations.len()).unwrap_or(u32::MAX));
            self.operations.push(Route {
                service: index,
                function: operation.function.clone(),
                method: operation.method.clone(),
                template: UriTemplate::parse(&operation.request_uri),
                required_query: required_query(service, operation),
                deprecated: operation.deprecated,
            });
            match &service.protocol {
                Protocol::Json { target_prefix, .. } => {
                    let target = format!("{target_prefix}.{}", operation.name);
                    self.by_target.entry(target.into()).or_default().push(id);
                }
                Protocol::Query | Protocol::Ec2 => {
                    let actions = self.by_action.entry(service.api_version.clone()).or_default();
                    actions.entry(operation.name.clone()).or_default().push(id);
                }
                Protocol::RestJson | Protocol::RestXml => {
                    self.by_signing_name.entry(service.signing_name.clone()).or_default().push(id);
                    if matches!(service.signing(operation), Signing::Unsigned | Signing::Bearer) {
                        self.unsigned.push(id);
                    }
                }
            }
        }
    }

    /// The operation that a request calls; `None` when it is no operation of the catalog.
    pub(super) fn find(&self, head: &Head<'_>) -> Option<RouteId> {
        if let Some(target) = head.target {
            return self.preferred(head, self.by_target.get(target)?);
        }
        if let Some((version, action)) = head.action {
            return self.preferred(head, self.by_action.get(version)?.get(action)?);
        }
        let Some(name) = head.signing_name else {
            return self.by_path(head, &self.unsigned);
        };
        let aliases = ALIASES.iter().filter(|(alias, _)| *alias == name).map(|(_, name)| *name);
        [name].into_iter().chain(aliases).find_map(|name| self.by_path(head, self.by_signing_name.get(name)?))
    }

    pub(super) fn service_count(&self) -> usize {
        self.services.len()
    }

    pub(super) fn service_index(&self, id: RouteId) -> usize {
        usize::from(self.route(id).service)
    }

    pub(super) fn route(&self, id: RouteId) -> &Route {
        &self.operations[id.0 as usize]
    }

    /// boto3's name of the service that a route belongs to.
    pub(super) fn service_name(&self, id: RouteId) -> &str {
        &self.service(id).name
    }

    fn service(&self, id: RouteId) -> &ServiceRoute {
        &self.services[self.service_index(id)]
    }

    /// Among operations of one name: of the service that the signature names, and of those the one
    /// that is itself called so (`rds`, whose API `docdb` and `neptune` share).
    fn preferred(&self, head: &Head<'_>, candidates: &[RouteId]) -> Option<RouteId> {
        let fit = |id: &RouteId| {
            let service = self.service(*id);
            let signs = head.signing_name.is_none_or(|name| name == &*service.signing_name);
            (signs, service.name == service.signing_name)
        };
        candidates.iter().rev().copied().max_by_key(fit)
    }

    fn by_path(&self, head: &Head<'_>, candidates: &[RouteId]) -> Option<RouteId> {
        let path: Vec<_> = segments(head.path).collect();
        let matching = candidates.iter().rev().copied().filter(|id| {
            let route = self.route(*id);
            *route.method == *head.method && route.template.matches(&path, head.query)
        });
        matching.max_by(|left, right| self.compare(head, *left, *right))
    }

    /// Which of two operations on the same path was rather meant.
    fn compare(&self, head: &Head<'_>, left: RouteId, right: RouteId) -> Ordering {
        let (one, other) = (self.route(left), self.route(right));
        let has = |name: &str| head.query.iter().any(|(given, _)| given == name);
        // Two operations may differ only in what they require: `?analytics` lists, and with `id` gets.
        let balance = |route: &Route| {
            let given = route.required_query.iter().filter(|name| has(name)).count();
            (route.required_query.len() == given, given)
        };
        let own_name = |id: RouteId| {
            let service = self.service(id);
            service.name == service.signing_name
        };
        one.template
            .compare(&other.template)
            .then_with(|| balance(one).cmp(&balance(other)))
            .then_with(|| other.deprecated.cmp(&one.deprecated))
            .then_with(|| own_name(left).cmp(&own_name(right)))
    }
}

fn required_query(service: &Service, operation: &Operation) -> Vec<Box<str>> {
    service
        .required_parameters(operation)
        .filter(|member| member.location == Location::QueryString)
        .map(|member| member.location_name().into())
        .collect()
}

#[cfg(test)]
mod tests;
