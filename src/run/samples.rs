//! Runs for tests.

use std::path::Path;

use serde_json::json;

use super::Manifest;

/// Creates the folder of a finished run that started at `started`, with one successful call.
pub(super) fn finished_run(path: &Path, started: &str, edit: impl FnOnce(&mut Manifest)) {
    std::fs::create_dir_all(path).expect("a folder");
    let manifest = json!({
        "format_version": super::FORMAT_VERSION, "version": "0.0.0", "catalog_version": "0",
        "simulated": false, "state": "finished", "started": started, "finished": started,
        "caller": {"account": "111111111111", "arn": "arn:aws:iam::111111111111:user/test"},
        "organization": "o-example", "spec": {"source": "spec.json", "sha256": "", "document": []},
        "settings": {
            "organization_scan": true, "role_name": null, "regions": null, "exclude_regions": [],
            "layout": "service", "retries": crate::aws::client::RetryPolicy::default(), "concurrency": 1,
            "concurrent_regions": 1, "concurrent_services": 1, "ask_everything": false,
        },
        "totals": {"accounts": 1, "accounts_scanned": 1, "calls": {"ok": 1}, "requests": 1, "items": 1},
    });
    let mut manifest: Manifest = serde_json::from_value(manifest).expect("a manifest");
    edit(&mut manifest);
    manifest.write(&path.join("manifest.json")).expect("writes");
}
