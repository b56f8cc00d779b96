//! Finds circles between the source files: a file that uses a second one, which leads back to it.
//!
//! A circle means that none of its files can be read, moved or tested without the others. `layers` checks
//! the modules at the top; this test checks every file below them.
//!
//! A file uses another when it names an item that is defined there, in a `use` line or in a path. Items are
//! followed through `pub use`, so that the `mod.rs` of a folder, which passes on what its files define, is
//! not part of a circle for that alone. A module may also use what the modules around it define: it is a part
//! of them. Unit tests are not read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use crate::sandbox::{parsed, root};

/// The path of a module or item from the root of the crate.
type Names = Vec<String>;

#[test]
fn no_file_uses_a_file_that_leads_back_to_it() {
    let source = root().join("src");
    let mut sources = Sources::default();
    sources.add_file(&source.join("lib.rs"), &source, Vec::new());
    let arrows = sources.arrows();
    let circles: String = circles(&arrows).iter().map(|circle| described(circle, &arrows)).collect();
    assert!(
        circles.is_empty(),
        "files that lead back to each other, and what they use of each other:
{circles}"
    );
}

/// Which file uses which, and the names that it uses.
type Arrows<'sources> = BTreeMap<(&'sources str, &'sources str), BTreeSet<&'sources str>>;

/// The groups of files that lead back to each other.
fn circles<'sources>(arrows: &Arrows<'sources>) -> Vec<BTreeSet<&'sources str>> {
    let graph = DiGraphMap::<&str, ()>::from_edges(arrows.keys());
    let groups = tarjan_scc(&graph).into_iter().filter(|group| group.len() > 1);
    let mut circles: Vec<BTreeSet<&str>> = groups.map(|group| group.into_iter().collect()).collect();
    circles.sort();
    circles
}

fn described(circle: &BTreeSet<&str>, arrows: &Arrows<'_>) -> String {
    let files: Vec<&str> = circle.iter().copied().collect();
    let inside = arrows.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
    let lines = inside.map(|((from, to), names)| {
        let names: Vec<&str> = names.iter().copied().collect();
        format!("    {from} -> {to}: {}\n", names.join(", "))
    });
    format!("  {}\n{}", files.join(", "), lines.collect::<String>())
}

/// All modules of the crate.
#[derive(Default)]
struct Sources {
    modules: BTreeMap<Names, Module>,
}

/// A module, in its own file or within one.
#[derive(Default)]
struct Module {
    /// The file, below `src`.
    file: String,
    /// The names of items that are defined here.
    items: BTreeSet<String>,
    /// The names that `use` lines bring in, with where they come from.
    imports: BTreeMap<String, Names>,
    /// The paths that the code of the module names, `use` lines included.
    paths: BTreeSet<Names>,
}

impl Sources {
    /// Reads a file, and the files of the modules that it declares in `folder`.
    fn add_file(&mut self, file: &Path, folder: &Path, module: Names) {
        let root = root().join("src");
        let below = file.strip_prefix(root).expect("a file of src").display().to_string();
        self.add_items(&parsed(file).items, &below, folder, module);
    }

    fn add_items(&mut self, items: &[Item], file: &str, folder: &Path, module: Names) {
        let mut this = Module { file: file.to_owned(), ..Module::default() };
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            if let Some(name) = name_of(item) {
                this.items.insert(name);
            }
            match item {
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    let below = [module.as_slice(), std::slice::from_ref(&name)].concat();
                    let inner_folder = folder.join(&name);
                    match &inner.content {
                        Some((_, items)) => self.add_items(items, file, &inner_folder, below),
                        None => self.add_file(&file_of(folder, &name), &inner_folder, below),
                    }
                }
                Item::Use(line) => this.import(&line.tree, &mut Vec::new()),
                item => Paths(&mut this).visit_item(item),
            }
        }
        self.modules.insert(module, this);
    }

    fn arrows(&self) -> Arrows<'_> {
        let mut arrows = Arrows::new();
        for (name, module) in &self.modules {
            for path in &module.paths {
                let used = self.file_of_item(name, path, 0);
                if let Some(used) = used.filter(|used| *used != module.file && !self.is_around(used, name)) {
                    let names = arrows.entry((&*module.file, used)).or_default();
                    names.extend(path.last().map(String::as_str));
                }
            }
        }
        arrows
    }

    /// Whether a file is that of a module around this one.
    fn is_around(&self, file: &str, module: &[String]) -> bool {
        (1..module.len())
            .any(|length| self.modules.get(&module[..length]).is_some_and(|around| around.file == file))
    }

    /// The file that defines what a path means in a module; `None` for what other crates define and for modules.
    fn file_of_item(&self, module: &[String], path: &[String], depth: usize) -> Option<&str> {
        /// A `use` line may lead to another, but not for ever.
        const DEEPEST: usize = 16;
        let (mut here, mut rest) = self.start(module, path)?;
        while let Some((name, after)) = rest.split_first() {
            let below = [here.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&below) {
                (here, rest) = (below, after);
                continue;
            }
            let this = &self.modules[&here];
            if let Some(target) = this.imports.get(name).filter(|_| depth < DEEPEST) {
                let target = [target.as_slice(), after].concat();
                return self.file_of_item(&here, &target, depth + 1);
            }
            return this.items.contains(name).then_some(this.file.as_str());
        }
        None
    }

    /// The module that a path starts in, and what is left of the path.
    fn start<'path>(&self, module: &[String], path: &'path [String]) -> Option<(Names, &'path [String])> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some((Vec::new(), rest)),
            "self" => Some((module.to_vec(), rest)),
            "super" => {
                let mut here = module[..module.len().checked_sub(1)?].to_vec();
                let mut rest = rest;
                while rest.first().is_some_and(|name| name == "super") {
                    here.pop();
                    rest = &rest[1..];
                }
                Some((here, rest))
            }
            name => {
                let below = [module, std::slice::from_ref(first)].concat();
                let is_known = self.modules.contains_key(&below)
                    || self.modules[module].imports.get(name).is_some_and(|target| target[0] != *name);
                is_known.then(|| (module.to_vec(), path))
            }
        }
    }
}

impl Module {
    /// Takes down what a `use` line brings in.
    fn import(&mut self, tree: &UseTree, before: &mut Names) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before);
                before.pop();
            }
            UseTree::Name(name) if name.ident == "self" => {
                self.imports.insert(before.last().cloned().unwrap_or_default(), before.clone());
            }
            UseTree::Name(name) => self.take_down(&name.ident.to_string(), before, &name.ident.to_string()),
            UseTree::Rename(rename) => {
                self.take_down(&rename.rename.to_string(), before, &rename.ident.to_string());
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before)),
            // What a `*` brings in is seen in the paths of the items that come from it.
            UseTree::Glob(_) => {}
        }
    }

    fn take_down(&mut self, name: &str, before: &[String], last: &str) {
        let target = [before, &[last.to_owned()]].concat();
        // An item that is passed on is used by the file that names it here.
        self.imports.insert(name.to_owned(), target.clone());
        self.paths.insert(target);
    }
}

/// Collects the paths of an item.
struct Paths<'module>(&'module mut Module);

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.0.paths.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    /// A `use` line within a function.
    fn visit_item_use(&mut self, line: &'ast syn::ItemUse) {
        self.0.import(&line.tree, &mut Vec::new());
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

fn file_of(folder: &Path, module: &str) -> PathBuf {
    let file = folder.join(format!("{module}.rs"));
    if file.exists() { file } else { folder.join(module).join("mod.rs") }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
