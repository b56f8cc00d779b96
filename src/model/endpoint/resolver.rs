//! The endpoint of a call: rules, settings and request together.

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
use crate::names::{AccountId, Region};

/// Finds the endpoints of calls; shared by all calls of a run.
#[derive(Debug)]
pub struct EndpointResolver {
    partitions: Arc<Partitions>,
    settings: EndpointSettings,
    services: RwLock<HashMap<Box<str>, Arc<ServiceEndpoints>>>,
}

/// What is known about the endpoints of one service.
#[derive(Debug)]
struct ServiceEndpoints {
    rule_set: RuleSet,
    override_url: Option<String>,
    /// The override has no names below its host.
    is_local: bool,
    /// The override is for this service alone.
    is_set_apart: bool,
    /// Some rules look at the account.
    knows_account: bool,
    /// The endpoints that depend on the region alone.
    by_region: RwLock<HashMap<Region, ResolvedEndpoint>>,
}

impl EndpointResolver {
    /// A resolver that has nothing resolved yet.
    #[must_use]
    pub fn new(partitions: Arc<Partitions>, settings: EndpointSettings) -> Self {
        Self { partitions, settings, services: RwLock::default() }
    }

    /// The partitions that the resolver knows.
    #[must_use]
    pub fn partitions(&self) -> &Arc<Partitions> {
        &self.partitions
    }

    /// The URL that the user has configured for the service, if one.
    pub fn override_for(&self, service: &Service) -> Result<Option<String>, EndpointError> {
        Ok(self.endpoints(service)?.override_url.clone())
    }

    /// Whether an endpoint URL is configured for this service alone: what answers there says nothing about
    /// AWS's own names.
    #[must_use]
    pub fn is_set_apart(&self, service: &Service) -> bool {
        self.endpoints(service).is_ok_and(|endpoints| endpoints.is_set_apart)
    }

    /// Whether the host name of a service is another than the one that AWS gives it, because of an endpoint
    /// URL or of FIPS or dual-stack endpoints. One address that stands for all of AWS, as an emulator's, is no
    /// name of its own.
    pub(crate) fn is_configured(&self, service: &Service) -> bool {
        self.settings.use_fips
            || self.settings.use_dual_stack
            || self.endpoints(service).is_ok_and(|endpoints| {
                endpoints.is_set_apart || endpoints.override_url.is_some() && !endpoints.is_local
            })
    }

    /// The URL of a service in a region for whatever is asked: without a bucket, an account or a label. `None`
    /// where there is no such.
    pub(crate) fn service_url(
        &self,
        service: &Service,
        operation: &Operation,
        region: &Region,
    ) -> Option<String> {
        self.resolve(service, operation, &Map::new(), region, None).ok().map(|endpoint| endpoint.url)
    }

    /// The endpoint of a call, host prefix included.
    ///
    /// `input` is the call's request; some of its members choose the host. `account` is the account
    /// that the call's credentials belong to. Whatever the rules say, the endpoint is one of AWS or the one
    /// that the user has configured.
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

    /// Resolves what depends on the region alone; the answer is kept.
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
                // A client setting without a built-in. Sessions of directory buckets would cost a call
                // for each bucket; the same credentials may sign directly.
                parameters.set(&parameter.name, true);
            }
        }
        endpoints.rule_set.resolve(&parameters, &self.partitions)
    }

    /// The parsed rules of a service and the URL configured for it.
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

    /// The parameters that the operation itself and its request supply: fixed values first, then members
    /// of the request.
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
            // The account id would stand before a host that has no names below it; S3 Control takes it
            // from a header as well.
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

/// A request member as an endpoint parameter.
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
