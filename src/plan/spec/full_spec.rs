//! Generated specs of all calls that need no resource identifier, for one service or for all. The ID of the account
//! is filled in where a call needs only that.
//!
//! They are generated from the catalog in use and not stored in files, so that the spec of a service includes the
//! new functions of a newer catalog. The spec `all` omits functions that are newer than the program, because
//! their responses have not been reviewed.

use std::sync::Arc;

use serde_json::{Value, json};

use super::curated_calls::{is_account_id, ways_to_call};
use super::omitted_calls::{Omission, omission};
use crate::model::catalog::{Catalog, CatalogError, Function, Operation, Service, ShapeKind};
use crate::util::plural::plural;

/// The name of the built-in spec that calls every function of every service.
pub(crate) const NAME: &str = "all";

/// Generates the text of the built-in spec `all`: the account's own resources, in every service.
///
/// Functions that return AWS's own catalogue or unbounded records, or that AWS bills, are omitted.
pub(super) fn everything(catalog: &Catalog) -> Result<String, CatalogError> {
    let mut calls = Vec::new();
    for entry in catalog.entries() {
        if let Some(service) = catalog.service(&entry.name)? {
            calls.extend(calls_of(catalog, &service, |function, omission| {
                omission.is_none() && catalog.is_reviewed(function)
            }));
        }
    }
    let description = format!("Everything that botocore {} can list", catalog.botocore_version());
    Ok(json!({ "version": 1, "description": description, "calls": calls }).to_string())
}

/// Returns a notice about the functions that the spec `all` and deep scans omit because they are newer than the
/// program; `None` if there are none.
pub fn newer_functions(catalog: &Catalog) -> Result<Option<String>, CatalogError> {
    let count = catalog.unreviewed()?;
    Ok((count > 0).then(|| {
        format!(
            "not called, because newer than this version of scan and not reviewed: {} of this catalog. `scan spec \
             <service>` writes a spec that includes those of a service, and --allow-unreviewed allows one",
            plural(count, "function")
        )
    }))
}

/// Generates the calls of a spec for `service`: every function that can be called without a resource identifier,
/// including AWS's own catalogue and records.
#[must_use]
pub fn calls_for(catalog: &Catalog, service: &Arc<Service>) -> Vec<Value> {
    calls_of(catalog, service, |_, omission| omission != Some(Omission::Needs))
}

pub(super) fn calls_of(
    catalog: &Catalog,
    service: &Arc<Service>,
    included: impl Fn(&Function, Option<Omission>) -> bool,
) -> Vec<Value> {
    let called = |function: &Function| {
        is_callable(catalog, function) && included(function, omission(&service.name, function.name()))
    };
    let functions = Function::all(service).filter(called);
    functions.flat_map(|function| calls_to(service, function.operation())).collect()
}

/// Returns whether generated specs may call a function. A deprecated operation has a successor in the catalog, or its
/// service has ended.
pub(super) fn is_callable(catalog: &Catalog, function: &Function) -> bool {
    !function.operation().deprecated && catalog.denial(function).is_none()
}

/// Returns one call for each parameter set of the operation; none if an identifier is required.
fn calls_to(service: &Service, operation: &Operation) -> Vec<Value> {
    let required: Vec<&str> =
        service.required_parameters(operation).map(|parameter| &*parameter.name).collect();
    // Rows with invalid JSON are found by the test that loads the whole spec.
    let mut ways: Vec<Value> = ways_to_call(&service.name, &operation.function)
        .filter_map(|way| Some((serde_json::from_str::<Value>(way.parameters).ok()?, way.region)))
        .filter(|(parameters, _)| required.iter().all(|name| parameters.get(name).is_some()))
        .map(|(parameters, region)| call(service, operation, Some(parameters), region))
        .collect();
    if ways.is_empty() {
        match required.as_slice() {
            [] => ways.push(call(service, operation, None, None)),
            [id] if is_account_id(id) => {
                ways.push(call(service, operation, Some(json!({ (*id): "{account}" })), None));
            }
            _ => {}
        }
    }
    ways
}

/// Returns a call, in the only region where it is valid if there is one.
pub(super) fn call(
    service: &Service,
    operation: &Operation,
    parameters: Option<Value>,
    region: Option<&str>,
) -> Value {
    let mut call = json!({ "service": service.name, "function": operation.function });
    if let Some(key) = result_key(service, operation) {
        call["result_key"] = key.into();
    }
    if let Some(parameters) = parameters {
        call["parameters"] = parameters;
    }
    if let Some(region) = region {
        call["regions"] = json!([region]);
    }
    call
}

/// Returns the key that holds all data of the response: the paginated list, or the only member.
///
/// A response with several lists, or with a list and other data, has no such key, and the whole response is the
/// result: selecting a key would lose the rest.
pub(super) fn result_key<'model>(
    service: &'model Service,
    operation: &'model Operation,
) -> Option<&'model str> {
    let output = service.output(operation)?;
    if let Some(pagination) = &operation.pagination {
        let [key] = pagination.result_keys.as_slice() else { return None };
        return key.top_level().filter(|key| output.member(key).is_some());
    }
    match output.members.as_slice() {
        [member] => {
            matches!(service.kind(member.reference.shape), ShapeKind::List(_)).then_some(&*member.name)
        }
        _ => None,
    }
}

/// Returns whether the spec `all` omits a function because AWS bills it.
#[cfg(test)]
pub(crate) fn is_billed(function: &Function) -> bool {
    omission(&function.service().name, function.name()) == Some(Omission::Billed)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::{Omission, calls_for, everything, omission};
    use crate::model::catalog::{Catalog, Function};
    use crate::plan::spec::ScanSpec;

    fn calls(service: &str) -> Vec<Value> {
        let catalog = Catalog::embedded().expect("a catalog");
        calls_for(&catalog, &catalog.service(service).expect("loads").expect("exists"))
    }

    fn find<'calls>(calls: &'calls [Value], function: &str) -> Option<&'calls Value> {
        calls.iter().find(|call| call["function"] == function)
    }

    #[test]
    fn the_spec_of_everything_loads_with_nothing_skipped() {
        let catalog = Catalog::embedded().expect("a catalog");
        let text = everything(&catalog).expect("a catalog in order");
        let spec = ScanSpec::parse(&text, "all", &catalog).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((spec.skipped.len(), spec.notices.len()), (0, 0), "{:?}", spec.notices);
        let services: HashSet<_> =
            spec.entries.iter().map(|entry| entry.function.service().name.clone()).collect();
        assert!(spec.entries.len() > 1_900, "{} calls", spec.entries.len());
        assert!(services.len() > 340, "{} services", services.len());
    }

    #[test]
    fn the_spec_of_every_single_service_loads_with_nothing_skipped() {
        let catalog = Catalog::embedded().expect("a catalog");
        let services = catalog.entries().iter().flat_map(|entry| calls(&entry.name)).collect();
        let text = Value::Array(services).to_string();
        let spec = ScanSpec::parse(&text, "services", &catalog).unwrap_or_else(|error| panic!("{error}"));
        assert!(spec.skipped.is_empty() && spec.notices.is_empty(), "{:?}", spec.notices);
    }

    /// Calls that would list resources of all the world have parameters for the account's own.
    #[test]
    fn public_resources_are_limited_to_own_account() {
        let ec2 = calls("ec2");
        assert_eq!(
            find(&ec2, "describe_images"),
            Some(&json!({"service": "ec2", "function": "describe_images", "result_key": "Images",
                "parameters": {"Owners": ["self"]}}))
        );
        assert_eq!(
            find(&calls("iam"), "list_policies").expect("a call")["parameters"],
            json!({"Scope": "Local"})
        );
    }

    #[test]
    fn a_function_that_needs_one_word_is_called_once_for_each_word() {
        let policies = calls("organizations");
        let kinds: Vec<_> = policies
            .iter()
            .filter(|call| call["function"] == "list_policies")
            .map(|call| call["parameters"]["Filter"].as_str().expect("a kind"))
            .collect();
        assert_eq!(kinds.len(), 13);
        assert!(kinds.contains(&"SERVICE_CONTROL_POLICY") && kinds.contains(&"S3_POLICY"), "{kinds:?}");
    }

    #[test]
    fn account_id_is_filled_in_where_it_suffices() {
        let catalog = Catalog::embedded().expect("a catalog");
        let mut filled = 0;
        for entry in catalog.entries() {
            let service = catalog.service(&entry.name).expect("loads").expect("exists");
            let calls = calls_for(&catalog, &service);
            for function in Function::all(&service).filter(|function| catalog.denial(function).is_none()) {
                let required: Vec<_> = service.required_parameters(function.operation()).collect();
                let [id] = required.as_slice() else { continue };
                if !id.name.to_lowercase().ends_with("accountid") {
                    continue;
                }
                let name = function.name();
                let is_called = calls.iter().any(|call| call["function"] == name);
                let is_omitted = omission(&service.name, name) == Some(Omission::Needs);
                let is_of_another = ["stagingAccountID", "ResourceOwnerAwsAccountId"].contains(&&*id.name);
                assert!(is_called || is_omitted || is_of_another, "{} {name}: {}", service.name, id.name);
                filled += usize::from(is_called);
            }
        }
        assert_eq!(filled, 60);
        assert_eq!(
            find(&calls("quicksight"), "list_data_sets").expect("a call")["parameters"],
            json!({"AwsAccountId": "{account}"})
        );
    }

    #[test]
    fn cloudfront_scope_is_called_in_one_region() {
        let calls = calls("wafv2");
        let scopes: Vec<_> = calls
            .iter()
            .filter(|call| call["function"] == "list_web_acls")
            .map(|call| (&call["parameters"]["Scope"], call.get("regions")))
            .collect();
        let virginia = json!(["us-east-1"]);
        assert_eq!(scopes, [(&json!("REGIONAL"), None), (&json!("CLOUDFRONT"), Some(&virginia))]);
    }

    #[test]
    fn a_result_key_loses_nothing() {
        let key = |service: &str, function: &str| {
            let calls = calls(service);
            find(&calls, function).expect("a call").get("result_key").cloned()
        };
        assert_eq!(key("ec2", "describe_instances"), Some(json!("Reservations")));
        assert_eq!(key("ec2", "describe_vpn_connections"), Some(json!("VpnConnections")));
        // Users, groups, roles and policies; a number and three booleans; a nested list.
        assert_eq!(key("iam", "get_account_authorization_details"), None);
        assert_eq!(key("ec2", "describe_account_attributes"), Some(json!("AccountAttributes")));
        assert_eq!(key("ec2", "get_ebs_encryption_by_default"), None);
        assert_eq!(key("cloudfront", "list_distributions"), None);
    }

    /// Calls that cannot succeed are in no generated spec, and catalogues are not in the one of everything.
    #[test]
    fn full_spec_excludes_failing_calls_and_catalogues() {
        let catalog = Catalog::embedded().expect("a catalog");
        let all: Value = serde_json::from_str(&everything(&catalog).expect("text")).expect("JSON");
        let all = all["calls"].as_array().expect("calls");
        assert_eq!(find(all, "describe_rules"), None);
        assert_eq!(find(&calls("elbv2"), "describe_rules"), None);
        assert_eq!(find(all, "describe_spot_price_history"), None);
        assert!(find(&calls("ec2"), "describe_spot_price_history").is_some());
        assert_eq!(find(&calls("emr"), "describe_job_flows"), None, "deprecated");
        assert_eq!(find(&calls("sts"), "get_session_token"), None, "denied");
    }
}
