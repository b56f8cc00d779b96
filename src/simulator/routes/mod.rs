//! Routing: from an HTTP request to the called operation.
//!
//! The table contains every operation of the catalog and is built once; the models themselves are loaded at their
//! first call. If several services share a signing name (`elasticloadbalancing`, `rds`, `es`), the target, the API
//! version or the path decides, as in AWS's own front ends.

pub(super) mod template;

use std::cmp::Ordering;
use std::collections::HashMap;

use self::template::{UriTemplate, segments};
use crate::model::catalog::{Catalog, CatalogError, Location, Operation, Protocol, Service, Signing};

/// The operations of a catalog, with their indexes.
#[derive(Debug)]
pub(super) struct Routes {
    services: Vec<ServiceRoute>,
    operations: Vec<Route>,
    /// The operations by the whole `X-Amz-Target` header, which rpcv2Cbor has in the path.
    by_target: HashMap<Box<str>, Vec<RouteId>>,
    /// The operations by API version and action.
    by_action: HashMap<Box<str>, HashMap<Box<str>, Vec<RouteId>>>,
    /// The rest operations by the name in their signatures.
    by_signing_name: HashMap<Box<str>, Vec<RouteId>>,
    /// The rest operations that are called without a signature.
    unsigned: Vec<RouteId>,
}

/// The position of a route in the table.
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

/// The request format of one operation.
#[derive(Debug)]
pub(super) struct Route {
    service: u16,
    /// The function's name, by which the model is looked up.
    pub(super) function: Box<str>,
    method: Box<str>,
    pub(super) template: UriTemplate,
    /// The required members of the query string.
    required_query: Vec<Box<str>>,
    deprecated: bool,
}

/// The parts of a request that routing uses.
#[derive(Debug)]
pub(super) struct Head<'request> {
    /// The service name of the signature; `None` without one.
    pub(super) signing_name: Option<&'request str>,
    /// The header `X-Amz-Target`, or [`target_in_path`].
    pub(super) target: Option<&'request str>,
    /// The fields `Version` and `Action` of a form.
    pub(super) action: Option<(&'request str, &'request str)>,
    pub(super) method: &'request str,
    pub(super) path: &'request str,
    pub(super) query: &'request [(String, String)],
}

/// Returns the target of a request of rpcv2Cbor, as the header `X-Amz-Target` would have it
/// (smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html, "Requests").
pub(super) fn target_in_path(path: &str) -> Option<String> {
    let (service, operation) = path.strip_prefix("/service/")?.split_once("/operation/")?;
    Some(format!("{service}.{operation}"))
}

/// Signing names of endpoint rules that replace that of the service.
const ALIASES: [(&str, &str); 3] = [("s3express", "s3"), ("s3-outposts", "s3"), ("s3-object-lambda", "s3")];

impl Routes {
    /// Builds the table from all models of a catalog, without keeping the models.
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
                Protocol::Json { target_prefix, .. } | Protocol::RpcV2Cbor { target_prefix } => {
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

    /// Returns the operation that a request calls; `None` if it is not in the catalog.
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
        // The signature alone distinguishes it from `ListBuckets`.
        if (name, head.method, head.path) == ("s3express", "GET", "/") {
            let is_named = |id: &&RouteId| &*self.route(**id).function == "list_directory_buckets";
            return self.by_signing_name.get("s3")?.iter().find(is_named).copied();
        }
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

    /// Returns the service name of a route in boto3.
    pub(super) fn service_name(&self, id: RouteId) -> &str {
        &self.service(id).name
    }

    fn service(&self, id: RouteId) -> &ServiceRoute {
        &self.services[self.service_index(id)]
    }

    /// Returns the preferred one of operations with the same name: that of the service in the signature, and among
    /// these that of the service with the same name as the signing name (`rds`, whose API `docdb` and `neptune`
    /// share).
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

    /// Compares two operations with the same path: the greater one is the better match.
    fn compare(&self, head: &Head<'_>, left: RouteId, right: RouteId) -> Ordering {
        let (one, other) = (self.route(left), self.route(right));
        let has = |name: &str| head.query.iter().any(|(given, _)| given == name);
        // Two operations may differ only in required parameters: `?analytics` lists, and with `id` gets.
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
