//! Endpoint discovery: asking a service where an account's requests have to go.
//!
//! Timestream spreads its accounts over cells and tells each account its own
//! (docs.aws.amazon.com/timestream/latest/developerguide/Using.API.html). Only operations that
//! require discovery use it, as botocore does by default (`botocore/discovery.py`); where the user
//! has configured an endpoint, that one is used instead (`botocore/client.py`,
//! `_register_endpoint_discovery`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::SharedTimeSource;
use serde_json::{Map, Value};

use super::error::CallError;
use crate::model::catalog::{EndpointDiscovery, Function, Service};
use crate::model::hosts;
use crate::names::{Region, ServiceName};

/// The endpoints that one account has been told, until each expires.
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
    /// Nothing discovered yet; `time` says when an endpoint expires.
    pub(super) fn new(time: SharedTimeSource) -> Self {
        Self { time, known: Arc::default() }
    }

    /// The endpoint of a service that has not expired.
    pub(super) fn get(&self, service: &Service, region: &Region) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let discovered = known.get(&key(service, region))?;
        (self.time.now() < discovered.expires).then(|| discovered.url.clone())
    }

    /// Keeps the first endpoint of an answer of `DescribeEndpoints`.
    ///
    /// # Errors
    ///
    /// Says what is wrong when there is none, or none of AWS.
    pub(super) fn keep(
        &self,
        service: &Service,
        region: &Region,
        answer: &Map<String, Value>,
    ) -> Result<String, String> {
        let endpoint = answer.get("Endpoints").and_then(|endpoints| endpoints.as_array()?.first());
        let address = endpoint.and_then(|endpoint| endpoint.get("Address")?.as_str());
        let Some((endpoint, address)) = endpoint.zip(address) else {
            return Err("answers without an endpoint".to_owned());
        };
        let url = if address.starts_with("http") { address.to_owned() } else { format!("https://{address}") };
        hosts::check(&url, None).map_err(|error| format!("answers with an endpoint elsewhere: {error}"))?;
        let minutes = endpoint.get("CachePeriodInMinutes").and_then(Value::as_u64).unwrap_or_default();
        let now = self.time.now();
        let expires = now.checked_add(Duration::from_secs(minutes.saturating_mul(60))).unwrap_or(now);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key(service, region), Discovered { url: url.clone(), expires });
        Ok(url)
    }

    /// Forgets an endpoint that the service no longer stands by. Whether there was one.
    pub(super) fn forget(&self, service: &Service, region: &Region) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&key(service, region)).is_some()
    }
}

fn key(service: &Service, region: &Region) -> (ServiceName, Region) {
    (ServiceName::new(&service.name), region.clone())
}

/// The function that tells the endpoint, where `function` works with no other.
pub(super) fn source(function: &Function) -> Option<Function> {
    let required = function.operation().endpoint_discovery == EndpointDiscovery::Required;
    let is_source =
        |function: &Function| function.operation().endpoint_discovery == EndpointDiscovery::Source;
    if required { Function::all(function.service()).find(is_source) } else { None }
}

/// Whether an error says that the endpoint was the wrong one.
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
        let answer = json!({"Endpoints": [{"Address": "cell1.timestream.eu-west-1.amazonaws.com", "CachePeriodInMinutes": 2}]});
        let url = endpoints.keep(&service, &region, answer.as_object().expect("an object"));
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
        for answer in [
            json!({}),
            json!({"Endpoints": []}),
            json!({"Endpoints": [{"Address": 3}]}),
            json!({"Endpoints": [{"Address": "evil.example", "CachePeriodInMinutes": 1}]}),
            json!({"Endpoints": [{"Address": "169.254.169.254/#.amazonaws.com", "CachePeriodInMinutes": 1}]}),
            json!({"Endpoints": [{"Address": "http://cell1.timestream.us-east-1.amazonaws.com"}]}),
        ] {
            let answer = answer.as_object().expect("an object");
            let told = endpoints.keep(&service, &Region::new("us-east-1"), answer).expect_err("an error");
            assert!(told.starts_with("answers with"), "{told}");
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
