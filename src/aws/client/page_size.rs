//! The page size that this program adds to requests, and the cases where it adds none.

use serde_json::{Map, Value};

use super::error::{CallError, CallErrorKind};
use crate::model::catalog::{Function, ShapeKind};

/// Returns the maximum page size of the service, unless the spec sets a page size or lists the items to return:
/// this means fewer requests, and for some services a larger quota.
pub(super) fn to_add(function: &Function, parameters: &Map<String, Value>) -> Option<(String, Value)> {
    let pagination = function.operation().pagination.as_ref()?;
    let (key, size) = pagination.limit_key.as_deref().zip(pagination.page_size)?;
    let place = (&*function.service().name, &*function.operation().name);
    if parameters.contains_key(key) || names_items(function, parameters) || LAST_PAGES.contains(&place) {
        return None;
    }
    Some((key.to_owned(), Value::from(size)))
}

/// The suffixes of parameters that list the items to return. With such a list, services reject a page size
/// ("Pagination is not supported when specifying load balancers") or ignore it: documentation of the limits of
/// `ec2`, `ecr`, `ecr-public` and `gamelift` in botocore's models, and public reports about `elbv2`
/// (aws-tools-for-powershell#13).
const NAMING: [&str; 6] = ["ids", "names", "arns", "identifiers", "urls", "urns"];

/// Single parameters of the same kind: service, operation and parameter.
const NAMING_ALONE: [(&str, &str, &str); 1] = [
    // "If you specify a TLD, don't specify a MaxItems" (botocore's model).
    ("route53domains", "ListPrices", "Tld"),
];

/// Operations that return no token if the page size is the maximum, so that the first page would seem to be the last:
/// "does not generate a `NextToken` if you set `MaxResults` to 1000" (botocore's model).
const LAST_PAGES: [(&str, &str); 1] = [("resource-explorer-2", "ListResources")];

/// Returns whether the parameters list the items to return.
fn names_items(function: &Function, parameters: &Map<String, Value>) -> bool {
    let (service, operation) = (function.service(), function.operation());
    parameters.keys().any(|name| {
        let is_list = || {
            let member = service.input(operation).and_then(|input| input.member(name));
            member
                .is_some_and(|(_, member)| matches!(service.kind(member.reference.shape), ShapeKind::List(_)))
        };
        let alone = (&*service.name, &*operation.name, name.as_str());
        NAMING_ALONE.contains(&alone) || (NAMING.iter().any(|end| ends_with(name, end)) && is_list())
    })
}

fn ends_with(name: &str, end: &str) -> bool {
    let start = name.len().checked_sub(end.len()).and_then(|start| name.get(start..));
    start.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The prefixes of the error codes for rejected parameters.
const PARAMETER_ERRORS: [&str; 12] = [
    "badrequest",
    "illegalargument",
    "invalidargument",
    "invalidinput",
    "invalidlimit",
    "invalidmaxresults",
    "invalidpag",
    "invalidparameter",
    "invalidquery",
    "invalidrequest",
    "unsupportedparameter",
    "validation",
];

/// Returns whether an error concerns the parameters of a request, and so possibly the page size.
pub(super) fn is_refused(error: &CallError, limit_key: &str) -> bool {
    if error.kind != CallErrorKind::Service || matches!(error.status, Some(401 | 403 | 404 | 429 | 500..)) {
        return false;
    }
    let code = error.code.as_deref().unwrap_or_default().to_ascii_lowercase();
    // Errors about rates also mention limits.
    let is_a_word = limit_key.eq_ignore_ascii_case("limit");
    let names_it =
        || !is_a_word && error.message.to_ascii_lowercase().contains(&limit_key.to_ascii_lowercase());
    PARAMETER_ERRORS.iter().any(|prefix| code.starts_with(prefix)) || names_it()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{is_refused, to_add};
    use crate::aws::client::{CallError, CallErrorKind};
    use crate::model::catalog::{Catalog, Function};

    fn added(service: &str, function: &str, parameters: &Value) -> Option<u64> {
        let service = Catalog::embedded().expect("opens").service(service).expect("loads").expect("exists");
        let function = Function::find(&service, function).expect("exists");
        let parameters: Map<_, _> = parameters.as_object().cloned().expect("an object");
        to_add(&function, &parameters).and_then(|(_, size)| size.as_u64())
    }

    #[test]
    fn the_documented_size_is_added_where_nothing_is_named() {
        for (service, function, size) in [
            ("elbv2", "describe_load_balancers", 400),
            ("ec2", "describe_instances", 1000),
            ("s3", "list_buckets", 1000),
            ("kms", "list_resource_tags", 50),
            ("kms", "list_grants", 100),
            ("config", "list_tags_for_resource", 50),
            ("resourcegroupstaggingapi", "get_compliance_summary", 100),
            ("compute-optimizer", "get_enrollment_statuses_for_organization", 100),
            ("servicecatalog-appregistry", "list_applications", 25),
            ("backup", "list_backup_job_summaries", 500),
        ] {
            assert_eq!(added(service, function, &json!({})), Some(size), "{service} {function}");
        }
        assert_eq!(added("s3control", "list_multi_region_access_points", &json!({})), None);
    }

    #[test]
    fn no_size_is_added_that_would_end_the_pages() {
        assert_eq!(added("resource-explorer-2", "list_resources", &json!({})), None);
        assert_eq!(added("resource-explorer-2", "search", &json!({})), Some(1000));
    }

    #[test]
    fn nothing_is_added_beside_what_names_things() {
        for (service, function, parameters) in [
            ("elbv2", "describe_load_balancers", json!({"Names": ["a"]})),
            ("elbv2", "describe_load_balancers", json!({"LoadBalancerArns": ["a"]})),
            ("elbv2", "describe_target_groups", json!({"Names": ["a"]})),
            ("elbv2", "describe_listeners", json!({"ListenerArns": ["a"]})),
            ("elb", "describe_load_balancers", json!({"LoadBalancerNames": ["a"]})),
            ("ecr", "describe_repositories", json!({"repositoryNames": ["a"]})),
            ("ecr", "describe_images", json!({"repositoryName": "a", "imageIds": [{"imageTag": "b"}]})),
            ("ecr-public", "describe_images", json!({"imageIds": [{"imageTag": "b"}]})),
            ("ec2", "describe_instances", json!({"InstanceIds": ["i-1"]})),
            ("ec2", "describe_instance_event_windows", json!({"InstanceEventWindowIds": ["w-1"]})),
            ("route53domains", "list_prices", json!({"Tld": "com"})),
            ("elbv2", "describe_load_balancers", json!({"PageSize": 10})),
        ] {
            assert_eq!(added(service, function, &parameters), None, "{service} {function} {parameters}");
        }
        // A filter of a list does not name its items.
        assert_eq!(added("elbv2", "describe_listeners", &json!({"LoadBalancerArn": "a"})), Some(400));
        assert_eq!(added("ec2", "describe_instances", &json!({"Filters": []})), Some(1000));
    }

    #[test]
    fn a_refusal_is_about_parameters_by_its_code_or_its_words() {
        let rejected = |status: u16, code: &str, message: &str| {
            let mut error = CallError::new(CallErrorKind::Service, message);
            (error.status, error.code) = (Some(status), Some(code.to_owned()));
            is_refused(&error, "PageSize")
        };
        for code in
            ["ValidationError", "ValidationException", "InvalidParameterException", "InvalidRequestException"]
        {
            assert!(rejected(400, code, "no"), "{code}");
        }
        assert!(rejected(400, "Client.Odd", "the pageSize is too large"));
        for (status, code) in [
            (400, "AccessDenied"),
            (403, "ValidationException"),
            (429, "ValidationException"),
            (404, "NoSuchBucket"),
        ] {
            assert!(!rejected(status, code, "no"), "{status} {code}");
        }
    }
}
