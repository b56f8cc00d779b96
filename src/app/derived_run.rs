//! A run of other calls that has the accounts, role, regions and redaction of a finished run.

use std::collections::BTreeMap;

use chrono::Utc;
use serde_json::Value;

use super::settings::redaction::RedactionSettings;
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::plan::spec::ScanSpec;
use crate::run::{Manifest, ManifestSettings, ManifestSpec, ManifestTotals, RunState};

/// Returns the manifest of a run that has not been started: that of a finished run with the calls of another spec.
/// `origin` is the command that makes it, as the source of the spec.
///
/// # Errors
///
/// Returns an error if the catalog lacks a call of the spec.
pub(super) fn manifest_with_calls(
    run: &Manifest,
    document: &Value,
    origin: &str,
    catalog: &Catalog,
) -> Result<Manifest, Failure> {
    let run = run.clone();
    let spec = ScanSpec::parse(&document.to_string(), origin, catalog)?;
    let redact_paths = paths_of(&run.settings, catalog, &spec);
    Ok(Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalog_version: catalog.botocore_version().to_owned(),
        state: RunState::Running,
        started: Utc::now(),
        finished: None,
        unknown_account_details: Vec::new(),
        spec: ManifestSpec { source: origin.to_owned(), sha256: spec.hash, document: spec.document },
        settings: ManifestSettings { redact_paths, bucket_folder: None, shard: None, ..run.settings },
        totals: ManifestTotals { calls: BTreeMap::new(), lines: 0, requests: 0, items: 0, ..run.totals },
        missing_shards: Vec::new(),
        ..run
    })
}

/// Returns the paths to redact that exist in the responses of the calls.
fn paths_of(settings: &ManifestSettings, catalog: &Catalog, spec: &ScanSpec) -> Vec<String> {
    let exists = |path: &&String| {
        let only = RedactionSettings {
            redact: settings.redact,
            paths: vec![(*path).clone()],
            allow: Vec::new(),
            allow_unreviewed: Vec::new(),
        };
        only.check(catalog, spec).is_ok()
    };
    settings.redact_paths.iter().filter(exists).cloned().collect()
}
