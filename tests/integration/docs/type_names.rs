//! One type name stands for one thing in the whole crate.
//!
//! A reader who meets `Report` in a signature must not have to look which of three it is. Associated types and
//! the types inside functions are not counted: they are not visible elsewhere.

use std::collections::BTreeMap;

use syn::Item;

use crate::sandbox::{parsed, root, rust_files};

#[test]
fn type_name_stands_for_one_type() {
    let source = root().join("src");
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust_files(&source) {
        let path = file.strip_prefix(&source).expect("below src").display().to_string();
        for name in defined_types(&parsed(&file).items) {
            places.entry(name).or_default().push(path.clone());
        }
    }
    assert!(places.len() > 500, "only {} types were found", places.len());
    let repeated: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(repeated.is_empty(), "names of several types: {repeated:#?}");
}

/// The types that items define, inline modules included.
fn defined_types(items: &[Item]) -> Vec<String> {
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) => names.push(item.ident.to_string()),
            Item::Enum(item) => names.push(item.ident.to_string()),
            Item::Trait(item) => names.push(item.ident.to_string()),
            Item::Type(item) => names.push(item.ident.to_string()),
            Item::Union(item) => names.push(item.ident.to_string()),
            Item::Mod(item) => {
                names.extend(item.content.iter().flat_map(|(_, items)| defined_types(items)));
            }
            _ => {}
        }
    }
    names
}

#[test]
fn defined_types_are_found_in_inline_modules() {
    let file =
        syn::parse_file("struct A; mod inner { enum B {} trait C {} type D = u8; fn e() { struct F; } }");
    assert_eq!(defined_types(&file.expect("Rust").items), ["A", "B", "C", "D"]);
}
