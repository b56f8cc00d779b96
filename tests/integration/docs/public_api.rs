//! The stable part of the library's public interface, as a snapshot: a change of it is seen in review.
//!
//! `app` and `error`, and what `run` and `reports` export. Names and kinds are listed, not signatures: the compiler
//! checks those where the examples and the documentation use them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use insta::assert_snapshot;
use syn::{ImplItem, Item, TraitItem, Type, UseTree, Visibility};

use crate::sandbox::{parsed, root, rust_files};

#[test]
fn stable_public_interface_is_as_reviewed() {
    let source = root().join("src");
    let mut listed = String::new();
    for module in ["app", "error", "run", "reports"] {
        let members = public_members(&source, module);
        for name in exported_names(&source, module) {
            let _ = writeln!(listed, "{module}::{name}");
            for member in members.get(&name).into_iter().flatten() {
                let _ = writeln!(listed, "    {member}");
            }
        }
    }
    assert!(listed.contains("app::Scan\n    builder\n"), "{listed}");
    assert_snapshot!(listed);
}

/// The names that a module exports: by `pub use` in the files that front its folders, or as items of its one file.
fn exported_names(source: &Path, module: &str) -> Vec<String> {
    let file = source.join(module).with_extension("rs");
    let mut names = Vec::new();
    if file.is_file() {
        names.extend(parsed(&file).items.iter().filter_map(public_item));
    } else {
        for front in rust_files(&source.join(module)).filter(|path| path.ends_with("mod.rs")) {
            for item in parsed(&front).items {
                match item {
                    Item::Use(item) if is_public(&item.vis) => used_names(&item.tree, &mut names),
                    item => names.extend(public_item(&item)),
                }
            }
        }
    }
    names.sort();
    names.dedup();
    names
}

/// The public fields, variants and methods of each type of a module.
fn public_members(source: &Path, module: &str) -> BTreeMap<String, Vec<String>> {
    let folder = source.join(module);
    let files: Vec<_> =
        if folder.is_dir() { rust_files(&folder).collect() } else { vec![folder.with_extension("rs")] };
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in files.iter().flat_map(|file| parsed(file).items) {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter(|field| is_public(&field.vis));
                let names = fields.filter_map(|field| field.ident.as_ref().map(ToString::to_string));
                members.entry(item.ident.to_string()).or_default().extend(names);
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| variant.ident.to_string());
                members.entry(item.ident.to_string()).or_default().extend(variants);
            }
            Item::Trait(item) => {
                let methods = item.items.iter().filter_map(|member| match member {
                    TraitItem::Fn(method) => Some(method.sig.ident.to_string()),
                    _ => None,
                });
                members.entry(item.ident.to_string()).or_default().extend(methods);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Type::Path(path) = &*item.self_ty else { continue };
                let Some(name) = path.path.segments.last() else { continue };
                let methods = item.items.iter().filter_map(|member| match member {
                    ImplItem::Fn(method) if is_public(&method.vis) => Some(method.sig.ident.to_string()),
                    _ => None,
                });
                members.entry(name.ident.to_string()).or_default().extend(methods);
            }
            _ => {}
        }
    }
    members
}

fn public_item(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    is_public(visibility).then(|| name.to_string())
}

fn used_names(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => used_names(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| used_names(tree, names)),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(name) => names.push(name.rename.to_string()),
        UseTree::Glob(_) => names.push("*".to_owned()),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
