//! The items of a response: every list in it, and the response itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::identifier::Identifier;
use super::words::words;
use crate::model::catalog::build::model::ModelShape;
use crate::model::catalog::{ItemsPath, ItemsStep};

/// An operation whose response has items.
pub(super) struct ListingSubject<'facts> {
    pub(super) name: &'facts str,
    pub(super) verb: &'facts str,
    /// The words of the noun.
    pub(super) noun: &'facts [String],
    /// Whether the request has required members.
    pub(super) has_required: bool,
}

/// The items at one place of a response.
pub(super) struct ItemCollection<'model> {
    pub(super) path: ItemsPath,
    /// The number of lists that enclose the list; 0 for one that is as good as on top.
    pub(super) depth: i32,
    /// Whether the operation is there for this list.
    pub(super) is_primary: bool,
    /// Whether this is the response itself.
    pub(super) is_response: bool,
    /// Whether the items are keys of a map.
    pub(super) is_keys: bool,
    /// The nouns of an item, comparable.
    pub(super) nouns: Vec<String>,
    pub(super) item_shape: &'model str,
    /// The scalar members of an item; for items that are scalars, the item itself, with an empty path.
    pub(super) fields: Vec<ItemField<'model>>,
}

/// A member of an item.
pub(super) struct ItemField<'model> {
    pub(super) path: Vec<&'model str>,
    pub(super) identifier: Identifier,
    pub(super) shape: &'model str,
    /// botocore's type.
    pub(super) kind: &'model str,
    /// 0 for a member of the item itself.
    pub(super) level: i32,
}

/// The deepest list that is considered, counted in members.
const DEEPEST: usize = 4;

/// Ends of item shapes that are no part of the noun.
const SHAPE_ENDS: [&str; 19] = [
    "summary",
    "info",
    "information",
    "item",
    "entry",
    "detail",
    "description",
    "metadata",
    "list",
    "data",
    "output",
    "record",
    "object",
    "structure",
    "overview",
    "member",
    "response",
    "result",
    "view",
];

/// Returns the collections of an operation's response.
pub(super) fn collections<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    subject: &ListingSubject<'_>,
    output: &'model str,
    result_keys: &[String],
) -> Vec<ItemCollection<'model>> {
    let mut walk = OutputWalk { shapes, found: Vec::new(), entered: vec![output] };
    walk.structure(output, &mut Vec::new(), 0, 0);
    let mut found = walk.found;
    mark_primary(&mut found, subject, result_keys);
    if matches!(subject.verb, "Get" | "Describe") && subject.has_required || found.is_empty() {
        found.extend(response(shapes, subject, output));
    }
    for collection in &mut found {
        let noun = subject.noun.concat();
        if collection.is_primary && !noun.is_empty() && !collection.nouns.contains(&noun) {
            collection.nouns.push(noun);
        }
    }
    found
}

struct OutputWalk<'model> {
    shapes: &'model BTreeMap<String, ModelShape>,
    found: Vec<ItemCollection<'model>>,
    entered: Vec<&'model str>,
}

impl<'model> OutputWalk<'model> {
    fn structure(&mut self, shape: &'model str, path: &mut Vec<ItemsStep>, depth: i32, members: usize) {
        let Some(structure) = self.shapes.get(shape) else { return };
        if structure.eventstream || members >= DEEPEST {
            return;
        }
        for (name, member) in &structure.members {
            let Some(inner_shape) = member["shape"].as_str() else { continue };
            let Some(inner) = self.shapes.get(inner_shape) else { continue };
            path.push(ItemsStep::Member(name.as_str().into()));
            match &*inner.kind {
                "structure" if !self.entered.contains(&inner_shape) => {
                    self.entered.push(inner_shape);
                    self.structure(inner_shape, path, depth, members + 1);
                    self.entered.pop();
                }
                "list" => self.list(name, inner.member.as_ref(), path, depth, members, false),
                "map" => {
                    self.keys(name, inner, path, depth);
                    self.list(name, inner.value.as_ref(), path, depth, members, true);
                }
                _ => {}
            }
            path.pop();
        }
    }

    fn list(
        &mut self,
        name: &'model str,
        element: Option<&'model Value>,
        path: &mut Vec<ItemsStep>,
        depth: i32,
        members: usize,
        is_map: bool,
    ) {
        let Some(item_shape) = element.and_then(|element| element["shape"].as_str()) else { return };
        let Some(item) = self.shapes.get(item_shape) else { return };
        path.push(ItemsStep::Each);
        match &*item.kind {
            "structure" => {
                let fields = fields(self.shapes, item_shape);
                self.add(path, depth, nouns(name, item_shape, true), item_shape, fields);
                if !self.entered.contains(&item_shape) {
                    self.entered.push(item_shape);
                    self.structure(item_shape, path, depth + 1, members + 1);
                    self.entered.pop();
                }
            }
            "string" | "integer" | "long" if !is_map => {
                let field = scalar(name, item_shape, &item.kind);
                self.add(path, depth, nouns(name, item_shape, false), item_shape, vec![field]);
            }
            "list" => self.list(name, item.member.as_ref(), path, depth + 1, members, false),
            _ => {}
        }
        path.pop();
    }

    fn keys(&mut self, name: &'model str, map: &'model ModelShape, path: &mut Vec<ItemsStep>, depth: i32) {
        let Some(shape) = map.key.as_ref().and_then(|key| key["shape"].as_str()) else { return };
        path.push(ItemsStep::Keys);
        let field = scalar(name, shape, "string");
        self.add(path, depth, nouns(name, shape, false), shape, vec![field]);
        if let Some(collection) = self.found.last_mut() {
            collection.is_keys = true;
        }
        path.pop();
    }

    fn add(
        &mut self,
        path: &[ItemsStep],
        depth: i32,
        nouns: Vec<String>,
        item_shape: &'model str,
        fields: Vec<ItemField<'model>>,
    ) {
        self.found.push(ItemCollection {
            path: ItemsPath { steps: path.to_vec() },
            depth,
            is_primary: false,
            is_response: false,
            is_keys: false,
            nouns,
            item_shape,
            fields,
        });
    }
}

/// Returns the item of a list of scalars as its only field: `clusterArns` are ARNs of clusters.
fn scalar<'model>(name: &'model str, shape: &'model str, kind: &'model str) -> ItemField<'model> {
    let mut identifier = Identifier::of(name);
    let by_shape = Identifier::of(shape);
    if identifier.kind == super::identifier::IdentifierKind::Any {
        identifier.kind = by_shape.kind;
    }
    ItemField { path: Vec::new(), identifier, shape, kind, level: 0 }
}

/// Returns the nouns of an item from the names of its list and its shape.
fn nouns(name: &str, item_shape: &str, is_structure: bool) -> Vec<String> {
    // `UserType` is a user, but a list of the scalar `ResourceType` has types.
    let is_end = |word: &String| SHAPE_ENDS.contains(&&**word) || is_structure && word == "type";
    let without_end = |name: &str| {
        let mut words = words(name);
        while words.len() > 1 && words.last().is_some_and(is_end) {
            words.pop();
        }
        words
    };
    let by_shape = without_end(item_shape);
    let by_name = without_end(name);
    let mut nouns = vec![Identifier::of(name).base];
    nouns.push(by_name.concat());
    nouns.push(Identifier::of(&by_shape.join("-")).base);
    nouns.push(by_shape.concat());
    nouns.retain(|noun| !noun.is_empty() && noun != "string");
    nouns.sort();
    nouns.dedup();
    nouns
}

/// Returns the scalar members of a structure, to two levels below.
pub(super) fn fields<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    shape: &'model str,
) -> Vec<ItemField<'model>> {
    let mut fields = Vec::new();
    add_fields(shapes, shape, &mut Vec::new(), &mut fields);
    fields
}

fn add_fields<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    shape: &str,
    path: &mut Vec<&'model str>,
    fields: &mut Vec<ItemField<'model>>,
) {
    let Some(structure) = shapes.get(shape) else { return };
    for (name, member) in &structure.members {
        let Some(inner_shape) = member["shape"].as_str() else { continue };
        let Some(inner) = shapes.get(inner_shape) else { continue };
        path.push(name);
        let level = i32::try_from(path.len()).unwrap_or(i32::MAX) - 1;
        match &*inner.kind {
            "structure" => {
                fields.push(ItemField {
                    path: path.clone(),
                    identifier: Identifier::of(name),
                    shape: inner_shape,
                    kind: &inner.kind,
                    level,
                });
                if path.len() <= 2 {
                    add_fields(shapes, inner_shape, path, fields);
                }
            }
            "list" | "map" | "blob" => {}
            kind => fields.push(ItemField {
                path: path.clone(),
                identifier: Identifier::of(name),
                shape: inner_shape,
                kind,
                level,
            }),
        }
        path.pop();
    }
}

/// Marks the list that the operation is there for: the paginated one, the only one, or the one that has its name.
fn mark_primary(found: &mut [ItemCollection<'_>], subject: &ListingSubject<'_>, result_keys: &[String]) {
    let noun = subject.noun.concat();
    let is_singular = matches!(subject.verb, "Get" | "Describe") && !subject.name.ends_with('s');
    let has_noun = |collection: &ItemCollection<'_>| collection.nouns.contains(&noun);
    let is_list = |collection: &ItemCollection<'_>| !collection.is_keys;
    // `Reservations[].Instances[]`: the outer list is only the form of the pages.
    if let Some(nested) = found
        .iter()
        .position(|collection| collection.depth > 0 && has_noun(collection) && is_list(collection))
        && !found.iter().any(|collection| collection.depth == 0 && has_noun(collection))
        && !subject.has_required
    {
        found[nested].is_primary = true;
        found[nested].depth = 0;
        return;
    }
    let tops: Vec<usize> =
        (0..found.len()).filter(|&index| found[index].depth == 0 && is_list(&found[index])).collect();
    let paged: Vec<usize> = tops
        .iter()
        .copied()
        .filter(|&index| result_keys.iter().any(|key| found[index].path.to_string() == format!("{key}[]")))
        .collect();
    let chosen = match (&paged[..], &tops[..]) {
        // The only list of a description is about something else than the description.
        ([], [one]) if !is_singular || has_noun(&found[*one]) => vec![*one],
        ([], _) => tops.iter().copied().filter(|&index| has_noun(&found[index])).collect(),
        ([_], _) => paged,
        (several, _) => {
            let named: Vec<usize> =
                several.iter().copied().filter(|&index| has_noun(&found[index])).collect();
            if named.is_empty() { paged } else { named }
        }
    };
    for index in chosen {
        found[index].is_primary = true;
    }
}

/// Returns the response itself as the only item; a single structure in it is the item.
fn response<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    subject: &ListingSubject<'_>,
    output: &'model str,
) -> Option<ItemCollection<'model>> {
    let structure = shapes.get(output)?;
    let is_structure = |member: &Value| {
        member["shape"]
            .as_str()
            .and_then(|shape| shapes.get(shape))
            .is_some_and(|shape| shape.kind == "structure")
    };
    let mut structures = structure.members.iter().filter(|(_, member)| is_structure(member));
    let (steps, shape) = match (structures.next(), structures.next()) {
        (Some((name, member)), None) if structure.members.len() == 1 => {
            (vec![ItemsStep::Member(name.as_str().into())], member["shape"].as_str()?)
        }
        _ => (Vec::new(), output),
    };
    let fields = fields(shapes, shape);
    (!fields.is_empty()).then(|| ItemCollection {
        path: ItemsPath { steps },
        depth: 0,
        is_primary: false,
        is_response: true,
        is_keys: false,
        nouns: vec![subject.noun.concat()],
        item_shape: shape,
        fields,
    })
}
