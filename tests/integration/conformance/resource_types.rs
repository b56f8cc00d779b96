//! The types and formats of ARNs of all kinds of resources, and the types with tags, held against the public data that they
//! come from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::model::resource_types::{TypeByValue, types_by_value};
use aws_auto_inventory::plan::policy::prefix;
use aws_auto_inventory::reports::resources::listed_resources;
use serde::Deserialize;
use serde_json::json;

use crate::sandbox::ask_python;

/// Writes the tables again.
const UPDATE: &str = "UPDATE_RESOURCE_TYPES";

#[derive(Deserialize)]
struct Derived {
    types: Vec<String>,
    arns: Vec<String>,
    taggable: Vec<String>,
    /// Reviewed rows that change nothing.
    unused: Vec<Vec<String>>,
}

fn derived() -> Derived {
    let catalog = Catalog::embedded().expect("a catalog");
    let mut services = BTreeMap::new();
    for entry in catalog.entries() {
        let service = Arc::new(catalog.read(entry).expect("loads"));
        let lists = listed_resources(&service);
        services.insert(entry.name.clone(), json!({"prefix": prefix(&service), "lists": lists}));
    }
    let names = |row: &TypeByValue| row.types.iter().map(|(_, name)| *name).collect::<Vec<_>>();
    let by_value: Vec<_> =
        types_by_value().iter().map(|row| json!([row.service, row.kind, names(row)])).collect();
    let catalog = json!({"services": services, "by_value": by_value});
    let text = ask_python("resource_types.py", &catalog.to_string());
    serde_json::from_str(&text).expect("three tables")
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/resource_types")
}

#[test]
fn tables_are_what_public_data_says() {
    let derived = derived();
    assert!(derived.unused.is_empty(), "rows that change nothing: {:?}", derived.unused);
    let tables =
        [("types.txt", derived.types), ("arns.txt", derived.arns), ("taggable.txt", derived.taggable)];
    for (file, lines) in tables {
        let path = folder().join(file);
        let text = lines.join("\n") + "\n";
        if std::env::var_os(UPDATE).is_some() {
            fs::write(&path, &text).expect("writes");
        }
        let written = fs::read_to_string(&path).expect("a table");
        let (new, old): (Vec<&str>, Vec<&str>) = (text.lines().collect(), written.lines().collect());
        let added: Vec<_> = new.iter().filter(|line| !old.contains(line)).collect();
        let gone: Vec<_> = old.iter().filter(|line| !new.contains(line)).collect();
        assert!(text == written, "{file}: set {UPDATE} after a review; new: {added:#?}, gone: {gone:#?}");
    }
}
