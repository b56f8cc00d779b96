//! botocore's own suites of endpoint rules, run through this program's interpreter.
//!
//! Each case has parameters, and the expected URL, headers and ways to sign, or the expected error: the rules of
//! a service must give for them. `backend` and `metricValues`, two properties that no client acts upon,
//! are not compared.
#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_auto_inventory::model::catalog::{Catalog, ContextValue, Operation, Service};
use aws_auto_inventory::model::endpoint::{
    AuthScheme, EndpointError, EndpointResolver, EndpointSettings, Parameters, Partitions, ResolvedEndpoint,
    RuleSet,
};
use aws_auto_inventory::names::{AccountId, Region};
use serde_json::Value;

use crate::conformance::Suite;
use crate::sandbox::{botocore_source, read_maybe_compressed};

/// The rules of every service give the endpoints of botocore's suites.
#[test]
fn endpoint_rules_pass_suites_of_botocore() {
    let source = botocore_source();
    let partitions = partitions(&source);
    let mut suite = Suite::new("endpoint-rules");
    for service in folders(&source.join("tests/functional/endpoint-rules")) {
        let name = file_name(&service);
        let versions = folders(&source.join("botocore/data").join(&name));
        let newest = versions.last().unwrap_or_else(|| panic!("no model of {name}"));
        let cases = read_maybe_compressed(&service, "endpoint-tests-1.json");
        run(
            &mut suite,
            &name,
            &read_maybe_compressed(newest, "endpoint-rule-set-1.json"),
            &cases,
            &partitions,
        );
    }
    suite.finish();
}

#[test]
fn the_language_of_rules_passes_botocores_suites() {
    let source = botocore_source();
    let partitions = partitions(&source);
    let folder = source.join("tests/unit/data/endpoints");
    let mut suite = Suite::new("endpoint-rule-language");
    for cases in entries(&folder.join("test-cases")) {
        let file = file_name(&cases);
        let rules = read_maybe_compressed(&folder.join("valid-rules"), &file);
        run(
            &mut suite,
            &file,
            &rules,
            &read_maybe_compressed(&folder.join("test-cases"), &file),
            &partitions,
        );
    }
    suite.finish();
}

/// Runs all cases of a suite's file through these rules.
fn run(suite: &mut Suite, name: &str, rules: &str, cases: &str, partitions: &Partitions) {
    let rules = RuleSet::parse(rules).unwrap_or_else(|error| panic!("{name}: {error}"));
    let cases: Value = serde_json::from_str(cases).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (index, case) in cases["testCases"].as_array().into_iter().flatten().enumerate() {
        let actual = rules.resolve(&parameters(&case["params"]), partitions);
        let title = case["documentation"].as_str().unwrap_or("without a title");
        suite.count(compare(actual, &case["expect"]), || format!("{name}, case {index} ({title})"));
    }
}

fn parameters(case: &Value) -> Parameters {
    let mut parameters = Parameters::new();
    for (name, value) in case.as_object().into_iter().flatten() {
        let value = match value {
            Value::String(text) => ContextValue::String(text.as_str().into()),
            Value::Bool(value) => ContextValue::Boolean(*value),
            Value::Array(items) => {
                ContextValue::Strings(items.iter().filter_map(Value::as_str).map(Into::into).collect())
            }
            other => panic!("a parameter of an unknown type: {other}"),
        };
        parameters.set(name, value);
    }
    parameters
}

fn compare(actual: Result<ResolvedEndpoint, EndpointError>, expected: &Value) -> Result<(), String> {
    if let Some(message) = expected["error"].as_str() {
        return match actual {
            Err(EndpointError::Refused(actual)) if actual == message => Ok(()),
            other => Err(format!("expected the error `{message}`, got {other:?}")),
        };
    }
    let actual = actual.map_err(|error| format!("expected {expected}, got the error `{error}`"))?;
    let expected = endpoint(&expected["endpoint"]);
    if actual == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {actual:?}")) }
}

fn endpoint(expected: &Value) -> ResolvedEndpoint {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut headers = Vec::new();
    for (name, values) in expected["headers"].as_object().into_iter().flatten() {
        let values = values.as_array().into_iter().flatten();
        headers.extend(values.filter_map(text).map(|value| (name.clone(), value)));
    }
    let schemes = expected["properties"]["authSchemes"].as_array().into_iter().flatten();
    let auth_schemes = schemes
        .map(|scheme| AuthScheme {
            name: text(&scheme["name"]).unwrap_or_default(),
            signing_name: text(&scheme["signingName"]),
            signing_region: text(&scheme["signingRegion"]).or_else(|| text(&scheme["signingRegionSet"][0])),
            disable_double_encoding: scheme["disableDoubleEncoding"] == true,
        })
        .collect();
    // Headers come in the order of their names, values of one header in the order of the rule.
    headers.sort_by(|(left, _), (right, _)| left.cmp(right));
    ResolvedEndpoint { url: text(&expected["url"]).unwrap_or_default(), headers, auth_schemes }
}

fn partitions(source: &Path) -> Partitions {
    Partitions::parse(&read_maybe_compressed(&source.join("botocore/data"), "partitions.json"))
        .expect("readable partitions")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    entries.sort();
    entries
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

/// Built-ins whose values this program takes from the user's settings; the others are fixed.
const SETTINGS: [&str; 6] = [
    "AWS::Region",
    "AWS::UseFIPS",
    "AWS::UseDualStack",
    "SDK::Endpoint",
    "AWS::Auth::AccountId",
    "AWS::Auth::AccountIdEndpointMode",
];

/// The calls of operations in the catalog reach the endpoints of botocore's suites.
#[test]
fn calls_reach_endpoints_of_suites_of_botocore() {
    let source = botocore_source();
    let partitions = Arc::new(partitions(&source));
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut suite = Suite::new("endpoint-calls");
    for entry in catalog.entries() {
        let folder = source.join("tests/functional/endpoint-rules").join(&entry.name);
        let cases: Value =
            serde_json::from_str(&read_maybe_compressed(&folder, "endpoint-tests-1.json")).expect("a suite");
        let service = catalog.service(&entry.name).expect("a readable catalog").expect("a listed service");
        for case in cases["testCases"].as_array().into_iter().flatten() {
            for call in case["operationInputs"].as_array().into_iter().flatten() {
                let name = call["operationName"].as_str().unwrap_or_default();
                let operation = service.operations.iter().find(|operation| &*operation.name == name);
                match operation.map(|operation| (operation, exclusion(&service, call))) {
                    None => suite.exclude("the operation is not in the catalog: it changes something"),
                    Some((_, Some(reason))) => suite.exclude(reason),
                    Some((operation, None)) => {
                        let title = case["documentation"].as_str().unwrap_or("without a title");
                        let actual = resolve(&service, operation, call, &partitions);
                        let title = || format!("{} {name} ({title})", entry.name);
                        suite.count(compare_url(actual, &case["expect"]), title);
                    }
                }
            }
        }
    }
    suite.finish();
}

/// Why the case cannot be run with this program.
fn exclusion(service: &Service, call: &Value) -> Option<&'static str> {
    let built_ins = &call["builtInParams"];
    let mut names = built_ins.as_object().into_iter().flat_map(|built_ins| built_ins.keys());
    let custom_url = !built_ins["SDK::Endpoint"].is_null();
    let variant = built_ins["AWS::UseFIPS"] == true || built_ins["AWS::UseDualStack"] == true;
    if names.any(|name| !SETTINGS.contains(&name.as_str())) {
        Some("a setting that is fixed here")
    } else if custom_url && (variant || &*service.name == "s3") {
        Some("a configured URL switches the variants off, and S3 to buckets in the path")
    } else if call["operationName"] == "BatchGetItem" {
        Some("reads items, which no scan does; its endpoint depends on a list deep in the request")
    } else if Region::parse(region_of(built_ins)).is_err() {
        Some("a pseudo region, which no account has")
    } else {
        None
    }
}

fn resolve(
    service: &Service,
    operation: &Operation,
    call: &Value,
    partitions: &Arc<Partitions>,
) -> Result<ResolvedEndpoint, EndpointError> {
    let built_ins = &call["builtInParams"];
    let mut settings = EndpointSettings {
        use_fips: built_ins["AWS::UseFIPS"] == true,
        use_dual_stack: built_ins["AWS::UseDualStack"] == true,
        ..EndpointSettings::default()
    };
    if let Some(mode) = built_ins["AWS::Auth::AccountIdEndpointMode"].as_str() {
        settings.account_id_endpoint_mode = mode.parse().expect("an account id endpoint mode");
    }
    if let Some(url) = built_ins["SDK::Endpoint"].as_str() {
        settings = settings.with_url(url);
    }
    let resolver = EndpointResolver::new(Arc::clone(partitions), settings);
    let input = call["operationParams"].as_object().cloned().unwrap_or_default();
    let region = Region::parse(region_of(built_ins)).expect("a region");
    let account = built_ins["AWS::Auth::AccountId"].as_str().map(AccountId::from);
    resolver.resolve(service, operation, &input, &region, account.as_ref())
}

fn region_of(built_ins: &Value) -> &str {
    built_ins["AWS::Region"].as_str().unwrap_or("us-east-1")
}

fn compare_url(actual: Result<ResolvedEndpoint, EndpointError>, expected: &Value) -> Result<(), String> {
    if expected["error"].is_string() {
        return compare(actual, expected);
    }
    let expected = expected["endpoint"]["url"].as_str().unwrap_or_default();
    match actual {
        Ok(actual) if actual.url == expected => Ok(()),
        other => Err(format!("expected {expected}, got {other:?}")),
    }
}
