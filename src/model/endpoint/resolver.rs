//! The endpoint resolver, which combines rules, settings and request.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_types::endpoint_config::AccountIdEndpointMode;
use serde_json::{Map, Value};

use super::built_in::BuiltIns;
use super::error::EndpointError;
use super::functions;
use super::host_prefix::{is_local, with_host_prefix};
use super::parameters::Parameters;
use super::partitions::Partitions;
use super::resolved::ResolvedEndpoint;
use super::rules::RuleSet;
use super::settings::EndpointSettings;
use crate::model::catalog::{ContextValue, Operation, Service};
use crate::model::hosts;
use crate::names::{AccountId, Region};

/// Resolves the endpoints of calls; shared by all calls of a run.
#[derive(Debug)]
pub struct EndpointResolver {
    partitions: Arc<Partitions>,
    settings: EndpointSettings,
    services: RwLock<HashMap<Box<str>, Arc<ServiceEndpoints>>>,
}

/// The cached rules and endpoints of one service.
#[derive(Debug)]
struct ServiceEndpoints {
    rule_set: RuleSet,
    override_url: Option<String>,
    /// Whether the override has no names below its host.
    is_local: bool,
    /// Whether the override applies only to this service.
    is_set_apart: bool,
    /// Whether some rules depend on the account.
    knows_account: bool,
    /// The endpoints that depend only on the region.
    by_region: RwLock<HashMap<Region, ResolvedEndpoint>>,
}

impl EndpointResolver {
    /// Creates a resolver with an empty cache.
    #[must_use]
    pub fn new(partitions: Arc<Partitions>, settings: EndpointSettings) -> Self {
        Self { partitions, settings, services: RwLock::default() }
    }

    /// Returns the partitions of the resolver.
    #[must_use]
    pub fn partitions(&self) -> &Arc<Partitions> {
        &self.partitions
    }

    /// Returns the URL that the user has configured for the service, if there is one.
    pub fn override_for(&self, service: &Service) -> Result<Option<String>, EndpointError> {
        Ok(self.endpoints(service)?.override_url.clone())
    }

    /// Returns whether an endpoint URL is configured only for this service: its responses prove nothing about
    /// AWS's host names.
    #[must_use]
    pub fn is_set_apart(&self, service: &Service) -> bool {
        self.endpoints(service).is_ok_and(|endpoints| endpoints.is_set_apart)
    }

    /// Returns whether the host name of a service differs from AWS's default because of an endpoint URL, FIPS or
    /// dual-stack endpoints. One URL for all services, such as an emulator's, does not count.
    pub(crate) fn is_configured(&self, service: &Service) -> bool {
        self.settings.use_fips
            || self.settings.use_dual_stack
            || self.endpoints(service).is_ok_and(|endpoints| {
                endpoints.is_set_apart || endpoints.override_url.is_some() && !endpoints.is_local
            })
    }

    /// Returns the URL of a service in a region that is independent of the request: without a bucket, an account
    /// or a label. `None` where there is none.
    pub(crate) fn service_url(
        &self,
        service: &Service,
        operation: &Operation,
        region: &Region,
    ) -> Option<String> {
        self.resolve(service, operation, &Map::new(), region, None).ok().map(|endpoint| endpoint.url)
    }

    /// Resolves the endpoint of a call, including the host prefix.
    ///
    /// `input` is the call's request; some of its members determine the host. `account` is the account of the
    /// call's credentials. Regardless of the rules, the endpoint is one of AWS or the one that the user has
    /// configured.
    pub fn resolve(
        &self,
        service: &Service,
        operation: &Operation,
        input: &Map<String, Value>,
        region: &Region,
        account: Option<&AccountId>,
    ) -> Result<ResolvedEndpoint, EndpointError> {
        let endpoints = self.endpoints(service)?;
        let parameters = endpoints.operation_parameters(service, operation, input);
        let account_id_in_hosts = self.settings.account_id_endpoint_mode != AccountIdEndpointMode::Disabled;
        let built_ins = BuiltIns {
            settings: &self.settings,
            override_url: endpoints.override_url.as_deref(),
            operation,
            input,
            region,
            account: account.filter(|_| account_id_in_hosts),
        };
        let account_matters = endpoints.knows_account && built_ins.account.is_some();
        let mut endpoint = if parameters.is_empty() && !account_matters {
            self.resolve_once(&endpoints, &built_ins)?
        } else {
            self.evaluate(&endpoints, &built_ins, parameters)?
        };
        endpoint.url = with_host_prefix(endpoint.url, service, operation, input)?;
        endpoint.check(service, endpoints.override_url.as_deref())?;
        Ok(endpoint)
    }

    /// Resolves an endpoint that depends only on the region, and caches it.
    fn resolve_once(
        &self,
        endpoints: &ServiceEndpoints,
        built_ins: &BuiltIns<'_>,
    ) -> Result<ResolvedEndpoint, EndpointError> {
        let known = endpoints.by_region.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(endpoint) = known.get(built_ins.region) {
            return Ok(endpoint.clone());
        }
        drop(known);
        let endpoint = self.evaluate(endpoints, built_ins, Parameters::new())?;
        let mut known = endpoints.by_region.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(built_ins.region.clone(), endpoint.clone());
        Ok(endpoint)
    }

    fn evaluate(
        &self,
        endpoints: &ServiceEndpoints,
        built_ins: &BuiltIns<'_>,
        mut parameters: Parameters,
    ) -> Result<ResolvedEndpoint, EndpointError> {
        for parameter in &endpoints.rule_set.parameters {
            if parameters.get(&parameter.name).is_some() {
                continue;
            }
            if let Some(value) = parameter.built_in.as_deref().and_then(|name| built_ins.value(name)) {
                parameters.set(&parameter.name, value);
            } else if &*parameter.name == "DisableS3ExpressSessionAuth" {
                // A client setting without a built-in. Sessions of directory buckets would require a call per
                // bucket; the same credentials can sign directly.
                parameters.set(&parameter.name, true);
            }
        }
        let mut endpoint = endpoints.rule_set.resolve(&parameters, &self.partitions)?;
        // Some rules ignore a configured URL (signin). Its user expects that no request goes to AWS instead.
        if let Some(configured) = &endpoints.override_url
            && endpoint
                .url
                .parse()
                .is_ok_and(|uri| hosts::is_service(&uri) && !hosts::is_below(&uri, configured))
        {
            endpoint.url.clone_from(configured);
        }
        Ok(endpoint)
    }

    /// Returns the parsed rules of a service and the URL configured for it.
    fn endpoints(&self, service: &Service) -> Result<Arc<ServiceEndpoints>, EndpointError> {
        let known = self.services.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(endpoints) = known.get(&service.name) {
            return Ok(Arc::clone(endpoints));
        }
        drop(known);
        let endpoints = Arc::new(ServiceEndpoints::new(service, &self.settings)?);
        let mut known = self.services.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(service.name.clone()).or_insert(endpoints)))
    }
}

impl ServiceEndpoints {
    fn new(service: &Service, settings: &EndpointSettings) -> Result<Self, EndpointError> {
        let rule_set = RuleSet::parse(&service.endpoint_rules)?;
        let override_url = settings.overrides.for_service(&service.service_id);
        let is_local = match &override_url {
            None => false,
            Some(url) => {
                let parsed = functions::parse_url(url).ok_or_else(|| EndpointError::OverrideUrl {
                    service: service.service_id.to_string(),
                    url: url.clone(),
                })?;
                is_local(&parsed)
            }
        };
        let knows_account = rule_set
            .parameters
            .iter()
            .any(|parameter| parameter.built_in.as_deref() == Some("AWS::Auth::AccountId"));
        let is_set_apart = settings.overrides.sets_apart(&service.service_id);
        let by_region = RwLock::default();
        Ok(Self { rule_set, override_url, is_local, is_set_apart, knows_account, by_region })
    }

    /// Returns the parameters from the operation and its request: fixed values first, then members of the request.
    ///
    /// `operationContextParams` of the models are not among them: the five operations that have them
    /// write to `DynamoDB` or read its items, which an inventory never does.
    fn operation_parameters(
        &self,
        service: &Service,
        operation: &Operation,
        input: &Map<String, Value>,
    ) -> Parameters {
        let mut parameters = Parameters::new();
        for (name, value) in &operation.static_context {
            // The account ID would be added to a host without names below it; S3 Control also accepts it in a
            // header.
            if !(self.is_local && &**name == "RequiresAccountId") {
                parameters.set(name, value.clone());
            }
        }
        let members = service.input(operation).into_iter().flat_map(|input| &input.members);
        for (name, member) in
            members.filter_map(|member| Some((member.context_parameter.as_deref()?, member)))
        {
            let value = input.get(&*member.name).and_then(context_value);
            if let Some(value) = value.filter(|_| parameters.get(name).is_none()) {
                parameters.set(name, value);
            }
        }
        parameters
    }
}

/// Converts a request member to an endpoint parameter.
fn context_value(value: &Value) -> Option<ContextValue> {
    match value {
        Value::String(text) => Some(ContextValue::String(text.as_str().into())),
        Value::Bool(value) => Some(ContextValue::Boolean(*value)),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(Into::into))
            .collect::<Option<Vec<_>>>()
            .map(ContextValue::Strings),
        _ => None,
    }
}
