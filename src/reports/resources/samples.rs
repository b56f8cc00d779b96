//! Sample runs for tests: a directory with the files that a test defines.

use std::fs;

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{FoundResource, Resource, Resources};
use crate::model::catalog::Catalog;
use crate::plan::spec::ScanSpec;
use crate::run::samples::sample_manifest;
use crate::run::{Results, ResultsError};

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const REGION: &str = "eu-west-1";

/// A finished run of one account in one region.
pub(crate) struct SampleRun {
    _folder: TempDir,
    pub(crate) resources: Resources,
}

impl SampleRun {
    /// Creates a run of this spec. `files` has the results: service, name of the call, result. A service in another
    /// place has it before a slash: `global/iam`. `lines` are the ledger lines; missing members get defaults.
    pub(crate) fn new(
        catalog: &Catalog,
        spec: &Value,
        files: &[(&str, &str, Value)],
        lines: &[Value],
    ) -> Self {
        Self::redacting(true, catalog, spec, files, lines)
    }

    /// Creates a run with or without redaction.
    pub(crate) fn redacting(
        redact: bool,
        catalog: &Catalog,
        spec: &Value,
        files: &[(&str, &str, Value)],
        lines: &[Value],
    ) -> Self {
        Self::edited(catalog, spec, files, lines, |manifest| manifest["settings"]["redact"] = json!(redact))
    }

    /// Creates a run, after `edit` has changed its manifest.
    pub(crate) fn edited(
        catalog: &Catalog,
        spec: &Value,
        files: &[(&str, &str, Value)],
        lines: &[Value],
        edit: impl FnOnce(&mut Value),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("writes");
        };
        let mut services: Map<String, Value> = Map::new();
        for (service, name, result) in files {
            let file = services.entry(*service).or_insert_with(|| json!({}));
            file[*name] = result.clone();
        }
        for (service, file) in services {
            let (place, service) = service.split_once('/').unwrap_or((REGION, &service));
            write(&format!("{ACCOUNT}/{place}/{service}.json"), file.to_string());
        }
        let lines = lines.iter().map(|line| {
            let mut whole = json!({"account": ACCOUNT, "region": REGION, "status": "ok", "attempts": 1,
                "pages": 1, "items": 1, "duration_ms": 1});
            let members = whole.as_object_mut().expect("an object");
            members.extend(line.as_object().expect("an object").clone());
            if !members.contains_key("name") {
                members.insert("name".to_owned(), line["function"].clone());
            }
            format!("{whole}\n")
        });
        write("ledger.ndjson", lines.collect());
        write(
            "accounts.json",
            json!([{"id": ACCOUNT, "state": "ACTIVE", "paths": [], "management": false, "selected": true}])
                .to_string(),
        );
        let mut manifest = manifest(spec);
        edit(&mut manifest);
        write("manifest.json", manifest.to_string());
        let spec = ScanSpec::parse(&spec.to_string(), "the test", catalog).expect("a spec");
        let results = Results::open(folder.path()).expect("a run");
        Self { resources: Resources::new(results, &spec), _folder: folder }
    }

    /// Returns every resource, one row each, converted by `take`.
    pub(crate) fn merged<T>(&self, take: impl Fn(&Resource<'_>) -> T) -> Vec<T> {
        let mut all = Vec::new();
        self.resources
            .each::<ResultsError>(&mut |resource| {
                all.push(take(resource));
                Ok(())
            })
            .expect("resources");
        all
    }

    /// Returns what every call returned, converted by `take`.
    pub(crate) fn each<T>(&self, take: impl Fn(&FoundResource<'_>) -> T) -> Vec<T> {
        let mut all = Vec::new();
        let account = &self.resources.results().accounts()[0];
        self.resources
            .each_found::<ResultsError>(account, REGION, &|_| true, &mut |found| {
                all.push(take(&found));
                Ok(())
            })
            .expect("resources");
        all
    }
}

fn manifest(spec: &Value) -> Value {
    let mut manifest = sample_manifest();
    manifest["caller"] = json!({"account": ACCOUNT, "arn": "arn:aws:iam::123456789012:user/inventory"});
    manifest["organization"] = Value::Null;
    manifest["spec"]["document"] = spec.clone();
    manifest["settings"]["organization_scan"] = json!(false);
    manifest
}
