//! The facts about a service for the derivation: its operations, their parameters and the items of their responses.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::collections::{ItemCollection, ListingSubject, collections};
use super::identifier::{Identifier, IdentifierKind};
use super::patterns::accepts_only_arns;
use super::words::words;
use crate::model::catalog::build::model::{Model, ModelShape};
use crate::model::catalog::read_only::{self, READ_VERBS};
use crate::model::catalog::{Operation, Service};

/// A service.
pub(super) struct ServiceFacts<'model> {
    pub(super) name: &'model str,
    pub(super) shapes: &'model BTreeMap<String, ModelShape>,
    pub(super) operations: Vec<OperationFacts<'model>>,
    /// The nouns of all items, comparable.
    pub(super) nouns: HashSet<String>,
    /// The shapes that stand for one kind of value, because few nouns use them.
    pub(super) specific_shapes: HashSet<&'model str>,
}

/// An operation.
pub(super) struct OperationFacts<'model> {
    pub(super) name: &'model str,
    pub(super) function: &'model str,
    /// The verb: `List`.
    pub(super) verb: &'static str,
    /// The words behind the verb, singular.
    pub(super) words: Vec<String>,
    /// The words of the noun, before `For` or `By`.
    pub(super) noun: Vec<String>,
    /// The version in the name: `v2`.
    pub(super) version: Option<String>,
    /// The request's members, also those of required structures.
    pub(super) parameters: Vec<RequestParameter<'model>>,
    pub(super) collections: Vec<ItemCollection<'model>>,
    pub(super) request_uri: &'model str,
    pub(super) is_paginated: bool,
    pub(super) page_size: Option<(&'model str, Option<u32>)>,
    pub(super) is_deprecated: bool,
    /// Whether the read-only rules deny the call, so that it cannot be a parent.
    pub(super) is_denied: bool,
}

/// A member of a request.
#[derive(Clone, Debug)]
pub(super) struct RequestParameter<'model> {
    /// The path of the member.
    pub(super) path: Vec<&'model str>,
    pub(super) identifier: Identifier,
    /// The shape of the value, or of a list's elements.
    pub(super) shape: &'model str,
    /// botocore's type of that shape.
    pub(super) kind: &'model str,
    /// Whether the member is a list.
    pub(super) is_list: bool,
    /// The largest number of elements of a list.
    pub(super) longest: Option<u64>,
    /// The values of an enumeration.
    pub(super) values: Vec<&'model str>,
    pub(super) documentation: String,
    pub(super) is_required: bool,
    pub(super) is_in_path: bool,
}

/// Words that end an operation's noun.
pub(super) const PREPOSITIONS: [&str; 8] = ["for", "by", "in", "of", "from", "with", "to", "on"];

/// The largest number of nouns with which a shape still stands for one kind of value.
const SPECIFIC: usize = 3;

impl<'model> ServiceFacts<'model> {
    /// Collects the facts about a service.
    pub(super) fn new(service: &'model Service, model: &'model Model) -> Self {
        let mut operations: Vec<OperationFacts<'model>> = service
            .operations
            .iter()
            .filter_map(|operation| OperationFacts::new(service, operation, model))
            .collect();
        operations.sort_by(|left, right| left.name.cmp(right.name));
        let nouns = operations
            .iter()
            .flat_map(|operation| &operation.collections)
            .filter(|collection| collection.is_primary)
            .flat_map(|collection| collection.nouns.iter().cloned())
            .filter(|noun| !noun.is_empty())
            .collect();
        let specific_shapes = specific_shapes(&operations, &model.shapes);
        Self { name: &service.name, shapes: &model.shapes, operations, nouns, specific_shapes }
    }

    /// Returns the operation with this name.
    pub(super) fn operation(&self, name: &str) -> Option<usize> {
        self.operations.binary_search_by(|operation| operation.name.cmp(name)).ok()
    }
}

impl<'model> OperationFacts<'model> {
    fn new(service: &'model Service, operation: &'model Operation, model: &'model Model) -> Option<Self> {
        let source = model.operations.get(&*operation.name)?;
        let mut verbs = READ_VERBS.to_vec();
        verbs.sort_by_key(|verb| std::cmp::Reverse(verb.len()));
        let verb = verbs.into_iter().find(|verb| operation.name.starts_with(verb))?;
        let words = words(&operation.name[verb.len()..]);
        let end = words.iter().position(|word| PREPOSITIONS.contains(&&**word)).unwrap_or(words.len());
        let noun: Vec<String> =
            words[..end].iter().filter(|word| !is_version_suffix(word)).cloned().collect();
        let version = words.last().filter(|word| is_version_suffix(word)).cloned();
        let parameters =
            source.input.as_ref().map(|input| parameters(&model.shapes, &input.shape)).unwrap_or_default();
        let result_keys: Vec<String> = operation
            .pagination
            .iter()
            .flat_map(|pagination| pagination.result_keys.iter().map(ToString::to_string))
            .collect();
        let output = source.output.as_ref().map(|output| output.shape.as_str());
        let mut facts = Self {
            name: &operation.name,
            function: &operation.function,
            verb,
            words,
            version,
            noun,
            parameters,
            collections: Vec::new(),
            request_uri: &operation.request_uri,
            is_paginated: operation.pagination.is_some(),
            page_size: operation
                .pagination
                .as_ref()
                .and_then(|pagination| Some((pagination.limit_key.as_deref()?, pagination.page_size))),
            is_deprecated: operation.deprecated,
            is_denied: read_only::denial(&service.name, &operation.name).is_some(),
        };
        if let Some(output) = output {
            let subject = ListingSubject {
                name: facts.name,
                verb,
                noun: &facts.noun,
                has_required: facts.required().next().is_some(),
            };
            facts.collections = collections(&model.shapes, &subject, output, &result_keys);
        }
        Some(facts)
    }

    /// Returns the required parameters.
    pub(super) fn required(&self) -> impl Iterator<Item = &RequestParameter<'model>> {
        self.parameters.iter().filter(|parameter| parameter.is_required)
    }
}

/// Returns the members of a request, without optional ones that have a successor.
fn parameters<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    input: &str,
) -> Vec<RequestParameter<'model>> {
    let Some(input) = shapes.get(input) else { return Vec::new() };
    input
        .members
        .iter()
        .filter(|(name, member)| input.required.contains(name) || member["deprecated"] != true)
        .filter_map(|(name, member)| {
            let is_required = input.required.contains(name) && member["idempotencyToken"] != true;
            parameter(shapes, &[name], member, is_required)
        })
        .collect()
}

/// Returns one member as a parameter.
pub(super) fn parameter<'model>(
    shapes: &'model BTreeMap<String, ModelShape>,
    path: &[&'model str],
    member: &'model Value,
    is_required: bool,
) -> Option<RequestParameter<'model>> {
    let (name, shape) = (*path.last()?, member["shape"].as_str()?);
    let outer = shapes.get(shape)?;
    let is_list = outer.kind == "list";
    let shape = if is_list { outer.member.as_ref()?["shape"].as_str()? } else { shape };
    let inner = shapes.get(shape)?;
    let own = member["documentation"].as_str().filter(|text| !text.is_empty());
    let documentation =
        own.or(outer.documentation.as_deref()).or(inner.documentation.as_deref()).unwrap_or_default();
    let documentation = plain(documentation);
    let mut identifier = Identifier::of(name).with_documented_kind(&documentation);
    if inner.pattern.as_deref().is_some_and(accepts_only_arns) {
        identifier.kind = IdentifierKind::Arn;
    }
    Some(RequestParameter {
        path: path.to_vec(),
        identifier,
        shape,
        kind: &inner.kind,
        is_list,
        longest: outer.max.as_ref().and_then(Value::as_u64).filter(|_| is_list),
        values: inner.values.iter().map(String::as_str).collect(),
        documentation,
        is_required,
        is_in_path: member["location"] == "uri",
    })
}

/// Returns documentation without its HTML tags.
fn plain(documentation: &str) -> String {
    let mut plain = String::with_capacity(documentation.len());
    let mut is_tag = false;
    for letter in documentation.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                plain.push(' ');
            }
            _ if !is_tag => plain.push(letter),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a word is the version of an operation: `ListObjectsV2`.
fn is_version_suffix(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns the string shapes that few nouns use.
fn specific_shapes<'model>(
    operations: &[OperationFacts<'model>],
    shapes: &'model BTreeMap<String, ModelShape>,
) -> HashSet<&'model str> {
    let mut users: HashMap<&str, HashSet<&str>> = HashMap::new();
    for operation in operations {
        for parameter in &operation.parameters {
            users.entry(parameter.shape).or_default().insert(&parameter.identifier.base);
        }
        for field in operation.collections.iter().flat_map(|collection| &collection.fields) {
            users.entry(field.shape).or_default().insert(&field.identifier.base);
        }
    }
    let is_plain = |shape: &str| {
        let base = Identifier::of(shape).base;
        base.is_empty()
            || matches!(&*base, "string" | "nonemptystring" | "resource" | "entity" | "text" | "value")
            || base.ends_with("string")
    };
    shapes
        .iter()
        .filter(|(name, shape)| {
            shape.kind == "string"
                && !is_plain(name)
                && users.get(name.as_str()).is_some_and(|users| users.len() <= SPECIFIC)
        })
        .map(|(name, _)| name.as_str())
        .collect()
}
