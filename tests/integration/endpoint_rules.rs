//! botocore's own suites of endpoint rules, run through this program's interpreter.
//!
//! Each case gives parameters and says which URL, headers and ways to sign, or which error, the rules of
//! a service must give for them. `backend` and `metricValues`, two properties that no client acts upon,
//! are not compared.

use std::fs;
use std::path::{Path, PathBuf};

use aws_auto_inventory::catalog::ContextValue;
use aws_auto_inventory::client::endpoint::{
    AuthScheme, EndpointError, Parameters, Partitions, ResolvedEndpoint, RuleSet,
};
use flate2::read::GzDecoder;
use serde_json::Value;

#[test]
fn the_rules_of_every_service_give_the_endpoints_of_botocores_suites() {
    let source = botocore_source();
    let partitions = partitions(&source);
    let mut counts = Counts::default();
    for service in folders(&source.join("tests/functional/endpoint-rules")) {
        let name = file_name(&service);
        let versions = folders(&source.join("botocore/data").join(&name));
        let newest = versions.last().unwrap_or_else(|| panic!("no model of {name}"));
        let suite = read(&service, "endpoint-tests-1.json");
        counts.run(&name, &read(newest, "endpoint-rule-set-1.json"), &suite, &partitions);
    }
    counts.report("endpoint-rules", 10_000);
}

#[test]
fn the_language_of_rules_passes_botocores_suites() {
    let source = botocore_source();
    let partitions = partitions(&source);
    let folder = source.join("tests/unit/data/endpoints");
    let mut counts = Counts::default();
    for suite in entries(&folder.join("test-cases")) {
        let file = file_name(&suite);
        counts.run(
            &file,
            &read(&folder.join("valid-rules"), &file),
            &read(&folder.join("test-cases"), &file),
            &partitions,
        );
    }
    counts.report("endpoint-rule-language", 50);
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failures: Vec<String>,
}

impl Counts {
    fn run(&mut self, name: &str, rules: &str, suite: &str, partitions: &Partitions) {
        let rules = RuleSet::parse(rules).unwrap_or_else(|error| panic!("{name}: {error}"));
        let suite: Value = serde_json::from_str(suite).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (index, case) in suite["testCases"].as_array().into_iter().flatten().enumerate() {
            let actual = rules.resolve(&parameters(&case["params"]), partitions);
            match compare(actual, &case["expect"]) {
                Ok(()) => self.passed += 1,
                Err(difference) => {
                    let title = case["documentation"].as_str().unwrap_or("without a title");
                    self.failures.push(format!("{name}, case {index} ({title}): {difference}"));
                }
            }
        }
    }

    #[track_caller]
    fn report(&self, suite: &str, at_least: usize) {
        println!("{suite}: {} passed, {} failed", self.passed, self.failures.len());
        assert!(self.failures.is_empty(), "{} failures:\n{}", self.failures.len(), self.failures.join("\n"));
        assert!(self.passed >= at_least, "{suite}: only {} cases found: is the suite complete?", self.passed);
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

fn botocore_source() -> PathBuf {
    let source = std::env::var_os("BOTOCORE_SOURCE").unwrap_or_else(|| {
        panic!("BOTOCORE_SOURCE must name an unpacked source distribution of botocore: run `tests/run`, which sets it")
    });
    PathBuf::from(source)
}

fn partitions(source: &Path) -> Partitions {
    Partitions::parse(&read(&source.join("botocore/data"), "partitions.json")).expect("readable partitions")
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

/// A file that may be compressed, as some distributions of botocore have it.
fn read(folder: &Path, file: &str) -> String {
    let plain = folder.join(file);
    if plain.exists() {
        return fs::read_to_string(&plain).unwrap_or_else(|error| panic!("{}: {error}", plain.display()));
    }
    let compressed = folder.join(format!("{file}.gz"));
    let opened =
        fs::File::open(&compressed).unwrap_or_else(|error| panic!("{}: {error}", compressed.display()));
    std::io::read_to_string(GzDecoder::new(opened))
        .unwrap_or_else(|error| panic!("{}: {error}", compressed.display()))
}
