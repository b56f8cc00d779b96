//! Runs for tests.

use std::path::Path;

use serde_json::{Value, json};

use super::Manifest;
use crate::aws::client::RetryPolicy;

/// The manifest of a finished run with one successful call; tests replace the members that they are about.
pub(crate) fn sample_manifest() -> Value {
    let time = "2026-11-22T10:00:00Z";
    let role = json!({
        "path": "/", "arn_template": null, "via_role": null, "external_id": null, "session_name": "scan",
        "source_identity": null, "session_tags": {}, "duration_seconds": null, "session_policy": "plan",
    });
    json!({
        "format_version": super::FORMAT_VERSION, "version": "0.0.0", "catalog_version": "0",
        "simulated": false, "state": "finished", "started": time, "finished": time,
        "caller": {"account": "111111111111", "arn": "arn:aws:iam::111111111111:user/test"},
        "organization": "o-example", "spec": {"source": "spec.json", "sha256": "", "document": []},
        "settings": {
            "organization_scan": true, "role_name": null, "role": role, "account_filters": [], "profiles": [],
            "profiles_file": null, "regions": null, "exclude_regions": [], "layout": "service",
            "retries": RetryPolicy::default(), "max_response_size": 256, "concurrency": 1,
            "concurrent_regions": 1, "concurrent_services": 1, "ask_everything": false, "redact": true,
            "redact_paths": [], "allow": [],
        },
        "totals": {
            "accounts": 1, "accounts_scanned": 1, "calls": {"ok": 1}, "lines": 1, "requests": 1, "items": 1,
            "redacted": 0, "secrets": 0,
        },
    })
}

/// Creates the folder of a finished run that started at `started`, with one successful call.
pub(super) fn finished_run(path: &Path, started: &str, edit: impl FnOnce(&mut Manifest)) {
    std::fs::create_dir_all(path).expect("a folder");
    let mut manifest = sample_manifest();
    (manifest["started"], manifest["finished"]) = (started.into(), started.into());
    let mut manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
    edit(&mut manifest);
    manifest.write(&path.join("manifest.json")).expect("writes");
}
