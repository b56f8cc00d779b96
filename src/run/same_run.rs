//! Whether manifests belong to one run: to its shards, or to executions of one shard.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Manifest;
use crate::names::AccountId;

impl Manifest {
    /// Returns what differs between the runs of two manifests: the program, catalog, spec, settings, organization or
    /// account of the caller. Returns `None` if they belong to one run. Shards of it may differ in their numbers.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let (own, its) = (identity(self), identity(other));
        let names = own.keys().chain(its.keys());
        names.into_iter().find(|name| own.get(*name) != its.get(*name)).cloned()
    }
}

/// Returns the values that must be equal in all shards and executions of a run, by their names in messages.
fn identity(manifest: &Manifest) -> BTreeMap<String, Value> {
    let mut identity = BTreeMap::from([
        ("the version of scan".to_owned(), Value::from(manifest.version.as_str())),
        ("the catalog".to_owned(), Value::from(manifest.catalog_version.as_str())),
        ("whether AWS was simulated".to_owned(), Value::from(manifest.simulated)),
        ("the organization".to_owned(), Value::from(manifest.organization.as_deref())),
        (
            "the management account".to_owned(),
            Value::from(manifest.management_account.as_ref().map(AccountId::as_str)),
        ),
        ("the account of the caller".to_owned(), Value::from(manifest.caller.account.as_str())),
        ("the scan spec".to_owned(), Value::from(manifest.spec.sha256.as_str())),
    ]);
    let delegated = serde_json::to_value(&manifest.delegated_administrators).unwrap_or_default();
    identity.insert("the delegated administrators".to_owned(), delegated);
    let count = manifest.settings.shard.map(|shard| shard.count);
    identity.insert("the number of shards".to_owned(), Value::from(count));
    if let Ok(Value::Object(settings)) = serde_json::to_value(&manifest.settings) {
        let shared =
            settings.into_iter().filter(|(name, _)| !matches!(name.as_str(), "shard" | "bucket_folder"));
        identity.extend(shared.map(|(name, value)| (format!("the setting `{name}`"), value)));
    }
    identity
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Manifest;
    use crate::run::samples::sample_manifest;

    #[test]
    fn manifests_of_one_run_differ_only_in_their_shard() {
        let of = |pointer: &str, value: serde_json::Value| {
            let mut manifest = sample_manifest();
            let (object, name) = pointer.rsplit_once('/').expect("a pointer");
            manifest.pointer_mut(object).expect("an object")[name] = value;
            serde_json::from_value::<Manifest>(manifest).expect("a manifest")
        };
        let first = of("/settings/shard", json!({"number": 1, "count": 2}));
        let second = of("/settings/shard", json!({"number": 2, "count": 2}));
        assert_eq!(first.difference(&second), None);
        let other = of("/settings/concurrency", json!(9));
        assert_eq!(
            other.difference(&of("/totals/items", json!(9))).as_deref(),
            Some("the setting `concurrency`")
        );
        let whole = of("/totals/items", json!(2));
        assert_eq!(first.difference(&whole).as_deref(), Some("the number of shards"));
    }
}
