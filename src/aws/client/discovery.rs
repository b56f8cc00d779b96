//! Endpoint discovery: requests the endpoint of an account from the service.
//!
//! Timestream distributes accounts over cells and returns the endpoint of its cell to each account
//! (docs.aws.amazon.com/timestream/latest/developerguide/Using.API.html). Only operations that require discovery
//! use it, as botocore does by default (`botocore/discovery.py`); where the user has configured an endpoint, that
//! one is used instead (`botocore/client.py`, `_register_endpoint_discovery`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::SharedTimeSource;
use serde_json::{Map, Value};

use super::error::CallError;
use crate::model::catalog::{EndpointDiscovery, Function, Service};
use crate::model::hosts;
use crate::names::{Region, ServiceName};

/// The discovered endpoints of one account, each with its expiry.
#[derive(Clone, Debug)]
pub(super) struct DiscoveredEndpoints {
    time: SharedTimeSource,
    known: Arc<Mutex<HashMap<(ServiceName, Region), Discovered>>>,
}

#[derive(Debug)]
struct Discovered {
    url: String,
    expires: SystemTime,
}

impl DiscoveredEndpoints {
    /// Creates an empty collection; `time` is the clock for the expiry of endpoints.
    pub(super) fn new(time: SharedTimeSource) -> Self {
        Self { time, known: Arc::default() }
    }

    /// Returns the endpoint of a service, unless it has expired.
    pub(super) fn get(&self, service: &Service, region: &Region) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let discovered = known.get(&key(service, region))?;
        (self.time.now() < discovered.expires).then(|| discovered.url.clone())
    }

    /// Stores the first endpoint of a `DescribeEndpoints` response.
    ///
    /// # Errors
    ///
    /// A text when there is no endpoint, or its host does not belong to AWS.
    pub(super) fn keep(
        &self,
        service: &Service,
        region: &Region,
        response: &Map<String, Value>,
    ) -> Result<String, String> {
        let endpoint = response.get("Endpoints").and_then(|endpoints| endpoints.as_array()?.first());
        let address = endpoint.and_then(|endpoint| endpoint.get("Address")?.as_str());
        let Some((endpoint, address)) = endpoint.zip(address) else {
            return Err("the response has no endpoint".to_owned());
        };
        let url = if address.starts_with("http") { address.to_owned() } else { format!("https://{address}") };
        hosts::check(&url, None).map_err(|error| format!("the response has an invalid endpoint: {error}"))?;
        let minutes = endpoint.get("CachePeriodInMinutes").and_then(Value::as_u64).unwrap_or_default();
        let now = self.time.now();
        let expires = now.checked_add(Duration::from_secs(minutes.saturating_mul(60))).unwrap_or(now);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key(service, region), Discovered { url: url.clone(), expires });
        Ok(url)
    }

    /// Removes an endpoint that the service no longer accepts. Returns whether there was one.
    pub(super) fn forget(&self, service: &Service, region: &Region) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&key(service, region)).is_some()
    }
}

fn key(service: &Service, region: &Region) -> (ServiceName, Region) {
    (ServiceName::new(&service.name), region.clone())
}

/// Returns the function that discovers the endpoint, where `function` requires endpoint discovery.
pub(super) fn source(function: &Function) -> Option<Function> {
    let required = function.operation().endpoint_discovery == EndpointDiscovery::Required;
    let is_source =
        |function: &Function| function.operation().endpoint_discovery == EndpointDiscovery::Source;
    if required { Function::all(function.service()).find(is_source) } else { None }
}

/// Returns whether an error indicates a wrong endpoint.
pub(super) fn is_wrong_endpoint(error: &CallError) -> bool {
    error.status == Some(421) || error.code.as_deref() == Some("InvalidEndpointException")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_smithy_async::test_util::ManualTimeSource;
    use aws_smithy_async::time::SharedTimeSource;
    use serde_json::json;

    use super::{DiscoveredEndpoints, source};
    use crate::model::catalog::{Catalog, Function};
    use crate::names::Region;

    #[test]
    fn an_endpoint_is_kept_until_it_expires() {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service("timestream-write").expect("loads").expect("exists");
        let region = Region::new("eu-west-1");
        let time = ManualTimeSource::new(SystemTime::UNIX_EPOCH);
        let endpoints = DiscoveredEndpoints::new(SharedTimeSource::new(time.clone()));
        assert_eq!(endpoints.get(&service, &region), None);
        let response = json!({"Endpoints": [{"Address": "cell1.timestream.eu-west-1.amazonaws.com", "CachePeriodInMinutes": 2}]});
        let url = endpoints.keep(&service, &region, response.as_object().expect("an object"));
        assert_eq!(url.as_deref(), Ok("https://cell1.timestream.eu-west-1.amazonaws.com"));
        assert_eq!(endpoints.get(&service, &region), url.ok());
        assert_eq!(endpoints.get(&service, &Region::new("us-east-1")), None);
        time.advance(Duration::from_mins(2));
        assert_eq!(endpoints.get(&service, &region), None);
    }

    #[test]
    fn an_answer_without_an_endpoint_of_aws_is_an_error() {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service("timestream-write").expect("loads").expect("exists");
        let endpoints = DiscoveredEndpoints::new(SharedTimeSource::default());
        for response in [
            json!({}),
            json!({"Endpoints": []}),
            json!({"Endpoints": [{"Address": 3}]}),
            json!({"Endpoints": [{"Address": "evil.example", "CachePeriodInMinutes": 1}]}),
            json!({"Endpoints": [{"Address": "169.254.169.254/#.amazonaws.com", "CachePeriodInMinutes": 1}]}),
            json!({"Endpoints": [{"Address": "http://cell1.timestream.us-east-1.amazonaws.com"}]}),
        ] {
            let response = response.as_object().expect("an object");
            let message =
                endpoints.keep(&service, &Region::new("us-east-1"), response).expect_err("an error");
            assert!(message.starts_with("the response has"), "{message}");
            assert_eq!(endpoints.get(&service, &Region::new("us-east-1")), None);
        }
    }

    #[test]
    fn only_operations_that_require_discovery_have_a_source() {
        let catalog = Catalog::embedded().expect("a catalog");
        let source_of = |service: &str, name: &str| {
            let service = catalog.service(service).expect("loads").expect("exists");
            let function = Function::find(&service, name).expect("exists");
            source(&function).map(|function| function.to_string())
        };
        let source = Some("timestream-write describe_endpoints".to_owned());
        assert_eq!(source_of("timestream-write", "list_databases"), source);
        assert_eq!(source_of("timestream-write", "describe_endpoints"), None);
        assert_eq!(source_of("dynamodb", "list_tables"), None);
    }
}
